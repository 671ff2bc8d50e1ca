"""What an incident comes to, and whether somebody may give a remedy without asking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import formats

from incidents.models.base import MoneyField
from incidents.models.catalogue import CostKind, RemedyType
from incidents.models.incident import Incident
from incidents.models.money import limit_for
from incidents.models.playbook import RemedyTypeHere
from incidents.models.recovery import Remedy
from incidents.models.staff import Staff
from incidents.vocabulary import FAILED_REMEDY, RemedyState

NOTHING = Decimal(0)
MOST = Decimal("99999999.99")  # what a column of money holds
NOT_COUNTED = frozenset({*FAILED_REMEDY, RemedyState.WITHDRAWN})


def money_words(amount: Decimal, currency: str) -> str:
    """ "80.00 USD"."""
    return f"{formats.number_format(amount, decimal_pos=2, use_l10n=True)} {currency}"


@dataclass(frozen=True)
class Terms:
    """What is true of a type at one place."""

    needs_receipt: bool
    typical_amount: Decimal | None


def terms_among(type_: RemedyType, here: Iterable[RemedyTypeHere]) -> Terms:
    """The same from rows at hand of one place. A null column there says nothing: the default goes on."""
    own = next((row for row in here if row.type_id == type_.pk), None)
    receipt = own.needs_receipt if own else None
    typical = own.typical_amount if own else None
    return Terms(
        needs_receipt=type_.needs_receipt if receipt is None else receipt,
        typical_amount=type_.typical_amount if typical is None else typical,
    )


def terms_at(type_: RemedyType, location_id: int) -> Terms:
    """One query."""
    return terms_among(type_, RemedyTypeHere.objects.filter(type=type_, location=location_id))


def counted(remedy: Remedy, typical: Decimal | None) -> Decimal:
    """What a remedy counts towards the sum: its amount, else the typical one when its type costs money."""
    if remedy.amount is not None:
        return remedy.amount
    costs_money = remedy.type.cost_kind != CostKind.TIME
    return typical if typical is not None and costs_money else NOTHING


@dataclass(frozen=True)
class Total:
    """The sum of a whole incident in one currency; `is_mixed` when something is in another one too."""

    amount: Decimal
    currency: str
    is_mixed: bool = False


def sum_up(amounts: Iterable[tuple[str, Decimal]], currency: str) -> Total:
    rows = [(of, amount) for of, amount in amounts if amount]
    same = sum((amount for of, amount in rows if of == currency), NOTHING)
    return Total(same, currency, is_mixed=any(of != currency for of, _amount in rows))


def live(incident: Incident) -> QuerySet[Any]:
    """What counts towards the sum, of all rounds, each with what it counts."""
    return counting(Remedy.objects.filter(incident=incident), incident.location_id)


def counting(remedies: QuerySet[Remedy], location: Any) -> QuerySet[Any]:
    """Those that count, each with what it `counts`; `location` is the place of their incident."""
    here = RemedyTypeHere.objects.filter(type=OuterRef("type"), location=location)
    typical = Coalesce(Subquery(here.values("typical_amount")), F("type__typical_amount"))
    guess = Case(When(type__cost_kind=CostKind.TIME, then=Value(None)), default=typical, output_field=MoneyField())
    counts = Coalesce("actual_amount", "estimated_amount", guess, NOTHING, output_field=MoneyField())
    return remedies.exclude(state__in=NOT_COUNTED).annotate(counts=counts)


def total_of(incident: Incident, *, currency: str = "", besides: int | None = None) -> Total:
    """What the incident comes to over all rounds, without the remedy `besides`. One query.

    In the currency of its place unless another is asked for.
    """
    rows = live(incident).exclude(pk=besides) if besides else live(incident)
    return sum_up(rows.values_list("currency", "counts"), currency or incident.location.currency)


def total_among(remedies: Iterable[Remedy], typical: Mapping[int, Decimal | None], currency: str) -> Total:
    """The same from rows at hand; `typical` by type."""
    counts = [
        (r.currency, counted(r, typical.get(r.type_id))) for r in remedies if RemedyState(r.state) not in NOT_COUNTED
    ]
    return sum_up(counts, currency)


@dataclass(frozen=True)
class Judgement:
    """One amount held against the limit of whoever names it. `total` is the incident with it."""

    amount: Decimal
    total: Decimal
    limit: Decimal | None
    is_mixed: bool = False

    @property
    def needs_yes(self) -> bool:
        if self.limit is None or not self.amount:
            return False
        return self.is_mixed or self.total > self.limit


def judge(remedy: Remedy, incident: Incident, *, by: Staff, typical: Decimal | None) -> Judgement:
    """Whether `by` may name this amount without asking. Two queries."""
    amount = counted(remedy, typical)
    others = total_of(incident, currency=remedy.currency, besides=remedy.pk)
    limit = limit_for(by.role, remedy.type_id, incident.location_id)
    return Judgement(amount, min(others.amount + amount, MOST), limit, others.is_mixed)
