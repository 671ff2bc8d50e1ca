"""Keeping a procedure true: who does, how often they look, what it is for; read, still true, retired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event
from incidents.actions.inbox import settle_for
from incidents.actions.procedures.looking import look_again, looked_at
from incidents.actions.procedures.writing import procedure_of
from incidents.actions.refusals import Refused, Stale
from incidents.models import Category, NoticeKind, Procedure, ProcedureRead, Staff


def change_about(
    *,
    procedure_id: int,
    expected_version: int,
    title: str,
    responsible: Staff,
    categories: Iterable[Category],
    review_every_days: int,
    by: Staff,
    now: dt.datetime,
) -> Procedure:
    """Everything but its text. Another rhythm counts from when somebody last looked at it."""
    with procedure_of(procedure_id, by, expected_version) as procedure:
        values = {"title": title, "responsible": responsible, "review_every_days": review_every_days}
        names = [name for name, value in values.items() if getattr(procedure, name) != value]
        for name in names:
            setattr(procedure, name, values[name])
        if "review_every_days" in names:
            since = procedure.looked_at_on or procedure.created_at.astimezone(procedure.zone).date()
            procedure.review_on = since + dt.timedelta(days=review_every_days)
            names.append("review_on")
        chosen = {category.pk for category in categories}
        if chosen != set(procedure.categories.values_list("pk", flat=True)):
            procedure.categories.set(chosen)
            add_event(None, "procedure_changed", now=now, by=by, subject_id=procedure.pk, fields=["categories"])
        if names:
            procedure.version += 1
            procedure.save(update_fields=[*names, "version"])
            add_event(None, "procedure_changed", now=now, by=by, subject_id=procedure.pk, fields=names)
            look_again(procedure, now=now)
        return procedure


def pass_on_procedure(procedure_id: int, *, to_staff: Staff, by: Staff, now: dt.datetime) -> None:
    """Whoever kept it true has left, or no longer works there. In the caller's transaction."""
    with procedure_of(procedure_id, by) as procedure:
        procedure.responsible = to_staff
        procedure.version += 1
        procedure.save(update_fields=["responsible", "version"])
        add_event(None, "procedure_changed", now=now, by=by, subject_id=procedure.pk, fields=["responsible"])
        look_again(procedure, now=now)


def say_still_true(*, procedure_id: int, by: Staff, now: dt.datetime) -> Procedure:
    """Looked at today, and nothing to change. Twice is harmless."""
    with procedure_of(procedure_id, by) as procedure:
        if procedure.retired_at is not None:
            raise Refused(_("It is no longer in use. Bring it back first."))
        if not procedure.versions.exists():
            raise Refused(_("Nobody has written it yet: write it first."))
        procedure.looked_at_by = by
        procedure.save(update_fields=looked_at(procedure, now=now))
        add_event(None, "procedure_still_true", now=now, by=by, subject_id=procedure.pk)
        look_again(procedure, now=now)
        return procedure


def say_read(*, procedure_id: int, number: int, by: Staff, now: dt.datetime) -> None:
    """They have read this version. Stale when there is a newer one, which they have not seen. Once counts."""
    procedure = Procedure.objects.visible_to(by).get(pk=procedure_id)
    last = procedure.versions.first()
    if last is None or last.number != number:
        raise Stale(_("It was written anew meanwhile: read it as it is now."), last)
    ProcedureRead.objects.get_or_create(of=last, staff=by, defaults={"at": now})
    settle_for(by, NoticeKind.PROCEDURE_NEW, procedure.pk, now=now)


def retire(*, procedure_id: int, by: Staff, now: dt.datetime) -> Procedure:
    """We do it no more. Its versions stay, and the steps that were missed."""
    with procedure_of(procedure_id, by) as procedure:
        return _set_retired(procedure, now, "procedure_retired", by=by, now=now)


def bring_back(*, procedure_id: int, by: Staff, now: dt.datetime) -> Procedure:
    with procedure_of(procedure_id, by) as procedure:
        return _set_retired(procedure, None, "procedure_back", by=by, now=now)


def _set_retired(procedure: Procedure, at: dt.datetime | None, kind: str, *, by: Staff, now: dt.datetime) -> Procedure:
    if (procedure.retired_at is None) != (at is None):
        procedure.retired_at = at
        procedure.version += 1
        procedure.save(update_fields=["retired_at", "version"])
        add_event(None, kind, now=now, by=by, subject_id=procedure.pk)
        look_again(procedure, now=now)
    return procedure
