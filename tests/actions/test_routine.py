"""Routine steps: which ones count where, and those that are typed on the spot."""

from __future__ import annotations

import pytest

from incidents.actions import procedures
from incidents.actions.refusals import NotYours, Refused
from incidents.models import Procedure, Reminder, RoutineStep
from tests import make
from tests.make import NOW, Cast
from tests.views.procedures.addresses import written


def words(cast: Cast) -> list[str]:
    return [step.words for step in procedures.routine_for(make.category().pk, cast.here.pk)]


def type_step(cast: Cast, said: str) -> RoutineStep:
    return procedures.type_step(category=make.category(), location=cast.here, words=said, by=cast.desk, now=NOW)


def test_those_of_the_place_then_those_of_all(cast: Cast) -> None:
    written(cast, location=None, steps="Say hello", by=cast.owner)
    written(cast, steps="Write the name\nRead it back")
    written(cast, location=cast.elsewhere, steps="Elsewhere", by=cast.owner)
    written(cast, categories=[make.category("late")], steps="Of another kind")
    assert words(cast) == ["Write the name", "Read it back", "Say hello"]


def test_a_step_typed_on_the_spot_begins_a_routine_that_is_still_to_be_written(cast: Cast) -> None:
    first = type_step(cast, "Lay out two towels")
    procedure = Procedure.objects.get()
    assert procedure.title == f"Routine: {make.category().label}"
    assert (procedure.responsible, procedure.versions.count()) == (cast.manager, 0)
    assert Reminder.objects.filter(kind="procedure_due", subject_id=procedure.pk).exists()
    assert type_step(cast, "  lay out TWO towels ") == first
    type_step(cast, "Knock")
    assert words(cast) == ["Lay out two towels", "Knock"]
    assert Procedure.objects.count() == 1


def test_typed_where_one_is_written_it_is_added_to_that(cast: Cast) -> None:
    procedure = written(cast)
    type_step(cast, "Ask for the phone number")
    assert words(cast) == ["Write the name", "Read the order back", "Ask for the phone number"]
    assert procedure.versions.count() == 1


def test_who_may_and_what_may_not(cast: Cast) -> None:
    with pytest.raises(NotYours):
        procedures.type_step(category=make.category(), location=cast.here, words="X", by=cast.outsider, now=NOW)
    for nothing in ("", "  ", "- "):
        with pytest.raises(Refused):
            type_step(cast, nothing)


def test_a_step_said_otherwise_stays_the_step_and_one_taken_out_comes_back(cast: Cast) -> None:
    procedure = written(cast, steps="Write the name\nRead the order back")
    name, back = procedure.steps.all()

    def write(steps: str) -> None:
        procedure.refresh_from_db()
        procedures.write_version(
            procedure_id=procedure.pk,
            expected_version=procedure.version,
            words="",
            steps=steps,
            why="",
            by=cast.manager,
            now=NOW,
        )

    write("Read the whole order back\nSmile")
    back.refresh_from_db()
    assert (back.words, back.position, back.is_active) == ("Read the whole order back", 0, True)
    assert words(cast) == ["Read the whole order back", "Smile"]
    write("Write the name")
    assert procedures.routine_for(make.category().pk, cast.here.pk) == [name]
