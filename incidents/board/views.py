"""Saved views: the bar over the list and the board, and the page where people choose. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from incidents.access import can_change_view
from incidents.board.tabs import counts_of
from incidents.models import SavedView, Staff, ViewChoice
from incidents.models.chosen import ALL, CLOSED, FIRST, Filters, OnBar, Options, chosen_from

MOST_LISTED = 200


def tab_bar(
    staff: Staff,
    chosen: Filters,
    offers: Options,
    *,
    now: dt.datetime,
    address: Callable[..., str],
    keep: str = "",
    has_closed: bool = True,
    known: int | None = None,
) -> list[dict[str, Any]]:
    """All, the views on the bar of `staff`, Closed: each with its number, what is open now marked. One statement.

    `address(view=…)` is that of the list with its filters; `keep` is added to each ("as=table"). What was chosen by
    hand stays under All and Closed; what is a view of the bar is exchanged for the next. `known` is the number of what
    was chosen, where the page says so: it is not counted a second time.
    """
    pinned = [(view, chosen_from(view.query, staff, offers)) for view in offers.views if view.is_pinned]
    current = next((view for view, asks in pinned if asks == chosen), None)
    own = Filters() if current else chosen
    ends = ((ALL, gettext("All")), (CLOSED, gettext("Closed")))[: 2 if has_closed else 1]
    wanted = [
        (label, replace(own, view=view), f"?view={view}" if current else address(view=view)) for view, label in ends
    ]
    asked = [each for _label, each, _url in wanted] + [asks for _view, asks in pinned]
    numbers = counts_of(staff, tuple(asked), now, known={chosen: known} if known is not None else {})
    tabs = [
        _tab(label, url, number, is_current=current is None and each == chosen)
        for (label, each, url), number in zip(wanted, numbers, strict=False)
    ]
    middle = [
        _tab(view.label, f"?{view.query or f'view={ALL}'}", number, is_current=view is current) | {"is_kept": True}
        for (view, _asks), number in zip(pinned, numbers[len(wanted) :], strict=True)
    ]
    bar = [tabs[0], *middle, *tabs[1:]]
    return [tab | {"url": f"{tab['url']}&{keep}"} for tab in bar] if keep else bar


def is_kept(tabs: list[dict[str, Any]]) -> bool:
    """What is shown is a view of the bar: nobody need save it once more."""
    return any(tab["current"] and tab.get("is_kept") for tab in tabs)


def _tab(label: str, url: str, number: int | str, *, is_current: bool) -> dict[str, Any]:
    return {"label": label, "url": url, "count": number, "current": is_current}


@dataclass(frozen=True)
class Row:
    """One saved view as one person has it."""

    view: SavedView
    choice: ViewChoice | None
    is_pinned: bool
    is_mine: bool
    can_change: bool


@dataclass(frozen=True)
class ViewPage:
    """Those on the bar in their order, and the rest: one's own, shared, shipped."""

    on_bar: list[Row]
    others: list[Row]


def view_page(staff: Staff) -> ViewPage:
    """Two statements."""
    choices = {choice.view_id: choice for choice in ViewChoice.objects.filter(staff=staff)}
    views = list(SavedView.objects.open_to(staff).select_related("owner")[:MOST_LISTED])
    rows = [_row(staff, view, choices.get(view.pk), has_chosen=bool(choices)) for view in views]
    on_bar = sorted((row for row in rows if row.is_pinned), key=_place_on_bar)
    others = sorted((row for row in rows if not row.is_pinned), key=lambda row: (not row.is_mine, bool(row.view.key)))
    return ViewPage(on_bar, others)


def changeable(staff: Staff) -> list[SavedView]:
    """Those they may ask for something else. One query."""
    views = SavedView.objects.open_to(staff).filter(owner__isnull=False)
    return [view for view in views[:MOST_LISTED] if can_change_view(staff, view)]


def _place_on_bar(row: Row) -> tuple[int, int]:
    at = row.choice.position if row.choice else FIRST.index(row.view.key)
    return at, row.view.pk


def _row(staff: Staff, view: SavedView, choice: ViewChoice | None, *, has_chosen: bool) -> Row:
    return Row(
        view=view,
        choice=choice,
        is_pinned=choice.is_pinned if choice else not has_chosen and view.key in FIRST,
        is_mine=view.owner_id == staff.pk,
        can_change=can_change_view(staff, view),
    )


def find_view(staff: Staff, pk: int) -> SavedView:
    """One query; Http404 when it is somebody else's own, or gone."""
    return get_object_or_404(SavedView.objects.open_to(staff).select_related("owner"), pk=pk)


def row_of(staff: Staff, view: SavedView) -> Row:
    """One query."""
    choices = {choice.view_id: choice for choice in ViewChoice.objects.filter(staff=staff)}
    return _row(staff, view, choices.get(view.pk), has_chosen=bool(choices))


def others_use(staff: Staff, view: SavedView) -> int:
    """How many others have it on their bar, are told of it or mailed. One query."""
    used = Q(is_pinned=True) | Q(is_default=True) | Q(tell_above__isnull=False) | Q(mails_at__isnull=False)
    return ViewChoice.objects.filter(used, view=view).exclude(staff=staff).count()


def first_address(offers: Options) -> str:
    """Where the list leads when nothing was asked for; empty for all of it."""
    first: OnBar | None = offers.first
    return f"?{first.query or f'view={ALL}'}" if first else ""
