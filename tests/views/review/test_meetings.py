"""The pages of meetings: calling one, its agenda, changing and cancelling it, a series."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incidents.access import Role
from incidents.actions import agenda, meetings
from incidents.models import AgendaItem, Meeting, MeetingSeries
from tests import make
from tests.make import DAY, Cast

SignIn = Callable[..., Client]


def meet(cast: Cast, **over: Any) -> Meeting:
    now = timezone.now()
    fields: dict[str, Any] = {"location": cast.here, "starts_at": now + DAY, "minutes": 30, "facilitator": cast.manager}
    return meetings.make_meeting(by=cast.manager, now=now, submit_key=uuid4(), **fields | over)


def form(cast: Cast, **over: Any) -> dict[str, Any]:
    fields = {
        "location": cast.here.pk,
        "day": "2030-03-04",
        "time": "15:30",
        "minutes": 30,
        "facilitator": cast.manager.pk,
        "repeats": "0",
        "submit_key": str(uuid4()),
    }
    return fields | over


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_manager_calls_one_in_the_clock_of_the_place_and_twice_is_once(cast: Cast, sign_in: SignIn) -> None:
    client, sent = sign_in(cast.manager), form(cast)
    assert client.get(reverse("meeting-new")).status_code == 200
    answers = [client.post(reverse("meeting-new"), sent) for _turn in range(2)]
    meeting = Meeting.objects.get()
    assert [answer["Location"] for answer in answers] == [meeting.get_absolute_url()] * 2
    assert meeting.starts_at.isoformat() == "2030-03-04T21:30:00+00:00"
    assert meeting.people.count() == 4


def test_bad_input_keeps_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    answer = client.post(reverse("meeting-new"), form(cast, day="2030-02-31", minutes="400"))
    assert answer.status_code == 422
    assert "2030-02-31" in text_of(answer)
    assert "There is a problem" in text_of(answer)
    past = client.post(reverse("meeting-new"), form(cast, day="2020-03-04"))
    assert past.status_code == 409
    assert "2020-03-04" in text_of(past)
    assert not Meeting.objects.exists()


def test_every_week_makes_a_series_that_can_be_changed_and_ended(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    client.post(reverse("meeting-new"), form(cast, repeats="1"))
    made = MeetingSeries.objects.get()
    assert made.meetings.count() == 3
    address = reverse("meeting-series", args=[made.pk])
    assert "Every Monday at 15:30" in text_of(client.get(address))
    sent = {name: value for name, value in form(cast).items() if name not in {"repeats", "submit_key", "location"}}
    sent |= {"every_weeks": 2, "version": 0, "time": "10:00"}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 409
    assert client.post(reverse("meeting-series-end", args=[made.pk])).status_code == 302
    assert not made.meetings.exists()
    assert sign_in(make.make_staff("Elsa", cast.elsewhere, role=Role.MANAGER)).get(address).status_code == 404


def test_the_agenda_is_added_to_ordered_and_put_off(cast: Cast, sign_in: SignIn) -> None:
    grave, mild = (make.make_incident(cast.desk, now=timezone.now(), severity=each) for each in (2, 4))
    meeting, desk = meet(cast), sign_in(cast.desk)
    page = text_of(desk.get(meeting.get_absolute_url()))
    assert grave.reference in page
    assert mild.reference not in page
    desk.post(reverse("agenda-add", args=[meeting.pk]), {"incident": mild.reference})
    desk.post(reverse("agenda-topic", args=[meeting.pk]), {"topic": "The new key cards"})
    topic = meeting.items.get(kind="topic")
    assert desk.post(reverse("agenda-up", args=[topic.pk])).status_code == 403
    manager = sign_in(cast.manager)
    for act in ("up", "up", "down", "later"):
        assert manager.post(reverse(f"agenda-{act}", args=[topic.pk])).status_code == 302
    assert "Next time" in text_of(manager.get(meeting.get_absolute_url()))
    assert desk.post(reverse("agenda-remove", args=[topic.pk])).status_code == 302
    assert desk.post(reverse("agenda-remove", args=[topic.pk])).status_code == 404


def test_a_bad_topic_says_so_and_keeps_it(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.desk).post(reverse("agenda-topic", args=[meet(cast).pk]), {"topic": "x" * 900})
    assert answer.status_code == 422
    assert "x" * 900 in text_of(answer)


def test_what_becomes_restricted_is_no_longer_shown(cast: Cast, sign_in: SignIn) -> None:
    from incidents.actions import change

    grave = make.make_incident(cast.desk, now=timezone.now(), severity=2, what_happened="Quetzal on the stairs")
    meeting = meet(cast)
    item = meeting.items.get(incident=grave)
    change.change_incident(
        incident_id=grave.pk,
        expected_version=make.fresh(grave).version,
        by=cast.manager,
        now=timezone.now(),
        category=make.category("safety"),
    )
    for who in (cast.desk, cast.manager):
        assert "Quetzal" not in text_of(sign_in(who).get(meeting.get_absolute_url()))
        assert sign_in(who).post(reverse("agenda-remove", args=[item.pk])).status_code == 404
    assert "For managers only" in text_of(sign_in(cast.manager).get(reverse("meeting-list")))
    assert "For managers only" not in text_of(sign_in(cast.desk).get(reverse("meeting-list")))


def test_strangers_get_404_and_get_is_405_where_something_is_done(cast: Cast, sign_in: SignIn) -> None:
    meeting, stranger = meet(cast), sign_in(cast.outsider)
    assert stranger.get(meeting.get_absolute_url()).status_code == 404
    assert stranger.post(reverse("agenda-topic", args=[meeting.pk]), {"topic": "Keys"}).status_code == 404
    assert sign_in(cast.manager).get(reverse("meeting-show", args=[999_999])).status_code == 404
    for name in ("agenda-add", "agenda-topic", "agenda-fill", "meeting-cancel"):
        assert sign_in(cast.manager).get(reverse(name, args=[meeting.pk])).status_code == 405


def test_changing_it_says_when_somebody_was_faster(cast: Cast, sign_in: SignIn) -> None:
    meeting, client = meet(cast), sign_in(cast.manager)
    address = reverse("meeting-change", args=[meeting.pk])
    assert sign_in(cast.desk).get(address).status_code == 403
    assert client.get(address).status_code == 200
    sent = {name: value for name, value in form(cast).items() if name not in {"repeats", "submit_key", "location"}}
    sent |= {"version": 0, "writer": cast.desk.pk, "people": [cast.colleague.pk]}
    assert client.post(address, sent).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.writer, meeting.version) == (cast.desk, 1)
    assert {each.staff for each in meeting.people.all()} == {cast.manager, cast.desk, cast.colleague}
    assert client.post(address, sent).status_code == 409
    assert client.post(reverse("meeting-cancel", args=[meeting.pk])).status_code == 302
    assert client.post(reverse("agenda-topic", args=[meeting.pk]), {"topic": "Keys"}).status_code == 409


@pytest.mark.parametrize("page", ["learn", "meeting-list", "meeting-show"])
def test_pages_ask_as_often_for_three_as_for_one(cast: Cast, sign_in: SignIn, page: str) -> None:
    client, counts, now = sign_in(cast.manager), [], timezone.now()
    first = meet(cast)
    for turn in range(3):
        place = make.make_incident(cast.desk, now=now, severity=2, category=("room", "late", "price")[turn])
        agenda.add_incident(meeting_id=first.pk, incident_id=place.pk, by=cast.desk, now=now)
        make.make_incident(cast.desk, now=now, severity=2)
        meet(cast, starts_at=now + (turn + 2) * DAY)
        if turn != 1:
            address = reverse(page, args=[first.pk] if page == "meeting-show" else [])
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[1] <= 12, counts
    assert AgendaItem.objects.filter(meeting=first).count() > 3


@pytest.mark.parametrize("repeats", ["0", "1"])
def test_a_day_at_the_end_of_time_is_refused_in_words(repeats: str, cast: Cast, sign_in: SignIn) -> None:
    sent = form(cast, day="2099-12-31", time="23:30", repeats=repeats)
    answer = sign_in(cast.manager).post(reverse("meeting-new"), sent)
    assert answer.status_code == 422
    assert "too far away" in text_of(answer)
    assert "2099-12-31" in text_of(answer)
