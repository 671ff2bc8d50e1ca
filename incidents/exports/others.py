"""Calls and customers as rows of a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.exports.cells import Cell, local, phone
from incidents.exports.incidents import latest_phone
from incidents.exports.listing import Column, Kind, Listing, in_order, yes
from incidents.models import Attempt, ContactKind, ContactPoint, Customer, FollowUp, Incident, Staff
from incidents.vocabulary import Outcome

OF_A_CALL = (
    *("due_at", "answered_at", "cancelled_at", "outcome", "assignee__name", "assignee__email"),
    *("incident__reference", "incident__severity", "incident__customer_hint", "incident__what_happened"),
    *("incident__is_restricted", "incident__assignee", "incident__round_number", "incident__reach_at"),
    *("incident__location__name", "incident__location__time_zone", "incident__category__name"),
    *("incident__customer__name", "incident__customer__account__name"),
)


# Calls ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CallLine:
    """One call, as its page shows it."""

    call: Any
    incident: Incident
    is_whole: bool
    now: dt.datetime
    zone: dt.tzinfo

    def time(self, moment: dt.datetime | None) -> Cell:
        return local(moment, self.zone)

    @property
    def state(self) -> str:
        if not self.call.is_planned:
            return _now("Done")
        return _now("Late") if self.call.due_at < self.now else _now("To do")


def _calls(staff: Staff, numbers: Sequence[int]) -> QuerySet[FollowUp]:
    phones = latest_phone("incident__customer").order_by("id")  # the first one, as the page dials it
    tries = Attempt.objects.filter(follow_up=OuterRef("pk"))
    counted = tries.order_by().values("follow_up").annotate(n=Count("pk")).values("n")
    found = FollowUp.objects.visible_to(staff).filter(pk__in=numbers)
    named = found.select_related("incident__customer__account", "incident__category", "incident__location", "assignee")
    return named.only(*OF_A_CALL).annotate(
        phone=Subquery(phones.values("normalized")[:1]),
        phone_typed=Subquery(phones.values("value")[:1]),
        tries=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        tried_at=Subquery(tries.order_by("-at", "-id").values("at")[:1]),
        tried=Subquery(tries.order_by("-at", "-id").values("outcome")[:1]),
    )


def _read_calls(staff: Staff, numbers: Sequence[int], now: dt.datetime) -> list[Any]:
    found = {
        call.pk: CallLine(
            call, call.incident, access.can_read_whole(staff, call.incident), now, call.incident.location.zone
        )
        for call in _calls(staff, numbers)
    }
    return in_order(found, numbers)


def _company(line: CallLine) -> Cell:
    customer = line.incident.customer
    return customer.account.name if customer and customer.account else None


def _outcome(code: str | None) -> Cell:
    return str(Outcome(code).label) if code else None


CALL_COLUMNS = (
    Column(_("Due"), lambda r: r.time(r.call.due_at), Kind.MOMENT),
    Column(_("How it stands"), lambda r: r.state, width=12),
    Column(_("Customer"), lambda r: r.incident.who, width=24),
    Column(_("Company or group"), _company, width=22),
    Column(_("Phone"), lambda r: phone(r.call.phone, r.call.phone_typed), width=19),
    Column(_("Reach them at"), lambda r: r.incident.reach_at, width=20),
    Column(_("What kind of mistake"), lambda r: r.incident.category.label, width=24),
    Column(_("What happened"), lambda r: r.incident.what_happened, width=60, is_own=True),
    Column(_("How bad"), lambda r: r.incident.get_severity_display(), width=10),
    Column(_("Try"), lambda r: r.incident.round_number, Kind.NUMBER, 6),
    Column(_("Who calls"), lambda r: str(r.call.assignee), width=20),
    Column(_("Attempts"), lambda r: r.call.tries, Kind.NUMBER, 9),
    Column(_("Last attempt"), lambda r: r.time(r.call.tried_at), Kind.MOMENT),
    Column(_("How it went"), lambda r: _outcome(r.call.tried), width=18),
    Column(_("Done"), lambda r: r.time(r.call.answered_at), Kind.MOMENT),
    Column(_("What they said"), lambda r: _outcome(r.call.outcome), width=18),
    Column(_("Reference"), lambda r: r.incident.reference, width=15),
    Column(_("Location"), lambda r: r.incident.location.name, width=20),
    Column(_("Time zone"), lambda r: r.incident.location.time_zone, width=18),
)
CALLS = Listing("calls", "calls", _("Calls"), CALL_COLUMNS, _read_calls, lambda line: line.incident)


# Customers ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CustomerLine:
    """One customer; times are those of the reader's wall."""

    customer: Any
    zone: dt.tzinfo
    is_whole: bool = True


def _customers(staff: Staff, numbers: Sequence[int]) -> QuerySet[Customer]:
    right = ContactPoint.objects.filter(customer=OuterRef("pk"), wrong_since__isnull=True)
    phones, mails = latest_phone("pk"), right.filter(kind=ContactKind.EMAIL).order_by("-id")
    theirs = Incident.objects.visible_to(staff).filter(customer=OuterRef("pk")).order_by()
    counted = theirs.values("customer").annotate(n=Count("pk")).values("n")
    is_open = theirs.open().values("customer").annotate(n=Count("pk")).values("n")
    found = Customer.objects.standing().filter(pk__in=numbers)
    return found.select_related("account").annotate(
        phone=Subquery(phones.values("normalized")[:1]),
        phone_typed=Subquery(phones.values("value")[:1]),
        mail=Subquery(mails.values("value")[:1]),
        open_count=Coalesce(Subquery(is_open, output_field=IntegerField()), 0),
        all_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
    )


def _read_customers(staff: Staff, numbers: Sequence[int], now: dt.datetime) -> list[Any]:
    zone = staff.zone
    return in_order({each.pk: CustomerLine(each, zone) for each in _customers(staff, numbers)}, numbers)


CUSTOMER_COLUMNS = (
    Column(_("Name"), lambda r: r.customer.name, width=24),
    Column(_("Company or group"), lambda r: r.customer.account.name if r.customer.account else None, width=22),
    Column(_("Key account"), lambda r: yes(r.customer.account.is_key) if r.customer.account else None, width=10),
    Column(_("Role there"), lambda r: r.customer.job_title, width=20),
    Column(_("Phone"), lambda r: phone(r.customer.phone, r.customer.phone_typed), width=19),
    Column(_("E-mail"), lambda r: r.customer.mail, width=28),
    Column(_("Loyalty or customer number"), lambda r: r.customer.loyalty_number, width=20),
    Column(_("Postal address"), lambda r: r.customer.address, width=34),
    Column(_("Language they prefer"), lambda r: r.customer.language, width=14),
    Column(_("How they like to hear from us"), lambda r: r.customer.get_preferred_channel_display(), width=18),
    Column(_("Open"), lambda r: r.customer.open_count, Kind.NUMBER, 8),
    Column(_("Recoveries in all"), lambda r: r.customer.all_count, Kind.NUMBER, 10),
    Column(_("Wants no contact since"), lambda r: local(r.customer.no_contact_since, r.zone), Kind.MOMENT),
    Column(_("Added"), lambda r: local(r.customer.created_at, r.zone), Kind.MOMENT),
    Column(_("Time zone"), lambda r: str(r.zone), width=18),
)
CUSTOMERS = Listing("customers", "customers", _("Customers"), CUSTOMER_COLUMNS, _read_customers, lambda line: None)
