"""The page of numbers: its lines, its charts, what there is to choose from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Subquery
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from incidents.models import Category, FactState, Location, RootCause, Staff
from incidents.reports.figures import with_before
from incidents.reports.scope import Scope
from incidents.reports.words import Line
from incidents.vocabulary import Severity

GROUPS: tuple[tuple[str, LazyText, tuple[str, ...]], ...] = (
    (
        "recovery",
        _("How we recover"),
        ("incidents", "apologized_in_time", "time_to_remedy", "recovery_time", "first_try", "recovered"),
    ),
    ("word", _("How we keep our word"), ("calls_kept", "promises_kept", "apology_only")),
    (
        "customers",
        _("What it is like for customers"),
        ("satisfaction", "coverage", "reopened", "repeats", "made_worse"),
    ),
    ("cost", _("What it takes"), ("cost", "minutes")),
    (
        "learning",
        _("What we learn"),
        ("found_by_us", "detection_lag", "reviewed_in_time", "prevention_on_time", "recurrence"),
    ),
)


@dataclass(frozen=True)
class Group:
    key: str
    title: LazyText
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Offers:
    """What there is to choose from, and by whose clock it is today."""

    places: list[Location]
    choices: dict[str, list[tuple[str, str]]]
    counted_up_to: dt.datetime | None

    def zone(self, place_id: int | None = None) -> dt.tzinfo:
        """Of the chosen place, else of their first."""
        chosen = next((each for each in self.places if each.pk == place_id), None)
        first = chosen or next(iter(self.places), None)
        return first.zone if first else dt.UTC


def places_of(staff: Staff) -> Offers:
    """Places only: for what names no filter. One statement, and one for the places of whoever does not see all."""
    up_to = Subquery(FactState.objects.values("counted_up_to")[:1])
    places = list(Location.objects.open_to(staff).annotate(up_to=up_to))
    choices = {"place": [(str(each.pk), each.name) for each in places]}
    return Offers(places, choices, getattr(places[0], "up_to", None) if places else None)


def offers_of(staff: Staff, *, but: Collection[str] = ()) -> Offers:
    """Two statements more; one less for each of category and cause that need not be named."""
    found = places_of(staff)
    rows = {"category": Category.objects.filter(is_active=True), "cause": RootCause.objects.filter(is_active=True)}
    more = {name: [(str(each.pk), str(each)) for each in every] for name, every in rows.items() if name not in but}
    more["severity"] = [(str(each.value), str(each.label)) for each in Severity]
    return Offers(found.places, found.choices | more, found.counted_up_to)


def lines_of(staff: Staff, scope: Scope, now: dt.datetime) -> tuple[list[Group], Line]:
    """Every figure in its group, and how many mistakes there are. At most five statements."""
    found, before = with_before(staff, scope, now)
    groups = [Group(key, title, tuple(Line(found[each], before[each]) for each in keys)) for key, title, keys in GROUPS]
    return groups, Line(found["incidents"], before["incidents"])
