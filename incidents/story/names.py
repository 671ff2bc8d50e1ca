"""The texts of a meeting's incidents as the wall will show them, for whoever blacks out what is left of names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from incidents.models import AgendaItem, BlackedOut, Meeting, Staff
from incidents.models.agenda import shown_items
from incidents.story.hidden import Hidden, hidden_for
from incidents.story.told import Told, tell_in_meeting


@dataclass(frozen=True)
class Text:
    """Words as strangers read them."""

    label: str
    words: str


@dataclass(frozen=True)
class NamesPage:
    """One incident of the agenda; `texts` empty while there is none."""

    meeting: Meeting
    items: list[AgendaItem]
    item: AgendaItem | None
    texts: list[Text]
    blacked: list[tuple[BlackedOut, bool]]  # and whether the words occur at all

    @property
    def number(self) -> int:
        return self.items.index(self.item) + 1 if self.item else 0

    @property
    def next(self) -> AgendaItem | None:
        return self.items[self.number] if 0 < self.number < len(self.items) else None


def names_page(meeting: Meeting, *, incident_id: int | None = None) -> NamesPage:
    """Of that incident, else of the first. Six statements."""
    items = [item for item in shown_items(meeting) if item.incident is not None]
    item = next((each for each in items if each.incident_id == incident_id), items[0] if items else None)
    if item is None or item.incident is None:
        return NamesPage(meeting, items, None, [], [])
    incident = item.incident
    incident.location = meeting.location
    hidden = hidden_for(incident)
    naming = _Noting(hidden)
    texts = list(_texts(tell_in_meeting(incident, naming)))
    before = " ".join(naming.before).casefold()
    return NamesPage(meeting, items, item, texts, [(each, each.words.casefold() in before) for each in hidden.blacked])


class _Noting:
    """Says everything without names, and notes what it was before."""

    def __init__(self, hidden: Hidden) -> None:
        self.hidden = hidden
        self.before: list[str] = []

    def words(self, text: str) -> str:
        self.before.append(text)
        return self.hidden.words(text)

    def who(self, person: Staff | str | None, role: str = "") -> str:
        return self.hidden.who(person, role)


def _texts(told: Told) -> Iterator[Text]:
    """As the wall has it, screen by screen."""
    yield Text(_("What happened"), told.story)
    for label, words in told.details:
        yield Text(label, words)
    for beat in told.beats:
        yield Text(beat.title, beat.text)
    if told.wanted:
        yield Text(_("What would make it right"), told.wanted)
    for given in told.given:
        yield Text(_("How we put it right"), given.what)
