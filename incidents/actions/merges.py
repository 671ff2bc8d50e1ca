"""Two records of one person put together, and taken apart again. Nothing is deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, saved_before
from incidents.actions.customers import move_calls
from incidents.actions.refusals import NotYours, Refused
from incidents.actions.resemblances import look_again
from incidents.models import UNDO_MERGE_FOR, ContactPoint, Customer, Incident, Merge, Staff

# Columns of the kept record that are filled where they are empty; those of a row stand or fall together.
FILLED: tuple[tuple[str, ...], ...] = (
    ("account",),
    ("job_title",),
    ("note",),
    ("preferred_channel",),
    ("language",),
    ("loyalty_number",),
    ("address",),
    ("reach_from", "reach_until"),
    ("no_contact_since",),  # the stricter wish holds
)


def merge_customers(*, kept_id: int, dropped_id: int, submit_key: UUID, by: Staff, now: dt.datetime) -> Merge:
    """All that hangs on `dropped` hangs on `kept` from now on, wherever it happened; nobody finds `dropped` any more.

    NotYours for others than managers, Refused when one of them was put together with another already.
    """
    _must_be_manager(by)
    if kept_id == dropped_id:
        raise Refused(_("That is one and the same record."))
    with transaction.atomic():
        kept, dropped = _locked(kept_id, dropped_id)  # first: a second submit waits for the first one
        if done := saved_before(Merge.objects.filter(submit_key=submit_key), **_asked(kept_id, dropped_id, by)):
            return done
        if kept.merged_into_id is not None or dropped.merged_into_id is not None:
            raise Refused(_("Somebody has put one of them together with another record already."))
        incidents = list(_of(dropped.pk).values_list("pk", flat=True))
        wishes = _wishes(kept)
        contacts, filled = _take_contacts(kept, dropped), _fill(kept, dropped)
        moved = {"incidents": incidents, "contacts": contacts, "filled": filled}
        merge = Merge(kept=kept, dropped=dropped, by=by, at=now, moved=moved, submit_key=submit_key)
        merge.save()
        dropped.merged_into = kept
        _save(kept, *filled)
        _save(dropped, "merged_into")
        Incident.objects.filter(pk__in=incidents).update(customer=kept)
        _replan(incidents, kept, before=_wishes(dropped), by=by, now=now)
        _replan(_others(kept, incidents), kept, before=wishes, by=by, now=now)
        add_event(None, "customers_merged", now=now, by=by, subject_id=merge.pk)
    look_again([kept_id, dropped_id], now=now)
    return merge


def undo_merge(*, merge_id: int, by: Staff, now: dt.datetime) -> Merge:
    """Two records again: what is still with the kept one goes back, what was added since stays with it.

    That they want no contact, said since, holds for both. Refused after UNDO_MERGE_FOR, and while the kept record is
    itself part of another. Undoing it twice is harmless.
    """
    _must_be_manager(by)
    with transaction.atomic():
        asked = Merge.objects.get(pk=merge_id)
        kept, dropped = _locked(asked.kept_id, asked.dropped_id)
        merge = Merge.objects.select_for_update().get(pk=merge_id)
        if merge.undone_at is not None:
            return merge
        _must_be_undoable(merge, kept, now)
        incidents = list(_of(kept.pk).filter(pk__in=merge.moved["incidents"]).values_list("pk", flat=True))
        wishes = _wishes(kept)
        emptied = _empty(kept, dropped, merge.moved["filled"])
        _give_contacts_back(merge, kept, dropped)
        dropped.merged_into = None
        heeded = _heed(merge, kept, dropped)
        _save(kept, *emptied)
        _save(dropped, "merged_into", *heeded)
        Incident.objects.filter(pk__in=incidents).update(customer=dropped)
        _replan(incidents, dropped, before=wishes, by=by, now=now)
        _replan(_others(kept, incidents), kept, before=wishes, by=by, now=now)
        merge.undone_at, merge.undone_by = now, by
        merge.save(update_fields=["undone_at", "undone_by"])
        add_event(None, "merge_undone", now=now, by=by, subject_id=merge.pk)
    look_again([kept.pk, dropped.pk], now=now)
    return merge


def _must_be_manager(by: Staff) -> None:
    if not by.is_manager:
        raise NotYours(_("A manager decides whether two records are one person."))


def _asked(kept_id: int, dropped_id: int, by: Staff) -> dict[str, Any]:
    return {"kept_id": kept_id, "dropped_id": dropped_id, "by_id": by.pk}


def _must_be_undoable(merge: Merge, kept: Customer, now: dt.datetime) -> None:
    if now > merge.at + UNDO_MERGE_FOR:
        raise Refused(_("That was more than 30 days ago. It stays as it is."))
    if kept.merged_into_id is not None:
        raise Refused(_("That record was itself put together with another since. Undo that first."))


def _of(customer: int) -> Any:
    """All incidents, open and closed, restricted or not, of any place."""
    return Incident.objects.filter(customer=customer).order_by("pk")


def _locked(*pks: int) -> tuple[Customer, Customer]:
    """Both customers, with their incidents locked before them: one order everywhere.

    Nobody hangs anything on them meanwhile: that asks for the row (`hold`), and waits.
    """
    list(Incident.objects.filter(customer__in=pks).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    list(Customer.objects.filter(pk__in=pks).order_by("pk").select_for_update().values_list("pk"))
    rows = Customer.objects.in_bulk(pks)
    return rows[pks[0]], rows[pks[1]]


Wishes = tuple[bool, dt.time | None, dt.time | None]


def _wishes(customer: Customer) -> Wishes:
    """Whether they want no contact, and their hours."""
    return customer.no_contact_since is not None, customer.reach_from, customer.reach_until


def _take_contacts(kept: Customer, dropped: Customer) -> list[int]:
    """Ways to reach them that `kept` does not have yet; equal ones stay where they are."""
    known = set(kept.contact_points.values_list("kind", "normalized"))
    moved = [p.pk for p in dropped.contact_points.all() if (p.kind, p.normalized) not in known]
    ContactPoint.objects.filter(pk__in=moved).update(customer=kept)
    return moved


def _give_contacts_back(merge: Merge, kept: Customer, dropped: Customer) -> None:
    has = set(dropped.contact_points.values_list("kind", "normalized"))
    for point in ContactPoint.objects.filter(customer=kept, pk__in=merge.moved["contacts"]):
        if (point.kind, point.normalized) not in has:
            point.customer = dropped
            point.save(update_fields=["customer"])


def _fill(kept: Customer, dropped: Customer) -> list[str]:
    filled: list[str] = []
    for names in FILLED:
        if not any(getattr(kept, name) for name in names) and any(getattr(dropped, name) for name in names):
            filled += names
            for name in names:
                setattr(kept, name, getattr(dropped, name))
    return filled


def _empty(kept: Customer, dropped: Customer, filled: list[str]) -> list[str]:
    """What was filled and says what it said then; returns the names of what is empty again."""
    emptied: list[str] = []
    nobody = Customer()
    for names in FILLED:
        if set(names) <= set(filled) and all(getattr(kept, name) == getattr(dropped, name) for name in names):
            emptied += names
            for name in names:
                setattr(kept, name, getattr(nobody, name))
    return emptied


def _heed(merge: Merge, kept: Customer, dropped: Customer) -> list[str]:
    """Who said since that they want no contact may have been either: neither is called."""
    wish = kept.no_contact_since
    if wish is None or wish < merge.at or dropped.no_contact_since is not None:
        return []
    dropped.no_contact_since = wish
    return ["no_contact_since"]


def _save(customer: Customer, *names: str) -> None:
    customer.version += 1
    keys = ["loyalty_key"] if "loyalty_number" in names else []
    customer.save(update_fields=[*names, *keys, "version"])


def _others(customer: Customer, but: list[int]) -> list[int]:
    return list(_of(customer.pk).exclude(pk__in=but).values_list("pk", flat=True))


def _replan(pks: list[int], customer: Customer, *, before: Wishes, by: Staff, now: dt.datetime) -> None:
    """Calls follow the hours and the wish of whom they are about now. The rows are locked."""
    if _wishes(customer) == before:
        return
    rows = Incident.objects.open().filter(pk__in=pks).order_by("pk")
    for incident in rows.select_related("location", "category", "assignee"):
        incident.customer = customer
        move_calls(incident, was_left_alone=before[0], by=by, now=now)
