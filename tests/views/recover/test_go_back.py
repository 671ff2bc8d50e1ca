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
    assert client.post(url("recover-go-back", incident), asked).status_code == 302  # a second tap
    answer = sign_in(cast.colleague).post(url("recover-go-back", incident), asked)
    assert answer.status_code == 409
    assert "Someone has already gone back to this customer." in text_of(answer)
    incident.refresh_from_db()
    assert (incident.round_number, incident.reopen_count) == (2, 1)


@pytest.mark.parametrize(
    ("untrue", "stage"), [("apology", Stage.APOLOGIZE), ("remedy", Stage.REMEDY), ("call", Stage.FOLLOW_UP)]
)
def test_closed_by_mistake_asks_what_was_not_true(cast: Cast, sign_in: SignIn, untrue: str, stage: Stage) -> None:
    incident = make.call(make.settle(make.make_incident(cast.desk), cast.desk), cast.desk)
    client, there = sign_in(cast.desk), url("recover-go-back", incident)
    page = text_of(client.get(incident.get_absolute_url()))
    assert "Closed by mistake? Say what was not true:" in page
    answer = client.post(there, {"reason": "not_true"})
    assert answer.status_code == 422
    assert "Say what was not true." in text_of(answer)
    assert client.post(there, {"reason": "not_true", "untrue": untrue, "expected_round": 1}).status_code == 302
    incident.refresh_from_db()
    assert (incident.stage, incident.round_number, incident.reopen_count) == (stage, 2, 1)


def test_bad_input(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    answer = sign_in(cast.desk).post(url("recover-go-back", incident), {"reason": "unhappy"})
    assert answer.status_code == 422
    assert "Say why you are going back." in text_of(answer)


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    hold(cast, sign_in, "recover-go-back", make.make_incident(cast.desk))
    restricted = make.make_incident(cast.desk, category="safety")
    assert sign_in(cast.desk).post(url("recover-go-back", restricted)).status_code == 403
