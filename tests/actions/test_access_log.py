"""That an administrator read what is restricted is written down, once a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents.access import Role
from incidents.actions import access_log
from incidents.actions.access_log import note_restricted
from incidents.models import Concern, Event, Incident, Staff
from incidents.models.timeline import RESTRICTED_READ
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.views.recover.rules import SignIn, text_of, url


def reads(incident: Incident) -> list[int | None]:
    return list(Event.objects.filter(incident=incident, kind=RESTRICTED_READ).values_list("by", flat=True))


def restricted(by: Staff, **over: Any) -> Incident:
    return make.make_incident(by, **{"category": "safety"} | over)


def note(staff: Staff, *incidents: Incident, now: dt.datetime = NOW) -> int:
    return note_restricted(staff=staff, incidents=incidents, now=now)


def test_only_of_administrators(cast: Cast) -> None:
    incident = restricted(cast.desk)
    for person in (cast.desk, cast.manager, cast.colleague):
        assert note(person, incident) == 0
    assert note(cast.owner, incident) == 1
    assert reads(incident) == [cast.owner.pk]


def test_only_of_what_is_restricted(cast: Cast) -> None:
    plain, hidden = make.make_incident(cast.desk), restricted(cast.desk)
    assert note(cast.owner, plain, hidden) == 1
    assert (reads(plain), reads(hidden)) == ([], [cast.owner.pk])


@pytest.mark.parametrize("part", ["logged", "has", "call"])
def test_not_of_what_they_have_a_part_in(cast: Cast, part: str) -> None:
    incident = restricted(cast.owner if part == "logged" else cast.desk)
    if part == "has":
        Incident.objects.filter(pk=incident.pk).update(assignee=cast.owner)
    if part == "call":
        make.settle(incident, cast.desk)
        incident.follow_ups.update(assignee=cast.owner)
    assert note(cast.owner, incident) == 0


def test_once_a_day_of_its_place(cast: Cast) -> None:
    """A day begins at six in the morning UTC in Chicago, in March."""
    incident = restricted(cast.desk)
    midnight = dt.datetime(2026, 3, 5, 6, 0, tzinfo=dt.UTC)
    assert [note(cast.owner, incident, now=at) for at in (NOW, NOW + HOUR, midnight - HOUR, midnight)] == [1, 0, 0, 1]
    assert note(cast.owner, incident, now=midnight + 23 * HOUR) == 0
    assert note(cast.owner, incident, now=midnight + DAY) == 1


def test_each_reader_by_themselves(cast: Cast) -> None:
    incident = restricted(cast.desk)
    other = make.make_staff("Ada Admin", cast.here, role=Role.ADMINISTRATOR)
    assert [note(cast.owner, incident), note(other, incident)] == [1, 1]
    assert reads(incident) == [cast.owner.pk, other.pk]


def test_one_statement_when_nothing_is_new(cast: Cast, django_assert_num_queries: Any) -> None:
    many = [restricted(cast.desk) for _n in range(3)]
    with django_assert_num_queries(6):  # what is new, the turn, once more, one insert, and the two of a savepoint
        assert note(cast.owner, *many) == 3
    with django_assert_num_queries(1):
        assert note(cast.owner, *many) == 0
    with django_assert_num_queries(0):
        assert note(cast.manager, *many) == 0
        assert note(cast.owner) == 0


def test_codes_and_ids_only(cast: Cast) -> None:
    incident = restricted(cast.desk)
    note(cast.owner, incident)
    event = Event.objects.get(kind=RESTRICTED_READ)
    assert (event.codes, event.subject_id, event.round_number) == ({}, None, 1)


Together = Callable[[Callable[[int], Any], int], list[Any]]


def test_twenty_requests_at_once_write_it_once(together: Together) -> None:
    cast = make.make_cast()
    incident = restricted(cast.desk)
    assert sorted(together(lambda n: note(cast.owner, incident), 8)) == [0] * 7 + [1]
    assert reads(incident) == [cast.owner.pk]


def test_without_the_turn_it_is_written_twice(together: Together, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    cast = make.make_cast()
    incident, both_asked = restricted(cast.desk), Barrier(2)
    monkeypatch.setattr(access_log, "_take_turn", lambda staff: None)
    ask = access_log._to_note

    def asked_together(*args: Any) -> Any:
        found = ask(*args)
        both_asked.wait(timeout=20)
        return found

    monkeypatch.setattr(access_log, "_to_note", asked_together)
    assert together(lambda n: note(cast.owner, incident), 2) == [1, 1]
    assert len(reads(incident)) == 2


def test_the_page_notes_it_and_the_timeline_says_so(cast: Cast, sign_in: SignIn) -> None:
    incident = restricted(cast.desk, now=timezone.now())
    client = sign_in(cast.owner)
    for _time in range(2):
        assert client.get(incident.get_absolute_url()).status_code == 200
    assert reads(incident) == [cast.owner.pk]
    page = text_of(sign_in(cast.manager).get(incident.get_absolute_url()))
    assert "Opened, as an administrator who has no part in it" in page
    assert "Olga Owner" in page


def test_a_fold_a_file_the_facts_and_a_question_are_doors_too(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    now = timezone.now()
    asked = make.ask_for(restricted(cast.desk, now=now), cast.desk, now=now)
    there: dict[str, Callable[[Incident], str]] = {
        "fold": lambda incident: url("recover-part", incident, "close"),
        "facts": lambda incident: url("log-change", incident),
        "act": lambda incident: url("recover-note", incident),
    }
    client = sign_in(cast.owner)
    for name, address in there.items():
        incident = restricted(cast.desk, now=now)
        (client.post if name == "act" else client.get)(address(incident))
        assert reads(incident) == [cast.owner.pk], name
    assert client.get(reverse("approval-show", args=[asked.pk])).status_code == 200
    assert reads(asked.incident) == [cast.owner.pk]


def test_the_admin_is_a_door_too(cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    incident, other, third = (restricted(cast.desk, now=now) for _n in range(3))
    client = sign_in(cast.owner)
    assert client.get("/admin/incidents/incident/").status_code == 200
    assert reads(incident) == []  # a list of references opens nothing
    assert client.get(f"/admin/incidents/incident/{incident.pk}/change/").status_code == 200
    assert reads(incident) == [cast.owner.pk]
    assert client.get(f"/admin/incidents/round/{other.rounds.get().pk}/change/").status_code == 200
    assert reads(other) == [cast.owner.pk]
    make.apologize(third, cast.manager)
    assert client.get("/admin/incidents/apology/").status_code == 200
    assert reads(third) == [cast.owner.pk]


def test_nobody_who_may_not_see_it_leaves_a_trace(cast: Cast, sign_in: SignIn) -> None:
    incident = restricted(cast.desk)
    Concern.objects.create(incident=incident, staff=cast.owner)
    assert sign_in(cast.owner).get(incident.get_absolute_url()).status_code == 404
    assert reads(incident) == []


def test_reading_does_not_stop_an_undo(cast: Cast, sign_in: SignIn) -> None:
    incident = restricted(cast.manager, now=timezone.now())
    client = sign_in(cast.manager)
    client.post(url("recover-hand-over", incident), {"to": cast.colleague.pk})
    sign_in(cast.owner).get(incident.get_absolute_url())
    assert client.post(url("recover-undo-last", incident)).status_code == 302
    incident.refresh_from_db()
    assert incident.assignee == cast.manager
