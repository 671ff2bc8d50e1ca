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


def test_somebody_was_faster(cast: Cast, sign_in: SignIn) -> None:
    """409 with both; what was chosen stays, and sent again it is a choice."""
    incident = make.make_incident(cast.desk)
    client = sign_in(cast.desk)
    page = text_of(client.get(incident.get_absolute_url() + "?open=hand_over"))
    hidden = f'name="expected_assignee" value="{cast.desk.pk}"'
    assert hidden in page
    asked = {"to": cast.manager.pk, "note": "She is back at six.", "expected_assignee": cast.desk.pk}
    sign_in(cast.manager).post(url("recover-hand-over", incident), {"to": cast.colleague.pk})
    answer = client.post(url("recover-hand-over", incident), asked)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Cole League has it. You wanted to give it to Mona Manager." in page
    assert "She is back at six." in page
    assert f'name="expected_assignee" value="{cast.colleague.pk}"' in page
    again = asked | {"expected_assignee": cast.colleague.pk}
    assert client.post(url("recover-hand-over", incident), again).status_code == 302


def test_whoever_corrects_it_meanwhile_sees_both(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    before = incident.version
    sign_in(cast.desk).post(url("recover-hand-over", incident), {"to": cast.colleague.pk})
    assert incident.customer
    sent = {"version": before, "what_happened": "The shower was ice cold.", "category": "room", "severity": "3"}
    sent |= {"customer": incident.customer.pk, "customer_name": incident.customer.name}
    answer = sign_in(cast.manager).post(url("log-change", incident), sent)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "The shower was ice cold." in page
    assert "The shower stayed cold all morning." in page


def test_a_promise_made_with_it_is_theirs(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    asked = {"to": cast.colleague.pk, "promise_what": "Call at six", "promise_due_at": "2030-01-02T18:00"}
    sign_in(cast.desk).post(url("recover-hand-over", incident), asked)
    assert incident.promises.get().assignee == cast.colleague
    half = {"to": cast.desk.pk, "promise_what": "Call at six"}
    answer = sign_in(cast.colleague).post(url("recover-hand-over", incident), half)
    assert answer.status_code == 422
    assert "Say until when you promised it." in text_of(answer)
