"""The list of recoveries: views with counts, filters, keyset pages. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext

from incidents.access import can_read_whole
from incidents.board import tabs
from incidents.board.keyset import EPOCH, first_page, page_by
from incidents.board.tabs import ALL, CLOSED, LATE, in_view
from incidents.models import Category, Customer, Incident, Location, Membership, Staff
from incidents.models.base import number_key, sort_key
from incidents.models.incident import IncidentQuerySet
from incidents.models.prepared import ask, find
from incidents.models.wording import may_read, says, words_of
from incidents.vocabulary import Stage

PAGE = 25
NAMES = 500  # as many customers are asked for one by one
ME = "me"
SHORTEST_PART = 3  # of an order number; less is in every one of them


@dataclass(frozen=True)
class Option:
    """Something to filter by: what stands in the address, and what people read."""

    value: str
    label: str


@dataclass(frozen=True)
class Options:
    """What one person may choose from."""

    locations: tuple[Option, ...] = ()
    people: tuple[Option, ...] = ()
    categories: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Filters:
    """What was chosen; values nobody offered never get here."""

    view: str = ALL
    q: str = ""
    location: tuple[str, ...] = ()
    assignee: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    severity: tuple[int, ...] = ()
    stage: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    overdue: bool = False
    called: tuple[int, ...] | None = ()  # the customers that `q` names; None when they are too many to say

    @property
    def is_open_only(self) -> bool:
        """Nothing closed can be among it."""
        return self.overdue or bool(self.stage and Stage.CLOSED not in self.stage)


@dataclass(frozen=True)
class Card:
    """One recovery; `story` is empty where the reader may not have it."""

    incident: Incident
    story: str
    lacks: str = ""


def card(staff: Staff, incident: Incident, lacks: str = "") -> Card:
    return Card(incident, incident.what_happened if can_read_whole(staff, incident) else "", lacks)


@dataclass(frozen=True)
class Page:
    """One page of the list. The cursors go into `before` and `after`."""

    cards: list[Card]
    newer: str = ""
    older: str = ""
    counts: dict[str, int | str] = field(default_factory=dict)


# What a card says: a third of the columns, and half the time.
ON_A_CARD = (
    *("reference", "customer_hint", "what_happened", "place", "severity", "is_restricted", "stage", "round_number"),
    *("next_due_at", "closed_at", "close_reason", "customer__name", "category__name", "location__time_zone"),
    *("assignee__name", "assignee__email", "waiting_until"),
)


def for_cards(incidents: IncidentQuerySet) -> IncidentQuerySet:
    return incidents.select_related("customer", "category", "assignee", "location").only(*ON_A_CARD)


def options_for(staff: Staff) -> Options:
    """Places, people and kinds of mistake to filter by; one statement."""
    found = ask(_offers, staff=staff, now=EPOCH)
    return Options(
        locations=tuple(Option(str(row["value"]), row["label"]) for row in found["places"]),
        people=tuple(Option(str(row["value"]), row["label"]) for row in found["people"]),
        categories=tuple(Option(row["value"], gettext(row["label"])) for row in found["kinds"]),
    )


def _offers(staff: Staff, now: dt.datetime) -> Any:
    """No part of it depends on the clock."""
    people = Staff.objects.filter(is_active=True)
    if not staff.sees_all:
        people = people.filter(pk__in=Membership.objects.filter(location__in=staff.location_ids).values("staff"))
    kinds = Category.objects.filter(is_active=True).order_by("position", "id")
    return Staff.objects.filter(pk=staff.pk).values(
        places=_pairs(Location.objects.open_to(staff).order_by("name"), "pk"),
        people=_pairs(people.order_by("sort_name", "id"), "pk"),
        kinds=_pairs(kinds, "key"),
    )


def _pairs(rows: Any, value: str) -> ArraySubquery:
    return ArraySubquery(rows.values(pair=JSONObject(value=value, label="name")))


def filtered(staff: Staff, chosen: Filters, now: dt.datetime) -> IncidentQuerySet:
    """What `staff` may see of what was chosen, in every view."""
    found = Incident.objects.visible_to(staff)
    if chosen.location:
        found = found.filter(location__in=[int(pk) for pk in chosen.location])
    if chosen.assignee:
        found = found.filter(assignee__in=[staff.pk if who == ME else int(who) for who in chosen.assignee])
    if chosen.category:
        found = found.filter(category__key__in=chosen.category)
    if chosen.severity:
        found = found.filter(severity__in=chosen.severity)
    if chosen.stage:
        found = found.filter(stage__in=chosen.stage)
    if chosen.source:
        found = found.filter(source__in=chosen.source)
    if chosen.overdue:
        found = found.overdue(now)
    elif chosen.is_open_only:
        found = found.open()  # says the same, and keeps the search away from all that is closed
    return found.filter(_matching(staff, chosen)) if chosen.q else found


def _matching(staff: Staff, chosen: Filters) -> Q:
    """Reference, customer, company; order number or the words, where `staff` may read them."""
    q = chosen.q
    words = Q(_story(q)) | Q(customer_hint__holds=q)
    key = number_key(q)
    if len(key) >= SHORTEST_PART and any(c.isdigit() for c in key):
        words |= ~Q(order_reference="") & Q(order_reference__contains=key)
    words &= may_read(staff)
    named = _called(q) if chosen.called is None else chosen.called
    return words | Q(customer__in=named) | Q(reference__holds=q)


def _story(q: str) -> Any:
    """Each word is somewhere in the story; one with an accent begins a word of it, with or without."""
    words = words_of(q)
    if words and not q.isascii():
        return says(words)
    held = Q()
    for word in words or [q]:
        held &= Q(what_happened__holds=word)
    return held


def _called(q: str) -> QuerySet[Customer, int]:
    """The customers who, or whose company, are called so."""
    plain = sort_key(q)
    named = Customer.objects.filter(sort_name__contains=plain).values_list("pk", flat=True)
    return named.union(Customer.objects.filter(account__sort_name__contains=plain).values_list("pk", flat=True))


def _with_names(chosen: Filters) -> Filters:
    """Who is called so, asked for once: what is left to ask is of the incident's own columns, which indexes answer."""
    if not chosen.q:
        return chosen
    found = tuple(_called(chosen.q)[: NAMES + 1])
    return replace(chosen, called=found if len(found) <= NAMES else None)


