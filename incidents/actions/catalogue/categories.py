"""Kinds of mistakes: added, changed, ordered, retired; and how a place differs about one."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

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
from incidents.actions.refusals import Refused
from incidents.models import Category, CategoryHere, Location, Staff


def add_category(
    *,
    by: Staff,
    now: dt.datetime,
    name: str,
    icon: str,
    severity: int,
    is_restricted: bool,
    is_second_failure: bool,
    submit_key: UUID,
) -> Category:
    """A new kind, last in order; the same form again gives the one it added."""
    with catalogue(by, None):
        if existing := saved_before(Category.objects.filter(submit_key=submit_key), name=name):
            return existing
        rows = Category.objects.all()
        must_be_free(name, _offered(rows))
        added = Category.objects.create(
            key=new_key(name, rows.values_list("key", flat=True)),
            name=name,
            icon=icon,
            severity=severity,
            is_restricted=is_restricted,
            is_second_failure=is_second_failure,
            position=rows.count(),
            submit_key=submit_key,
        )
        note("category", "added", by=by, now=now, subject_id=added.pk)
        return added


def _offered(rows: QuerySet[Category]) -> QuerySet[Category]:
    """In use somewhere: a place may keep what the business has retired."""
    return rows.filter(
        Q(is_active=True) | Exists(CategoryHere.objects.filter(category=OuterRef("pk"), is_offered=True))
    )


def change_category(
    *,
    category_id: int,
    expected_version: int,
    by: Staff,
    now: dt.datetime,
    name: str,
    icon: str,
    severity: int,
    is_restricted: bool,
    is_second_failure: bool,
) -> Category:
    """What it says counts for what is logged from now on; Stale when somebody saved in between."""
    with catalogue(by, None):
        row = Category.objects.select_for_update(no_key=True).get(pk=category_id)
        must_be_new(expected_version, row.version, row)
        values = {"name": name, "icon": icon, "severity": severity}
        # What is shown may be a translation of what is stored: then nobody renamed it.
        if name == row.label:
            del values["name"]
        else:
            must_be_free(name, _offered(Category.objects.exclude(pk=row.pk)))
        flags = {"is_restricted": is_restricted, "is_second_failure": is_second_failure}
        if names := changed_names(row, {**values, **flags}):
            row.version += 1
            row.save(update_fields=[*names, "version"])
            note("category", "changed", by=by, now=now, subject_id=row.pk, fields=names)
        return row


def retire_category(*, category_id: int, by: Staff, now: dt.datetime) -> Category:
    """Nobody chooses it any more; what was logged under it keeps it."""
    with catalogue(by, None):
        row = Category.objects.select_for_update(no_key=True).get(pk=category_id)
        if row.is_active and not Category.objects.filter(is_active=True).exclude(pk=row.pk).exists():
            raise Refused(_("One kind has to stay, or nothing can be logged."))
        return _set_active(row, is_active=False, by=by, now=now)


def restore_category(*, category_id: int, by: Staff, now: dt.datetime) -> Category:
    with catalogue(by, None):
        row = Category.objects.select_for_update(no_key=True).get(pk=category_id)
        if not row.is_active:
            must_be_free(row.label, _offered(Category.objects.exclude(pk=row.pk)))
        return _set_active(row, is_active=True, by=by, now=now)


def _set_active(row: Category, *, is_active: bool, by: Staff, now: dt.datetime) -> Category:
    if row.is_active != is_active:
        row.is_active = is_active
        row.version += 1
        row.save(update_fields=["is_active", "version"])
        note("category", "restored" if is_active else "retired", by=by, now=now, subject_id=row.pk)
    return row


def move_category(*, category_id: int, step: int, by: Staff, now: dt.datetime) -> Category:
    """One place up (-1) or down (1)."""
    with catalogue(by, None):
        row = move(list(Category.objects.order_by("position", "id")), category_id, step)
        note("category", "moved", by=by, now=now, subject_id=category_id, step=step)
        return row


def save_category_here(
    *,
    category_id: int,
    location: Location,
    expected_version: int,
    by: Staff,
    now: dt.datetime,
    is_offered: bool | None,
    severity: int | None,
) -> CategoryHere:
    """Where a place differs; None says nothing, so the business's counts. Stale when somebody saved in between."""
    with catalogue(by, location):
        row = CategoryHere.objects.filter(category=category_id, location=location).first()
        row = row or CategoryHere(category_id=category_id, location=location)
        must_be_new(expected_version, row.version, row)
        if is_offered and not row.is_offered:
            kind = Category.objects.get(pk=category_id)
            if not kind.is_active:
                must_be_free(kind.label, _offered(Category.objects.exclude(pk=category_id)))
        if names := changed_names(row, {"is_offered": is_offered, "severity": severity}):
            row.version += 1
            row.save()
            note("category_here", "changed", by=by, now=now, subject_id=category_id, at=location.pk, fields=names)
        return row
