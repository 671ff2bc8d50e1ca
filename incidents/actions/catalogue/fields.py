"""What a kind of mistake asks. A question that changes becomes a new version; answers keep their own."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import saved_before
from incidents.actions.catalogue.rows import CHANGED, catalogue, move, must_be_free, new_key, note
from incidents.actions.refusals import Refused, Stale
from incidents.models import Category, CategoryField, FieldKind, Staff

MOST = 20
# What one can take away from another.
COMPARED = (FieldKind.MONEY, FieldKind.DATE, FieldKind.MOMENT)


def add_field(
    *,
    category_id: int,
    by: Staff,
    now: dt.datetime,
    name: str,
    kind: str,
    is_private: bool,
    minuend: CategoryField | None,
    subtrahend: CategoryField | None,
    submit_key: UUID,
) -> CategoryField:
    """A new question, last in order; the same form again gives the one it added."""
    with catalogue(by, None):
        category = Category.objects.select_for_update(no_key=True).get(pk=category_id)
        same_key = CategoryField.objects.filter(submit_key=submit_key)
        if existing := saved_before(same_key, category=category, name=name):
            return existing
        rows = category.fields.all()
        asked = rows.filter(is_active=True)
        if asked.count() >= MOST:
            raise Refused(_("That many questions nobody answers. Retire one first."))
        must_be_free(name, asked)
        _check(category, kind, is_private=is_private, minuend=minuend, subtrahend=subtrahend)
        added = CategoryField.objects.create(
            category=category,
            key=new_key(name, rows.values_list("key", flat=True)),
            name=name,
            kind=kind,
            is_private=is_private,
            minuend=minuend,
            subtrahend=subtrahend,
            position=rows.count(),
            submit_key=submit_key,
        )
        note("field", "added", by=by, now=now, subject_id=added.pk, category=category.pk)
        return added


def _check(
    category: Category,
    kind: str,
    *,
    is_private: bool,
    minuend: CategoryField | None,
    subtrahend: CategoryField | None,
) -> None:
    """A difference is of two questions of this category that hold the same kind of answer, in the open."""
    operands = [field for field in (minuend, subtrahend) if field is not None]
    if kind != FieldKind.DIFFERENCE:
        if operands:
            raise Refused(_("Only a difference is worked out from two others."))
        return
    if len(operands) < 2 or operands[0] == operands[1]:
        raise Refused(_("Say from which two others it is worked out."))
    if is_private or any(field.is_private for field in operands):
        raise Refused(_("A difference is shown to everybody, so what it is worked out from has to be too."))
    if any(field.category_id != category.pk or not field.is_active for field in operands):
        raise Refused(_("Both have to be asked here."))
    if operands[0].kind != operands[1].kind or operands[0].kind not in COMPARED:
        raise Refused(_("Both have to be amounts, or days, or days with a time."))


def change_field(
    *,
    field_id: int,
    by: Staff,
    now: dt.datetime,
    name: str,
    kind: str,
    is_private: bool,
    minuend: CategoryField | None,
    subtrahend: CategoryField | None,
) -> CategoryField:
    """The next version of a question; the same one when nothing differs. Stale when there is a newer one already."""
    with catalogue(by, None):
        old = _asked(field_id)
        is_renamed = name != old.label
        same = (old.kind, old.is_private, old.minuend, old.subtrahend) == (kind, is_private, minuend, subtrahend)
        if same and not is_renamed:
            return old
        if is_renamed:
            must_be_free(name, old.category.fields.filter(is_active=True).exclude(pk=old.pk))
        worked_out = _worked_out_of(old)
        if worked_out and (kind != old.kind or is_private):
            words = _("“%(name)s” is worked out from this. Retire that first.")
            raise Refused(words % {"name": worked_out[0].label})
        _check(old.category, kind, is_private=is_private, minuend=minuend, subtrahend=subtrahend)
        new = _next_version(
            old,
            name=name if is_renamed else old.name,
            kind=kind,
            is_private=is_private,
            minuend=minuend,
            subtrahend=subtrahend,
        )
        for difference in worked_out:
            operands = {side: new if getattr(difference, side) == old else getattr(difference, side) for side in SIDES}
            _next_version(difference, **operands)
        note("field", "changed", by=by, now=now, subject_id=new.pk, category=new.category_id, before=old.pk)
        return new


SIDES = ("minuend", "subtrahend")


def _asked(field_id: int) -> CategoryField:
    """Locked; Stale or Refused when it is asked no more."""
    rows = CategoryField.objects.select_related("category", *SIDES)
    field = rows.select_for_update(no_key=True, of=("self",)).get(pk=field_id)
    if not field.is_active:
        newer = next((row for row in field.category.fields.filter(is_active=True) if row.stem == field.stem), None)
        if newer is not None:
            raise Stale(CHANGED, newer)
        raise Refused(_("This is no longer asked. Bring it back first."))
    return field


def _worked_out_of(field: CategoryField) -> list[CategoryField]:
    rows = field.category.fields.filter(Q(minuend=field) | Q(subtrahend=field), is_active=True)
    return list(rows.select_related("category", *SIDES))


def _next_version(old: CategoryField, **changes: object) -> CategoryField:
    """`old` is asked no more; a copy of it with `changes` takes its place, under a key of its own."""
    last = max((row.version for row in old.category.fields.all() if row.stem == old.stem), default=old.version)
    kept = ("name", "kind", "is_private", "is_order", "is_item", *SIDES, "position")
    values = {name: getattr(old, name) for name in kept}
    old.is_active = False
    old.save(update_fields=["is_active"])
    return CategoryField.objects.create(
        category=old.category, key=f"{old.stem}-{last + 1}", version=last + 1, **{**values, **changes}
    )


def retire_field(*, field_id: int, by: Staff, now: dt.datetime) -> CategoryField:
    """It is asked no more, nor is what was worked out from it; what was answered stays."""
    with catalogue(by, None):
        field = _asked(field_id)
        for row in (*_worked_out_of(field), field):
            row.is_active = False
            row.save(update_fields=["is_active"])
            note("field", "retired", by=by, now=now, subject_id=row.pk, category=row.category_id)
        return field


def restore_field(*, field_id: int, by: Staff, now: dt.datetime) -> CategoryField:
    """Asked again. Refused when a newer version or another question of that name is."""
    with catalogue(by, None):
        rows = CategoryField.objects.select_related("category", *SIDES)
        field = rows.select_for_update(no_key=True, of=("self",)).get(pk=field_id)
        asked = list(field.category.fields.filter(is_active=True).exclude(pk=field.pk))
        if field.is_active:
            return field
        if any(row.stem == field.stem for row in asked):
            raise Refused(_("A newer version of this is asked already."))
        if len(asked) >= MOST:
            raise Refused(_("That many questions nobody answers. Retire one first."))
        must_be_free(field.label, asked)
        _check(
            field.category, field.kind, is_private=field.is_private, minuend=field.minuend, subtrahend=field.subtrahend
        )
        field.is_active = True
        field.save(update_fields=["is_active"])
        note("field", "restored", by=by, now=now, subject_id=field.pk, category=field.category_id)
        return field


def move_field(*, field_id: int, step: int, by: Staff, now: dt.datetime) -> CategoryField:
    """One place up (-1) or down (1)."""
    with catalogue(by, None):
        category_id = CategoryField.objects.values_list("category_id", flat=True).get(pk=field_id)
        rows = CategoryField.objects.filter(category=category_id).order_by("position", "id")
        row = move(list(rows), field_id, step)
        note("field", "moved", by=by, now=now, subject_id=field_id, category=category_id, step=step)
        return row
