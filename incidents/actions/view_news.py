"""Telling people of their views: once when one has grown past their number, and its list at their time of the day.

Every recipient is counted for with what they may see. Two sweeps at once tell once: each choice is looked at under
the lock of its row, and what was told is written in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

import structlog
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q

from incidents.actions.notify import notify
from incidents.actions.remind import database_now
from incidents.actions.views import next_mail
from incidents.models import Incident, NoticeKind, NoticeReason, SavedView, Staff, ViewChoice
from incidents.models.chosen import chosen_from
from incidents.models.incident import IncidentQuerySet
from incidents.models.matching import rows_of

log = structlog.get_logger(__name__)
LOOKED = "views-looked-at"  # the key in the cache while the numbers need no looking at
EVERY = 300
MOST_COUNTED = 99
BUDGET = dt.timedelta(seconds=30)


def tell_of_views(now: Callable[[], dt.datetime] = database_now) -> int:
    """Daily lists that are due, and what has grown; the latter every five minutes at most. How many were told."""
    told = mail_lists(now)
    if cache.add(LOOKED, True, EVERY):
        told += tell_what_grew(now)
    return told


def mail_lists(now: Callable[[], dt.datetime]) -> int:
    due = ViewChoice.objects.filter(next_mail_at__lte=now()).order_by("next_mail_at", "id")
    return _each(due.values_list("pk", flat=True), _mail_list, now)


def tell_what_grew(now: Callable[[], dt.datetime]) -> int:
    watched = ViewChoice.objects.filter(tell_above__isnull=False).order_by("?")  # none always last when time is short
    return _each(watched.values_list("pk", flat=True), _tell, now)


def _each(choices: Iterable[int], act: Callable[[int, dt.datetime], bool], now: Callable[[], dt.datetime]) -> int:
    """One by one, each in a transaction of its own: a bad row does not stop the others."""
    until, told = now() + BUDGET, 0
    for pk in list(choices):
        moment = now()
        if moment >= until:
            break
        try:
            told += act(pk, moment)
        except Exception:
            log.exception("view_not_told", choice=pk)
    return told


def _locked(pk: int, wanted: Q) -> ViewChoice | None:
    """This choice, while it is still wanted and nobody else is at it."""
    rows = ViewChoice.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    return rows.select_related("staff", "view").filter(wanted, pk=pk).first()


def _sees(person: Staff, view: SavedView) -> bool:
    return person.is_active and SavedView.objects.open_to(person).filter(pk=view.pk).exists()


def _tell(pk: int, now: dt.datetime) -> bool:
    """Once when the number is passed; again only after it fell back."""
    with transaction.atomic():
        choice = _locked(pk, Q(tell_above__isnull=False))
        if choice is None or choice.tell_above is None or not _sees(choice.staff, choice.view):
            return False
        rows = list(_rows(choice, now)[: choice.tell_above + 1].values_list("pk", flat=True))
        has_passed = len(rows) > choice.tell_above
        if has_passed == (choice.told_at is not None):
            return False
        choice.told_at = now if has_passed else None
        choice.save(update_fields=["told_at"])
        if has_passed:
            _notify(choice, NoticeKind.VIEW_PASSED, rows[0], f"{_second(now)}/{choice.tell_above}", now)
        return has_passed


def _mail_list(pk: int, now: dt.datetime) -> bool:
    """Of several days missed the last one only; nothing when the view is empty."""
    with transaction.atomic():
        choice = _locked(pk, Q(next_mail_at__lte=now))
        if choice is None or choice.mails_at is None or choice.next_mail_at is None:
            return False
        was_due, choice.next_mail_at = choice.next_mail_at, next_mail(choice.mails_at, choice.staff, now)
        choice.save(update_fields=["next_mail_at"])
        if not _sees(choice.staff, choice.view):
            return False
        rows = list(_rows(choice, now)[: MOST_COUNTED + 1].values_list("pk", flat=True))
        if rows:
            _notify(choice, NoticeKind.VIEW_DIGEST, rows[0], f"{_second(was_due)}/{len(rows)}", now)
        return bool(rows)


def _rows(choice: ViewChoice, now: dt.datetime) -> IncidentQuerySet:
    return rows_of(choice.staff, chosen_from(choice.view.query, choice.staff), now)


def _notify(choice: ViewChoice, kind: NoticeKind, incident_id: int, occurrence: str, now: dt.datetime) -> None:
    """On the most urgent of the view, which its reader sees."""
    notify(
        kind=kind,
        incident=Incident.objects.select_related("location", "category", "customer").get(pk=incident_id),
        recipients=[choice.staff],
        subject_id=choice.view_id,
        occurrence=occurrence,
        reason=NoticeReason.ASKED,
        now=now,
    )


def _second(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S")
