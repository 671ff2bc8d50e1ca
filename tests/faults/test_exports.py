"""Files of thousands of rows, written by real processes that are killed over them: every row is there, and once."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from django.test import override_settings

from incidents import uploads
from incidents.actions import exports
from incidents.models import Customer, ExportFile, Job, Notice
from tests import make
from tests.exports.reading import column
from tests.faults.arena import Arena
from tests.programs import wait_for
from tests.views.exports.files import a_job

RIGGED = "tests.faults.rigged_exports"
ROWS = 5200
NAMES = [f"Guest {number:05d}" for number in range(ROWS)]


def a_long_list(arena: Arena, form: str) -> Job:
    manager = make.make_cast().manager
    rows = [Customer(name=name, sort_name=name.lower(), created_at=make.NOW) for name in NAMES]
    numbers = [row.pk for row in Customer.objects.bulk_create(rows)]
    with override_settings(MEDIA_ROOT=arena.media):
        return a_job(manager, numbers, form=form, listing="customers")


def ended(job: Job) -> bool:
    job.refresh_from_db()
    return job.is_over


def killed(arena: Arena, form: str, halt: str, rig: str = "") -> Job:
    """The victim dies at that point, its heir ends the job."""
    job = a_long_list(arena, form)
    victim = arena.programs.start("victim", [sys.executable, "-m", RIGGED], NAME="victim", HALT=halt, RIG=rig)
    wait_for(lambda: arena.mark("halted-victim"), 60)
    victim.kill()
    job.refresh_from_db()
    at = exports.SLICE if halt == "piece" else ROWS - ROWS % exports.SLICE
    assert (job.state, job.done) == ("claimed", at)
    assert not ExportFile.objects.exists()
    assert Notice.objects.exists() is (rig == "early")
    arena.programs.start("heir", [sys.executable, "-m", RIGGED], NAME="heir", RIG=rig)
    wait_for(lambda: ended(job), 60)
    return job


def names_in(arena: Arena, form: str) -> list[Any]:
    file = ExportFile.objects.get()
    with override_settings(MEDIA_ROOT=arena.media), uploads.read(file.stored_name) as content:
        return column(content.read(), "Name", form)


@pytest.mark.parametrize("halt", ["piece", "file"])
@pytest.mark.parametrize("form", ["csv", pytest.param("xlsx", marks=pytest.mark.slow)])
def test_killed_over_it_each_row_is_there_once(arena: Arena, form: str, halt: str) -> None:
    job = killed(arena, form, halt)
    assert (job.state, job.done, job.last_error) == ("done", ROWS, "")
    assert names_in(arena, form) == NAMES
    assert ExportFile.objects.get().rows == ROWS
    told = Notice.objects.get()
    assert (told.kind, told.subject_id, told.messages.count()) == ("export_ready", job.pk, 1)
    left = {path.name for path in (arena.media / "exports").iterdir() if path.suffix != ".new"}
    assert left == {f"{job.options['token']}.{form}"}


def test_control_pieces_that_appear_bit_by_bit_are_there_one_and_a_half_times(arena: Arena) -> None:
    assert killed(arena, "csv", "piece", "append").state == "done"
    assert len(names_in(arena, "csv")) == ROWS + exports.SLICE // 2


@pytest.mark.slow
def test_control_told_beside_the_end_it_is_told_before_there_is_a_file(arena: Arena) -> None:
    assert killed(arena, "csv", "file", "early").state == "done"


def test_control_pieces_removed_before_the_row_is_committed_are_missed(arena: Arena) -> None:
    job = killed(arena, "csv", "file", "tidy")
    assert (job.state, job.last_error) == ("failed", "files_gone")
