"""Going back to the customer."""

from __future__ import annotations

import pytest

from incidents.vocabulary import Stage
from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


@pytest.mark.parametrize(
    ("reason", "stage"),
    [("contacted_us", Stage.APOLOGIZE), ("remedy_failed", Stage.REMEDY), ("second_thought", Stage.REMEDY)],
)
def test_one_tap_before_any_closure(cast: Cast, sign_in: SignIn, reason: str, stage: Stage) -> None:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    page = text_of(sign_in(cast.desk).post(url("recover-go-back", incident), {"reason": reason}, follow=True))
    assert "2nd try" in page
    incident.refresh_from_db()
    assert (incident.stage, incident.round_number) == (stage, 2)


def test_a_closed_one_is_reopened_once(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    make.call(incident, cast.desk)
    client = sign_in(cast.desk)
    asked = {"reason": "contacted_us", "expected_round": 1}
    assert client.post(url("recover-go-back", incident), asked).status_code == 302
    answer = client.post(url("recover-go-back", incident), asked)
    assert answer.status_code == 409
    assert "Someone has already gone back to this customer." in text_of(answer)
    incident.refresh_from_db()
    assert (incident.round_number, incident.reopen_count) == (2, 1)


def test_bad_input(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    answer = sign_in(cast.desk).post(url("recover-go-back", incident), {"reason": "unhappy"})
    assert answer.status_code == 422
    assert "Say why you are going back." in text_of(answer)


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    hold(cast, sign_in, "recover-go-back", make.make_incident(cast.desk))
    restricted = make.make_incident(cast.desk, category="safety")
    assert sign_in(cast.desk).post(url("recover-go-back", restricted)).status_code == 403
