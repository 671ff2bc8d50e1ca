"""Handing an incident to a colleague."""

from __future__ import annotations

from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


def test_it_works(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    asked = {"to": cast.colleague.pk, "note": "She is back at six."}
    page = text_of(sign_in(cast.desk).post(url("recover-hand-over", incident), asked, follow=True))
    assert "Cole League has it now." in page
    assert "She is back at six." in page
    incident.refresh_from_db()
    assert incident.assignee == cast.colleague


def test_bad_input_keeps_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    asked = {"to": cast.outsider.pk, "note": "She is back at six."}
    answer = sign_in(cast.desk).post(url("recover-hand-over", incident), asked)
    assert answer.status_code == 422
    assert "She is back at six." in text_of(answer)


def test_a_restricted_one_is_gone_for_who_gave_it_away(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.manager, category="safety")
    client = sign_in(cast.manager)
    client.post(url("recover-hand-over", incident), {"to": cast.colleague.pk})
    answer = sign_in(cast.colleague).post(url("recover-hand-over", incident), {"to": cast.manager.pk})
    assert answer.status_code == 302
    assert answer["Location"] == "/incidents/"


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    hold(cast, sign_in, "recover-hand-over", make.make_incident(cast.desk))
    restricted = make.make_incident(cast.desk, category="safety")
    assert sign_in(cast.desk).post(url("recover-hand-over", restricted)).status_code == 403
