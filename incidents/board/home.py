"""The first page: what one person should do now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from incidents.board.register import Card, card, for_cards, unhappy
from incidents.models import (
    Apology,
    ContactKind,
    ContactPoint,
    Draft,
    FollowUp,
    Incident,
    Remedy,
    Round,
    Staff,
)
from incidents.models.recovery import facts_of
from incidents.workflow import Gate, RemedyState, Severity, missing

SHOWN = 8
CALLS_AHEAD = dt.timedelta(hours=12)


@dataclass(frozen=True)
class DeskHome:
    calls: list[FollowUp]
    cards: list[Card]
    drafts: list[Draft]


@dataclass(frozen=True)
class Load:
    """How many open recoveries one person has."""

    staff_id: int
    name: str
    number: int


@dataclass(frozen=True)
class ManagerHome:
    late: list[Card]
    unhappy: list[Card]
    critical: list[Card]
    receipts: list[Remedy]
    calls: list[FollowUp]
    loads: list[Load]

    @property
    def is_calm(self) -> bool:
        return not (self.late or self.unhappy or self.critical or self.receipts or self.calls)


def desk_home(staff: Staff, now: dt.datetime) -> DeskHome:
    """Calls to make, what I have open and what each lacks, what I began to write; four statements."""
    mine = for_cards(Incident.objects.visible_to(staff).open().assigned_to(staff)).by_urgency()
    found = list(mine[: SHOWN + 1])
    lacking = gates_of(found)
    cards = [card(staff, i, str(lacking[i.pk][0].words) if lacking[i.pk] else "") for i in found]
    drafts = Draft.objects.filter(staff=staff, form="log").order_by("-saved_at")
    calls = _calls(staff).filter(assignee=staff, due_at__lt=now + CALLS_AHEAD)
    return DeskHome(list(calls[: SHOWN + 1]), cards, list(drafts[:SHOWN]))


def manager_home(staff: Staff, now: dt.datetime) -> ManagerHome:
    """What is in danger at the places of `staff`; six statements."""
    seen = Incident.objects.visible_to(staff)
    open_ = for_cards(seen.open()).by_urgency()
    receipts = Remedy.objects.filter(incident__in=seen.open(), state=RemedyState.AWAITING_RECEIPT)
    loads = seen.open().values("assignee", "assignee__name", "assignee__sort_name").annotate(number=Count("pk"))
    return ManagerHome(
        late=_late_cards(staff, open_.exclude(severity=Severity.CRITICAL).exclude(unhappy()), now),
        unhappy=_cards(staff, open_.filter(unhappy())),
        critical=_cards(staff, open_.filter(severity=Severity.CRITICAL)),
        receipts=list(
            receipts.select_related("type", "incident__customer", "incident__location", "assignee").order_by("id")[
                : SHOWN + 1
            ]
        ),
        calls=list(_calls(staff).due_before(now)[: SHOWN + 1]),
        loads=[
            Load(row["assignee"], row["assignee__name"], row["number"])
            for row in loads.order_by("-number", "assignee__sort_name")
        ],
    )


def _calls(staff: Staff) -> Any:
    """Calls still to be made, the oldest first, with the number to dial (`phone`, `tel`)."""
    phones = ContactPoint.objects.filter(customer=OuterRef("incident__customer"), kind=ContactKind.PHONE).order_by("id")
    return (
        FollowUp.objects.planned()
        .filter(incident__in=Incident.objects.visible_to(staff))
        .select_related("incident__customer", "incident__location", "incident__category", "assignee")
        .annotate(phone=Subquery(phones.values("value")[:1]), tel=Subquery(phones.values("normalized")[:1]))
        .order_by("due_at", "id")
    )


def _late_cards(staff: Staff, by_urgency: QuerySet[Incident], now: dt.datetime) -> list[Card]:
    """Read from the most urgent on: asked for the late ones only, PostgreSQL would collect all of them first."""
    return [card(staff, i) for i in by_urgency[: SHOWN + 1] if i.next_due_at and i.next_due_at < now]


def _cards(staff: Staff, incidents: QuerySet[Incident]) -> list[Card]:
    return [card(staff, incident) for incident in incidents[: SHOWN + 1]]


def gates_of(incidents: Iterable[Incident]) -> dict[int, tuple[Gate, ...]]:
    """What each incident's round still lacks, the next thing first; one statement for all."""
    pks = [incident.pk for incident in incidents]
    here = OuterRef("pk")
    rounds = Round.objects.filter(incident__in=pks, number=F("incident__round_number")).annotate(
        found_remedies=_as_json(Remedy.objects.filter(round=here), "id", "round_id", "state", "replaces_id"),
        found_apologies=_as_json(Apology.objects.filter(round=here), "round_id", "made_at"),
        found_calls=_as_json(FollowUp.objects.filter(round=here), "round_id", "answered_at", "cancelled_at", "outcome"),
    )
    gates: dict[int, tuple[Gate, ...]] = dict.fromkeys(pks, ())
    for round_ in rounds:
        row: Any = round_
        facts = facts_of(
            round_,
            remedies=[Remedy(**each) for each in row.found_remedies],
            apologies=[Apology(**_timed(each)) for each in row.found_apologies],
            calls=[FollowUp(**_timed(each)) for each in row.found_calls],
        )
        gates[round_.incident_id] = missing(facts)
    return gates


def _as_json(rows: QuerySet[Any], *columns: str) -> ArraySubquery:
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in columns})))


def _timed(row: dict[str, Any]) -> dict[str, Any]:
    """JSON has no instants: read back those that end in `_at`."""
    return {
        name: dt.datetime.fromisoformat(value) if name.endswith("_at") and value else value
        for name, value in row.items()
    }
