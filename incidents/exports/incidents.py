"""Recoveries as rows of a file: what the list shows, and what stands on the page of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import DecimalField, F, IntegerField, Min, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.exports.cells import Cell, local, phone
from incidents.exports.listing import Column, Kind, Listing, in_order, yes
from incidents.models import Apology, ContactKind, ContactPoint, FollowUp, Incident, Remedy, Staff
from incidents.vocabulary import PENDING_REMEDY, Finding, Outcome, RemedyState

OF_A_ROW = (
    *("reference", "customer_hint", "what_happened", "remedy_sought", "place", "source", "told_by", "severity"),
    *("finding", "is_restricted", "is_second_failure", "occurred_on", "occurred_at", "reported_at", "created_at"),
    *("stage", "round_number", "next_due_at", "closed_at", "close_reason", "reopen_count", "review_state"),
    *("reach_at", "reach_until", "waiting_until"),
    *("customer__name", "customer__account__name", "customer__account__is_key", "category__name", "root_cause__name"),
    *("location__name", "location__time_zone", "location__currency"),
    *("assignee__name", "assignee__email", "logged_by__name", "logged_by__email"),
)


@dataclass(frozen=True)
class Line:
    """One recovery; `is_whole`: whether the story and the money may be read."""

    incident: Any
    is_whole: bool
    now: dt.datetime
    zone: dt.tzinfo

    def time(self, moment: dt.datetime | None) -> Cell:
        return local(moment, self.zone)

    @property
    def is_late(self) -> bool:
        due = self.incident.next_due_at
        return due is not None and due < self.now


def latest_phone(customer: str) -> QuerySet[ContactPoint]:
    """Their right numbers, the newest first. `customer` is the column that names them."""
    right = ContactPoint.objects.filter(customer=OuterRef(customer), wrong_since__isnull=True)
    return right.filter(kind=ContactKind.PHONE).order_by("-id")


def _sum(of: str, *states: str) -> Subquery:
    """Money in the currency of the place, of remedies in those states; minutes of all."""
    remedies = Remedy.objects.filter(incident=OuterRef("pk")).order_by()
    if of == "minutes":
        counted = remedies.values("incident").annotate(total=Sum("minutes"))
        return Subquery(counted.values("total"), output_field=IntegerField())
    money = remedies.filter(state__in=states, currency=OuterRef("location__currency")).values("incident")
    counted = money.annotate(total=Sum(Coalesce(F("actual_amount"), F("estimated_amount"))))
    return Subquery(counted.values("total"), output_field=DecimalField())


def _first(rows: Any, moment: str) -> Subquery:
    return Subquery(rows.order_by().values("incident").annotate(first=Min(moment)).values("first"))


def _rows(staff: Staff, numbers: Sequence[int]) -> QuerySet[Incident]:
    phones = latest_phone("customer")
    calls = FollowUp.objects.filter(incident=OuterRef("pk"))
    answers = calls.filter(answered_at__isnull=False).order_by("-answered_at", "-id")
    found = Incident.objects.visible_to(staff).filter(pk__in=numbers)
    named = found.select_related("customer__account", "category", "location", "assignee", "logged_by", "root_cause")
    return named.only(*OF_A_ROW).annotate(
        phone=Subquery(phones.values("normalized")[:1]),
        phone_typed=Subquery(phones.values("value")[:1]),
        given=_sum("money", RemedyState.DELIVERED),
        promised=_sum("money", *sorted(PENDING_REMEDY)),
        our_minutes=_sum("minutes"),
        apologized_at=_first(Apology.objects.filter(incident=OuterRef("pk")), "made_at"),
        call_due_at=_first(calls.planned(), "due_at"),
        answer=Subquery(answers.values("outcome")[:1]),
    )


def _read(staff: Staff, numbers: Sequence[int], now: dt.datetime) -> list[Line]:
    found = {
        incident.pk: Line(incident, access.can_read_whole(staff, incident), now, incident.location.zone)
        for incident in _rows(staff, numbers)
    }
    return cast("list[Line]", in_order(found, numbers))


def _company(line: Line) -> Cell:
    customer = line.incident.customer
    return customer.account.name if customer and customer.account else None


def _is_key(line: Line) -> Cell:
    customer = line.incident.customer
    return yes(customer.account.is_key) if customer and customer.account else None


def _answer(line: Line) -> Cell:
    return str(Outcome(line.incident.answer).label) if line.incident.answer else None


def _happened(line: Line) -> Cell:
    return line.time(line.incident.occurred_at) or line.incident.occurred_on


def _finding(line: Line) -> Cell:
    known = line.incident.finding != Finding.UNDETERMINED
    return str(line.incident.get_finding_display()) if known else None


COLUMNS = (
    Column(_("Reference"), lambda r: r.incident.reference, width=15),
    Column(_("Customer"), lambda r: r.incident.who, width=24),
    Column(_("Company or group"), _company, width=22, is_own=True),
    Column(_("Key account"), _is_key, width=10, is_own=True),
    Column(_("Phone"), lambda r: phone(r.incident.phone, r.incident.phone_typed), width=19, is_own=True),
    Column(_("What kind of mistake"), lambda r: r.incident.category.label, width=24),
    Column(_("What happened"), lambda r: r.incident.what_happened, width=60, is_own=True),
    Column(_("Where"), lambda r: r.incident.place),
    Column(_("Location"), lambda r: r.incident.location.name, width=20),
    Column(_("How bad"), lambda r: r.incident.get_severity_display(), width=10),
    Column(_("Next step"), lambda r: r.incident.get_stage_display(), width=12),
    Column(_("Due"), lambda r: r.time(r.incident.next_due_at), Kind.MOMENT),
    Column(_("Late"), lambda r: yes(r.is_late) if r.incident.is_open else None, width=7),
    Column(_("Try"), lambda r: r.incident.round_number, Kind.NUMBER, 6),
    Column(_("Waiting for them until"), lambda r: r.time(r.incident.waiting_until), Kind.MOMENT),
    Column(_("Who has it"), lambda r: str(r.incident.assignee), width=20),
    Column(_("Written down by"), lambda r: str(r.incident.logged_by), width=20),
    Column(_("How we learned of it"), lambda r: r.incident.get_source_display(), width=18),
    Column(_("Told"), lambda r: r.incident.get_told_by_display(), width=12, is_own=True),
    Column(_("Happened"), _happened, Kind.MOMENT, is_own=True),
    Column(_("Reported"), lambda r: r.time(r.incident.reported_at), Kind.MOMENT),
    Column(_("Logged"), lambda r: r.time(r.incident.created_at), Kind.MOMENT),
    Column(_("Would make it right"), lambda r: r.incident.remedy_sought, width=30, is_own=True),
    Column(_("Apologized"), lambda r: r.time(r.incident.apologized_at), Kind.MOMENT, is_own=True),
    Column(_("Given"), lambda r: r.incident.given, Kind.MONEY, 11, is_own=True),
    Column(_("Promised"), lambda r: r.incident.promised, Kind.MONEY, 11, is_own=True),
    Column(_("Currency"), lambda r: r.incident.location.currency, width=9),
    Column(_("Our minutes"), lambda r: r.incident.our_minutes, Kind.NUMBER, 11, is_own=True),
    Column(_("Next call"), lambda r: r.time(r.incident.call_due_at), Kind.MOMENT, is_own=True),
    Column(
        _("What they said last"),
        _answer,
        is_own=True,
    ),
    Column(_("Reach them at"), lambda r: r.incident.reach_at, width=20, is_own=True),
    Column(_("Can be reached until"), lambda r: r.time(r.incident.reach_until), Kind.MOMENT, is_own=True),
    Column(_("Finding"), _finding, width=14, is_own=True),
    Column(_("We made it worse"), lambda r: yes(r.incident.is_second_failure), width=10, is_own=True),
    Column(_("Cause"), lambda r: r.incident.root_cause.label if r.incident.root_cause else None, width=22, is_own=True),
    Column(_("Review"), lambda r: r.incident.get_review_state_display(), width=18, is_own=True),
    Column(_("Closed"), lambda r: r.time(r.incident.closed_at), Kind.MOMENT),
    Column(_("How it ended"), lambda r: r.incident.get_close_reason_display() if r.incident.close_reason else None),
    Column(_("Reopened"), lambda r: r.incident.reopen_count, Kind.NUMBER, 10, is_own=True),
    Column(_("Restricted"), lambda r: yes(r.incident.is_restricted), width=10),
    Column(_("Time zone"), lambda r: r.incident.location.time_zone, width=18),
)
RECOVERIES = Listing("incidents", "recoveries", _("Recoveries"), COLUMNS, _read, lambda line: line.incident)
