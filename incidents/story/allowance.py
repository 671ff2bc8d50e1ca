"""What somebody may give in an incident without asking, and what of it is left; nothing where there is no limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from incidents.models import CostKind, Incident, Limit, Location, RemedyType, Staff, types_here
from incidents.models.allowing import NOTHING, Total, total_among
from incidents.models.money import limit_among
from incidents.story.gather import Rows
from incidents.story.words import money


@dataclass(frozen=True)
class Left:
    """Of one limit. `left` is nothing once anything more needs a yes."""

    limit: Decimal
    left: Decimal
    currency: str

    @property
    def words(self) -> str:
        """ "Up to 30.00 USD more without asking"."""
        facts = {"left": money(self.left, self.currency), "limit": money(self.limit, self.currency)}
        if not self.left:
            return _("Everything you give now needs a yes") % facts
        if self.left == self.limit:
            return _("Up to %(limit)s without asking") % facts
        return _("Up to %(left)s more without asking") % facts


@dataclass(frozen=True)
class Allowance:
    """`overall` holds for every type that is not among `by_type`; None is no limit."""

    given: Total
    overall: Left | None
    by_type: dict[int, Left | None]
    types: dict[int, RemedyType]

    @property
    def words(self) -> str:
        """One sentence for the desk; nothing when anything may be given."""
        if self.given.is_mixed and (self.overall or any(self.by_type.values())):
            return _("There is money in two currencies here: everything you give now needs a yes.")
        if self.overall is None:
            return ""
        if not self.given.amount:
            return f"{self.overall.words}."
        facts = {"words": self.overall.words, "given": money(self.given.amount, self.given.currency)}
        return _("%(words)s; %(given)s is given or offered so far.") % facts

    @property
    def exceptions(self) -> list[tuple[str, str]]:
        """Types with another limit than the rest: label and words."""
        return [
            (self.types[type_id].label, left.words if left else _("As much as it takes"))
            for type_id, left in self.by_type.items()
        ]

    def of(self, type_id: int) -> Left | None:
        """For one type; None is no limit."""
        return self.by_type.get(type_id, self.overall)


def allowance(staff: Staff, incident: Incident, rows: Rows) -> Allowance | None:
    """From rows at hand; None when nothing limits `staff` there."""
    typical = {type_.pk: type_.typical_amount for type_ in rows.types}
    given = total_among(rows.remedies, typical, incident.location.currency)
    return _allowance(staff, given, rows.limits, rows.types)


def allowance_at(staff: Staff, location: Location) -> Allowance | None:
    """Before anything was given: what may be given on the spot. Two queries."""
    limits = list(Limit.objects.at(location.pk))
    if not limits:
        return None
    return _allowance(staff, Total(NOTHING, location.currency), limits, types_here(location.pk))


def _allowance(staff: Staff, given: Total, limits: Iterable[Limit], types: Iterable[RemedyType]) -> Allowance | None:
    own = [row for row in limits if row.role == staff.role]
    if not own:
        return None
    overall = _left(limit_among(own, staff.role, 0), given)
    costly = [type_ for type_ in types if type_.is_active and type_.cost_kind != CostKind.TIME]
    apart = {type_.pk: _left(limit_among(own, staff.role, type_.pk), given) for type_ in costly}
    apart = {type_id: left for type_id, left in apart.items() if left != overall}
    if overall is None and not any(apart.values()):
        return None
    return Allowance(given, overall, apart, {type_.pk: type_ for type_ in costly})


def _left(limit: Decimal | None, given: Total) -> Left | None:
    if limit is None:
        return None
    left = NOTHING if given.is_mixed else max(NOTHING, limit - given.amount)
    return Left(limit, left, given.currency)
