"""What needs a manager now: every danger once, the gravest first, with the one act that settles it. Reads only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents import counting
from incidents.access import visible_to
from incidents.board.needs import done, words
from incidents.board.needs.danger import MOST, Danger, dangers
from incidents.board.needs.row import Person, Row
from incidents.board.needs.unsent import Unsent, unsent_to
from incidents.board.register import ON_A_CARD
from incidents.models import ApprovalRequest, Concern, Incident, Membership, NeedKind, Remedy, Staff
from incidents.models.base import Among
from incidents.models.prepared import find

SHOWN = 6  # of each kind; the rest is one link away
MOST_SHOWN = 20  # in all: the gravest first, and one of each kind
MORE_OF_IT = (
    *("reopen_count", "finding", "assignee__is_active", "assignee__away_until", "location__name"),
    *("version", "reported_at"),
)


@dataclass(frozen=True)
class Section:
    kind: NeedKind
    rows: list[Row]
    number: int

    @property
    def has_more(self) -> bool:
        return self.number > len(self.rows)

    @property
    def more_url(self) -> str:
        return words.where_all_are(self.kind)

    @property
    def more_words(self) -> str:
        return words.all_words(self.kind)


@dataclass(frozen=True)
class Needs:
    """`number` counts up to MOST + 1. `unsent` hangs on no recovery, and is not among them."""

    sections: list[Section] = field(default_factory=list)
    number: int = 0
    done: list[done.Done] = field(default_factory=list)
    unsent: list[Unsent] = field(default_factory=list)

    @property
    def is_calm(self) -> bool:
        return not self.sections and not self.unsent

    @property
    def rows(self) -> list[Row]:
        return [row for section in self.sections for row in section.rows]

    @property
    def words(self) -> str:
        if self.is_calm:
            return _("Nothing needs you now.")
        if not self.sections:
            return _("Nobody waits for you.")
        if self.number > MOST:  # a round number, in words: nobody takes it for the "99+" of a tab
            return _("More than %(n)d need you") % {"n": MOST}
        return ngettext("%(n)d needs you", "%(n)d need you", self.number) % {"n": self.number}


def needs_of(staff: Staff, now: dt.datetime) -> Needs:
    """At most eight statements: dangers, what did not get through, the incidents shown, and what these name."""
    found = {kind: some for kind, some in dangers(staff, now).items() if some}
    shown = _shown(found)
    rows = _rows(staff, [danger for some in shown.values() for danger in some], now)
    sections = [
        Section(kind, [rows[danger.incident_id] for danger in some if danger.incident_id in rows], len(found[kind]))
        for kind, some in shown.items()
    ]
    number = sum(len(some) for some in found.values())
    sections = [section for section in sections if section.rows]
    if sections:
        sections[0].rows[0] = replace(sections[0].rows[0], is_top=True)
    return Needs(sections, number, done.done_today(staff, now), unsent_to(staff, now))


def _shown(found: dict[NeedKind, list[Danger]]) -> dict[NeedKind, list[Danger]]:
    """What one page has room for."""
    room = MOST_SHOWN - len(found)
    shown = {}
    for kind, some in found.items():
        shown[kind] = some[: min(SHOWN, 1 + max(room, 0))]
        room -= len(shown[kind]) - 1
    return shown


def _rows(staff: Staff, shown: list[Danger], now: dt.datetime) -> dict[int, Row]:
    incidents = _incidents(staff, shown, now)
    about = _about(staff, shown, now)
    found = {}
    for danger in shown:
        incident = incidents.get(danger.incident_id)
        subject = about.get((danger.kind, danger.about))
        if incident is None or (danger.kind in _ABOUT_A_ROW and subject is None):
            continue  # settled since the statement before
        gives = subject.assignee if subject and danger.kind == NeedKind.RECEIPT_STUCK else None
        person = gives or incident.assignee
        found[incident.pk] = Row(
            danger=danger,
            incident=incident,
            says=words.says(danger, incident, subject, now),
            also=tuple(str(kind.label) for kind in danger.also if kind != NeedKind.RESTRICTED),
            person=person,
            is_mine=person.pk == staff.pk,
            about=subject,
        )
    return _with_people(staff, found, now)


_ABOUT_A_ROW = frozenset({NeedKind.APPROVAL, NeedKind.WENT_AHEAD, NeedKind.RECEIPT_STUCK})


def _incidents(staff: Staff, shown: list[Danger], now: dt.datetime) -> dict[int, Incident]:
    if not shown:
        return {}
    numbers = ",".join(str(danger.incident_id) for danger in shown)
    return {incident.pk: incident for incident in find(_named, staff=staff, now=now, about=numbers)}


def _named(staff: Staff, now: dt.datetime, about: str) -> QuerySet[Incident]:
    """No part of it depends on the clock."""
    named = Incident.objects.visible_to(staff).select_related("customer", "category", "assignee", "location")
    return named.only(*ON_A_CARD, *MORE_OF_IT).filter(Among(F("pk"), Value(about)))


def _about(staff: Staff, shown: list[Danger], now: dt.datetime) -> dict[tuple[NeedKind, int | None], Any]:
    """The questions and remedies among it; a statement for each of the two that there is, kept."""
    named: dict[NeedKind, list[int]] = defaultdict(list)
    for danger in shown:
        if danger.about is not None:
            named[danger.kind].append(danger.about)
    found: dict[tuple[NeedKind, int | None], Any] = {}
    if asked := named[NeedKind.APPROVAL] + named[NeedKind.WENT_AHEAD]:
        for question in find(_asked, staff=staff, now=now, about=",".join(map(str, asked))):
            kind = NeedKind.APPROVAL if question.is_waiting else NeedKind.WENT_AHEAD
            found[kind, question.pk] = question
    if awaited := named[NeedKind.RECEIPT_STUCK]:
        for remedy in find(_awaited, staff=staff, now=now, about=",".join(map(str, awaited))):
            found[NeedKind.RECEIPT_STUCK, remedy.pk] = remedy
    return found


def _asked(staff: Staff, now: dt.datetime, about: str) -> QuerySet[ApprovalRequest]:
    questions = visible_to(ApprovalRequest.objects.filter(Among(F("pk"), Value(about))), staff, through="incident")
    return questions.select_related("remedy__type", "proposed_by", "decided_by")


def _awaited(staff: Staff, now: dt.datetime, about: str) -> QuerySet[Remedy]:
    remedies = visible_to(Remedy.objects.filter(Among(F("pk"), Value(about))), staff, through="incident")
    return remedies.select_related("type", "assignee")


def _with_people(staff: Staff, rows: dict[int, Row], now: dt.datetime) -> dict[int, Row]:
    """Who could have what nobody is on: the people of its place, those with the fewest open ones first.

    Nobody whom it is about.
    """
    waiting = {pk: row for pk, row in rows.items() if row.kind == NeedKind.NEEDS_ASSIGNEE}
    if not waiting:
        return rows
    here: dict[int, list[Person]] = defaultdict(list)
    open_ones = Incident.objects.visible_to(staff).open().filter(assignee=OuterRef("staff")).by_urgency()
    places = {row.incident.location_id for row in waiting.values()}
    members = Membership.objects.filter(location__in=places, staff__is_active=True)
    for place, pk, name, away, has in (
        members.annotate(has=ArraySubquery(open_ones.values("severity")[: counting.MOST + 1]))
        .order_by("staff__sort_name", "staff")
        .values_list("location", "staff", "staff__name", "staff__away_until", "has")
    ):
        if away is None or away <= now:
            here[place].append(Person(pk, name, len(has)))
    restricted = [pk for pk, row in waiting.items() if row.incident.is_restricted]
    named = Concern.objects.filter(incident__in=restricted).values_list("incident", "staff")
    about = set(named) if restricted else set()
    for pk, row in waiting.items():
        but = row.incident.assignee_id
        others = [each for each in here[row.incident.location_id] if each.pk != but and (pk, each.pk) not in about]
        rows[pk] = replace(row, people=tuple(sorted(others, key=lambda person: person.number)))
    return rows
