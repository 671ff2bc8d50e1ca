"""Why mistakes happen: causes added, renamed, ordered, retired. "Human error" is none: what let it happen is."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import saved_before
from incidents.actions.catalogue.rows import CHANGED, catalogue, move, must_be_free, new_key, note
from incidents.actions.refusals import Refused, Stale
from incidents.blame import blames_only
from incidents.models import RootCause, Staff

NO_CAUSE = _("People make mistakes everywhere. Say what let it happen, or did not catch it.")


def add_cause(*, by: Staff, now: dt.datetime, name: str, submit_key: UUID) -> RootCause:
    """A new one, last in order; the same form again gives the one it added."""
    with catalogue(by, None):
        if existing := saved_before(RootCause.objects.filter(submit_key=submit_key), name=name):
            return existing
        _must_be_a_cause(name)
        rows = RootCause.objects.all()
        must_be_free(name, rows.filter(is_active=True))
        added = RootCause.objects.create(
            key=new_key(name, rows.values_list("key", flat=True)),
            name=name,
            position=rows.count(),
            submit_key=submit_key,
        )
        note("cause", "added", by=by, now=now, subject_id=added.pk)
        return added


def rename_cause(*, cause_id: int, was: str, name: str, by: Staff, now: dt.datetime) -> RootCause:
    """`was`: the name that stood there; Stale when somebody gave it another one meanwhile."""
    with catalogue(by, None):
        row = RootCause.objects.select_for_update(no_key=True).get(pk=cause_id)
        if was != row.label:
            raise Stale(CHANGED, row)
        # What is shown may be a translation of what is stored: then nobody renamed it.
        if name != row.label:
            _must_be_a_cause(name)
            must_be_free(name, RootCause.objects.filter(is_active=True).exclude(pk=row.pk))
            row.name = name
            row.save(update_fields=["name"])
            note("cause", "changed", by=by, now=now, subject_id=row.pk, fields=["name"])
        return row


def retire_cause(*, cause_id: int, by: Staff, now: dt.datetime) -> RootCause:
    """Nobody chooses it any more; incidents keep it."""
    with catalogue(by, None):
        row = RootCause.objects.select_for_update(no_key=True).get(pk=cause_id)
        if row.is_active and not RootCause.objects.filter(is_active=True).exclude(pk=row.pk).exists():
            raise Refused(_("One cause has to stay, or nobody can say why."))
        return _set_active(row, is_active=False, by=by, now=now)


def restore_cause(*, cause_id: int, by: Staff, now: dt.datetime) -> RootCause:
    with catalogue(by, None):
        row = RootCause.objects.select_for_update(no_key=True).get(pk=cause_id)
        if not row.is_active:
            must_be_free(row.label, RootCause.objects.filter(is_active=True))
        return _set_active(row, is_active=True, by=by, now=now)


def move_cause(*, cause_id: int, step: int, by: Staff, now: dt.datetime) -> RootCause:
    """One place up (-1) or down (1)."""
    with catalogue(by, None):
        row = move(list(RootCause.objects.order_by("position", "id")), cause_id, step)
        note("cause", "moved", by=by, now=now, subject_id=cause_id, step=step)
        return row


def _must_be_a_cause(name: str) -> None:
    if blames_only([name]):
        raise Refused(NO_CAUSE)


def _set_active(row: RootCause, *, is_active: bool, by: Staff, now: dt.datetime) -> RootCause:
    if row.is_active != is_active:
        row.is_active = is_active
        row.save(update_fields=["is_active"])
        note("cause", "restored" if is_active else "retired", by=by, now=now, subject_id=row.pk)
    return row
