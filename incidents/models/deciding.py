"""Who may answer a question about money."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from incidents.access import Role, can_read_whole
from incidents.models.allowing import MOST, NOT_COUNTED, NOTHING, Total, counting, live, sum_up, total_of
from incidents.models.incident import Incident
from incidents.models.money import ApprovalQuerySet, ApprovalRequest, Limit, limit_for
from incidents.models.playbook import Playbook
from incidents.models.recovery import Remedy
from incidents.models.staff import Staff
from incidents.targets import GO_AHEAD_AFTER
from incidents.vocabulary import Severity


@dataclass(frozen=True)
class Decider:
    """Somebody who may answer: in their own right, for somebody who is away, or because there is nobody else."""

    person: Staff
    instead_of: Staff | None = None
    is_sole: bool = False


def sees(person: Staff, incident: Incident) -> bool:
    """One query, of a restricted incident; else none."""
    return not incident.is_restricted or Incident.objects.visible_to(person).filter(pk=incident.pk).exists()


def comes_to(request: ApprovalRequest, incident: Incident) -> Total:
    """What the incident comes to now with what is asked for, whatever it came to when that was asked. One query."""
    others = total_of(incident, currency=request.currency, besides=request.remedy_id)
    return Total(min(others.amount + request.amount, MOST), request.currency, others.is_mixed)


def _able(request: ApprovalRequest, incident: Incident) -> list[Staff]:
    """Managers of the place whose own limit covers the total, and administrators; those who may see it."""
    wanted = Q(role=Role.ADMINISTRATOR)
    limit = limit_for(Role.MANAGER, request.remedy.type_id, incident.location_id)
    total = comes_to(request, incident)
    if limit is None or (total.amount <= limit and not total.is_mixed):
        wanted |= Q(role=Role.MANAGER, memberships__location=incident.location_id)
    people = Staff.objects.filter(wanted, is_active=True).select_related("stand_in").distinct().order_by("id")
    return [person for person in people if sees(person, incident)]


def deciders_of(request: ApprovalRequest, incident: Incident, *, now: dt.datetime) -> list[Decider]:
    """Everybody who may answer now, in their own right first. Never whoever named the amount, unless nobody else may.

    Three queries, and one for each of them about a restricted incident.
    """
    able = _able(request, incident)
    others = [person for person in able if person.pk != request.proposed_by_id]
    if not others:
        alone = request.proposed_by
        may = alone.is_active and alone.is_manager and sees(alone, incident)
        return [Decider(alone, is_sole=True)] if may else []
    found = [Decider(person) for person in others]
    known = {person.pk for person in others} | {request.proposed_by_id}
    for person in others:
        stand_in = person.stand_in
        if stand_in is None or stand_in.pk in known or not is_away(person, now):
            continue
        if stand_in.is_active and has_place(stand_in, incident) and _reads(stand_in, incident):
            found.append(Decider(stand_in, instead_of=person))
            known.add(stand_in.pk)
    return found


def _reads(person: Staff, incident: Incident) -> bool:
    """Money is part of the story: whoever only sees a step of their own does not stand in."""
    return can_read_whole(person, incident) and sees(person, incident)


def is_away(person: Staff, now: dt.datetime) -> bool:
    return person.away_until is not None and person.away_until > now


def has_place(person: Staff, incident: Incident) -> bool:
    return person.sees_all or incident.location_id in person.location_ids


def decider(person: Staff, request: ApprovalRequest, incident: Incident, *, now: dt.datetime) -> Decider | None:
    """As what `person` may answer this; None when they may not."""
    return next((found for found in deciders_of(request, incident, now=now) if found.person.pk == person.pk), None)


def may_go_ahead_at(request: ApprovalRequest, incident: Incident) -> dt.datetime | None:
    """When waiting for an answer ends; None when only an answer helps, or the playbook."""
    within = GO_AHEAD_AFTER.get(Severity(incident.severity))
    return request.proposed_at + within if within else None


def is_pre_approved(request: ApprovalRequest, incident: Incident) -> bool:
    """The playbook lets that much of this remedy go in one incident. At most three queries."""
    found = Playbook.objects.filter(category=incident.category_id)
    own = found.filter(Q(location=incident.location_id) | Q(location__isnull=True))
    playbook = own.order_by(F("location").asc(nulls_last=True)).first()
    if playbook is None:
        return False
    usual = playbook.remedies.filter(type=request.remedy.type_id, pre_approved_up_to__isnull=False).first()
    if usual is None or request.currency != incident.location.currency:
        return False
    same = live(incident).filter(type=request.remedy.type_id).exclude(pk=request.remedy_id)
    spent = sum_up(same.values_list("currency", "counts"), request.currency)
    return not spent.is_mixed and spent.amount + request.amount <= usual.pre_approved_up_to


def to_decide(staff: Staff, now: dt.datetime) -> ApprovalQuerySet:
    """The questions that wait for `staff`, as far as SQL can say; no query until it is read.

    Whoever answers one is asked again by `decider()`, which also looks at who may see a restricted incident.
    """
    rows = (
        ApprovalRequest.objects.visible_to(staff)
        .waiting()
        .alias(managers_limit=_managers_limit(), others=_others_now())
    )
    fits = Q(managers_limit__gte=F("amount") + Coalesce(F("others"), NOTHING))
    covers = Q(managers_limit__isnull=True) | (fits & ~Exists(_in_another_currency()))
    away = Staff.objects.filter(stand_in=staff, is_active=True, away_until__gt=now)
    may: Any = Q(Exists(away.filter(role=Role.ADMINISTRATOR))) | (Q(Exists(_managers_there(away))) & covers)
    if staff.sees_all:
        may = Q()
    elif staff.role == Role.MANAGER:
        may |= Q(incident__location__in=staff.location_ids) & covers
    asked_by_others = ~Q(proposed_by=staff) & may
    if not staff.is_manager:
        return rows.filter(asked_by_others)
    others = Staff.objects.filter(is_active=True).exclude(pk=staff.pk)
    is_alone = ~Q(Exists(others.filter(role=Role.ADMINISTRATOR))) & ~(Q(Exists(_managers_there(others))) & covers)
    return rows.filter(asked_by_others | (Q(proposed_by=staff) & is_alone))


def _managers_limit() -> Subquery:
    """What managers may give of that remedy at that place; null is no limit."""
    fitting = Limit.objects.filter(
        Q(type=OuterRef("remedy__type")) | Q(type__isnull=True),
        Q(location=OuterRef("incident__location")) | Q(location__isnull=True),
        role=Role.MANAGER,
    )
    nearest = fitting.order_by(F("type").asc(nulls_last=True), F("location").asc(nulls_last=True))
    return Subquery(nearest.values("amount")[:1])


def _others_now() -> Subquery:
    """What everything else in the incident comes to now; null is nothing."""
    others = Remedy.objects.filter(incident=OuterRef("incident"), currency=OuterRef("currency"))
    counted = counting(others.exclude(pk=OuterRef("remedy")), OuterRef("incident__location"))
    return Subquery(counted.order_by().values("incident").annotate(sum=Sum("counts")).values("sum"))


def _in_another_currency() -> QuerySet[Remedy]:
    live = Remedy.objects.filter(incident=OuterRef("incident")).exclude(state__in=NOT_COUNTED)
    return live.exclude(currency=OuterRef("currency")).filter(Q(actual_amount__gt=0) | Q(estimated_amount__gt=0))


def _managers_there(people: QuerySet[Staff]) -> QuerySet[Staff]:
    return people.filter(role=Role.MANAGER, memberships__location=OuterRef("incident__location"))
