"""One line of the first page: a need, and what settles it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from incidents.addresses import address_of
from incidents.board.needs.danger import Danger
from incidents.counting import told
from incidents.models import Incident, NeedKind, Staff
from incidents.models.need import OF_THE_INCIDENT
from incidents.vocabulary import Channel, Finding

# What the row offers first, by the name of its template.
_ACTS: dict[NeedKind, str] = {
    NeedKind.RESTRICTED: "_look",
    NeedKind.APPROVAL: "_approve",
    NeedKind.WENT_AHEAD: "_went_ahead",
    NeedKind.UNREACHABLE: "_give_up",
    NeedKind.NEEDS_ASSIGNEE: "_give",
    NeedKind.DEAD_DELIVERY: "_retry",
}
_FOLDS: dict[NeedKind, str] = {NeedKind.APOLOGY_LATE: "_said", NeedKind.RECEIPT_STUCK: "_waive"}
# For these the clock says how long it has been, not by how much it is late.
_SINCE = frozenset(
    {
        *(NeedKind.APPROVAL, NeedKind.WENT_AHEAD, NeedKind.RECEIPT_STUCK, NeedKind.DEAD_DELIVERY),
        NeedKind.NEEDS_ASSIGNEE,
    }
)
# An answer settles these, and nothing else.
_ANSWERED = frozenset({NeedKind.APPROVAL, NeedKind.WENT_AHEAD})
_SAID_HOW = (Channel.IN_PERSON, Channel.PHONE, Channel.EMAIL, Channel.NOTE)


@dataclass(frozen=True)
class Person:
    """Somebody who could have it, and how many open ones they have: counted as on a tab."""

    pk: int
    name: str
    number: int

    @property
    def has(self) -> str:
        return str(told(self.number))


@dataclass(frozen=True)
class Row:
    """One need. `about`: the question or the remedy it is about; `person`: whoever would be reminded."""

    danger: Danger
    incident: Incident
    says: str
    also: tuple[str, ...]
    person: Staff
    is_mine: bool
    about: Any = None
    people: tuple[Person, ...] = ()
    is_top: bool = False

    @property
    def kind(self) -> NeedKind:
        return self.danger.kind

    @property
    def key(self) -> str:
        """What tells this row from every other of the page."""
        return f"{self.kind}-{self.incident.pk}"

    @property
    def due(self) -> dt.datetime | None:
        return self.danger.due

    @property
    def since(self) -> dt.datetime | None:
        is_handover_or_other = self.kind != NeedKind.NEEDS_ASSIGNEE or self.danger.about is not None
        return self.due if self.kind in _SINCE and is_handover_or_other else None

    @property
    def seen_with(self) -> list[NeedKind]:
        """The other kinds that one look at the incident sees too."""
        return [kind for kind in self.danger.also if kind in OF_THE_INCIDENT]

    @property
    def acts(self) -> str:
        name = "_give_up" if self.can_close else _ACTS.get(self.kind, "_remind")
        return f"incidents/needs/{name}.html"

    @property
    def fold(self) -> str:
        return f"incidents/needs/{_FOLDS[self.kind]}.html" if self.kind in _FOLDS else ""

    @property
    def can_wait(self) -> bool:
        return self.kind not in _ANSWERED

    @property
    def can_take(self) -> bool:
        return self.incident.is_open and not self.is_mine and self.kind in OF_THE_INCIDENT

    @property
    def can_close(self) -> bool:
        """Nobody could reach them, though what shows is that the call is late."""
        return self.kind == NeedKind.STEP_LATE and NeedKind.UNREACHABLE in self.danger.also

    @property
    def why_given_up(self) -> str:
        return self.says if self.kind == NeedKind.UNREACHABLE else _("Tried again and again, a message left.")

    @property
    def is_looked_at(self) -> bool:
        """Looking at it is what the row offers first."""
        return self.kind == NeedKind.RESTRICTED

    @property
    def is_explained(self) -> bool:
        return self.incident.finding == Finding.NOT_OURS

    @property
    def ways(self) -> list[tuple[str, Any]]:
        return [(way.value, way.label) for way in _SAID_HOW]

    @property
    def new_key(self) -> UUID:
        return uuid4()

    @property
    def remind_url(self) -> str:
        return address_of("need-remind", self.incident.reference)

    @property
    def take_url(self) -> str:
        return address_of("need-take", self.incident.reference)

    @property
    def seen_url(self) -> str:
        return address_of("need-seen", self.incident.reference)

    @property
    def retry_url(self) -> str:
        kind, _slash, number = self.danger.occurrence.partition("/")
        return address_of(f"delivery-retry-{kind}", row=int(number))
