"""The board of open recoveries, in columns or as a table; the same address answers the page's own refreshing."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from incidents import access
from incidents.board import columns as by_step
from incidents.board import table as by_row
from incidents.board import views as saved
from incidents.board.keyset import position
from incidents.board.register import Filters, options_for
from incidents.board.tabs import CLOSED, VIEWS
from incidents.forms.board import TABLE, Look
from incidents.forms.manage import FilterForm
from incidents.forms.markup import rendered
from incidents.models.chosen import stored_query
from incidents.models.matching import with_names

OPEN_VIEWS = tuple(view for view in VIEWS if view != CLOSED)
FRESH = {"Cache-Control": "private, no-store", "Vary": "Cookie, HX-Request"}


class BoardPage:
    """What one person asked the board for."""

    def __init__(self, request: access.StaffRequest) -> None:
        self.request, self.now = request, timezone.now()
        self.offers = options_for(request.user)
        self.form = FilterForm(request.GET, offers=self.offers, views=OPEN_VIEWS)
        self.chosen = with_names(Filters(**self.form.chosen()))  # once, for cards and numbers
        stages = tuple(stage.value for stage in by_step.STAGES)
        self.look = Look(request.GET, keys=by_step.KEYS, stages=stages, deepest=by_step.DEEPEST)
        self.order = by_row.Order.of(self.look.sort)
        self.number: int | None = None  # of what was chosen, once the columns have counted it

    def address(self, *more: str, **instead: Any) -> str:
        """The board with the same filters, some of them changed, as it is looked at."""
        return self.looked_at(self.form.address(**instead), *more)

    def looked_at(self, address: str, *more: str) -> str:
        if self.look.is_table:
            return _joined(address, f"as={TABLE}", f"sort={self.order.words}", *more)
        return _joined(address, f"col={self.look.column}" if self.look.column else "", *more)

    def content(self) -> dict[str, Any]:
        """What the refreshing renews."""
        known = {"now": self.now, "look": self.look, "has_places": len(self.offers.locations) > 1}
        return known | (self._table() if self.look.is_table else self._columns())

    def _table(self) -> dict[str, Any]:
        get = self.request.GET
        page = by_row.table_of(
            self.request.user,
            self.chosen,
            self.order,
            now=self.now,
            after=get.get("after", ""),
            before=get.get("before", ""),
        )
        at = [f"{name}={get[name]}" for name in ("after", "before") if name in get and (page.newer or page.older)]
        return {
            "page": page,
            "heads": [self._head(name, label) for name, label in _heads()],
            "newer_url": self.address(f"before={page.newer}") if page.newer else "",
            "older_url": self.address(f"after={page.older}") if page.older else "",
            "is_beyond": not page.cards and bool(at or get.get("after") or get.get("before")),
            "is_empty": not page.cards,
            "poll_url": self.address(*at),
        }

    def _head(self, name: str, label: str) -> dict[str, Any]:
        if not name:
            return {"label": label}
        order = self.order.instead(name)
        is_used = name == self.order.sort
        url = _joined(self.form.address(), f"as={TABLE}", f"sort={order.words}")
        sorted_ = ("descending" if self.order.is_down else "ascending") if is_used else ""
        return {"name": name, "label": label, "url": url, "sorted": sorted_, "is_number": name == "given"}

    def _columns(self) -> dict[str, Any]:
        after = {key: at for key, text in self.look.after.items() if (at := position(text))}
        depth = by_step.Depth({key: max(n, by_step.PAGE) for key, n in self.look.shown.items()}, after)
        found = by_step.columns_of(self.request.user, self.chosen, now=self.now, depth=depth)
        self.number = by_step.number_of(found)
        current = self.look.column or next((c.stage for c in found if c.number), found[0].stage if found else "")
        return {
            "columns": [self._column(column, is_current=column.stage == current) for column in found],
            "current": current,
            "is_empty": all(column.is_empty for column in found),
            "poll_url": self.address(self.look.depth_address()),
        }

    def _column(self, column: by_step.Column, *, is_current: bool) -> dict[str, Any]:
        return {
            "column": column,
            "stage": column.stage.value,
            "label": column.stage.label,
            "is_current": is_current,
            "url": _joined(self.form.address(), f"col={column.stage.value}"),
            "parts": [self._part(column.main, is_foot=False), self._part(column.waiting, is_foot=True)],
        }

    def _part(self, part: by_step.Part, *, is_foot: bool) -> dict[str, Any]:
        deeper = self.look.depth_address(**{f"n_{part.key}": part.deeper}) if part.deeper else ""
        begin = {f"after_{part.key}": None, f"n_{part.key}": None}
        beyond = self.look.depth_address(**begin | {f"after_{part.key}": part.more}) if part.more else ""
        return {
            "part": part,
            "is_foot": is_foot,
            "next_url": self.address(beyond) if beyond else "",
            "deeper_url": self.address(deeper) if deeper else "",
            "first_url": self.address(self.look.depth_address(**begin)) if part.is_later else "",
        }


def _joined(address: str, *more: str) -> str:
    said = [part for part in (address.lstrip("?"), *more) if part]
    return f"?{'&'.join(said)}"


def _heads() -> tuple[tuple[str, str], ...]:
    """Those without a name cannot be sorted by."""
    return (
        ("customer", _("Customer")),
        ("due", _("Due")),
        ("severity", _("How bad")),
        ("", _("Next step")),
        ("", _("Who has it")),
        ("given", _("Given")),
        ("reported", _("We heard")),
    )


@access.desk
@require_safe
def board(request: access.StaffRequest) -> HttpResponse:
    """The page; asked by itself, only what changes, and 304 when nothing has."""
    page = BoardPage(request)
    if not request.GET and (first := saved.first_address(page.offers)):
        return redirect(f"{request.path}{first}")
    content = page.content()
    inside = render_to_string("incidents/board/_inside.html", content | _words(page), request)
    tag = hashlib.blake2b(inside.encode(), digest_size=12).hexdigest()
    if getattr(request, "htmx", False):
        if request.headers.get("HX-PTag", "") == tag:
            return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=FRESH)
        answer = render(request, "incidents/board/_board.html", content | {"tag": tag, "inside": rendered(inside)})
        for name, value in FRESH.items():  # whoever comes back is not shown a part for the whole
            answer[name] = value
        return answer
    whole = content | _words(page) | _frame(page) | {"tag": tag, "inside": rendered(inside)}
    return render(request, "incidents/board/board.html", whole)


def _words(page: BoardPage) -> dict[str, Any]:
    form = page.form
    return {
        "form": form,
        "chips": [chip | {"url": page.looked_at(chip["url"])} for chip in form.chips()],
        "plain_url": page.address(**dict.fromkeys(form.values())),
        "first_url": page.address(),
    }


def _frame(page: BoardPage) -> dict[str, Any]:
    """What stands around it: one statement for all numbers of the bar."""
    keep = f"as={TABLE}" if page.look.is_table else ""
    own: dict[str, Any] = {"now": page.now, "address": page.form.address, "keep": keep, "has_closed": False}
    tabs = saved.tab_bar(page.request.user, page.chosen, page.offers, known=page.number, **own)
    return {
        "tabs": tabs,
        "save_query": "" if saved.is_kept(tabs) else stored_query(page.chosen),
        "list_address": page.form.address(),
        "export_query": page.address(),
    }
