"""Saved views: kept, changed, deleted; and what each person does with them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.access import can_change_view
from incidents.actions.advance import add_event
from incidents.actions.notify import notify
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.calendars import resolve_local
from incidents.models import NoticeKind, NoticeReason, SavedView, Staff, ViewChoice
from incidents.models.chosen import FIRST, Filters, chosen_from
from incidents.models.matching import rows_of
from incidents.models.notice_views import GONE

MOST_OWN = 50
MOST_PINNED = 8
A_DAY = dt.timedelta(days=1)


def save_view(*, name: str, query: str, is_shared: bool, submit_key: UUID, by: Staff, now: dt.datetime) -> SavedView:
    """Keep what the list shows under a name, on the bar of whoever saved it. Once per form."""
    with transaction.atomic():
        _one_at_a_time(by)
        known = SavedView.objects.filter(submit_key=submit_key).first()
        if known and known.owner_id != by.pk:  # the next one at the same desk sent the page they found open
            raise Refused(_("Somebody else sent this form already. Open a new one."))
        if known:
            return known
        if SavedView.objects.filter(owner=by).count() >= MOST_OWN:
            raise Refused(_("You have fifty views already: delete one first."))
        view = SavedView.objects.create(
            name=name, query=query, is_shared=is_shared, owner=by, created_at=now, submit_key=submit_key
        )
        mine = _begin(by)
        if sum(choice.is_pinned for choice in mine) < MOST_PINNED:
            ViewChoice.objects.create(staff=by, view=view, position=_last(mine) + 1)
        add_event(None, "view_saved", now=now, by=by, subject_id=view.pk, is_shared=is_shared)
        return view


def change_view(
    *,
    view_id: int,
    name: str,
    is_shared: bool,
    expected_version: int,
    by: Staff,
    now: dt.datetime,
    query: str | None = None,
) -> SavedView:
    """Another name, shared or not, and other filters when they are given. Stale when somebody saved in between.

    When it is shared no more, those who used it are told.
    """
    with transaction.atomic():
        view = _theirs(view_id, by)
        if view.version != expected_version:
            raise Stale(_("Someone else changed this meanwhile."), view)
        view.name, view.is_shared, view.version = name, is_shared, view.version + 1
        view.query = view.query if query is None else query
        view.save(update_fields=["name", "is_shared", "query", "version"])
        if not is_shared:
            others = [choice.staff for choice in _others(view, by) if choice.staff_id != view.owner_id]
            _tell_gone(view, others, now)
            view.choices.exclude(staff=view.owner_id).delete()
        add_event(None, "view_changed", now=now, by=by, subject_id=view.pk, is_shared=is_shared)
        return view


def delete_view(*, view_id: int, by: Staff, now: dt.datetime) -> None:
    """Gone, for everybody who used it too; those are told. Doing it twice is harmless."""
    with transaction.atomic():
        if not SavedView.objects.filter(pk=view_id).exists():
            return
        view = _theirs(view_id, by)
        _tell_gone(view, [choice.staff for choice in _others(view, by)], now)
        add_event(None, "view_deleted", now=now, by=by, subject_id=view.pk, used_by=view.choices.count())
        view.delete()


def choose(
    *,
    view_id: int,
    is_pinned: bool,
    is_default: bool,
    tell_above: int | None,
    mails_at: dt.time | None,
    by: Staff,
    now: dt.datetime,
) -> None:
    """What `by` does with a view: on the bar, opened first, told when it grows, mailed each day at a local time."""
    with transaction.atomic():
        choice, mine = _choice_of(view_id, by)
        _pin(choice, mine, is_pinned=is_pinned)
        if is_default:
            ViewChoice.objects.filter(staff=by, is_default=True).exclude(pk=choice.pk).update(is_default=False)
        if tell_above != choice.tell_above:
            choice.told_at = None
        choice.is_default, choice.tell_above = is_default, tell_above
        choice.mails_at = mails_at
        choice.next_mail_at = next_mail(mails_at, by, now) if mails_at else None
        choice.save()


def pin(*, view_id: int, is_pinned: bool, by: Staff, now: dt.datetime) -> None:
    """Onto the bar, or off it. Saying it twice is harmless."""
    with transaction.atomic():
        choice, mine = _choice_of(view_id, by)
        _pin(choice, mine, is_pinned=is_pinned)
        choice.save()


def move(*, view_id: int, is_up: bool, by: Staff, now: dt.datetime) -> None:
    """One place further up or down the bar; at its end nothing happens."""
    with transaction.atomic():
        choice, mine = _choice_of(view_id, by)
        bar = sorted((each for each in mine if each.is_pinned), key=lambda each: (each.position, each.view_id))
        places = {each.pk: at for at, each in enumerate(bar)}
        at = places.get(choice.pk)
        to = None if at is None else at + (-1 if is_up else 1)
        if at is None or to is None or not 0 <= to < len(bar):
            return
        bar[at], bar[to] = bar[to], bar[at]
        for number, each in enumerate(bar):
            if each.position != number:
                each.position = number
                each.save(update_fields=["position"])


def next_mail(at: dt.time, person: Staff, now: dt.datetime) -> dt.datetime:
    """The next time the clock on their wall says so."""
    zone = person.zone
    today = now.astimezone(zone).date()
    days = (dt.datetime.combine(today + number * A_DAY, at) for number in range(3))
    return next(moment for moment in (resolve_local(day, zone) for day in days) if moment > now)


def _one_at_a_time(by: Staff) -> None:
    """Two acts of one person, in two tabs or by a double click, go one after the other."""
    Staff.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)


def _theirs(view_id: int, by: Staff) -> SavedView:
    view = SavedView.objects.select_for_update(no_key=True).get(pk=view_id)
    if not can_change_view(by, view):
        raise NotYours(_("Only whoever saved it and managers may change this view."))
    return view


def _others(view: SavedView, by: Staff) -> list[ViewChoice]:
    used = Q(is_pinned=True) | Q(is_default=True) | Q(tell_above__isnull=False) | Q(mails_at__isnull=False)
    return list(view.choices.exclude(staff=by).filter(used).select_related("staff").order_by("id"))


def _tell_gone(view: SavedView, users: list[Staff], now: dt.datetime) -> None:
    """A line in the inbox, on what is most urgent for them in it, else anywhere; none where they see nothing."""
    for person in users:
        asks = (chosen_from(view.query, person), Filters())
        rows = (rows_of(person, chosen, now).select_related("location", "category", "customer") for chosen in asks)
        incident = next((found for each in rows if (found := each.first())), None)
        if incident and person.is_active:
            notify(
                kind=NoticeKind.VIEW_DIGEST,
                incident=incident,
                recipients=[person],
                subject_id=view.pk,
                occurrence=GONE,
                reason=NoticeReason.ASKED,
                now=now,
            )


def _begin(by: Staff) -> list[ViewChoice]:
    """Their choices; before the first one, what was on their bar without any."""
    mine = list(ViewChoice.objects.filter(staff=by))
    if mine:
        return mine
    shipped = {view.key: view for view in SavedView.objects.filter(key__in=FIRST)}
    first = [shipped[key] for key in FIRST if key in shipped]
    rows = [ViewChoice(staff=by, view=view, position=at) for at, view in enumerate(first)]
    return ViewChoice.objects.bulk_create(rows)


def _choice_of(view_id: int, by: Staff) -> tuple[ViewChoice, list[ViewChoice]]:
    """Theirs of this view, and all of them; locked."""
    _one_at_a_time(by)
    _begin(by)
    mine = list(ViewChoice.objects.select_for_update(no_key=True).filter(staff=by).order_by("id"))
    known: Any = next((choice for choice in mine if choice.view_id == view_id), None)
    return known or ViewChoice(staff=by, view_id=view_id, is_pinned=False, position=_last(mine) + 1), mine


def _pin(choice: ViewChoice, mine: list[ViewChoice], *, is_pinned: bool) -> None:
    others = [each for each in mine if each.is_pinned and each.pk != choice.pk]
    if is_pinned and not choice.is_pinned:
        if len(others) >= MOST_PINNED:
            raise Refused(_("There are eight views on your bar already: take one off first."))
        choice.position = _last(mine) + 1
    choice.is_pinned = is_pinned


def _last(mine: list[ViewChoice]) -> int:
    return max((choice.position for choice in mine), default=-1)