def page_of(staff: Staff, chosen: Filters, *, now: dt.datetime, after: str = "", before: str = "") -> Page:
    """Up to PAGE incidents: the most urgent first, of closed ones the newest first. Two statements, three with words.

    A cursor that cannot be read begins at the first page.
    """
    chosen = _with_names(chosen)
    view = _View(chosen, PAGE)
    if chosen.q or after or before:
        found, newer, older = page_by(
            view.rows(staff, now),
            view.column,
            is_down=view.is_down,
            size=PAGE,
            after=after,
            before=before,
            keep=view.keep(now),
        )
    else:
        rows = find(view, staff=staff, now=now)
        found, newer, older = first_page(rows, view.column, size=PAGE, keep=view.keep(now))
    return Page(
        cards=[card(staff, incident) for incident in found],
        newer=newer,
        older=older,
        counts=_counts(staff, chosen, now),
    )


@dataclass(frozen=True)
class _View:
    """The rows of one view; called, those of its first page."""

    chosen: Filters
    size: int

    @property
    def is_down(self) -> bool:
        return self.chosen.view == CLOSED

    @property
    def column(self) -> str:
        return "closed_at" if self.is_down else "next_due_at"

    def rows(self, staff: Staff, now: dt.datetime) -> IncidentQuerySet:
        """Late ones are what is open, the most urgent first, up to `keep()`: asked for, PostgreSQL would sort all."""
        view = ALL if self.chosen.view == LATE else self.chosen.view
        return for_cards(in_view(filtered(staff, self.chosen, now), view, staff=staff, now=now))

    def keep(self, now: dt.datetime) -> Callable[[Incident], bool]:
        is_late_only = self.chosen.view == LATE
        return lambda incident: not is_late_only or (incident.next_due_at is not None and incident.next_due_at < now)

    def __call__(self, staff: Staff, now: dt.datetime) -> QuerySet[Incident]:
        sign = "-" if self.is_down else ""
        return self.rows(staff, now).order_by(f"{sign}{self.column}", f"{sign}id")[: self.size + 1]


@dataclass(frozen=True)
class _Counts:
    """How many each view has; called, the one row that says so."""

    chosen: Filters

    def __call__(self, staff: Staff, now: dt.datetime) -> Any:
        every = filtered(staff, self.chosen, now)
        if self.is_all:
            return tabs.rows_in_views(every, staff, now)
        return tabs.matches_in_views(every, staff, now, is_open_only=self.chosen.is_open_only)

    @property
    def is_all(self) -> bool:
        return self.chosen == Filters()


def _counts(staff: Staff, chosen: Filters, now: dt.datetime) -> dict[str, int | str]:
    """How many each view has, as people read it; one statement. Its SQL is kept, but for words somebody looks for."""
    count = _Counts(replace(chosen, view=ALL))
    found = count(staff, now).get() if chosen.q else ask(count, staff=staff, now=now)
    return tabs.counted(found) if count.is_all else tabs.matches_counted(found)


def is_new_installation() -> bool:
    """Nobody can sign in yet: the first page asks for the business."""
    return not Staff.objects.exists()
