"""A procedure and its versions: what it says, what changed and why. Everybody where it holds is asked to read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.actions.advance import add_event, saved_before
from incidents.actions.learning_news import tell_of
from incidents.actions.procedures.looking import look_again, looked_at, today_of
from incidents.actions.procedures.steps import keep_steps, lines_of
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import (
    Category,
    Location,
    NoticeKind,
    PreventionAction,
    Procedure,
    ProcedureRead,
    ProcedureVersion,
    Staff,
)

NOT_YOURS = _("Whoever keeps it, a manager of the place or an administrator writes it.")
CHANGED = _("Someone else changed this meanwhile.")


@contextmanager
def procedure_of(procedure_id: int, by: Staff, expected_version: int | None = None) -> Iterator[Procedure]:
    """Locked; NotYours for whoever may not write it, Stale when somebody saved since `expected_version`."""
    with transaction.atomic():
        rows = Procedure.objects.select_for_update(no_key=True, of=("self",))
        procedure = rows.select_related("location", "responsible").get(pk=procedure_id)
        if not access.can_write_procedure(by, procedure):
            raise NotYours(NOT_YOURS)
        if expected_version is not None and expected_version != procedure.version:
            raise Stale(CHANGED, procedure)
        yield procedure


def make_procedure(
    *,
    title: str,
    location: Location | None,
    responsible: Staff,
    categories: Iterable[Category],
    review_every_days: int,
    words: str,
    steps: str,
    by: Staff,
    now: dt.datetime,
    submit_key: UUID,
    action: PreventionAction | None = None,
) -> Procedure:
    """With its first version. `location` None holds at all places: for administrators. `action`: what it does."""
    may = access.can_administer(by) if location is None else access.can_set_up(by, location.pk)
    if not may:
        raise NotYours(_("A manager of the place writes how things are done there; an administrator, for all places."))
    with transaction.atomic():
        if existing := saved_before(Procedure.objects.filter(submit_key=submit_key), created_by_id=by.pk):
            return existing
        procedure = Procedure(
            title=title,
            location=location,
            responsible=responsible,
            review_every_days=review_every_days,
            created_at=now,
            created_by=by,
            submit_key=submit_key,
        )
        procedure.review_on = today_of(procedure, now) + dt.timedelta(days=review_every_days)
        procedure.save()
        procedure.categories.set(categories)
        add_event(None, "procedure_made", now=now, by=by, subject_id=procedure.pk)
        _write(procedure, words=words, steps=steps, why="", action=action, by=by, now=now)
        return procedure


def write_version(
    *,
    procedure_id: int,
    expected_version: int,
    words: str,
    steps: str,
    why: str,
    by: Staff,
    now: dt.datetime,
    action: PreventionAction | None = None,
) -> ProcedureVersion:
    """The next version, with what changed said in `why`; the last one when nothing is different.

    `action`: the change that it carries out.
    """
    with procedure_of(procedure_id, by, expected_version) as procedure:
        if procedure.retired_at is not None:
            raise Refused(_("It is no longer in use. Bring it back first."))
        last = procedure.versions.first()
        if last and (last.words, [step["words"] for step in last.steps]) == (words, lines_of(steps)):
            return last
        return _write(procedure, words=words, steps=steps, why=why, action=action, by=by, now=now)


def _write(
    procedure: Procedure,
    *,
    words: str,
    steps: str,
    why: str,
    action: PreventionAction | None,
    by: Staff,
    now: dt.datetime,
) -> ProcedureVersion:
    lines = lines_of(steps)
    if not words and not lines:
        raise Refused(_("Write what is done, or its steps."))
    kept = keep_steps(procedure, lines)
    last = procedure.versions.first()
    written = ProcedureVersion.objects.create(
        procedure=procedure,
        number=last.number + 1 if last else 1,
        words=words,
        steps=[{"id": step.pk, "words": step.words} for step in kept],
        why=why,
        action=action,
        at=now,
        by=by,
    )
    if action is not None and action.procedure_id is None and _is_of_theirs(action, by):
        PreventionAction.objects.filter(pk=action.pk, procedure=None).update(procedure=procedure)
    ProcedureRead.objects.create(of=written, staff=by, at=now)
    procedure.looked_at_by = by
    procedure.version += 1
    procedure.save(update_fields=[*looked_at(procedure, now=now), "version"])
    add_event(None, "procedure_written", now=now, by=by, subject_id=procedure.pk, number=written.number)
    look_again(procedure, now=now)
    _ask_to_read(procedure, written, by=by, now=now)
    return written


def _is_of_theirs(action: PreventionAction, by: Staff) -> bool:
    """Theirs to do, or of a place of theirs: what another place told them is not tied to how they do it."""
    return by.sees_all or action.assignee_id == by.pk or action.location_id in by.location_ids


def _ask_to_read(procedure: Procedure, written: ProcedureVersion, *, by: Staff, now: dt.datetime) -> None:
    tell_of(
        kind=NoticeKind.PROCEDURE_NEW,
        subject_id=procedure.pk,
        people=readers_of(procedure),
        now=now,
        by=by,
        occurrence=f"v{written.number}",
    )


def readers_of(procedure: Procedure) -> Iterable[Staff]:
    """Whoever works where it holds."""
    everybody = Staff.objects.filter(is_active=True).order_by("sort_name", "pk")
    if procedure.location_id is None:
        return everybody.filter(memberships__isnull=False).distinct()
    return everybody.filter(memberships__location=procedure.location_id)
