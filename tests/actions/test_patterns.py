"""Looking into what keeps happening: its incidents linked once, what fits later, by whom."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from incidents.access import Role
from incidents.actions import patterns, review
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.board import patterns as board
from incidents.models import Event, Incident, Pattern, PatternKind, Staff
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast


def look(cast: Cast, **over: Any) -> Pattern:
    fields: dict[str, Any] = {
        "kind": PatternKind.CATEGORY,
        "value": make.category().pk,
        "location": cast.here,
        "days": 28,
        "by": cast.manager,
        "now": NOW,
        "submit_key": uuid4(),
    }
    return patterns.open_pattern(**fields | over)


def linked(pattern: Pattern) -> set[int]:
    return set(pattern.links.values_list("incident", flat=True))


@kept_rows
def rooms(cast: Cast) -> list[Incident]:
    return [make.make_incident(cast.desk, now=NOW - n * DAY) for n in range(3)]


def test_all_of_the_window_are_linked_and_nothing_else(cast: Cast, rooms: list[Incident]) -> None:
    make.make_incident(cast.desk, now=NOW - 40 * DAY)
    make.make_incident(cast.desk, category="late")
    make.make_incident(cast.outsider)
    make.close(make.make_incident(cast.desk), cast.manager, "void")
    pattern = look(cast, note="The boiler?")
    assert linked(pattern) == {incident.pk for incident in rooms}
    assert (pattern.note, pattern.opened_by, pattern.version) == ("The boiler?", cast.manager, 0)
    event = Event.objects.get(kind="pattern_opened")
    assert (event.incident_id, event.subject_id) == (None, pattern.pk)
    assert event.codes == {"shares": "category", "number": 3}


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        (PatternKind.ITEM, "cafe 214", {"field_values": {"place": "Café 214"}}),
        (PatternKind.PLACE, "pool", {"place": "POOL"}),
        (PatternKind.PLACE, "cafe", {"place": "Café"}),
    ],
)
def test_whatever_the_accents_and_the_case(cast: Cast, kind: PatternKind, value: str, told: dict[str, Any]) -> None:
    same = [make.make_incident(cast.desk, **told), make.make_incident(cast.desk, **told)]
    make.make_incident(cast.desk, place="Poolside", field_values={"place": "Room 2140"})
    assert linked(look(cast, kind=kind, value=value)) == {incident.pk for incident in same}


def test_what_may_not_be_seen_is_not_linked(cast: Cast, rooms: list[Incident]) -> None:
    secret = make.make_incident(cast.manager)
    Incident.objects.filter(pk=secret.pk).update(is_restricted=True)
    secret.concerns.create(staff=cast.manager)
    assert secret.pk not in linked(look(cast))
    assert board.fitting(cast.manager, Pattern.objects.get()).count() == 0
    assert board.fitting(cast.owner, Pattern.objects.get()).count() == 1


def test_the_same_is_looked_into_once(cast: Cast, rooms: list[Incident]) -> None:
    key = uuid4()
    first = look(cast, submit_key=key)
    assert look(cast, submit_key=key) == first == look(cast)
    assert look(cast, location=None, by=cast.owner) != first
    patterns.close_pattern(pattern_id=first.pk, by=cast.manager, now=NOW)
    assert look(cast) != first
    with pytest.raises(Refused):
        look(cast, submit_key=key, by=cast.owner)


def test_managers_of_the_place_only(cast: Cast, rooms: list[Incident]) -> None:
    there = make.make_staff("Mira Manager", cast.elsewhere, role=Role.MANAGER)
    pattern = look(cast)
    acts: list[Callable[[Staff], Any]] = [
        lambda by: look(cast, by=by),
        lambda by: patterns.close_pattern(pattern_id=pattern.pk, by=by, now=NOW),
        lambda by: patterns.note_pattern(pattern_id=pattern.pk, note="x", expected_version=0, by=by, now=NOW),
        lambda by: patterns.link_incidents(pattern_id=pattern.pk, incidents=Incident.objects.all(), by=by, now=NOW),
    ]
    for by in (cast.desk, there):
        for act in acts:
            with pytest.raises(NotYours):
                act(by)
    with pytest.raises(NotYours):
        look(cast, location=None)


def test_nothing_left_to_look_into(cast: Cast) -> None:
    with pytest.raises(Refused):
        look(cast)
    assert not Pattern.objects.exists()


def test_later_ones_fit_and_are_added(cast: Cast, rooms: list[Incident]) -> None:
    pattern = look(cast)
    late = make.make_incident(cast.desk, now=NOW + DAY)
    told_late = make.make_incident(cast.desk, now=NOW + DAY, reported_at=NOW - DAY)
    make.make_incident(cast.desk, now=NOW - 30 * DAY)  # older than the first of them
    fitting = board.fitting(cast.manager, pattern)
    assert set(fitting) == {late, told_late}
    with_all: dict[str, Any] = {"pattern_id": pattern.pk, "by": cast.manager, "now": NOW + DAY}
    assert patterns.link_incidents(incidents=fitting, **with_all) == 2
    assert patterns.link_incidents(incidents=Incident.objects.filter(pk=late.pk), **with_all) == 0
    assert board.fitting(cast.manager, pattern).count() == 0
    patterns.close_pattern(pattern_id=pattern.pk, by=cast.manager, now=NOW)
    with pytest.raises(Refused):
        patterns.link_incidents(incidents=fitting, **with_all)


def test_a_note_never_overwrites_another(cast: Cast, rooms: list[Incident]) -> None:
    pattern = look(cast)
    fields: dict[str, Any] = {"pattern_id": pattern.pk, "by": cast.manager, "now": NOW}
    assert patterns.note_pattern(note="The valve.", expected_version=0, **fields).version == 1
    with pytest.raises(Stale) as stale:
        patterns.note_pattern(note="The pump.", expected_version=0, **fields)
    assert stale.value.current.note == "The valve."


def test_done_and_taken_up_again(cast: Cast, rooms: list[Incident]) -> None:
    pattern = look(cast)
    for _again in range(2):
        done = patterns.close_pattern(pattern_id=pattern.pk, by=cast.manager, now=NOW)
        assert (done.closed_at, done.closed_by) == (NOW, cast.manager)
    assert patterns.reopen_pattern(pattern_id=pattern.pk, by=cast.manager, now=NOW).is_open
    kinds = Event.objects.filter(subject_id=pattern.pk, incident=None).values_list("kind", flat=True)
    assert list(kinds.order_by("id")) == ["pattern_opened", "pattern_closed", "pattern_reopened"]


def test_who_sees_it(cast: Cast, rooms: list[Incident]) -> None:
    there = make.make_staff("Mira Manager", cast.elsewhere, role=Role.MANAGER)
    pattern = look(cast)
    assert pattern in Pattern.objects.visible_to(cast.manager)
    assert pattern in Pattern.objects.visible_to(cast.owner)
    assert pattern not in Pattern.objects.visible_to(there)
    Incident.objects.update(is_restricted=True)
    for incident in rooms:
        incident.concerns.create(staff=cast.manager)
    assert pattern not in Pattern.objects.visible_to(cast.manager)
    assert pattern in Pattern.objects.visible_to(cast.owner)


def test_two_managers_at_once_begin_one(together: Callable[[Callable[[int], Any], int], list[Any]]) -> None:
    cast = make.make_cast()
    for _n in range(3):
        make.make_incident(cast.desk)
    begun = together(lambda n: look(cast), 4)
    assert len({pattern.pk for pattern in begun}) == 1 == Pattern.objects.count()


def test_control_without_taking_turns_there_are_several(
    together: Callable[[Callable[[int], Any], int], list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    barrier, link = Barrier(4), patterns._link

    def all_then(*args: Any, **named: Any) -> int:
        barrier.wait(timeout=30)
        return link(*args, **named)

    monkeypatch.setattr(patterns, "_take_turn", lambda: None)
    monkeypatch.setattr(patterns, "_link", all_then)
    cast = make.make_cast()
    for _n in range(3):
        make.make_incident(cast.desk)
    together(lambda n: look(cast), 4)
    assert Pattern.objects.count() == 4


def test_the_newest_three_wait_for_the_meeting_at_once(cast: Cast, rooms: list[Incident]) -> None:
    """Not when the sweep comes by; restricted and older ones stay off, and so does what somebody took off."""
    off = make.make_incident(cast.desk, now=NOW)
    review.add_to_next_meeting(incident_id=off.pk, by=cast.desk, now=NOW)
    review.take_off_meeting(incident_id=off.pk, by=cast.desk, now=NOW)
    fourth = make.make_incident(cast.desk, now=NOW - 4 * DAY)
    pattern = look(cast)
    assert linked(pattern) == {each.pk for each in (*rooms, off, fourth)}
    waiting = Incident.objects.filter(review_state="to_review")
    assert set(waiting) == set(rooms)
    assert rooms[0].events.get(kind="review_asked").codes["why"] == "pattern"
    waiting.update(review_state="reviewed")
    later = make.make_incident(cast.desk, now=NOW + DAY)
    mine = Incident.objects.filter(pk=later.pk)
    patterns.link_incidents(pattern_id=pattern.pk, incidents=mine, by=cast.manager, now=NOW + DAY)
    assert make.fresh(later).review_state == "to_review"
