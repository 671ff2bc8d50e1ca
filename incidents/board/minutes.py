"""Minutes as they are read: which version, what changed, who has read it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Value
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents import access
from incidents.models import AgendaItem, Draft, Meeting, MeetingPerson, Minutes, PreventionAction, Staff
from incidents.models.minutes_body import Body, blacked_out_at, with_hidden


@dataclass(frozen=True)
class MinutesPage:
    """`people`: those asked to come, by name."""

    meeting: Meeting
    reader: Staff
    shown: Minutes
    versions: list[Minutes]
    people: list[MeetingPerson]
    body: Body

    @property
    def newest(self) -> Minutes:
        return self.versions[-1]

    @property
    def is_newest(self) -> bool:
        return self.shown.number == self.newest.number

    @property
    def can_correct(self) -> bool:
        return access.can_run_meeting(self.reader, self.meeting)

    @cached_property
    def mine(self) -> MeetingPerson | None:
        return next((person for person in self.people if person.staff_id == self.reader.pk), None)

    @property
    def has_read(self) -> bool:
        return self.mine is not None and self.mine.read_version >= self.newest.number

    @property
    def can_say_read(self) -> bool:
        return self.is_newest and self.mine is not None and not self.has_read

    @property
    def readers(self) -> list[MeetingPerson]:
        return [person for person in self.people if person.read_version >= self.newest.number]

    @property
    def others(self) -> list[MeetingPerson]:
        """Who has not read the newest."""
        return [person for person in self.people if person.read_version < self.newest.number]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.body["zone"])

    @property
    def zone_words(self) -> str:
        return self.meeting.location.zone_words(self.reader)

    @property
    def day(self) -> dt.date:
        """On the place's calendar."""
        return (self.moment("began_at") or self.meeting.starts_at).astimezone(self.zone).date()

    def moment(self, name: str) -> dt.datetime | None:
        said: str = self.body[name]
        return dt.datetime.fromisoformat(said).astimezone(self.zone) if said else None

    @property
    def times(self) -> str:
        """ "15:00 to 15:31"; the zone when it is not the reader's."""
        began, ended = self.moment("began_at"), self.moment("ended_at")
        if not (began and ended):
            return ""
        words = _("%(from)s to %(to)s") % {"from": _clock(began), "to": _clock(ended)}
        return f"{words} ({self.zone_words})" if self.zone_words else words

    @property
    def items(self) -> list[dict[str, Any]]:
        """As they are stored, with days as days and the time each took in words."""
        return [
            item | {"took": _took(item["seconds"]), "actions": [_with_day(action) for action in item["actions"]]}
            for item in self.body["items"]
        ]

    @property
    def agreed(self) -> list[dict[str, Any]]:
        """What this meeting decided: for whoever reads no further."""
        new = [item for item in self.items if item["kind"] == "incident"]
        return [action | {"about": item["title"]} for item in new for action in item["actions"]]


def minutes_page(reader: Staff, meeting: Meeting, *, number: int | None = None) -> MinutesPage | None:
    """None when nothing was written, or no such version. Five statements."""
    versions = list(meeting.versions.select_related("by").defer("body").order_by("number"))
    wanted = [version for version in versions if number in (None, version.number)]
    if not wanted:
        return None
    shown = Minutes.objects.get(pk=wanted[-1].pk)
    people = list(meeting.people.select_related("staff").order_by("staff__sort_name", "staff_id"))
    body = with_hidden(_for_all(shown.body, meeting), blacked_out_at(meeting))
    return MinutesPage(meeting, reader, shown, versions, people, body)


def _for_all(body: Body, meeting: Meeting) -> Body:
    """Without what only few may know of by now. One statement."""
    actions = [action["id"] for item in body["items"] for action in item["actions"]]
    of_few = AgendaItem.objects.filter(meeting=meeting, incident__is_restricted=True).order_by()
    theirs = PreventionAction.objects.filter(pk__in=actions, incident__is_restricted=True).order_by()
    found = set(of_few.values_list(Value("item"), "pk").union(theirs.values_list(Value("action"), "pk")))
    if not found:
        return body
    gone = [item["notes"] for item in body["items"] if ("item", item["id"]) in found]
    items = [
        item | {"actions": [action for action in item["actions"] if ("action", action["id"]) not in found]}
        for item in body["items"]
        if ("item", item["id"]) not in found
    ]
    return body | {"items": items, "changed": [each for each in body["changed"] if each["after"] not in gone]}


def correction_begun(reader: Staff, meeting: Meeting) -> Draft | None:
    """What `reader` typed to correct them and has not sent."""
    return Draft.objects.filter(staff=reader, form="minutes", key=UUID(int=meeting.pk)).first()


def _clock(moment: dt.datetime) -> str:
    return formats.time_format(moment, "H:i")


def _took(seconds: int) -> str:
    minutes = round(seconds / 60)
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes} if minutes else ""


def _with_day(action: dict[str, Any]) -> dict[str, Any]:
    said = action["due_on"]
    return action | {"due": dt.date.fromisoformat(said) if said else None}
