"""For managers: customers who may be one person, side by side, and what was put together lately."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from incidents.alike import Person, in_common
from incidents.models import (
    UNDO_MERGE_FOR,
    ContactKind,
    ContactPoint,
    Customer,
    Incident,
    Job,
    JobKind,
    Merge,
    Resemblance,
    Staff,
)

PAGE = 10
MERGES = 50


@dataclass(frozen=True)
class Line:
    """One fact of both. `agrees`: they say the same, or nearly; False: they differ; None: one of them says nothing."""

    label: str
    left: str
    right: str
    agrees: bool | None


@dataclass(frozen=True)
class Pair:
    """Two records side by side; `open_here` and `all_here` count what the reader may see."""

    left: Customer
    right: Customer
    lines: list[Line]
    resemblance: Resemblance | None = None
    all_here: dict[int, int] = field(default_factory=dict)
    open_here: dict[int, int] = field(default_factory=dict)

    @property
    def sides(self) -> list[dict[str, Any]]:
        """Both, each with the other one."""
        both = ((self.left, self.right), (self.right, self.left))
        return [
            {
                "customer": this,
                "other": other,
                "all_here": self.all_here.get(this.pk, 0),
                "open_here": self.open_here.get(this.pk, 0),
            }
            for this, other in both
        ]


@dataclass(frozen=True)
class Proposals:
    pairs: list[Pair]
    next_after: int | None = None


def proposals(staff: Staff, *, after: Resemblance | None = None) -> Proposals:
    """The likeliest first. Three statements; nothing in them is of an incident that `staff` may not see."""
    rows = waiting().select_related("first__account", "second__account")
    if after is not None:
        rows = rows.filter(Q(score__lt=after.score) | Q(score=after.score, pk__gt=after.pk))
    found = list(rows.order_by("-score", "id")[: PAGE + 1])
    pairs = _side_by_side([(row.first, row.second, row) for row in found[:PAGE]], staff)
    return Proposals(pairs, found[PAGE - 1].pk if len(found) > PAGE else None)


def waiting() -> Any:
    """Proposals nobody has answered, of records that both still stand."""
    return Resemblance.objects.filter(
        dismissed_at__isnull=True, first__merged_into__isnull=True, second__merged_into__isnull=True
    )


def proposal_by_id(sent: str) -> Resemblance | None:
    """The proposal with this id, whatever was sent as one. At most one query."""
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 19):
        return None
    return Resemblance.objects.filter(pk=int(sent)).first()


def side_by_side(left: Customer, right: Customer, *, staff: Staff) -> Pair:
    """Two customers, whoever found them alike. Two statements."""
    return _side_by_side([(left, right, None)], staff)[0]


def looks_like(customer: Customer) -> list[Customer]:
    """Who may be the same person as this one. One statement."""
    rows = waiting().filter(Q(first=customer) | Q(second=customer)).select_related("first", "second")
    return [row.second if row.first_id == customer.pk else row.first for row in rows.order_by("-score", "id")[:3]]


def _side_by_side(rows: list[tuple[Customer, Customer, Resemblance | None]], staff: Staff) -> list[Pair]:
    pks = {customer.pk for left, right, _row in rows for customer in (left, right)}
    ways: dict[tuple[int, str], list[ContactPoint]] = defaultdict(list)
    for point in ContactPoint.objects.filter(customer__in=pks).order_by("id") if pks else ():
        ways[point.customer_id, point.kind].append(point)
    mine = Incident.objects.visible_to(staff).filter(customer__in=pks).order_by()
    counted = mine.values("customer").annotate(n=Count("pk"), n_open=Count("pk", filter=Q(closed_at__isnull=True)))
    counts = list(counted) if pks else []
    all_here = Counter({row["customer"]: row["n"] for row in counts})
    open_here = Counter({row["customer"]: row["n_open"] for row in counts})
    return [Pair(left, right, _lines(left, right, ways), row, all_here, open_here) for left, right, row in rows]


def _lines(left: Customer, right: Customer, ways: dict[tuple[int, str], list[ContactPoint]]) -> list[Line]:
    agreed = in_common(_person(left, ways), _person(right, ways))

    def typed(customer: Customer, kind: str) -> str:
        return ", ".join(point.value for point in ways[customer.pk, kind])

    told = [
        _line(_("Name"), left.name, right.name, "name" in agreed),
        _line(_("Phone"), typed(left, ContactKind.PHONE), typed(right, ContactKind.PHONE), "phone" in agreed),
        _line(_("E-mail"), typed(left, ContactKind.EMAIL), typed(right, ContactKind.EMAIL), "email" in agreed),
        _line(_("Company or group"), str(left.account or ""), str(right.account or ""), "account" in agreed),
        _line(_("Their number with us"), left.loyalty_number, right.loyalty_number, "number" in agreed),
        _line(_("Postal address"), left.address, right.address, "address" in agreed),
        _line(_("Language"), left.language, right.language, left.language.casefold() == right.language.casefold()),
        _line(_("What they do there"), left.job_title, right.job_title, left.job_title == right.job_title),
        _line(_("Good to know"), left.note, right.note, left.note == right.note),
    ]
    return [line for line in told if line.left or line.right]


def _line(label: str, left: str, right: str, agrees: bool) -> Line:
    return Line(label, left, right, agrees if left and right else None)


def _person(customer: Customer, ways: dict[tuple[int, str], list[ContactPoint]]) -> Person:
    phones, emails = (
        frozenset(p.normalized for p in ways[customer.pk, kind] if p.wrong_since is None)
        for kind in (ContactKind.PHONE, ContactKind.EMAIL)
    )
    account = customer.account.sort_name if customer.account else ""
    return Person(customer.sort_name, phones, emails, customer.loyalty_key, customer.address, account)


@dataclass(frozen=True)
class MergeLine:
    merge: Merge
    can_be_undone: bool
    undo_until: dt.datetime


def recent_merges(*, now: dt.datetime, kept: Customer | None = None) -> list[MergeLine]:
    """What was put together in the last month, the newest first; with `kept`, what stands of it. One statement."""
    rows = Merge.objects.filter(at__gte=now - UNDO_MERGE_FOR).select_related("kept", "dropped", "by", "undone_by")
    if kept is not None:
        rows = rows.filter(kept=kept, undone_at__isnull=True)
    return [
        MergeLine(
            merge,
            can_be_undone=merge.undone_at is None and merge.kept.merged_into_id is None,
            undo_until=merge.at + UNDO_MERGE_FOR,
        )
        for merge in rows.order_by("-at", "-id")[:MERGES]
    ]


def newest_look() -> Job | None:
    """The last time all customers were compared with each other. One statement."""
    return Job.objects.filter(kind=JobKind.FIND_RESEMBLANCES).order_by("-id").first()
