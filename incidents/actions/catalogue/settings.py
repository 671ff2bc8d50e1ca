"""Limits, playbooks and delays: each page saved as a whole, for the business or for one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from incidents.actions.catalogue.rows import catalogue, must_be_new, note
from incidents.models import Limit, Location, Playbook, PlaybookRemedy, RetryDelay, Staff
from incidents.models.stamps import stamp_of_delays, stamp_of_limits, stamp_of_playbook

NO_LIMIT: Final = "no limit"  # said on purpose, where a wider row has one
Said = Decimal | str | None  # an amount, NO_LIMIT, or nothing
Cell = tuple[str, int | None]  # role, remedy (None: any)


def save_limits(
    *, location: Location | None, expected: str, cells: Mapping[Cell, Said], by: Staff, now: dt.datetime
) -> None:
    """What each role may give without asking. Cells that are not named stay. Stale when somebody saved in between."""
    with catalogue(by, location):
        place = location.pk if location else None
        known = {(row.role, row.type_id): row for row in Limit.objects.filter(location=location)}
        must_be_new(expected, stamp_of_limits(place), {cell: _said(row) for cell, row in known.items()})
        for (role, type_id), said in cells.items():
            row = known.get((role, type_id))
            if said == _said(row):
                continue
            note(
                "limit",
                "changed",
                by=by,
                now=now,
                subject_id=place or 0,
                role=role,
                type=type_id,
                before=_code(_said(row)),
                after=_code(said),
            )
            if said is None and row is not None:
                row.delete()
                continue
            row = row or Limit(role=role, type_id=type_id, location=location)
            row.amount = said if isinstance(said, Decimal) else None
            row.version += 1
            row.save()


def _said(row: Limit | None) -> Said:
    if row is None:
        return None
    return NO_LIMIT if row.amount is None else row.amount


def _code(said: Said) -> str:
    return "" if said is None else str(said)


def drop_limits(*, location: Location, by: Staff, now: dt.datetime) -> None:
    """Back to the business's."""
    cells = {(row.role, row.type_id): None for row in Limit.objects.filter(location=location)}
    save_limits(location=location, expected=stamp_of_limits(location.pk), cells=cells, by=by, now=now)


def save_playbook(
    *,
    category_id: int,
    location: Location | None,
    expected: str,
    words: str,
    steps: Sequence[str],
    remedies: Mapping[int, Decimal | None],
    by: Staff,
    now: dt.datetime,
) -> Playbook:
    """Words, steps and usual remedies (with what staff may give ahead of a yes) as a whole.

    A place's own stands in for the business's. Stale when somebody saved in between.
    """
    with catalogue(by, location):
        found = Playbook.objects.filter(category=category_id, location=location).first()
        must_be_new(expected, stamp_of_playbook(found), found)
        book = found or Playbook(category_id=category_id, location=location)
        book.words, book.steps = words, list(steps)
        book.version += 1
        book.save()
        book.remedies.exclude(type__in=remedies).delete()
        for position, (type_id, amount) in enumerate(remedies.items()):
            PlaybookRemedy.objects.update_or_create(
                playbook=book, type_id=type_id, defaults={"pre_approved_up_to": amount, "position": position}
            )
        at = location.pk if location else None
        approved = {str(type_id): str(amount) for type_id, amount in remedies.items() if amount is not None}
        note("playbook", "changed", by=by, now=now, subject_id=category_id, at=at, approved=approved)
        return book


def drop_playbook(*, category_id: int, location: Location, by: Staff, now: dt.datetime) -> None:
    """Back to the business's."""
    with catalogue(by, location):
        gone, _rows = Playbook.objects.filter(category=category_id, location=location).delete()
        if gone:
            note("playbook", "dropped", by=by, now=now, subject_id=category_id, at=location.pk)


def save_delays(
    *, location: Location | None, expected: str, minutes: Mapping[str, int | None], by: Staff, now: dt.datetime
) -> None:
    """When the next try is due, by how the last one ended; None says nothing. Stale when somebody saved in between."""
    with catalogue(by, location):
        place = location.pk if location else None
        known = {row.outcome: row for row in RetryDelay.objects.filter(location=location)}
        must_be_new(expected, stamp_of_delays(place), {outcome: row.minutes for outcome, row in known.items()})
        for outcome, said in minutes.items():
            row = known.get(outcome)
            before = row.minutes if row else None
            if said == before:
                continue
            note("delay", "changed", by=by, now=now, subject_id=place or 0, outcome=outcome, before=before, after=said)
            if said is None:
                RetryDelay.objects.filter(location=location, outcome=outcome).delete()
                continue
            row = row or RetryDelay(outcome=outcome, location=location)
            row.minutes = said
            row.version += 1
            row.save()


def drop_delays(*, location: Location, by: Staff, now: dt.datetime) -> None:
    """Back to the business's."""
    known = RetryDelay.objects.filter(location=location).values_list("outcome", flat=True)
    save_delays(location=location, expected=stamp_of_delays(location.pk), minutes=dict.fromkeys(known), by=by, now=now)
