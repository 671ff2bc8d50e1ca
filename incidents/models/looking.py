"""Words looked for once for the whole page: what they find goes into its rows and its numbers by key.

How many stories have the words decides. What few have is found along the indexes, all of it. What more than one of
twenty has soon fills a page, read in the order of the page. Between them PostgreSQL decides, for each page anew.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Case, F, Func, Subquery, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThanOrEqual

from incidents.models.base import OneOf
from incidents.models.chosen import CLOSED, Filters
from incidents.models.incident import Incident
from incidents.models.prepared import Beside, ask
from incidents.models.reading import Word
from incidents.models.staff import Staff
from incidents.models.terms import Terms, called, keys_of, matching, told_so

NAMES = 500  # as many customers are asked for one by one
MOST = 2000  # as many incidents are named one by one
STORIES = 4000  # as many are looked into, to name them
COMMON = 25  # a word that one story in so many has


@dataclass(frozen=True)
class Found:
    """The keys of all that was found: "{4,8,15}"; `is_cut` when some closed ones are missing."""

    open: str
    closed: str
    many_open: int
    many_closed: int
    is_cut: bool = False

    @classmethod
    def of(cls, hits: list[int]) -> Found | None:
        """Of keys, with a minus where closed, open ones first. None when open ones are missing."""
        is_cut = len(hits) > MOST
        opened, closed = [pk for pk in hits if pk > 0], [-pk for pk in hits if pk < 0]
        if is_cut and not closed:
            return None
        return cls(keys_of(opened), keys_of(closed), len(opened), len(closed), is_cut)

    @classmethod
    def stand_in(cls) -> Found:
        """For whatever may be found: the same statement asks for it. A view of which some are missing has none."""
        return cls(Beside("open"), Beside("closed"), 0, 0)


def looked_up(staff: Staff, chosen: Filters, now: dt.datetime) -> Filters:
    """The same with what its words find and whom they name, for `staff`. One statement; none without words."""
    if not chosen.q or chosen.has_names:
        return chosen
    terms = Terms.of(chosen.q)
    if not terms.is_looked_up:
        return _in_order(with_names(chosen), terms)
    told = ask(_Look(terms.stand_ins()), staff=staff, now=now, beside=terms.beside)
    if len(told["named"]) > NAMES:
        return replace(chosen, called=None, has_names=True)
    chosen = replace(chosen, called=tuple(told["named"]), has_names=True)
    if told["hits"] is not None:
        return replace(chosen, found=Found.of(told["hits"]))
    return _in_order(chosen, terms) if told["is_common"] else chosen


def _in_order(chosen: Filters, terms: Terms) -> Filters:
    """Common words, and letters by one or two, which no index has; but a word with accents stands in one."""
    if chosen.called is None or (terms.said and not terms.is_looked_up):
        return chosen
    return replace(chosen, terms=replace(terms, customers=keys_of(chosen.called)))


def with_names(chosen: Filters) -> Filters:
    """Who is called so, asked for once: what is left to ask is of the incident's own columns, which indexes answer."""
    if not chosen.q or chosen.has_names:
        return chosen
    found = tuple(called(Terms.of(chosen.q).name)[: NAMES + 1])
    return replace(chosen, called=found if len(found) <= NAMES else None, has_names=True)


def has_free_words(chosen: Filters) -> bool:
    """PostgreSQL decides anew how to look for them: the statement is not kept."""
    is_missing = chosen.found is None or (chosen.found.is_cut and chosen.view == CLOSED)
    return bool(chosen.q) and is_missing and chosen.terms is None


def kept(chosen: Filters) -> Filters:
    """The same for all words of one kind: what is put together once for all of them. Not with free words."""
    return replace(
        chosen,
        q="",
        called=(),
        has_names=False,
        found=Found.stand_in() if chosen.found else None,
        terms=chosen.terms and chosen.terms.stand_ins(),
    )


def beside(chosen: Filters) -> dict[str, str]:
    """What stands in the places of `kept()`'s stand-ins."""
    found = {"open": chosen.found.open, "closed": chosen.found.closed} if chosen.found else {}
    return found | (chosen.terms.beside if chosen.terms else {})


def known_number(chosen: Filters) -> int | None:
    """How many there are, where what was found says so: nothing else was asked for. Closed ones may be more."""
    if chosen.found is None or kept(replace(chosen, found=None, terms=None)) not in (Filters(), Filters(view=CLOSED)):
        return None
    return chosen.found.many_closed if chosen.view == CLOSED else chosen.found.many_open


@dataclass(frozen=True)
class _Look:
    """Who is called so, and what is found; no hits where too many stories have all the words."""

    terms: Terms

    def __call__(self, staff: Staff, now: dt.datetime) -> Any:
        named = ArraySubquery(called(self.terms.name)[: NAMES + 1])
        newest: Any = Coalesce(Subquery(Incident.objects.order_by("-id").values("id")[:1]), 1)
        stories = self._stories(newest)
        return Staff.objects.filter(pk=staff.pk).values(
            named=named,
            hits=Case(When(LessThanOrEqual(stories, STORIES), then=self._hits(staff, named)), default=None),
            is_common=GreaterThan(stories * COMMON, newest),
        )

    def _hits(self, staff: Staff, named: ArraySubquery) -> ArraySubquery:
        """Sorted, they are found along the indexes whatever there is; a bare limit may be read from end to end."""
        key: Any = Case(When(closed_at__isnull=True, then=F("pk")), default=-F("pk"))
        seen = Incident.objects.visible_to(staff).filter(matching(staff, self.terms, OneOf("customer", named)))
        return ArraySubquery(seen.order_by(F("closed_at").desc(nulls_first=True)).values(key=key)[: MOST + 1])

    def _stories(self, newest: Any) -> Any:
        """In how many stories all words stand, as they were counted last and if none goes with another."""
        first, *others = [
            Coalesce(Subquery(Word.objects.filter(told_so(word)).order_by().values(told=_SUM)), 0)
            for word in self.terms.words[: self.terms.counted]
        ]
        stories: Any = first
        for many in others:
            stories = stories * many / newest
        return stories


_SUM: Any = Func(F("stories"), function="SUM", output_field=BigIntegerField())
