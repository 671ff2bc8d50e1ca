"""The page of all meetings: what is ahead, what was, further pages, and how much waits where."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.board import meeting_list
from incidents.models import AgendaItem, Incident, Meeting
from tests import make
from tests.make import DAY, HOUR, Cast
from tests.meetings import call, on_the_list

SignIn = Callable[..., Client]
PAGE = reverse("meeting-list")


def read(client: Client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(text: str) -> list[int]:
    """The meetings on the page in their order."""
    return [int(pk) for pk in re.findall(r'class="row-name" href="/meetings/(\d+)/"', text)]


def met(cast: Cast, days: float, **over: Any) -> Meeting:
    """One that began and ended so many days ago, or that is ahead."""
    now = timezone.now()
    meeting = call(cast, now=now + days * DAY - HOUR)
    if days < 0:
        over = {"started_at": meeting.starts_at, "ended_at": meeting.starts_at + HOUR / 2} | over
    Meeting.objects.filter(pk=meeting.pk).update(**over)
    return meeting


def test_the_next_comes_first_and_the_last_one_before_the_others(cast: Cast, sign_in: SignIn) -> None:
    running = met(cast, -0.1, ended_at=None)
    missed = met(cast, -2, started_at=None, ended_at=None)
    late = met(cast, -0.2, started_at=None, ended_at=None)  # it can still begin
    cancelled = met(cast, 3, cancelled_at=timezone.now())
    first, second, ended = met(cast, 1), met(cast, 2), met(cast, -3)
    text = read(sign_in(cast.desk))
    ahead, over = text.split('id="past-title"')
    assert shown(ahead) == [late.pk, running.pk, first.pk, second.pk]
    assert shown(over) == [cancelled.pk, missed.pk, ended.pk]
    assert [words in over for words in ("Did not take place", "Cancelled", "No minutes yet")] == [True] * 3
    assert "Going on" in ahead


@pytest.mark.parametrize("who", ["desk", "owner"])
def test_further_pages(cast: Cast, sign_in: SignIn, who: str) -> None:
    every = [met(cast, -days) for days in range(1, 2 * meeting_list.PAGE + 2)]
    client, found, query = sign_in(getattr(cast, who)), [], ""
    for number in (meeting_list.PAGE, meeting_list.PAGE, 1):
        text = read(client, query)
        assert len(shown(text)) == number
        found += shown(text)
        onward = re.search(r'rel="next" href="([^"]+)"', text)
        query = onward[1].replace("&amp;", "&") if onward else ""
    assert not query
    assert found == [each.pk for each in every]
    back = re.search(r'rel="prev" href="([^"]+)"', text)
    assert back
    assert shown(read(client, back[1].replace("&amp;", "&"))) == found[meeting_list.PAGE : -1]


def test_a_place_is_chosen(cast: Cast, sign_in: SignIn) -> None:
    here = met(cast, 1)
    there = call(cast, location=cast.elsewhere, by=cast.owner, facilitator=cast.owner, now=timezone.now())
    client = sign_in(cast.owner)
    assert set(shown(read(client))) == {here.pk, there.pk}
    assert shown(read(client, f"?place={cast.here.pk}")) == [here.pk]
    assert shown(read(client, f"?place={cast.elsewhere.pk}")) == [there.pk]
    assert set(shown(read(client, "?place=99999999999999999999"))) == {here.pk, there.pk}
    assert shown(read(sign_in(cast.desk), f"?place={cast.elsewhere.pk}")) == [here.pk]


def test_how_much_waits(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    waiting = [on_the_list(cast.desk, now=now) for _each in range(4)]
    on_the_list(cast.outsider, now=now)
    Incident.objects.filter(pk=waiting[3].pk).update(is_restricted=True)
    client = sign_in(cast.desk)
    assert "3 mistakes wait to be talked about" in read(client)
    meeting = call(cast, now=now)
    AgendaItem.objects.filter(meeting=meeting).delete()
    item = AgendaItem.objects.create(meeting=meeting, incident=waiting[0], kind="incident", position=1)
    assert "2 mistakes wait to be talked about" in read(client)
    item.outcome = "next_time"
    item.save()
    assert "3 mistakes wait to be talked about" in read(client)
    monkeypatch.setattr(meeting_list, "MOST", 2)
    assert "more than 2 mistakes wait" in read(client)


def test_of_many_places_the_first_are_counted(cast: Cast, sign_in: SignIn) -> None:
    last = make.make_location("Zoo", currency="USD")
    for name in "ABCD":
        make.make_location(name)
    client = sign_in(cast.owner)
    assert read(client).count("nothing waits to be talked about") == meeting_list.COUNTED
    assert read(client, f"?place={last.pk}").count("nothing waits to be talked about") == 1


def test_what_few_may_know_is_for_managers_of_the_place(cast: Cast, sign_in: SignIn) -> None:
    few = on_the_list(cast.desk, now=timezone.now())
    Incident.objects.filter(pk=few.pk).update(is_restricted=True)
    for who, query, is_there in (
        (cast.manager, "", True),
        (cast.desk, "", False),
        (cast.owner, "", True),
        (cast.owner, f"?place={cast.here.pk}", True),
        (cast.owner, f"?place={cast.elsewhere.pk}", False),
    ):
        assert (few.reference in read(sign_in(who), query)) is is_there, (who, query)
    cast.here.is_active = False
    cast.here.save()
    assert few.reference not in read(sign_in(cast.owner))


@pytest.mark.parametrize("query", ["", "?place={here}"])
def test_it_takes_nine_statements(cast: Cast, sign_in: SignIn, django_assert_max_num_queries: Any, query: str) -> None:
    for days in (1, 2, -1, -2):
        met(cast, days)
    client = sign_in(cast.owner)
    read(client)
    with django_assert_max_num_queries(9):
        read(client, query.format(here=cast.here.pk))
