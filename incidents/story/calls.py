"""The calls page: whom to call now, soon and later, who was called today, what else I owe.

Three queries: the calls to make, those made since yesterday once the first are all shown, and the
incidents in which this person owes a promise or waits for a receipt. What each row tells beside
comes in the same statements. Calls and debts go on by keyset, each on pages of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from incidents import access
from incidents.models import Attempt, ContactKind, ContactPoint, FollowUp, Incident, PromiseMade, Remedy, Staff
from incidents.models.followup import FollowUpQuerySet
from incidents.models.nested import as_json, from_json
from incidents.models.prepared import find
from incidents.story.words import day_and_time, ordinal_try
from incidents.vocabulary import Outcome, RemedyState

PAGE = 25
DEBTS = 10
SOON = dt.timedelta(hours=24)
Calls = Callable[[Staff], FollowUpQuerySet]
# What a row says; the rest of these rows stays in the database.
ON_A_ROW = (
    *("due_at", "answered_at", "cancelled_at", "outcome", "assignee__name", "assignee__email"),
    *("incident__reference", "incident__severity", "incident__customer_hint", "incident__what_happened"),
    *("incident__is_restricted", "incident__assignee", "incident__round_number", "incident__location__time_zone"),
    *("incident__category__name", "incident__customer__name", "incident__customer__account__name"),
)


@dataclass(frozen=True)
class Row:
    """One call, and what to know before dialling."""

    call: FollowUp
    incident: Incident
    promises: list[PromiseMade]
    last_try: Attempt | None
    phone: str
    dial: str
    is_whole: bool
    now: dt.datetime
    zone: str = ""

    @property
    def is_late(self) -> bool:
        return self.call.due_at < self.now

    @property
    def due_words(self) -> str:
        when = day_and_time(self.call.due_at, self.incident.location.zone)
        return f"{when} ({self.zone})" if self.zone else when

    @cached_property
    def tried_words(self) -> str:
        if self.last_try is None:
            return ""
        when = day_and_time(self.last_try.at, self.incident.location.zone)
        return f"{Outcome(self.last_try.outcome).label}, {when}"

    @property
    def try_words(self) -> str:
        return ordinal_try(self.incident.round_number)


@dataclass(frozen=True)
class Debt:
    """What this person still owes in one incident beside calls."""

    incident: Incident
    promises: list[PromiseMade]
    receipts: list[Remedy]


@dataclass
class CallBook:
    is_everyone: bool
    late: list[Row] = field(default_factory=list)
    soon: list[Row] = field(default_factory=list)
    later: list[Row] = field(default_factory=list)
    done: list[Row] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)
    after: str = ""
    owed_after: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.late or self.soon or self.later or self.done or self.debts)


def call_book(
    staff: Staff, now: dt.datetime, *, is_everyone: bool = False, after: str = "", owed_after: str = ""
) -> CallBook:
    """`after` is where the calls of the page before ended (`due|id`), `owed_after` where its debts did; one of both.

    Anything else begins at the start.
    """
    book = CallBook(is_everyone=is_everyone)
    if not owed_after:
        _fill_in_calls(book, staff, now, after)
    if not after:
        _fill_in_debts(book, staff, now, owed_after)
    return book


def _fill_in_calls(book: CallBook, staff: Staff, now: dt.datetime, after: str) -> None:
    calls = _everyones if book.is_everyone else _mine
    if after:
        planned = calls(staff).planned().filter(_beyond(after, "due_at")).order_by("due_at", "id")
        found = list(planned[: PAGE + 1])
    else:
        found = find(_planned[calls], staff=staff, now=now)
    if len(found) > PAGE:
        found = found[:PAGE]
        book.after = _cursor(found[-1].due_at, found[-1].pk)
    else:
        found += find(_answered[calls], staff=staff, now=now - SOON)
    for call in found:
        row = _row(call, staff, now)
        if not call.is_planned:
            if _is_today(call, now):
                book.done.append(row)
        elif call.due_at < now:
            book.late.append(row)
        else:
            (book.soon if call.due_at < now + SOON else book.later).append(row)


def call_numbers(staff: Staff, now: dt.datetime, *, is_everyone: bool) -> list[int]:
    """All the calls of that page in its order: those to make, then those done today. Two statements."""
    calls = FollowUp.objects.visible_to(staff).filter(_of_everyone(staff) if is_everyone else Q(assignee=staff))
    planned = calls.planned().order_by("due_at", "id").values_list("pk", flat=True)
    done = calls.filter(answered_at__gte=now - SOON).order_by("answered_at", "id").select_related("incident__location")
    lately = done.only("answered_at", "incident__location__time_zone")
    return [*planned, *(call.pk for call in lately if _is_today(call, now))]


def _is_today(call: FollowUp, now: dt.datetime) -> bool:
    """Answered on this day, on the clocks of its place."""
    zone = call.incident.location.zone
    return call.answered_at is not None and call.answered_at.astimezone(zone).date() == now.astimezone(zone).date()


def _fill_in_debts(book: CallBook, staff: Staff, now: dt.datetime, owed_after: str) -> None:
    found = list(_owing(staff, now, owed_after)) if owed_after else find(_owing, staff=staff, now=now)
    book.debts = [_debt(incident) for incident in found[:DEBTS]]
    if len(found) > DEBTS:
        book.owed_after = _cursor(found[DEBTS - 1].next_due_at, found[DEBTS - 1].pk)


def _mine(staff: Staff) -> FollowUpQuerySet:
    return _calls(staff).filter(assignee=staff)


def _everyones(staff: Staff) -> FollowUpQuerySet:
    """All that they may see; of restricted ones a front desk only its own."""
    return _calls(staff).filter(_of_everyone(staff))


def _of_everyone(staff: Staff) -> Q:
    if staff.is_manager:
        return Q()
    return Q(incident__is_restricted=False) | Q(assignee=staff) | Q(incident__assignee=staff)


def _planned_of(calls: Calls, staff: Staff, now: dt.datetime) -> QuerySet[FollowUp]:
    return calls(staff).planned().order_by("due_at", "id")[: PAGE + 1]


def _answered_of(calls: Calls, staff: Staff, since: dt.datetime) -> QuerySet[FollowUp]:
    return calls(staff).filter(answered_at__gte=since).order_by("answered_at", "id")[:PAGE]


# Made once: by them `find()` knows which SQL it has.
_planned = {calls: partial(_planned_of, calls) for calls in (_mine, _everyones)}
_answered = {calls: partial(_answered_of, calls) for calls in (_mine, _everyones)}


def _calls(staff: Staff) -> FollowUpQuerySet:
    usable = ContactPoint.objects.filter(kind=ContactKind.PHONE, wrong_since__isnull=True)
    phones = usable.filter(customer=OuterRef("incident__customer")).order_by("id")
    promises = PromiseMade.objects.filter(
        incident=OuterRef("incident"), kept_at__isnull=True, broken_at__isnull=True
    ).order_by("due_at")
    tries = Attempt.objects.filter(follow_up=OuterRef("pk")).order_by("-at", "-id")
    return (
        FollowUp.objects.visible_to(staff)
        .select_related("incident__customer__account", "incident__category", "incident__location", "assignee")
        .only(*ON_A_ROW)
        .annotate(
            phone=Subquery(phones.values("value")[:1]),
            dial=Subquery(phones.values("normalized")[:1]),
            open_promises=as_json(promises[:3]),
            tries=as_json(tries[:1]),
        )
    )


def _cursor(due: dt.datetime | None, pk: int) -> str:
    return f"{due.isoformat() if due else ''}|{pk}"


def _beyond(after: str, column: str) -> Q:
    """What comes after that row in the order of `column` and the id; rows without an instant come last."""
    due, _bar, pk = after.partition("|")
    try:
        moment = dt.datetime.fromisoformat(due) if due else None
        number = int(pk)
    except ValueError:
        return Q()
    if (moment and moment.tzinfo is None) or not 0 < number < 2**63:
        return Q()
    if moment is None:
        return Q(**{f"{column}__isnull": True, "pk__gt": number})
    later = Q(**{f"{column}__gt": moment}) | Q(**{f"{column}__isnull": True})
    return later | Q(**{column: moment, "pk__gt": number})


def _row(call: Any, staff: Staff, now: dt.datetime) -> Row:
    tries = from_json(Attempt, call.tries)
    return Row(
        call=call,
        incident=call.incident,
        promises=from_json(PromiseMade, call.open_promises),
        last_try=tries[0] if tries else None,
        phone=call.phone or "",
        dial=call.dial or "",
        is_whole=access.can_read_whole(staff, call.incident),
        now=now,
        zone=call.incident.location.zone_words(staff),
    )


def _owing(staff: Staff, now: dt.datetime, owed_after: str = "") -> QuerySet[Incident]:
    """One more than a page. Which ones they are is settled before anything is read beside them."""
    own = PromiseMade.objects.filter(assignee=staff, kept_at__isnull=True, broken_at__isnull=True)
    awaited = Remedy.objects.filter(state=RemedyState.AWAITING_RECEIPT).filter(
        Q(assignee=staff) | Q(assignee__isnull=True, incident__assignee=staff)
    )
    owed = own.order_by().values("incident").union(awaited.order_by().values("incident"))
    order = (F("next_due_at").asc(nulls_last=True), "id")
    seen = Incident.objects.visible_to(staff).filter(pk__in=owed)
    page = (seen.filter(_beyond(owed_after, "next_due_at")) if owed_after else seen).order_by(*order)[: DEBTS + 1]
    promises = own.filter(incident=OuterRef("pk"))
    receipts = awaited.filter(incident=OuterRef("pk"))
    return (
        Incident.objects.filter(pk__in=page.values("pk"))
        .select_related("customer", "category", "location")
        .annotate(own_promises=as_json(promises.order_by("due_at")), own_receipts=as_json(receipts.order_by("id")))
        .order_by(*order)
    )


def _debt(incident: Any) -> Debt:
    return Debt(
        incident=incident,
        promises=from_json(PromiseMade, incident.own_promises),
        receipts=from_json(Remedy, incident.own_receipts),
    )
