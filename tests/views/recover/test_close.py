"""Closing, and being told why not."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from incidents.actions import promises
from incidents.vocabulary import CloseReason
from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


def test_an_apology_alone_is_not_a_recovery(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    for client in (sign_in(cast.desk), sign_in(cast.owner)):
        answer = client.post(url("recover-close", incident), {"reason": "recovered", "note": "all good"})
        assert answer.status_code == 422
        page = text_of(answer)
        assert "An apology alone is not a recovery." in page
        assert '<details class="more" id="remedy" open>' in page
        assert "all good" in page
    incident.refresh_from_db()
    assert incident.is_open


@pytest.mark.parametrize("reason", ["withdrawn", "void"])
def test_a_manager_closes_with_a_reason(cast: Cast, sign_in: SignIn, reason: str) -> None:
    incident = make.make_incident(cast.desk)
    answer = sign_in(cast.manager).post(url("recover-close", incident), {"reason": reason, "note": "They said so."})
    assert answer.status_code == 302
    incident.refresh_from_db()
    assert incident.close_reason == reason


def test_without_a_reason_it_asks_for_one(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    answer = sign_in(cast.desk).post(url("recover-close", incident), {"reason": "withdrawn"})
    assert answer.status_code == 422
    assert "Say why, in a few words." in text_of(answer)
    assert "Why, in a few words</label>" in text_of(answer), "not called optional"


@pytest.mark.parametrize("reason", ["void", "duplicate"])
def test_only_a_manager_takes_it_out(cast: Cast, sign_in: SignIn, reason: str) -> None:
    incident = make.make_incident(cast.desk)
    asked = {"reason": reason, "note": "x"}
    assert sign_in(cast.desk).post(url("recover-close", incident), asked).status_code == 403


def test_withdrawn_is_for_whoever_has_it(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    asked = {"reason": "withdrawn", "note": "x"}
    assert sign_in(cast.colleague).post(url("recover-close", incident), asked).status_code == 403


def test_a_duplicate_names_its_twin(cast: Cast, sign_in: SignIn) -> None:
    incident, twin = make.make_incident(cast.desk), make.make_incident(cast.desk)
    foreign = make.make_incident(cast.outsider)
    client, there = sign_in(cast.manager), url("recover-close", incident)
    for wrong in ("", "nonsense", foreign.reference, incident.reference):
        asked = {"reason": "duplicate", "note": "twice", "duplicate_of": wrong}
        assert client.post(there, asked).status_code == 422
    asked = {"reason": "duplicate", "note": "twice", "duplicate_of": twin.reference}
    assert client.post(there, asked).status_code == 302
    incident.refresh_from_db()
    assert incident.duplicate_of == twin
    assert twin.reference in text_of(client.get(url("recover-show", incident)))


def test_no_contact_known_is_for_unknown_guests(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    asked = {"reason": "no_contact_known", "note": "left"}
    known = make.make_incident(cast.desk)
    answer = client.post(url("recover-close", known), asked)
    assert answer.status_code == 409
    assert "We know how to reach this customer" in text_of(answer)
    unknown = make.make_incident(cast.desk, customer=None, customer_hint="A man in a hat")
    assert client.post(url("recover-close", unknown), asked).status_code == 302
    unknown.refresh_from_db()
    assert unknown.close_reason == CloseReason.NO_CONTACT_KNOWN


def test_an_ending_that_cannot_be_chosen(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    asked = {"reason": "content_to_leave", "note": "x"}
    answer = sign_in(cast.manager).post(url("recover-close", incident), asked)
    assert answer.status_code == 409
    assert "said “so-so” when last asked" in text_of(answer)
    assert sign_in(cast.manager).post(url("recover-close", incident), {"reason": "bored"}).status_code == 422


def test_offers_what_this_person_may_choose_here_and_says_why_not_the_rest(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    there = incident.get_absolute_url() + "?open=close"
    shown = {who: text_of(sign_in(getattr(cast, who)).get(there)) for who in ("desk", "manager")}
    offered = {
        who: {reason for reason in CloseReason.values if f'id="close_reason_{reason}"' in page}
        for who, page in shown.items()
    }
    assert offered["desk"] == {"recovered", "withdrawn"}
    assert offered["manager"] == {"recovered", "withdrawn", "unresolved", "void", "duplicate"}
    for words in ("A manager takes an incident out of the list.", "We know how to reach this customer"):
        assert words in shown["desk"]
    assert "Try three times before giving up: 0 tries so far." in shown["manager"]
    assert "We told them our final position" not in shown["desk"]
    assert "Like R-2026-00042" not in shown["desk"]


def test_unresolved_asks_whether_they_were_told(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    client, asked = sign_in(cast.manager), {"reason": "unresolved", "note": "We see it differently."}
    answer = client.post(url("recover-close", incident), asked)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Tell them first, then say here that you did." in page
    assert "We see it differently." in page
    assert client.post(url("recover-close", incident), asked | {"is_told": "on"}).status_code == 302
    incident.refresh_from_db()
    assert incident.close_reason == CloseReason.UNRESOLVED


def test_open_promises_and_missing_receipts_are_said(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    client = sign_in(cast.desk)
    make.give(incident, cast.desk, "reimburse", now=timezone.now())
    promises.make_promise(
        incident_id=incident.pk, by=cast.desk, now=make.NOW, what="A letter", due_at=make.NOW, submit_key=uuid4()
    )
    page = text_of(client.get(incident.get_absolute_url() + "?open=close"))
    assert "1 promise is still open. It stays due when this is closed." in page
    assert "1 receipt has not come yet." in page
    assert client.post(url("recover-close", incident), {"reason": "withdrawn", "note": "x"}).status_code == 302


def test_a_duplicate_shows_its_twin_and_is_shown_by_it(cast: Cast, sign_in: SignIn) -> None:
    incident, twin = make.make_incident(cast.desk), make.make_incident(cast.desk)
    make.close(incident, cast.manager, "duplicate", duplicate_of=twin)
    client = sign_in(cast.desk)
    for one, other, words in ((incident, twin, "This is the same as"), (twin, incident, "Also logged as")):
        page = text_of(client.get(one.get_absolute_url()))
        assert words in page
        assert other.reference in page


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    hold(cast, sign_in, "recover-close", make.make_incident(cast.desk))
    restricted = make.make_incident(cast.desk, category="safety")
    assert sign_in(cast.desk).post(url("recover-close", restricted)).status_code == 403
