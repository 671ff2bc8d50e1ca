"""The ready-made views of the list, and how many each has. Counting stops: a tab costs the same at any size."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, ExpressionWrapper, IntegerField, Q, Value, When
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from incidents.models import Staff
from incidents.models.chosen import ALL, CLOSED, LATE, MINE, UNHAPPY
from incidents.models.incident import IncidentQuerySet
from incidents.models.matching import in_view, unhappy

__all__ = ["ALL", "CLOSED", "LATE", "MINE", "MOST", "UNHAPPY", "VIEWS", "in_view", "unhappy"]

MOST = 99  # counting stops here
SEARCHED = 500  # as many open ones that match what was chosen are looked through
VIEWS: dict[str, LazyText] = {
    ALL: _("All"),
    MINE: _("Mine"),
    LATE: _("Late"),
    UNHAPPY: _("Unhappy"),
    CLOSED: _("Closed"),
}
FLAGS = {LATE: 1, MINE: 2, UNHAPPY: 4}


def rows_in_views(every: IncidentQuerySet, staff: Staff, now: dt.datetime) -> Any:
    """One row: the incidents of each view, in an order that an index has, so that it reads no more than is counted.

    Of all that is open it says whether it is late: late ones come first, so counting them stops at the same number.
    """
    orders = {ALL: "next_due_at", MINE: "next_due_at", UNHAPPY: "next_due_at", CLOSED: "-closed_at"}
    rows = {view: in_view(every, view, staff=staff, now=now).order_by(by)[: MOST + 1] for view, by in orders.items()}
    is_late = ExpressionWrapper(Q(next_due_at__lt=now), BooleanField())
    counted = {f"in_{view}": ArraySubquery(found.values(is_late=is_late)) for view, found in rows.items()}
    return Staff.objects.filter(pk=staff.pk).values(**counted)


def counted(found: dict[str, Any]) -> dict[str, int | str]:
    numbers = {view: len(found[f"in_{view}"] or ()) for view in VIEWS if view != LATE}
    late = sum(found["in_all"] or ())
    return {view: _told(late if view == LATE else numbers[view]) for view in VIEWS}


def matches_in_views(every: IncidentQuerySet, staff: Staff, now: dt.datetime, *, is_open_only: bool) -> Any:
    """One row, where no index knows what was asked for: the open ones, the most urgent first, each with what it is
    (FLAGS), so that each is compared once for all views; and the closed ones.
    """
    open_ones = every.open().by_urgency().values(flags=_flags(staff, now))[: SEARCHED + 1]
    closed = in_view(every, CLOSED, staff=staff, now=now).order_by("-closed_at").values("pk")[: MOST + 1]
    asked = {"open": ArraySubquery(open_ones)} | ({} if is_open_only else {"closed": ArraySubquery(closed)})
    return Staff.objects.filter(pk=staff.pk).values(**asked)


def _flags(staff: Staff, now: dt.datetime) -> Any:
    conditions = {LATE: Q(next_due_at__lt=now), MINE: Q(assignee=staff), UNHAPPY: unhappy()}
    flags: Any = Value(0)
    for view, condition in conditions.items():
        flags += Case(When(condition, then=FLAGS[view]), default=0, output_field=IntegerField())
    return flags


def matches_counted(found: dict[str, Any]) -> dict[str, int | str]:
    """Where more match than were looked through, no view has fewer than was found."""
    flags = found["open"] or ()
    is_more = len(flags) > SEARCHED
    numbers = {view: sum(bool(each & flag) for each in flags) for view, flag in FLAGS.items()}
    told = {view: _told(number, is_more=is_more and view != LATE) for view, number in numbers.items()}
    return {ALL: _told(len(flags)), CLOSED: _told(len(found.get("closed") or ()))} | told


def _told(number: int, *, is_more: bool = False) -> int | str:
    """12; "12+" when there may be more; "99+" at most."""
    if number > MOST:
        return f"{MOST}+"
    return f"{number}+" if is_more else number
