"""The page to have open while calling."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from incidents.actions import promises
from incidents.models import Customer, Incident
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, text_of, url


@kept_rows
def incident(cast: Cast) -> Incident:
    """Put right; a call is due."""
    incident = make.make_incident(cast.desk, remedy_sought="A warm room.", reach_at="Room 12")
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk, "redo", what="a new key")
    return incident


def there_of(incident: Incident) -> str:
    return url("recover-follow-up", incident, make.planned_call(incident).pk)


def reach_of(incident: Incident) -> str:
    return url("recover-reach", incident, make.planned_call(incident).pk)


def soon(**length: int) -> str:
    """As the place's clock shows it: Chicago."""
    moment = timezone.now() + dt.timedelta(**length)
    return moment.astimezone(dt.timezone(dt.timedelta(hours=-6))).strftime("%Y-%m-%dT%H:%M")


def promise(incident: Incident, by: Any, what: str, is_kept: bool | None = None) -> None:
    made = promises.make_promise(
        incident_id=incident.pk, by=by, now=make.NOW, what=what, due_at=make.NOW + make.DAY, submit_key=uuid4()
    )
    if is_kept is not None:
        promises.settle_promise(promise_id=made.pk, by=by, now=make.NOW, is_kept=is_kept)


def test_everything_to_know_before_dialling(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    customer = incident.customer
    assert customer is not None
    Customer.objects.filter(pk=customer.pk).update(
        preferred_channel="phone", reach_from=dt.time(9), reach_until=dt.time(17), note="Deaf in one ear"
    )
    promise(incident, cast.desk, "A letter from the owner")
    promise(incident, cast.desk, "A plumber by noon", is_kept=True)
    promise(incident, cast.desk, "A call from the chef", is_kept=False)
    make.call(incident, cast.desk, "no_answer", words="Rang out.")
    page = text_of(sign_in(cast.desk).get(there_of(incident)))
    for words in (
        *("Call Nora Novak back", "tel:+13125550100", "The shower stayed cold all morning.", "A warm room."),
        *("a new key", "A letter from the owner", "A plumber by noon", "Kept", "Broken: say so before they do"),
        *("Thank them for telling us.", "Likes to hear from us: By phone", "between 09:00 and 17:00", "Room 12"),
        *("Dora Desk asked by phone: No answer", "Rang out.", "Deaf in one ear"),
    ):
        assert words in page, words


def test_every_outcome_is_a_button(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    page = text_of(sign_in(cast.desk).get(there_of(incident)))
    outcomes = ["delighted", "satisfied", "neutral", "unhappy", "remedy_not_received", "no_answer", "voicemail"]
    outcomes += ["call_back", "wrong_number", "in_writing", "new_problem", "do_not_contact"]
    assert [page.count(f'name="outcome" value="{outcome}"') for outcome in outcomes] == [1] * 12


def test_what_we_say_first_depends_on_who_found_it(cast: Cast, sign_in: SignIn) -> None:
    noticed = make.settle(make.make_incident(cast.desk, source="noticed"), cast.desk)
    assert "Thank them for their patience." in text_of(sign_in(cast.desk).get(there_of(noticed)))
    again = make.call(make.settle(make.make_incident(cast.desk), cast.desk), cast.desk, "unhappy")
    make.give(again, cast.desk, now=make.NOW + 2 * make.HOUR)
    assert "another chance" in text_of(sign_in(cast.desk).get(there_of(again)))


def test_one_tap_from_the_page_goes_back_to_where_it_came_from(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    client, there = sign_in(cast.desk), there_of(incident)
    assert 'name="next" value="/calls/"' in text_of(client.get(there, {"next": "/calls/"}))
    sent = {"outcome": "no_answer", "next": "/calls/", "from_call": "1", "submit_key": uuid4()}
    assert client.post(there, sent)["Location"] == "/calls/"


def test_the_calls_list_leads_here(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    assert f'href="{there_of(incident)}?next=%2Fcalls%2F"' in text_of(sign_in(cast.desk).get("/calls/"))


def test_a_form_that_did_not_go_through_stays_here(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    sent = {"outcome": "in_writing", "words": "Dear all", "from_call": "1", "next": "/calls/", "submit_key": uuid4()}
    answer = sign_in(cast.desk).post(there_of(incident), sent)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Before you call" in page
    assert "Dear all" in page
    assert "1 to 5" in page


def test_once_made_it_says_how_it_ended(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    there, client = there_of(incident), sign_in(cast.colleague)
    make.call(incident, cast.desk, "satisfied", now=timezone.now())
    page = text_of(client.get(there))
    assert "This call is done" in page
    assert 'name="outcome"' not in page
    sent = {"outcome": "unhappy", "words": "Too late, she says.", "from_call": "1", "submit_key": uuid4()}
    answer = client.post(there, sent)
    assert answer.status_code == 409
    assert "Someone has already made this call." in text_of(answer)
    assert "Too late, she says." in text_of(answer)


def test_of_a_restricted_one_whoever_has_the_call_sees_no_story(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.manager, category="safety", what_happened="A secret fall.")
    make.give(incident, cast.manager)
    incident.follow_ups.update(assignee=cast.colleague)
    make.call(incident, cast.colleague, "no_answer", words="A secret whisper.")
    page = text_of(sign_in(cast.colleague).get(there_of(incident)))
    assert "Call Nora Novak back" in page
    assert "secret" not in page
    assert sign_in(cast.colleague).post(reach_of(incident), {"reach_at": "Room 1"}).status_code == 403


def test_an_unknown_guest_has_no_number(cast: Cast, sign_in: SignIn) -> None:
    incident = make.settle(make.make_incident(cast.desk, customer_hint="A man with a hat"), cast.desk)
    page = text_of(sign_in(cast.desk).get(there_of(incident)))
    assert "Nobody knows who it was" in page


def test_they_leave_so_the_call_comes_before(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk, now=timezone.now())
    make.apologize(incident, cast.desk, now=timezone.now())
    make.give(incident, cast.desk, now=timezone.now())
    before = make.planned_call(incident).due_at
    client, sent = sign_in(cast.desk), {"reach_at": "Other hotel", "reach_until": soon(hours=6), "from_call": "1"}
    answer = client.post(reach_of(incident), sent | {"next": there_of(incident)}, follow=True)
    assert "The call comes before they leave." in text_of(answer)
    assert "Other hotel" in text_of(answer)
    assert make.planned_call(incident).due_at < before
    page = text_of(client.get(incident.get_absolute_url()))
    assert "Can be reached until" in page
    assert "The call back was moved" in page


@pytest.mark.parametrize("until", ["2020-01-01T10:00", "soon", "9999-01-01T10:00"])
def test_until_nonsense_is_422_and_stays(cast: Cast, sign_in: SignIn, incident: Incident, until: str) -> None:
    sent = {"reach_at": "Room 77", "reach_until": until, "from_call": "1"}
    answer = sign_in(cast.desk).post(reach_of(incident), sent)
    assert answer.status_code == 422
    assert "Room 77" in text_of(answer)
    assert make.fresh(incident).reach_at == "Room 12"


def test_reach_rules(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    there = reach_of(incident)
    assert sign_in(cast.outsider).post(there).status_code == 404
    assert sign_in(cast.desk).post(url("recover-reach", incident, 999_999)).status_code == 404
    assert sign_in(cast.desk).get(there).status_code == 405


@pytest.mark.parametrize("tries", [1, 3])
def test_statements(
    cast: Cast, sign_in: SignIn, incident: Incident, django_assert_max_num_queries: Any, tries: int
) -> None:
    for number, by in enumerate((cast.desk, cast.colleague, cast.manager)[:tries]):
        make.call(incident, by, "no_answer", now=make.NOW + (number + 1) * make.DAY)
        promise(incident, by, f"Promise {number}")
        make.give(incident, by, ("redo", "gift_card", "points")[number], what=f"Thing {number}")
    client, there = sign_in(cast.desk), there_of(incident)
    with django_assert_max_num_queries(12):
        assert client.get(there).status_code == 200
