"""Many at once: which, what it would mean, and the work on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains

from incidents.access import Role
from incidents.actions import bulk, jobs
from incidents.models import BulkAct, Concern, Incident, Job, Membership, Staff
from incidents.vocabulary import CloseReason
from tests import make
from tests.make import DAY, HOUR, Cast

SignIn = Callable[[Staff], Client]
PAGE = "/bulk/"


def many(cast: Cast, number: int = 3, **over: Any) -> list[Incident]:
    return [make.make_incident(cast.desk, now=timezone.now() - HOUR, **over) for _time in range(number)]


def sent(**over: Any) -> dict[str, Any]:
    return {"act": "meeting", "submit_key": str(uuid4())} | over


def lines(job: Job) -> set[Incident]:
    return {line.incident for line in job.lines.select_related("incident")}


def test_it_says_how_many_and_what_can_be_done(cast: Cast, sign_in: SignIn) -> None:
    many(cast, 7)
    page = sign_in(cast.manager).get(PAGE)
    assertContains(page, "7 recoveries")
    assertContains(page, "and 2 more")
    for act in ("Hand over", "Remind", "For the next meeting", "Close: no answer"):
        assertContains(page, act)


def test_a_desk_does_not_remind_of_many(cast: Cast, sign_in: SignIn) -> None:
    many(cast)
    client = sign_in(cast.desk)
    assertNotContains(client.get(PAGE), 'value="remind"')
    assert client.post(PAGE, sent(act="remind")).status_code == 422
    assert not Job.objects.exists()


def test_the_filter_of_the_address_counts(cast: Cast, sign_in: SignIn) -> None:
    many(cast, 2)
    [minor] = many(cast, 1, severity=4)
    client = sign_in(cast.manager)
    assertContains(client.get(f"{PAGE}?severity=minor"), "1 recovery")
    answer = client.post(f"{PAGE}?severity=minor", sent())
    job = Job.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    assert lines(job) == {minor}


def test_the_ticked_ones_count_alone(cast: Cast, sign_in: SignIn) -> None:
    first, _second, third = many(cast)
    query = f"{PAGE}?pick={first.reference}&pick={third.reference}&pick={first.reference}&pick=nonsense"
    client = sign_in(cast.manager)
    assertContains(client.get(query), "2 recoveries")
    assert client.post(query, sent()).status_code == 302
    assert lines(Job.objects.get()) == {first, third}


def test_who_has_no_place_finds_nothing(cast: Cast, sign_in: SignIn) -> None:
    many(cast)
    Membership.objects.filter(staff=cast.manager).delete()
    client = sign_in(cast.manager)
    assertContains(client.get(PAGE), "Nothing is chosen")
    assert client.post(PAGE, sent()).status_code == 409


@pytest.mark.parametrize("pick", ["nonsense", "", "R-2026-1"])
def test_ticks_that_nobody_can_read_are_not_all_there_is(cast: Cast, sign_in: SignIn, pick: str) -> None:
    many(cast)
    client = sign_in(cast.manager)
    assertContains(client.get(f"{PAGE}?pick={pick}"), "Nothing is chosen")
    assert client.post(f"{PAGE}?pick={pick}", sent()).status_code == 409
    assert not Job.objects.exists()


@pytest.mark.parametrize("by_hand", [False, True], ids=["filter", "ticked"])
def test_restricted_ones_are_not_there_for_who_may_not_see_them(cast: Cast, sign_in: SignIn, by_hand: bool) -> None:
    """Neither counted nor named nor touched, by filter, by search, by their very number."""
    secret = make.make_incident(cast.manager, category="safety", what_happened="Quetzal injury", customer_hint="Zed")
    [plain] = many(cast, 1)
    query = f"?pick={secret.reference}&pick={plain.reference}" if by_hand else ""
    client = sign_in(cast.desk)
    page = client.get(f"{PAGE}{query}")
    assertContains(page, "1 recovery")
    for words in ("Zed", "Quetzal", secret.get_absolute_url()):
        assertNotContains(page, words)
    assertNotContains(client.get(f"{PAGE}?q=Quetzal"), secret.reference)
    client.post(f"{PAGE}{query}", sent())
    assert lines(Job.objects.get()) == {plain}
    assertContains(client.get(f"{PAGE}?pick={secret.reference}"), "Nothing is chosen")


def test_foreign_ones_are_not_there(cast: Cast, sign_in: SignIn) -> None:
    [theirs] = many(cast, 1)
    client = sign_in(cast.outsider)
    for query in ("", f"?pick={theirs.reference}"):
        assertContains(client.get(f"{PAGE}{query}"), "Nothing is chosen")
        assert client.post(f"{PAGE}{query}", sent()).status_code == 409
    assert not Job.objects.exists()


# What it would mean ---------------------------------------------------------------------------------------------------


def test_handing_over_says_how_many_go_and_why_others_stay(cast: Cast, sign_in: SignIn) -> None:
    make.make_staff("Mia Manager", cast.here, role=Role.MANAGER)
    going, theirs, about = *many(cast, 2), make.make_incident(cast.manager, category="safety")
    Incident.objects.filter(pk=theirs.pk).update(assignee=cast.colleague)
    Concern.objects.create(incident=about, staff=cast.colleague)
    make.close(many(cast, 1)[0], cast.manager, CloseReason.VOID)
    page = sign_in(cast.manager).get(f"{PAGE}?act=reassign&to={cast.colleague.pk}")
    assertContains(page, "1 goes to Cole League")
    assertContains(page, "1 is with Cole League already")
    assertContains(page, "1 cannot: Cole League must not have it")
    assertContains(page, "Hand 1 over")
    assert going.assignee == cast.desk


def test_who_does_not_work_at_that_place_cannot(cast: Cast, sign_in: SignIn) -> None:
    many(cast)
    Membership.objects.create(staff=cast.manager, location=cast.elsewhere)
    page = sign_in(Staff.objects.get(pk=cast.manager.pk)).get(f"{PAGE}?act=reassign&to={cast.outsider.pk}")
    assertContains(page, "3 cannot: Otto Outsider does not work at those places")
    assertContains(page, "So there is nothing to do.")
    assertNotContains(page, 'name="submit_key"')


@pytest.mark.parametrize(("asked", "words"), [("?act=reassign&to=", "Choose to whom."), ("?to=", "Choose one.")])
def test_sent_without_what_it_needs_it_says_so(asked: str, words: str, cast: Cast, sign_in: SignIn) -> None:
    many(cast)
    client = sign_in(cast.manager)
    assertContains(client.get(PAGE + asked), words)
    assertNotContains(client.get(f"{PAGE}?act=reassign"), words)  # the button beside what was ticked


def test_whoever_is_away_is_marked(cast: Cast, sign_in: SignIn) -> None:
    many(cast)
    Staff.objects.filter(pk=cast.colleague.pk).update(away_until=timezone.now() + DAY)
    page = sign_in(cast.manager).get(f"{PAGE}?act=reassign&to={cast.colleague.pk}")
    assertContains(page, "Cole League is away until")


def test_only_the_unanswered_are_closed(cast: Cast, sign_in: SignIn) -> None:
    many(cast)
    waited = make.settle(make.make_incident(cast.desk, severity=4, category="other"), cast.desk)
    make.call(waited, cast.desk, "voicemail", now=make.NOW)
    client = sign_in(cast.manager)
    assertContains(client.get(f"{PAGE}?act=close"), "1 is closed: no answer")
    client.post(PAGE, sent(act="close"))
    assert lines(Job.objects.get()) == {waited}


@pytest.mark.parametrize("act", ["remind", "meeting"])
def test_what_needs_nothing_more_is_shown_at_once(cast: Cast, sign_in: SignIn, act: str) -> None:
    many(cast)
    assertContains(sign_in(cast.manager).get(f"{PAGE}?act={act}"), 'name="submit_key"')


def test_more_than_the_most_is_said(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    many(cast)
    monkeypatch.setattr(bulk, "MOST", 2)
    client = sign_in(cast.manager)
    assertContains(client.get(PAGE), "This changes the first 2")
    client.post(PAGE, sent())
    assert Job.objects.get().total == 2


# Doing it -------------------------------------------------------------------------------------------------------------


def test_handed_over_from_the_list_to_the_end(cast: Cast, sign_in: SignIn) -> None:
    made = many(cast)
    client = sign_in(cast.manager)
    answer = client.post(PAGE, sent(act="reassign", to=cast.colleague.pk), follow=True)
    assertContains(answer, "Hand 3 recoveries over")
    jobs.work(budget=dt.timedelta(minutes=1))
    assert {make.fresh(one).assignee for one in made} == {cast.colleague}
    page = client.get(Job.objects.get().get_absolute_url())
    assertContains(page, "3 were handed over.")
    for one in made:
        assertContains(page, one.reference)
    assertContains(page, "Give all back")


def test_sent_twice_it_is_one_job(cast: Cast, sign_in: SignIn) -> None:
    many(cast)
    client, body = sign_in(cast.manager), sent()
    assert {client.post(PAGE, body)["Location"] for _time in range(2)} == {Job.objects.get().get_absolute_url()}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"act": "reassign"}, "Choose to whom."),
        ({"act": "reassign", "to": "999999"}, "Select a valid choice"),
        ({"act": "burn"}, "Choose one."),
        ({"act": "give_back"}, "Choose one."),
        ({"act": ""}, "Choose one."),
        ({"submit_key": ""}, "too old"),
        ({"submit_key": "no key"}, "There is a problem"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(
    cast: Cast, sign_in: SignIn, wrong: dict[str, str], says: str
) -> None:
    many(cast)
    answer = sign_in(cast.manager).post(f"{PAGE}?severity=moderate", sent(**wrong))
    assert answer.status_code == 422
    assertContains(answer, escape(says), status_code=422)
    assertContains(answer, "severity=moderate", status_code=422)
    assert not Job.objects.exists()


def test_what_was_chosen_stays_chosen(cast: Cast, sign_in: SignIn) -> None:
    many(cast)
    answer = sign_in(cast.manager).post(PAGE, sent(submit_key="", act="reassign", to=cast.colleague.pk))
    assertContains(answer, f'<option value="{cast.colleague.pk}" selected>', status_code=422)


def test_with_nothing_there_it_says_so(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    assertContains(client.get(PAGE), "Nothing is chosen")
    assert client.post(PAGE, sent()).status_code == 409


@pytest.mark.parametrize("number", [1, 3])
def test_statements(
    cast: Cast, sign_in: SignIn, django_assert_max_num_queries: Callable[[int], Any], number: int
) -> None:
    for _time in range(number):
        make.make_incident(cast.desk, customer=make.make_customer(f"Nora {number}"))
    client = sign_in(cast.manager)
    for act in ("", "?act=remind", "?act=meeting", "?act=close", f"?act=reassign&to={cast.colleague.pk}"):
        client.get(f"{PAGE}{act}")
        with django_assert_max_num_queries(12):
            client.get(f"{PAGE}{act}")


def test_the_acts_of_a_desk_are_those_it_may_do_to_each(cast: Cast) -> None:
    assert bulk.acts_open_to(cast.desk) == [BulkAct.REASSIGN, BulkAct.MEETING, BulkAct.CLOSE]


def test_the_list_leads_here(cast: Cast, sign_in: SignIn) -> None:
    made = many(cast, 2)
    page = sign_in(cast.manager).get("/incidents/?view=all&severity=moderate")
    assertContains(page, 'href="/bulk/?severity=moderate"')
    assertContains(page, "All 2 of this filter")
    for one in made:
        assertContains(page, f'name="pick" value="{one.reference}" form="bulk"')
    for act in ("reassign", "remind", "meeting"):
        assertContains(page, f'name="act" value="{act}"')
