"""The texts of a meeting's incidents as the wall will show them, for whoever blacks out what is left of names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from incidents.models import AgendaItem, BlackedOut, Incident, Meeting, Staff
from incidents.models.agenda import shown_items
from incidents.models.meeting import MeetingQuerySet
from incidents.models.values import described
from incidents.story.gather import gather
from incidents.story.hidden import Hidden, hidden_for
from incidents.story.timeline import timeline


def meetings_of(staff: Staff) -> MeetingQuerySet:
    return Meeting.objects.visible_to(staff).select_related("location")


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
    """Of that incident, else of the first. Seven statements."""
    items = [item for item in shown_items(meeting) if item.incident is not None]
    item = next((each for each in items if each.incident_id == incident_id), items[0] if items else None)
    if item is None or item.incident is None:
        return NamesPage(meeting, items, None, [], [])
    incident = item.incident
    incident.location = meeting.location
    blacked = list(incident.blacked_out.order_by("pk"))
    told = list(_told(incident))
    before = " ".join(text.words for text in told).casefold()
    texts = _hidden(told, hidden_for(incident))
    return NamesPage(meeting, items, item, texts, [(each, each.words.casefold() in before) for each in blacked])


def _told(incident: Incident) -> Iterator[Text]:
    rows = gather(incident)
    yield Text(_("What happened"), incident.what_happened)
    if incident.remedy_sought:
        yield Text(_("What would make it right"), incident.remedy_sought)
    if incident.place:
        yield Text(_("Where"), incident.place)
    place = incident.location
    for label, words in described(rows.fields, incident.field_values, zone=place.zone, currency=place.currency):
        yield Text(label, words)
    for entry in reversed(timeline(incident, rows)):
        yield Text(entry.title, entry.text)
    for remedy in rows.remedies:
        yield Text(_("How we put it right"), str(remedy))


def _hidden(told: list[Text], hidden: Hidden) -> list[Text]:
    """The same words once."""
    return list(dict.fromkeys(Text(hidden.words(text.label), hidden.words(text.words)) for text in told))
