"""What all catalogues have in common: who may, one at a time, names used once, an order, an event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.actions.advance import add_event
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import Business, Category, CategoryField, Location, RemedyType, RootCause, Staff

Row = TypeVar("Row", Category, CategoryField, RemedyType, RootCause)
MOST_KEY = 32
CHANGED = _("Someone else changed this meanwhile.")


@contextmanager
def catalogue(by: Staff, location: Location | None) -> Iterator[None]:
    """One change at a time, in one transaction. NotYours for whoever may not decide what counts there."""
    if location is None and not access.can_administer(by):
        raise NotYours(_("Only an administrator changes what counts everywhere."))
    if location is not None and not access.can_set_up(by, location.pk):
        raise NotYours(_("Only a manager of this place or an administrator changes what counts there."))
    with transaction.atomic():
        Business.objects.select_for_update(no_key=True).first()
        yield


def note(what: str, act: str, *, by: Staff, now: dt.datetime, subject_id: int, **codes: Any) -> None:
    """Codes and ids, and which columns; never words."""
    add_event(None, "catalogue_changed", now=now, by=by, subject_id=subject_id, what=what, act=act, **codes)


def must_be_free(name: str, others: Iterable[Row]) -> None:
    """Refused when one of those that are offered has this name already, as written or as shown."""
    wanted = name.casefold()
    if any(wanted in (row.name.casefold(), row.label.casefold()) for row in others):
        raise Refused(_("Another one has this name already. Choose a different name."))


def new_key(name: str, taken: Iterable[str]) -> str:
    """A short key of its own; never one with a hyphen, which versions are told by."""
    stem = slugify(name).replace("-", "_")[:MOST_KEY] or "own"
    known, key, number = set(taken), stem, 1
    while key in known:
        number += 1
        key = f"{stem}_{number}"
    return key


def move(rows: list[Row], pk: int, step: int) -> Row:
    """The row one place up (-1) or down (1) among those that are active; the retired ones follow."""
    shown: list[Row] = [row for row in rows if row.is_active]
    at = next((number for number, row in enumerate(shown) if row.pk == pk), None)
    if at is None:
        raise Refused(_("This is no longer in use. Bring it back first."))
    to = min(max(at + step, 0), len(shown) - 1)
    shown[at], shown[to] = shown[to], shown[at]
    for position, row in enumerate([*shown, *(row for row in rows if not row.is_active)]):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
    return shown[to]


def must_be_new(expected: object, saved: object, current: object) -> None:
    if expected != saved:
        raise Stale(CHANGED, current)


def changed_names(row: Any, values: dict[str, Any]) -> list[str]:
    """Those of `values` that differ; the row has them afterwards."""
    names = [name for name, value in values.items() if getattr(row, name) != value]
    for name in names:
        setattr(row, name, values[name])
    return names
