"""The first page: what one person should do now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from incidents.board.register import Card, card, for_cards
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
from incidents.models.followup import FollowUpQuerySet
from incidents.models.incident import IncidentQuerySet
from incidents.models.prepared import find
from incidents.models.recovery import facts_of
from incidents.workflow import Gate, missing

SHOWN = 8
NAMES_OF_A_CALL = (
    *("incident__customer__name", "incident__category__name", "incident__location__time_zone"),
    *("assignee__name", "assignee__email"),
)
CALLS_AHEAD = dt.timedelta(hours=12)


@dataclass(frozen=True)
class DeskHome:
    calls: list[FollowUp]
    cards: list[Card]
    drafts: list[Draft]


def desk_home(staff: Staff, now: dt.datetime) -> DeskHome:
    """Calls to make, what I have open and what each lacks, what I began to write; four statements."""
    found = find(_mine, staff=staff, now=now)
    lacking = gates_of(found)
    cards = [card(staff, i, str(lacking[i.pk][0].words) if lacking[i.pk] else "") for i in found]
    drafts = Draft.objects.filter(staff=staff, form="log").order_by("-saved_at")
    return DeskHome(find(_my_calls, staff=staff, now=now + CALLS_AHEAD), cards, list(drafts[:SHOWN]))


def _open(staff: Staff) -> IncidentQuerySet:
    return for_cards(Incident.objects.visible_to(staff).open()).by_urgency()


def _mine(staff: Staff, now: dt.datetime) -> QuerySet[Incident]:
    return _open(staff).assigned_to(staff)[: SHOWN + 1]


def _my_calls(staff: Staff, until: dt.datetime) -> QuerySet[FollowUp]:
    return _calls(staff).filter(assignee=staff, due_at__lt=until)[: SHOWN + 1]


def _calls(staff: Staff) -> FollowUpQuerySet:
    """Calls still to be made, the oldest first, with the number to dial (`phone`, `tel`)."""
    usable = ContactPoint.objects.filter(kind=ContactKind.PHONE, wrong_since__isnull=True)
    phones = usable.filter(customer=OuterRef("incident__customer")).order_by("id")
    return (
        FollowUp.objects.visible_to(staff)
        .planned()
        .select_related("incident__customer", "incident__location", "incident__category", "assignee")
        .only("due_at", *(f"incident__{name}" for name in ("reference", "customer_hint")), *NAMES_OF_A_CALL)
        .annotate(phone=Subquery(phones.values("value")[:1]), tel=Subquery(phones.values("normalized")[:1]))
        .order_by("due_at", "id")
    )


def gates_of(incidents: Iterable[Incident]) -> dict[int, tuple[Gate, ...]]:
    """What each incident's round still lacks, the next thing first; one statement for all."""
    pks = [incident.pk for incident in incidents]
    here = OuterRef("pk")
    rounds = Round.objects.filter(incident__in=pks, number=F("incident__round_number")).annotate(
        incident_finding=F("incident__finding"),
        found_remedies=_as_json(
            Remedy.objects.filter(round=here), "id", "round_id", "state", "replaces_id", "declined_as"
        ),
        found_apologies=_as_json(
            Apology.objects.filter(round=here), "round_id", "made_at", "kind", "channel", "travels_with_id"
        ),
        found_calls=_as_json(FollowUp.objects.filter(round=here), "round_id", "answered_at", "cancelled_at", "outcome"),
    )
    gates: dict[int, tuple[Gate, ...]] = dict.fromkeys(pks, ())
    for round_ in rounds:
        row: Any = round_
        facts = facts_of(
            round_,
            finding=row.incident_finding,
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
