"""The rows behind a figure, one page after another: as many as it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce

from incidents.models import Attempt, Fact, Flag, FollowUp, Incident, PreventionAction, PromiseMade, Staff
from incidents.reports.figures import Value as Number
from incidents.reports.keeping import kept_restricted_ids
from incidents.reports.prevention import changes_of, counts_around, ended_between
from incidents.reports.scope import Scope
from incidents.reports.seen import REPEAT, facts_near, facts_of
from incidents.reports.slots import whole

PAGE = 50
HITS, MISSES = "hits", "misses"
LONGEST_NUMBER = 19  # digits of a key, and one more


@dataclass(frozen=True)
class RowBehind:
    """`subject`: the call, score, promise or change that was counted; None where it is the incident.

    `is_hit`: whether it counts for the figure (of a percentage), None where there is nothing to hit.
    `value`: of a duration, money, minutes or score its own, in the figure's unit.
    """

    incident: Incident
    subject: FollowUp | Attempt | PromiseMade | PreventionAction | None = None
    is_hit: bool | None = None
    due_at: dt.datetime | None = None
    done_at: dt.datetime | None = None
    value: Number = None
    currency: str = ""
    more: tuple[tuple[str, Decimal], ...] = ()  # of money, what there is in further currencies
    before: int | None = None  # of a change, how many before it; `value` is how many after


@dataclass(frozen=True)
class Page:
    """`after`: hand it in for the next page; empty on the last one."""

    rows: tuple[RowBehind, ...]
    after: str = ""


# What is asked for, which of it are hits, and what makes rows of a page of it.
Behind = tuple[QuerySet[Any], Q | None, Callable[[list[Any]], list[RowBehind]]]


def rows_behind(staff: Staff, scope: Scope, key: str, now: dt.datetime, *, after: str = "", only: str = "") -> Page:
    """Newest first. `only`: "hits" or "misses". At most five statements."""
    chosen, hit, make = _behind(staff, scope, key, now)
    if hit is not None:
        chosen = chosen.annotate(is_hit=Coalesce(ExpressionWrapper(hit, BooleanField()), Value(value=False)))
        if only in (HITS, MISSES):
            chosen = chosen.filter(is_hit=only == HITS)
    if after.isdecimal() and len(after) < LONGEST_NUMBER:
        chosen = chosen.filter(pk__lt=int(after))
    found = list(chosen.order_by("-pk")[: PAGE + 1])
    rows = tuple(make(found[:PAGE]))
    return Page(rows, str(found[PAGE - 1].pk) if len(found) > PAGE else "")


def _behind(staff: Staff, scope: Scope, key: str, now: dt.datetime) -> Behind:
    if key == "prevention_on_time":
        return _changes_on_time(staff, scope, now)
    if key == "recurrence":
        return _changes_checked(staff, scope, now)
    restricted = kept_restricted_ids(staff, scope, now)
    near, facts = facts_near(staff, scope, restricted), facts_of(staff, scope, restricted)
    if key in _OF_MANY:
        return _OF_MANY[key](facts.values("pk"), now)
    if key == "reopened":
        facts = near.filter(first_closed_on__gte=scope.start, first_closed_on__lte=scope.end)
    choose, hit = _chosen(key, now)
    if key == "repeats":
        hit = _came_before(near)
    chosen = facts.filter(choose).select_related(*_NAMES).only(*_FACT, *_SHOWN)
    return chosen, hit, lambda found: [_of_fact(key, each) for each in found]


def _chosen(key: str, now: dt.datetime) -> tuple[Q, Q | None]:
    """Which facts a figure counts, and which of them are hits."""
    recovered, closed, again = (Q(flags__has=flag) for flag in (Flag.RECOVERED, Flag.CLOSED, Flag.SECOND_TRY))
    sorry, talked = Q(flags__has=Flag.SORRY_IN_TIME), Q(flags__has=Flag.REVIEWED_IN_TIME)
    return {
        "incidents": (Q(), None),
        "apologized_in_time": (sorry | Q(flags__has=Flag.SORRY_LATE) | Q(sorry_open__lt=now), sorry),
        "time_to_remedy": (Q(remedy_seconds__isnull=False), None),
        "recovery_time": (Q(recovery_seconds__isnull=False), None),
        "first_try": (closed | again | Q(step_open__lt=now), recovered & ~again),
        "coverage": (Q(), Q(flags__has=Flag.SCORED)),
        "recovered": (closed | Q(step_open__lt=now), recovered),
        "reopened": (Q(), Q(flags__has=Flag.REOPENED)),
        "repeats": (Q(customer_id__isnull=False), None),
        "cost": (Q(cost__isnull=False), None),
        "minutes": (Q(minutes__isnull=False), None),
        "found_by_us": (Q(), Q(flags__has=Flag.FOUND_BY_US)),
        "detection_lag": (Q(lag_days__isnull=False), None),
        "made_worse": (Q(), Q(flags__has=Flag.MADE_WORSE)),
        "reviewed_in_time": (talked | Q(flags__has=Flag.REVIEWED_LATE) | Q(review_open__lt=now), talked),
        "apology_only": (Q(flags__has=Flag.APOLOGY_ONLY), None),
    }[key]


_VALUES = {
    "time_to_remedy": "remedy_seconds",
    "recovery_time": "recovery_seconds",
    "detection_lag": "lag_days",
    "minutes": "minutes",
    "cost": "cost",
}
_DUE = {"apologized_in_time": "sorry_open", "reviewed_in_time": "review_open"} | dict.fromkeys(
    ("first_try", "recovered"), "step_open"
)


def _of_fact(key: str, fact: Any) -> RowBehind:
    return RowBehind(
        fact.incident,
        is_hit=getattr(fact, "is_hit", None),
        due_at=getattr(fact, _DUE[key]) if key in _DUE else None,
        value=getattr(fact, _VALUES[key]) if key in _VALUES else None,
        currency=fact.currency if key == "cost" else "",
        more=tuple((each, Decimal(str(cost))) for each, cost in (fact.more_costs or {}).items())
        if key == "cost"
        else (),
    )


def _came_before(near: QuerySet[Fact]) -> Q:
    """Whether it was not their first time within 90 days: looked up along the index of customers."""
    same_moment = Q(reported_at=OuterRef("reported_at"), pk__lt=OuterRef("pk"))
    earlier = near.filter(
        Q(reported_at__lt=OuterRef("reported_at")) | same_moment,
        customer_id=OuterRef("customer_id"),
        reported_at__gte=OuterRef("reported_at") - REPEAT,
        reported_at__lte=OuterRef("reported_at"),
    )
    return Q(Exists(earlier))


class EndOfDay(Func):
    """When the day of the first, on the calendar of the zone that the second names, is over."""

    output_field = DateTimeField()

    def as_sql(self, compiler: Any, connection: Any, **how: Any) -> Any:  # type: ignore[override]
        moment, zone = (compiler.compile(each)[0] for each in self.get_source_expressions())
        return f"((({moment} AT TIME ZONE {zone})::date + 1)::timestamp AT TIME ZONE {zone})", ()


# What a row shows of its incident, and nothing more: each table that is joined takes its time to plan.
_NAMES = ("incident__customer", "incident__category", "incident__location")
_FIELDS = (
    *("reference", "severity", "reported_at", "customer_hint", "customer__name"),
    *("category__name", "location__name", "location__time_zone"),
)
_SHOWN = tuple(f"incident__{name}" for name in _FIELDS)
_FACT = ("currency", "more_costs", *_VALUES.values(), *_DUE.values())


def _subjects(found: list[Any], due: str, done: str) -> list[RowBehind]:
    return [
        RowBehind(
            each.incident, each, getattr(each, "is_hit", None), getattr(each, due) if due else None, getattr(each, done)
        )
        for each in found
    ]


def _calls(incidents: Any, now: dt.datetime) -> Behind:
    rows = FollowUp.objects.filter(incident__in=incidents, cancelled_at__isnull=True)
    rows = rows.annotate(ends_at=EndOfDay("due_at", "incident__location__time_zone"))
    rows = rows.filter(Q(answered_at__isnull=False) | Q(ends_at__lt=now)).select_related(*_NAMES)
    rows = rows.only("due_at", "answered_at", *_SHOWN)
    return rows, Q(answered_at__lt=F("ends_at")), lambda found: _subjects(found, "due_at", "answered_at")


def _promises(incidents: Any, now: dt.datetime) -> Behind:
    settled = Q(kept_at__isnull=False) | Q(broken_at__isnull=False) | Q(due_at__lt=now)
    rows = PromiseMade.objects.filter(settled, incident__in=incidents).select_related(*_NAMES)
    rows = rows.only("what", "due_at", "kept_at", *_SHOWN)
    return rows, Q(kept_at__lte=F("due_at")), lambda found: _subjects(found, "due_at", "kept_at")


def _scores(incidents: Any, now: dt.datetime) -> Behind:
    rows = Attempt.objects.filter(score__isnull=False, follow_up__incident__in=incidents)
    rows = rows.select_related(*(f"follow_up__{name}" for name in _NAMES))
    rows = rows.only("score", "at", *(f"follow_up__{name}" for name in _SHOWN))

    def make(found: list[Any]) -> list[RowBehind]:
        return [
            RowBehind(each.follow_up.incident, each, each.is_hit, None, each.at, float(each.score)) for each in found
        ]

    return rows, Q(score__gte=4), make


_OF_MANY: dict[str, Callable[[Any, dt.datetime], Behind]] = {
    "calls_kept": _calls,
    "promises_kept": _promises,
    "satisfaction": _scores,
}


def _changes_on_time(staff: Staff, scope: Scope, now: dt.datetime) -> Behind:
    rows = changes_of(staff, scope).filter(due_on__gte=scope.start, due_on__lte=scope.end)
    rows = rows.filter(Q(done_at__isnull=False) | Q(due_at__lt=now)).select_related(*_NAMES, "assignee")
    return rows, Q(done_at__lte=F("due_at")), lambda found: _subjects(found, "due_at", "done_at")


def _changes_checked(staff: Staff, scope: Scope, now: dt.datetime) -> Behind:
    """`value`: how many after, `before`: how many before."""
    ended = [each.pk for each, _day in ended_between(staff, scope, now, whole(scope))]
    rows = changes_of(staff, scope).filter(pk__in=ended).select_related(*_NAMES, "assignee")

    def make(found: list[Any]) -> list[RowBehind]:
        counts = counts_around(staff, scope, found, now)
        return [
            RowBehind(
                each.incident, each, None, each.check_at, each.done_at, counts[each.pk][1], before=counts[each.pk][0]
            )
            for each in found
        ]

    return rows, None, make
