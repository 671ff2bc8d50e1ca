"""The Reminders page: what waits, what went out, what got stuck, and how the clock process is doing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.access import Role
from incidents.board import deliveries
from incidents.models import ClockGap, Concern, Membership, Notice
from tests import make
from tests.make import Cast
from tests.views.deliveries.reading import PAGE, fresh, page
from tests.views.deliveries.rows import MINUTE, dead, mail, reminder

SignIn = Callable[..., Client]


def test_a_stranger_signs_in_first(client: Client, db: None) -> None:
    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"


def test_the_desk_has_no_such_page(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.desk).get(PAGE).status_code == 403


def test_post_is_405(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.manager).post(PAGE).status_code == 405


def test_a_waiting_reminder_says_what_whom_and_when(cast: Cast, sign_in: SignIn) -> None:
    incident = fresh(cast.desk)
    reminder(incident, due_at=timezone.now() + 30 * MINUTE, rung=0, target_at=timezone.now() + 60 * MINUTE)
    text = page(sign_in(cast.manager))
    for words in ("Call due: Nora Novak", incident.reference, "30 minutes before", "to Dora Desk", "Rings in"):
        assert words in text


@pytest.mark.parametrize(
    ("rung", "words"),
    [
        (1, "At the time"),
        (2, "2 hours after"),
        (3, "to Dora Desk and the managers"),
        (4, "to Dora Desk, the managers and the administrators"),
        (99, "the administrators"),
    ],
)
def test_the_rungs_in_words(rung: int, words: str, cast: Cast, sign_in: SignIn) -> None:
    reminder(fresh(cast.desk), rung=rung)
    assert words in page(sign_in(cast.manager))


def test_it_names_whoever_has_the_call(cast: Cast, sign_in: SignIn) -> None:
    incident = fresh(cast.desk)
    make.apologize(incident, cast.desk, now=timezone.now())
    make.give(incident, cast.desk, now=timezone.now())
    call = make.planned_call(incident)
    call.assignee = cast.colleague
    call.save(update_fields=["assignee"])
    incident.reminders.all().delete()
    reminder(incident, subject_id=call.pk)
    assert "to Cole League" in page(sign_in(cast.manager))


@pytest.mark.parametrize(
    ("state", "over", "words"),
    [
        ("queued", {"state": "claimed", "lease_until": make.NOW}, "Being sent"),
        ("failed", {"tries": 2, "last_error": "KeyError"}, "Something went wrong on our side (KeyError)"),
        ("sent", {"state": "done"}, "Was due"),
        ("dead", {"state": "dead", "tries": 5}, "The process stopped in the middle of the last try"),
    ],
)
def test_each_state_is_a_view(state: str, over: dict[str, Any], words: str, cast: Cast, sign_in: SignIn) -> None:
    reminder(fresh(cast.desk), **over)
    client = sign_in(cast.manager)
    for view in deliveries.STATES:
        text = page(client, f"?state={view}")
        assert ("Call due: Nora Novak" in text) is (view == state)
        assert (words in text) is (view == state)


def test_what_was_withdrawn_does_not_show(cast: Cast, sign_in: SignIn) -> None:
    reminder(fresh(cast.desk), state="moot")
    assert all("Nora Novak" not in page(sign_in(cast.manager), f"?state={view}") for view in deliveries.STATES)


def test_only_reminders_of_what_one_may_see(cast: Cast, sign_in: SignIn) -> None:
    ours, theirs = fresh(cast.desk), fresh(cast.outsider)
    about = fresh(cast.desk, category="safety")
    Concern.objects.create(incident=about, staff=cast.manager)
    for incident in (ours, theirs, about):
        reminder(incident)
    text = page(sign_in(cast.manager))
    assert [i.reference in text for i in (ours, theirs, about)] == [True, False, False]
    text = page(sign_in(cast.owner))
    assert [i.reference in text for i in (ours, theirs, about)] == [True, True, True]


@pytest.mark.parametrize(
    ("state", "over", "words"),
    [
        ("queued", {"tries": 1, "last_error": "timed out"}, "The mail server did not answer in time"),
        ("queued", {"tries": 1, "last_error": "smtp 451"}, "come back later (451)"),
        ("failed", {"state": "failed", "last_error": "smtp 550"}, "refuses this mail for good (550)"),
        ("sent", {"state": "sent", "sent_at": make.NOW}, "Wed 4 Mar, 09:00"),
        ("dead", {"state": "dead", "tries": 8, "last_error": "unreachable"}, "8 tries"),
    ],
)
def test_each_state_of_a_mail(state: str, over: dict[str, Any], words: str, cast: Cast, sign_in: SignIn) -> None:
    mail(cast.desk, **over)
    client = sign_in(cast.manager)
    for view in deliveries.STATES:
        text = page(client, f"?what=mails&state={view}")
        assert ('<span class="strong">Dora Desk</span>' in text) is (view == state)
        assert (words in text) is (view == state)


def test_mails_of_people_at_ones_own_places_and_no_word_of_them(cast: Cast, sign_in: SignIn) -> None:
    incident = fresh(cast.outsider, what_happened="Zanzibar")
    notice = Notice.objects.create(
        recipient=cast.desk, incident=incident, kind="unhappy", subject_id=1, occurrence="1", at=make.NOW
    )
    for person in (cast.desk, cast.outsider, cast.owner):
        mail(person, notice) if person == cast.desk else mail(person)
    text = page(sign_in(cast.manager), "?what=mails")
    shown = [f'<span class="strong">{person.name}</span>' in text for person in (cast.desk, cast.outsider, cast.owner)]
    assert shown == [True, False, True]
    assert "1 notice" in text
    assert not any(words in text for words in ("Zanzibar", incident.reference, "Nora Novak"))
    text = page(sign_in(cast.owner), "?what=mails")
    assert '<span class="strong">Otto Outsider</span>' in text


def test_somebody_at_two_places_shows_once(cast: Cast, sign_in: SignIn) -> None:
    for person in (cast.desk, cast.manager):
        Membership.objects.create(staff=person, location=cast.elsewhere)
    mail(cast.desk)
    assert page(sign_in(cast.manager), "?what=mails").count('<span class="strong">Dora Desk') == 1


def test_filters_by_kind_and_place(cast: Cast, sign_in: SignIn) -> None:
    call, promise = fresh(cast.desk), fresh(cast.outsider)
    reminder(call)
    reminder(promise, kind="promise_due")
    mail(cast.outsider)
    client = sign_in(cast.owner)
    text = page(client, "?kind=promise_due")
    assert (call.reference in text, promise.reference in text) == (False, True)
    text = page(client, f"?place={cast.here.pk}")
    assert (call.reference in text, promise.reference in text) == (True, False)
    assert "Otto Outsider" not in page(client, f"?what=mails&place={cast.here.pk}")
    assert "Nothing fits these filters" in page(client, "?state=sent&kind=promise_due")


@pytest.mark.parametrize("query", ["?place=%s", "?what=mails&place=%s"])
def test_another_place_is_no_filter(query: str, cast: Cast, sign_in: SignIn) -> None:
    reminder(fresh(cast.desk))
    mail(cast.desk)
    text = page(sign_in(cast.manager), query % cast.elsewhere.pk)
    assert "Paper Shop" not in text
    assert "Dora Desk" in text


@pytest.mark.parametrize(
    "query",
    [
        "?what=nonsense&state=nonsense&kind=x&place=-1",
        "?place=" + "9" * 5000,
        "?after=nonsense",
        "?after=9999999999999999-999999999999999999",
        "?before=0000000000000000-0&state=sent",
        "?what=mails&state=dead&after=0000000000000000-5&kind=promise_due",
    ],
)
def test_strange_values_are_left_out(query: str, cast: Cast, sign_in: SignIn) -> None:
    reminder(fresh(cast.desk))
    page(sign_in(cast.manager), query)


@pytest.mark.parametrize(("what", "state"), [(w, s) for w in deliveries.WHAT for s in ("queued", "dead")])
def test_pages_hold_every_row_once(
    what: str, state: str, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "PAGE", 2)
    over = {"state": "dead"} if state == "dead" else {}
    for number in range(5):
        at = timezone.now() - (number % 2) * MINUTE
        if what == "mails":
            mail(cast.desk, next_try_at=at, **over)
        else:
            reminder(fresh(cast.desk), due_at=at, **over)
    client = sign_in(cast.manager)
    query, seen = f"?what={what}&state={state}", []
    for _turn in range(3):
        answer = client.get(PAGE + query)
        seen.append([line.pk for line in answer.context["page"].lines])
        query = answer.context["older_url"]
    assert ([len(p) for p in seen], query) == ([2, 2, 1], "")
    assert len({pk for p in seen for pk in p}) == 5
    newer = client.get(PAGE + answer.context["newer_url"])
    assert [line.pk for line in newer.context["page"].lines] == seen[1]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Nothing waits to go out"),
        ("?state=sent", "Nothing was sent yet"),
        ("?state=dead", "Nothing is stuck"),
        ("?what=mails", "No mail waits"),
        ("?after=4102444799000000-1", "Back to the beginning"),
    ],
)
def test_nothing_there(query: str, words: str, cast: Cast, sign_in: SignIn) -> None:
    assert words in page(sign_in(cast.manager), query)


def test_retry_is_offered_where_it_helps(cast: Cast, sign_in: SignIn) -> None:
    gone = dead(fresh(cast.desk))
    reminder(fresh(cast.desk))
    client = sign_in(cast.manager)
    assert f'action="/reminders/{gone.pk}/retry/"' in page(client, "?state=dead")
    assert 'action="/reminders/retry/"' in page(client, "?state=dead")
    assert "Try again" not in page(client)


QUERIES = ("", "?state=dead", "?what=mails", "?what=mails&state=dead")


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("role", "query"), [(role, q) for role in (Role.MANAGER, Role.ADMINISTRATOR) for q in QUERIES])
def test_eight_statements_whatever_is_listed(
    number: int, role: Role, query: str, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reader = make.make_staff("Rita Reader", cast.here, role=role)
    for turn in range(number):
        place = make.make_location(f"House {turn}")
        Membership.objects.create(staff=reader, location=place)
        person = make.make_staff(f"Person{turn} Here", place)
        incident = fresh(person, customer=make.make_customer(f"Guest {turn}"))
        over = {"state": "dead"} if "dead" in query else {}
        reminder(incident, kind=("follow_up_due", "promise_due", "handover_open")[turn], **over)
        mail(person, **over)
        ClockGap.objects.create(
            started_at=timezone.now() - (turn + 2) * make.HOUR, ended_at=timezone.now() - (turn + 1) * make.HOUR
        )
    client = Client()
    client.force_login(reader)
    with django_assert_num_queries(8):
        answer = client.get(PAGE + query)
    assert len(answer.context["page"].lines) == number
