"""Limits, playbooks and delays: what counts at a place, and what it comes to in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from incidents.access import Role
from incidents.board.catalogue.lines import money
from incidents.models import (
    RETRIED,
    Category,
    Limit,
    Location,
    Playbook,
    PlaybookRemedy,
    RemedyType,
    RetryDelay,
)
from incidents.models.values import duration_words
from incidents.vocabulary import RETRY_AFTER, Outcome

Cell = tuple[str, int | None]
Said = Decimal | str | None
NO_LIMIT = "no limit"


@dataclass(frozen=True)
class Limits:
    """What was said for the business and for one place, and the words of what it comes to."""

    types: list[RemedyType]
    business: dict[Cell, Said]
    here: dict[Cell, Said] = field(default_factory=dict)

    def applies(self, role: str, type_id: int | None) -> Said:
        """The first row that says something: this remedy here, this remedy, any here, any. None: no limit."""
        ways = (self.here, self.business)
        for cell in ((role, type_id), (role, None)) if type_id else ((role, None),):
            for said in ways:
                if cell in said:
                    return None if said[cell] == NO_LIMIT else said[cell]
        return None

    def elsewhere(self, role: str, type_id: int | None) -> Said:
        """What the business says of it, by the row of any remedy if need be; None: nothing."""
        return self.business.get((role, type_id), self.business.get((role, None)))

    def otherwise(self, role: str, type_id: int | None, *, here: bool) -> Said:
        """What counts where a cell is empty."""
        wider = [self.here.get((role, None)) if type_id else None, self.business.get((role, None))] if here else []
        own = self.business.get((role, type_id)) if here else self.business.get((role, None)) if type_id else None
        return next((said for said in (own, *wider) if said is not None), None)


def limits_of(place: Location | None, types: list[RemedyType]) -> Limits:
    """One statement."""
    rows = Limit.objects.filter(Q(location=None) | Q(location=place))
    said: dict[bool, dict[Cell, Said]] = {True: {}, False: {}}
    for row in rows:
        said[row.location_id is None][row.role, row.type_id] = NO_LIMIT if row.amount is None else row.amount
    return Limits(types=types, business=said[True], here=said[False] if place else {})


def limit_words(limits: Limits, currency: str) -> list[str]:
    """What it means, a sentence or two for each role."""
    return [_role_words(limits, role, currency) for role in Role]


def _role_words(limits: Limits, role: Role, currency: str) -> str:
    in_all = limits.applies(role, None)
    if in_all is None:
        told = _("%(role)s may give anything without asking.") % {"role": role.label}
    else:
        words = _("%(role)s may give up to %(amount)s in one incident without asking.")
        told = words % {"role": role.label, "amount": _amount(in_all, currency)}
    other = {type_: limits.applies(role, type_.pk) for type_ in limits.types}
    apart = [_apart(type_, said, currency) for type_, said in other.items() if said != in_all]
    return f"{told} {_('But')}: {'; '.join(apart)}." if apart else told


def _apart(type_: RemedyType, said: Said, currency: str) -> str:
    if said is None:
        return _("%(remedy)s without a limit") % {"remedy": type_.label}
    return _("%(remedy)s up to %(amount)s") % {"remedy": type_.label, "amount": _amount(said, currency)}


def _amount(said: Said, currency: str) -> str:
    return money(said, currency) if isinstance(said, Decimal) else str(said)


def currency_of(place: Location | None, places: Iterable[Location]) -> str:
    """That of the place; of the business the one that all its places share, else none."""
    shared = {place.currency} if place else {one.currency for one in places}
    return shared.pop() if len(shared) == 1 else ""


@dataclass(frozen=True)
class PlaybookLine:
    """`book` is the one that counts there; `is_own` when it is the place's."""

    category: Category
    book: Playbook | None
    is_own: bool
    places: tuple[str, ...] = ()


def playbook_lines(
    place: Location | None, places: Sequence[Location], kinds: Iterable[Category] | None = None
) -> list[PlaybookLine]:
    """Of every category that is offered in the business or has one. Two statements, one if `kinds` are known."""
    rows = Category.objects.order_by("position", "id") if kinds is None else kinds
    books = list(Playbook.objects.filter(Q(location=None) | Q(location__in=[place] if place else list(places))))
    lines = []
    for row in rows:
        of_it = {book.location_id: book for book in books if book.category_id == row.pk}
        if not row.is_active and not of_it:
            continue
        own = of_it.get(place.pk) if place else None
        named = () if place else tuple(one.name for one in places if one.pk in of_it)
        lines.append(PlaybookLine(row, own or of_it.get(None), own is not None, named))
    return lines


def books_of(category: Category, place: Location | None) -> tuple[Playbook | None, Playbook | None]:
    """(the business's, the place's), each with its remedies. Two statements."""
    rows = Playbook.objects.filter(Q(location=None) | Q(location=place), category=category)
    usual = PlaybookRemedy.objects.select_related("type").order_by("position", "id")
    found = {book.location_id: book for book in rows.prefetch_related(Prefetch("remedies", usual))}
    return found.get(None), found.get(place.pk) if place else None


@dataclass(frozen=True)
class DelayLine:
    """`elsewhere` is what counts without a row of this page; `own` is that row."""

    outcome: Outcome
    own: int | None
    elsewhere: int

    @property
    def words(self) -> str:
        return minutes_words(self.elsewhere if self.own is None else self.own)

    @property
    def elsewhere_words(self) -> str:
        return minutes_words(self.elsewhere)

    @property
    def is_different(self) -> bool:
        return self.own is not None and self.own != self.elsewhere


def minutes_words(minutes: int) -> str:
    return duration_words(dt.timedelta(minutes=minutes))


def delay_lines(place: Location | None) -> list[DelayLine]:
    """One statement."""
    rows = RetryDelay.objects.filter(Q(location=None) | Q(location=place))
    said = {(row.outcome, row.location_id): row.minutes for row in rows}
    lines = []
    for outcome in RETRIED:
        shipped = int(RETRY_AFTER[outcome].total_seconds()) // 60
        business = said.get((outcome.value, None))
        elsewhere = shipped if place is None or business is None else business
        own = said.get((outcome.value, place.pk)) if place else business
        lines.append(DelayLine(outcome, own, elsewhere))
    return lines
