"""Kinds of mistakes, what they ask, and remedies, as their pages list them: what counts there, where places differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils import formats
from django.utils.translation import gettext as _

from incidents.models import (
    Category,
    CategoryField,
    CategoryHere,
    Location,
    RemedyType,
    RemedyTypeHere,
)
from incidents.vocabulary import Severity


@dataclass(frozen=True)
class Line:
    """One row of a list. `differs`: how this place differs, in words; of the business, the places that do."""

    row: Any
    is_offered: bool
    facts: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def here_and_elsewhere(here: str, elsewhere: str) -> str:
    return _("Here %(here)s, elsewhere %(elsewhere)s") % {"here": here, "elsewhere": elsewhere}


def money(amount: Decimal | None, currency: str = "") -> str:
    if amount is None:
        return _("nothing")
    return f"{formats.number_format(amount, decimal_pos=2, use_l10n=True)} {currency}".strip()


def category_lines(place: Location | None, places: Sequence[Location]) -> list[Line]:
    """All kinds in order, those not offered last. Two statements."""
    asked = Count("fields", filter=Q(fields__is_active=True))
    rows = list(Category.objects.annotate(questions=asked).order_by("position", "id"))
    own = CategoryHere.objects.filter(location__in=[place] if place else list(places))
    lines = [_category_line(row, [one for one in own if one.category_id == row.pk], place, places) for row in rows]
    return sorted(lines, key=lambda line: not line.is_offered)


def _category_line(row: Category, own: list[CategoryHere], place: Location | None, places: Sequence[Location]) -> Line:
    here = own[0] if place and own else None
    differs = category_differences(row, here)
    is_offered = row.is_active if here is None or here.is_offered is None else here.is_offered
    severity = here.severity if here and here.severity else row.severity
    facts = [str(Severity(severity).label)]
    facts += [_("only managers see the whole")] if row.is_restricted else []
    facts += [_("we made it worse")] if row.is_second_failure else []
    named = {one.location_id for one in own if category_differences(row, one)} if place is None else set()
    return Line(row, is_offered, tuple(facts), differs, tuple(p.name for p in places if p.pk in named))


def category_differences(row: Category, own: CategoryHere | None) -> tuple[str, ...]:
    if own is None:
        return ()
    found = []
    if own.is_offered is not None and own.is_offered != row.is_active:
        found.append(_("Offered here, not elsewhere") if own.is_offered else _("Not offered here"))
    if own.severity is not None and own.severity != row.severity:
        found.append(here_and_elsewhere(own.get_severity_display(), row.get_severity_display()))
    return tuple(found)


def remedy_lines(place: Location | None, places: Sequence[Location]) -> list[Line]:
    """All remedies in order, those that are off last. Two statements."""
    rows = list(RemedyType.objects.order_by("position", "id"))
    own = RemedyTypeHere.objects.filter(location__in=[place] if place else list(places))
    lines = [_remedy_line(row, [one for one in own if one.type_id == row.pk], place, places) for row in rows]
    return sorted(lines, key=lambda line: not line.is_offered)


def _remedy_line(
    row: RemedyType, own: list[RemedyTypeHere], place: Location | None, places: Sequence[Location]
) -> Line:
    here = own[0] if place and own else None
    currency = place.currency if place else ""
    is_offered = row.is_active if here is None or here.is_offered is None else here.is_offered
    amount = here.typical_amount if here and here.typical_amount is not None else row.typical_amount
    receipt = row.needs_receipt if here is None or here.needs_receipt is None else here.needs_receipt
    facts = [row.get_nature_display(), row.get_cost_kind_display()]
    facts += [_("usually %(amount)s") % {"amount": money(amount, currency)}] if amount is not None else []
    facts += [_("receipt needed")] if receipt else []
    differs = remedy_differences(row, here, currency)
    named = {one.location_id for one in own if remedy_differences(row, one)} if place is None else set()
    return Line(row, is_offered, tuple(facts), differs, tuple(p.name for p in places if p.pk in named))


def remedy_differences(row: RemedyType, own: RemedyTypeHere | None, currency: str = "") -> tuple[str, ...]:
    if own is None:
        return ()
    found = []
    if own.is_offered is not None and own.is_offered != row.is_active:
        found.append(_("On here, off elsewhere") if own.is_offered else _("Off here"))
    if own.typical_amount is not None and own.typical_amount != row.typical_amount:
        found.append(here_and_elsewhere(money(own.typical_amount, currency), money(row.typical_amount)))
    if own.needs_receipt is not None and own.needs_receipt != row.needs_receipt:
        found.append(_("Receipt needed here, not elsewhere") if own.needs_receipt else _("No receipt needed here"))
    return tuple(found)


def questions_of(category: Category) -> tuple[list[CategoryField], list[CategoryField]]:
    """(asked, retired): of the retired the newest version of each question that is asked no more. One statement."""
    rows = list(category.fields.select_related("minuend", "subtrahend").order_by("position", "id"))
    asked = [row for row in rows if row.is_active]
    stems = {row.stem for row in asked}
    newest: dict[str, CategoryField] = {}
    for row in rows:
        if not row.is_active and row.stem not in stems:
            kept = newest.setdefault(row.stem, row)
            newest[row.stem] = row if row.version > kept.version else kept
    return asked, list(newest.values())
