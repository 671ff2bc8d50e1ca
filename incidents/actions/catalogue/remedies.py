"""What may be given: added, changed, ordered, on and off; and how a place differs about one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.actions.advance import saved_before
from incidents.actions.catalogue.rows import (
    catalogue,
    changed_names,
    move,
    must_be_free,
    must_be_new,
    new_key,
    note,
)
from incidents.models import Location, RemedyType, RemedyTypeHere, Staff


def add_remedy_type(
    *,
    by: Staff,
    now: dt.datetime,
    name: str,
    nature: str,
    cost_kind: str,
    typical_amount: Decimal | None,
    needs_receipt: bool,
    submit_key: UUID,
) -> RemedyType:
    """A new remedy, last in order; the same form again gives the one it added."""
    with catalogue(by, None):
        if existing := saved_before(RemedyType.objects.filter(submit_key=submit_key), name=name):
            return existing
        rows = RemedyType.objects.all()
        must_be_free(name, _offered(rows))
        added = RemedyType.objects.create(
            key=new_key(name, rows.values_list("key", flat=True)),
            name=name,
            nature=nature,
            cost_kind=cost_kind,
            typical_amount=typical_amount,
            needs_receipt=needs_receipt,
            position=rows.count(),
            submit_key=submit_key,
        )
        note("remedy", "added", by=by, now=now, subject_id=added.pk)
        return added


def _offered(rows: QuerySet[RemedyType]) -> QuerySet[RemedyType]:
    """On somewhere: a place may keep what the business has turned off."""
    return rows.filter(Q(is_active=True) | Exists(RemedyTypeHere.objects.filter(type=OuterRef("pk"), is_offered=True)))


def change_remedy_type(
    *,
    type_id: int,
    expected_version: int,
    by: Staff,
    now: dt.datetime,
    name: str,
    nature: str,
    cost_kind: str,
    typical_amount: Decimal | None,
    needs_receipt: bool,
) -> RemedyType:
    """What it says counts for what is given from now on; Stale when somebody saved in between."""
    with catalogue(by, None):
        row = RemedyType.objects.select_for_update(no_key=True).get(pk=type_id)
        must_be_new(expected_version, row.version, row)
        values: dict[str, Any] = {"nature": nature, "cost_kind": cost_kind, "needs_receipt": needs_receipt}
        values["typical_amount"] = typical_amount
        if name != row.label:
            must_be_free(name, _offered(RemedyType.objects.exclude(pk=row.pk)))
            values["name"] = name
        if names := changed_names(row, values):
            row.version += 1
            row.save(update_fields=[*names, "version"])
            note("remedy", "changed", by=by, now=now, subject_id=row.pk, fields=names)
        return row


def turn_remedy_off(*, type_id: int, by: Staff, now: dt.datetime) -> RemedyType:
    """Nobody chooses it any more; what was given stays as it was."""
    return _turn(type_id, is_active=False, by=by, now=now)


def turn_remedy_on(*, type_id: int, by: Staff, now: dt.datetime) -> RemedyType:
    return _turn(type_id, is_active=True, by=by, now=now)


def _turn(type_id: int, *, is_active: bool, by: Staff, now: dt.datetime) -> RemedyType:
    with catalogue(by, None):
        row = RemedyType.objects.select_for_update(no_key=True).get(pk=type_id)
        if row.is_active != is_active:
            if is_active:
                must_be_free(row.label, _offered(RemedyType.objects.exclude(pk=row.pk)))
            row.is_active = is_active
            row.version += 1
            row.save(update_fields=["is_active", "version"])
            note("remedy", "restored" if is_active else "retired", by=by, now=now, subject_id=row.pk)
        return row


def move_remedy_type(*, type_id: int, step: int, by: Staff, now: dt.datetime) -> RemedyType:
    """One place up (-1) or down (1)."""
    with catalogue(by, None):
        row = move(list(RemedyType.objects.order_by("position", "id")), type_id, step)
        note("remedy", "moved", by=by, now=now, subject_id=type_id, step=step)
        return row


def save_remedy_here(
    *,
    type_id: int,
    location: Location,
    expected_version: int,
    by: Staff,
    now: dt.datetime,
    is_offered: bool | None,
    needs_receipt: bool | None,
    typical_amount: Decimal | None,
) -> RemedyTypeHere:
    """Where a place differs; None says nothing, so the business's counts. Stale when somebody saved in between."""
    with catalogue(by, location):
        row = RemedyTypeHere.objects.filter(type=type_id, location=location).first()
        row = row or RemedyTypeHere(type_id=type_id, location=location)
        must_be_new(expected_version, row.version, row)
        if is_offered and not row.is_offered:
            type_ = RemedyType.objects.get(pk=type_id)
            if not type_.is_active:
                must_be_free(type_.label, _offered(RemedyType.objects.exclude(pk=type_id)))
        values = {"is_offered": is_offered, "needs_receipt": needs_receipt, "typical_amount": typical_amount}
        if names := changed_names(row, values):
            row.version += 1
            row.save()
            note("remedy_here", "changed", by=by, now=now, subject_id=type_id, at=location.pk, fields=names)
        return row
