"""What the coach needs to know besides the words: who works there, what was said before, how long they wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.db.models.functions import Length
from django.utils.translation import get_language

from incidents.models import Apology, Incident, Membership, Staff
from incidents.story.coach import (
    REMEMBERED,
    SHORTEST_TEMPLATE,
    Caution,
    cautions,
    checklist,
    checklist_of_explaining,
    manners,
)
from incidents.vocabulary import Finding, Severity, Stage

if TYPE_CHECKING:
    from incidents.story.page import Story

# Another greeting makes the same apology longer or shorter by this much.
OF_A_GREETING = 80
MOST_REMEMBERED = 300


def listen(
    incident: Incident,
    *,
    words: str,
    author: Staff | None,
    people: Iterable[Staff],
    now: dt.datetime,
    said_at: dt.datetime | None = None,
    also: Iterable[str] = (),
    but_not: UUID | None = None,
) -> tuple[Caution, ...]:
    """What to think about in these words. Two queries.

    `also` are names that nobody is blamed by: whoever speaks without a login, whoever is spoken to. `but_not` is the
    key of these very words, sent twice.
    """
    mine = incident.apologies.exclude(submit_key=but_not) if but_not else incident.apologies.all()
    made = list(mine.values_list("made_at", "words")[:MOST_REMEMBERED])
    earlier = [text for _made_at, text in made if text]
    if author is not None and len(words) >= SHORTEST_TEMPLATE:
        earlier += _said_by(author, words, now, but_not)
    return cautions(
        words,
        colleagues=[person.name for person in people],
        about=[*also, *_names_in(incident), author.name if author else ""],
        earlier=earlier,
        late_by=_late_by(incident, [at for at, _text in made], said_at or now),
        language=get_language(),
    )


@dataclass(frozen=True)
class Help:
    """What stands beside the apology form, and what its fold's words depend on: made when it is read.

    From rows at hand; what the author wrote elsewhere is left to `listen`. No query.
    """

    told: Story
    words: str = ""

    @property
    def is_explaining(self) -> bool:
        return self.told.incident.finding == Finding.NOT_OURS

    @property
    def checklist(self) -> tuple[str, ...]:
        return checklist_of_explaining() if self.is_explaining else checklist()

    @property
    def manners(self) -> tuple[str, ...]:
        return manners()

    @property
    def cautions(self) -> tuple[Caution, ...]:
        return _so_far(self.told, self.words)

    @property
    def invites_manager(self) -> bool:
        is_asked = self.told.incident.severity == Severity.CRITICAL and self.told.staff.is_manager
        return is_asked and _lacks_a_manager(self.told)

    @property
    def findings(self) -> tuple[tuple[str, Any], ...]:
        return tuple(Finding.choices) if self.told.staff.is_manager and self.told.is_whole else ()


def _lacks_a_manager(told: Story) -> bool:
    """Somebody has apologized, but no manager has."""
    here = [a for a in told.rows.apologies if a.round_id == told.round.pk]
    return bool(here) and not any(a.author is not None and a.author.is_manager for a in here)


def _so_far(told: Story, words: str) -> tuple[Caution, ...]:
    rows = told.rows
    return cautions(
        words,
        colleagues=[person.name for person in rows.colleagues],
        about=[*_names_in(told.incident), told.staff.name],
        earlier=[apology.words for apology in rows.apologies],
        late_by=_late_by(told.incident, [apology.made_at for apology in rows.apologies], told.now),
        language=get_language(),
    )


def people_at(incident: Incident) -> list[Staff]:
    """Those who work at its place. One query."""
    there = Membership.objects.filter(location=incident.location_id, staff=OuterRef("pk"))
    return list(Staff.objects.filter(Exists(there), is_active=True).order_by("sort_name"))


def _said_by(author: Staff, words: str, now: dt.datetime, but_not: UUID | None) -> list[str]:
    """Words of about this length in apologies of theirs, to anybody, in the last 90 days."""
    theirs = Apology.objects.filter(author=author, created_at__gte=now - REMEMBERED)
    if but_not is not None:
        theirs = theirs.exclude(submit_key=but_not)
    near = (len(words) - OF_A_GREETING, len(words) + OF_A_GREETING)
    as_long = theirs.annotate(size=Length("words")).filter(size__range=near)
    return list(as_long.order_by().values_list("words", flat=True)[:MOST_REMEMBERED])


def _names_in(incident: Incident) -> list[str]:
    return [incident.customer.name] if incident.customer else []


def _late_by(incident: Incident, made: Iterable[dt.datetime | None], said_at: dt.datetime) -> dt.timedelta | None:
    """How long they had waited for a first apology; None when they have one."""
    return None if incident.stage == Stage.CLOSED or any(made) else said_at - incident.reported_at
