"""A meeting while it runs: what is on the wall, for whom, and what comes next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import ngettext

from incidents import access
from incidents.models import (
    AgendaItem,
    Incident,
    ItemKind,
    Meeting,
    MeetingPerson,
    PreventionAction,
    PreventionCheck,
    Review,
    ReviewOutcome,
    Staff,
    Thanks,
)
from incidents.models.agenda import shown_items, thanks_to_say
from incidents.models.hidden import Hidden, hidden_for, hidden_together
from incidents.models.minutes_body import earlier_actions
from incidents.models.prepared import find_about
from incidents.models.screens import ACTIONS_A_SCREEN, screens_of
from incidents.story.lines import Line, line_of
from incidents.story.reviewing import Reviewed, review_on
from incidents.story.told import ByName, Naming, Told, tell_in_meeting

MINUTE = 60


def items_of(staff: Staff) -> QuerySet[AgendaItem]:
    """Of meetings they may see, but what few may know."""
    rows = AgendaItem.objects.filter(meeting__in=Meeting.objects.visible_to(staff))
    return rows.exclude(incident__is_restricted=True)


def _people_of(meeting_id: int) -> QuerySet[MeetingPerson]:
    rows = MeetingPerson.objects.filter(meeting=meeting_id).select_related("staff")
    return rows.order_by("staff__sort_name", "staff_id")


@dataclass(frozen=True)
class Stop:
    """An item of the agenda in the strip of the room; never more than its kind: no names, no words."""

    item: AgendaItem
    number: int
    is_current: bool

    @property
    def title(self) -> str:
        if self.item.incident:
            return self.item.incident.category.label
        return str(ItemKind(self.item.kind).label)

    @property
    def outcome(self) -> str:
        return str(ReviewOutcome(self.item.outcome).label) if self.item.outcome else ""


@dataclass(frozen=True)
class CauseChip:
    label: str
    is_chosen: bool
    is_factor: bool


@dataclass
class Room:
    meeting: Meeting
    staff: Staff
    now: dt.datetime

    @cached_property
    def can_run(self) -> bool:
        return access.can_run_meeting(self.staff, self.meeting)

    @property
    def tag(self) -> str:
        return str(self.meeting.version)

    @cached_property
    def items(self) -> list[AgendaItem]:
        return shown_items(self.meeting)

    @cached_property
    def stops(self) -> list[Stop]:
        return [Stop(item, n, item.pk == self.meeting.current_id) for n, item in enumerate(self.items, 1)]

    @cached_property
    def stop(self) -> Stop | None:
        return next((stop for stop in self.stops if stop.is_current), None)

    @property
    def item(self) -> AgendaItem | None:
        return self.stop.item if self.stop else None

    @property
    def at(self) -> str:
        """Where it stands: see `actions.room.place_of`."""
        return f"{self.meeting.current_id or 0}-{self.meeting.screen}"

    @cached_property
    def desk_key(self) -> str:
        """Changes when the phone's forms would be others: another item, or something saved from elsewhere."""
        if self.item is None or not self.meeting.is_running:
            return f"{self.at}-{self._part}"
        return f"{self.item.pk}.{self.item.version}.{self._review.version if self._review else ''}"

    @cached_property
    def screens(self) -> int:
        return screens_of(self.item, self.meeting) if self.item else 1

    @property
    def screen(self) -> int:
        return min(self.meeting.screen, self.screens - 1)

    @property
    def part(self) -> str:
        """The template of what is on the wall."""
        return f"incidents/room/wall/_{self._part}.html"

    @property
    def _part(self) -> str:
        if self.meeting.ended_at or self.meeting.cancelled_at:
            return "over"
        if not self.meeting.is_running:
            return "before"
        if self.item is None:
            return "gone" if self.meeting.current_id else "end"
        if self.item.kind == ItemKind.INCIDENT:
            return ("story", "recovery", "cause", "outcome")[self.screen]
        return self.item.kind

    # The clock of the item.

    @property
    def seconds(self) -> int:
        item = self.item
        if item is None:
            return 0
        running = (self.now - item.began_at).total_seconds() if item.began_at else 0
        return item.seconds + max(int(running), 0)

    @property
    def seconds_meant(self) -> int:
        return self.item.minutes * MINUTE if self.item else 0

    @property
    def time_words(self) -> str:
        """As it is shown without a script; room.js counts on."""
        left = self.seconds_meant - self.seconds
        minutes = max(-(-abs(left) // MINUTE), 1)
        words = ngettext("%(n)d minute left", "%(n)d minutes left", minutes)
        if left < 0:
            words = ngettext("%(n)d minute over", "%(n)d minutes over", minutes)
        return words % {"n": minutes}

    @property
    def names_shown(self) -> bool:
        """On the wall of whoever runs it, and nowhere else."""
        return self.meeting.shows_names and self.can_run

    @cached_property
    def hidden(self) -> Hidden:
        """Of the incident on the wall; of none, for words that may speak of anybody at the place."""
        incident = self.item.incident if self.item else None
        return hidden_for(incident) if incident else hidden_together(self._spoken_of, self.meeting.location)

    @property
    def _spoken_of(self) -> list[Incident]:
        if self.item and self.item.kind == ItemKind.THANKS:
            return [thanks.incident for thanks in self._thanks if thanks.incident]
        if self.item is None or self.item.kind == ItemKind.ACTIONS:
            return list({action.incident for action in self._actions})
        return [item.incident for item in self.items if item.incident]

    @cached_property
    def told(self) -> Told | None:
        if self.item is None or self.item.incident is None:
            return None
        incident = self.item.incident
        incident.location = self.meeting.location
        naming: Naming | Hidden = ByName() if self.names_shown else self.hidden
        return tell_in_meeting(incident, naming)

    @cached_property
    def reviewed(self) -> Reviewed | None:
        if self.item is None or self.item.incident is None:
            return None
        incident = self.item.incident
        incident.location = self.meeting.location
        return Reviewed(incident, review_on(incident, self.meeting.pk), self.staff, self.now)

    @cached_property
    def _actions(self) -> list[PreventionAction]:
        if self.item is None:
            rows = PreventionAction.objects.filter(review__meeting=self.meeting).committed()
            return list(rows.select_related("assignee", "incident").order_by("due_at", "pk"))
        return earlier_actions(self.meeting)

    @cached_property
    def actions(self) -> list[Line]:
        """Of the last meetings, as many as a screen holds; at the end, those of this one."""
        first = self.screen * ACTIONS_A_SCREEN if self.item else 0
        shown = self._actions[first : first + ACTIONS_A_SCREEN] if self.item else self._actions
        checks = {c.action_id: c for c in PreventionCheck.objects.filter(action__in=shown).order_by("pk")}
        return [self._line(action, checks.get(action.pk)) for action in shown]

    def _line(self, action: PreventionAction, check: PreventionCheck | None = None) -> Line:
        return line_of(action, check, say=self.say, now=self.now)

    @cached_property
    def change_lines(self) -> list[Line]:
        """What this review has come to."""
        return [self._line(action) for action in self.reviewed.changes] if self.reviewed else []

    @cached_property
    def answers(self) -> list[str]:
        """To the story on the wall, in another order each time; none while there are too few."""
        scenario = self.item.scenario if self.item else None
        return [self.say(words) for words in scenario.shown_answers()] if scenario else []

    @property
    def best_answer(self) -> str:
        return self.say(self.item.scenario.best_answer) if self.item and self.item.scenario else ""

    @cached_property
    def _thanks(self) -> list[Thanks]:
        said = Thanks.objects.agreed().filter(meeting=self.meeting).exclude(incident__is_restricted=True)
        rows = [*said.select_related("staff", "incident"), *thanks_to_say(self.meeting.location_id)]
        return list({row.pk: row for row in rows}.values())

    @cached_property
    def thanks(self) -> list[tuple[str, str, int | None]]:
        return [(row.who, self.hidden.words(row.words), row.minutes) for row in self._thanks]

    @cached_property
    def notes(self) -> str:
        return self.say(self.item.notes) if self.item else ""

    @property
    def topic(self) -> str:
        return self.say(self.item.topic) if self.item else ""

    # What is typed about the mistake.

    @property
    def _review(self) -> Review | None:
        return self.reviewed.review if self.reviewed else None

    @property
    def known_first(self) -> list[str]:
        return self.say(self._review.known_first).splitlines() if self._review else []

    @property
    def whys(self) -> list[str]:
        return [self.say(why) for why in self._review.whys] if self._review else []

    @property
    def reason(self) -> str:
        is_reason = self._review is not None and self._review.outcome == ReviewOutcome.NO_ACTION
        return self.say(self._review.reason) if self._review and is_reason else ""

    @property
    def covered_by(self) -> str:
        return self.say(self._review.covered_by.what) if self._review and self._review.covered_by else ""

    @cached_property
    def cause_chips(self) -> list[CauseChip]:
        """The five most used, and whatever was chosen besides."""
        if self.reviewed is None:
            return []
        chosen = self._review.root_cause_id if self._review else None
        factors = {cause.pk for cause in self.reviewed.factors}
        causes = self.reviewed.causes
        shown = [*causes.used, *(c for c in causes.rest if c.pk == chosen or c.pk in factors)]
        return [CauseChip(str(c), is_chosen=c.pk == chosen, is_factor=c.pk in factors) for c in shown]

    def say(self, words: str) -> str:
        """Words for this wall."""
        return words if self.names_shown else self.hidden.words(words)

    @cached_property
    def people(self) -> list[MeetingPerson]:
        return find_about(_people_of, self.meeting.pk)

    @cached_property
    def open_stops(self) -> list[Stop]:
        """What has no outcome yet."""
        return [stop for stop in self.stops if not stop.item.outcome]
