"""What we change: the list by where it stands, and one change with what became of it. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.utils.functional import Promise as LazyText
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from incidents.board.change_words import STRENGTH, STRONGER, check_words
from incidents.board.keyset import page_by
from incidents.models import (
    CheckVerdict,
    Incident,
    Location,
    PreventionAction,
    PreventionCheck,
    PreventionKind,
    Staff,
    ToldPlace,
    WhatWeChanged,
)
from incidents.models.incident import IncidentQuerySet
from incidents.models.prevention import UNJUDGED, PreventionQuerySet, telling_key
from incidents.models.recurrence import aimed_at, because_of, in_effect_from
from incidents.models.staff import LocationQuerySet

PAGE = 25
MOST_LATER = 10
WRITTEN = (PreventionKind.PROCEDURE, PreventionKind.CHECKLIST, PreventionKind.WORDING)
MOST_TOLD = 20
MOST_DIGITS = 18
OPEN, MINE, IDEAS, DONE, CHECKED, DROPPED, ELSEWHERE = (
    *("open", "mine", "ideas", "done", "checked", "dropped"),
    "elsewhere",
)
VIEWS: dict[str, LazyText] = {
    OPEN: _("Under way"),
    MINE: _("Mine"),
    IDEAS: _("Ideas"),
    DONE: _("To be checked"),
    CHECKED: _("Checked"),
    DROPPED: _("Dropped"),
    ELSEWHERE: _("From other places"),
}
# The instant each is ordered by, and whether the newest come first.
_ORDER = {
    OPEN: ("due_at", False),
    MINE: ("due_at", False),
    IDEAS: ("created_at", True),
    DONE: ("check_at", False),
    CHECKED: ("done_at", True),
    DROPPED: ("dropped_at", True),
    ELSEWHERE: ("created_at", True),
}


def _is(name: str, staff: Staff) -> Q:
    open_ = Q(committed_at__isnull=False, done_at__isnull=True, dropped_at__isnull=True)
    done = Q(done_at__isnull=False)
    return {
        OPEN: open_,
        MINE: open_ & Q(assignee=staff),
        IDEAS: Q(committed_at__isnull=True, dropped_at__isnull=True),
        DONE: done & Q(verdict__in=UNJUDGED),
        CHECKED: done & ~Q(verdict__in=UNJUDGED),
        DROPPED: Q(dropped_at__isnull=False),
        ELSEWHERE: Q(dropped_at__isnull=True),
    }[name]


@dataclass(frozen=True)
class ListPage:
    rows: list[PreventionAction]
    newer: str
    older: str
    view: str
    counts: dict[str, int]
    places: list[Location]
    place: Location | None
    who: Staff | None


def list_page(staff: Staff, *, view: str, place: str, who: str, after: str, before: str) -> ListPage:
    """Three statements: the places, the numbers, the rows; one more of somebody (`who`) for their name.

    What nobody offered is the first view, every place, and everybody.
    """
    places = list(Location.objects.open_to(staff))
    chosen = next((each for each in places if str(each.pk) == place), None)
    wanted = view if view in VIEWS else OPEN
    asks = _is_number(who) and staff.is_manager and wanted != ELSEWHERE
    person = Staff.objects.filter(pk=int(who)).first() if asks else None
    ours = _at(PreventionAction.objects.theirs(staff), chosen)
    ours = ours.filter(assignee=person) if person else ours
    column, is_down = _ORDER[wanted]
    rows = PreventionAction.objects.told_to(staff) if wanted == ELSEWHERE else ours
    named = rows.filter(_is(wanted, staff)).select_related("location", "assignee", "category", "root_cause")
    found, newer, older = page_by(named, column, is_down=is_down, size=PAGE, after=after, before=before)
    counts = ours.aggregate(**{name: Count("pk", filter=_is(name, staff)) for name in VIEWS if name != ELSEWHERE})
    return ListPage(found, newer, older, wanted, counts, places, chosen, person)


def _is_number(sent: str) -> bool:
    return sent.isascii() and sent.isdecimal() and len(sent) <= MOST_DIGITS


def _at(rows: PreventionQuerySet, place: Location | None) -> PreventionQuerySet:
    return rows.filter(location=place) if place else rows


def changes_of(staff: Staff) -> PreventionQuerySet:
    """Those `staff` may open, with the names that their page says."""
    names = ("location", "category", "root_cause", "assignee", "done_by", "dropped_by", "created_by", "procedure")
    return PreventionAction.objects.visible_to(staff).select_related(*names, "incident__customer")


@dataclass(frozen=True)
class Place:
    """Another place: told at that moment, left out for a reason, or neither yet."""

    pk: int
    name: str
    at: dt.datetime | None
    skipped_because: str


@dataclass
class ChangePage:
    """What is not needed is not asked for."""

    action: PreventionAction
    staff: Staff
    now: dt.datetime
    sees_incident: bool
    checks: list[PreventionCheck] = field(default_factory=list)

    @property
    def is_ours(self) -> bool:
        """Not only told by another place."""
        return self.sees_incident or self.is_mine

    @property
    def is_mine(self) -> bool:
        return self.action.assignee_id == self.staff.pk

    @cached_property
    def manages(self) -> bool:
        here = self.staff.sees_all or self.action.location_id in self.staff.location_ids
        return self.staff.is_manager and here and self.sees_incident

    @property
    def may_do(self) -> bool:
        return self.is_mine or self.manages

    @property
    def may_drop(self) -> bool:
        return self.manages or (self.action.is_idea and self.action.created_by_id == self.staff.pk)

    @property
    def came_back(self) -> bool:
        return self.action.is_open and self.action.verdict == CheckVerdict.RECURRED

    @property
    def strength_words(self) -> LazyText:
        return STRENGTH[self.action.strength]

    @property
    def stronger(self) -> LazyText | str:
        return STRONGER.get(self.action.kind, "") if not self.action.done_at else ""

    @property
    def may_be_written(self) -> bool:
        """It changes how we do it, and no procedure says so yet."""
        standing = self.action.committed_at is not None and self.action.dropped_at is None
        return standing and self.action.procedure_id is None and self.action.kind in WRITTEN

    @property
    def check(self) -> PreventionCheck | None:
        return self.checks[0] if self.checks else None

    @property
    def check_words(self) -> str:
        return check_words(self.check)

    @cached_property
    def later(self) -> list[Incident]:
        """What it should have prevented, as far as they see it, the newest first; one more than is shown."""
        return list(_later(self.action, self.staff)[: MOST_LATER + 1]) if self.sees_incident else []

    @property
    def has_more(self) -> bool:
        return len(self.later) > MOST_LATER

    @cached_property
    def places(self) -> list[Place]:
        """Every other place, for those who may tell them."""
        if not self.manages or self.action.committed_at is None or self.action.dropped_at is not None:
            return []
        told = ToldPlace.objects.filter(action=self.action, location=OuterRef("pk"))
        rows = other_places(self.action).annotate(
            told_at=Subquery(told.values("at")), because=Subquery(told.values("skipped_because"))
        )
        found = rows.values_list("pk", "name", "told_at", "because")
        return [Place(pk, name, at, because or "") for pk, name, at, because in found]

    @cached_property
    def to_tell(self) -> list[Incident]:
        """Of the customers it was made because of, one incident each; its own first."""
        if not self.manages or self.action.done_at is None:
            return []
        own_first = Case(When(pk=self.action.incident_id, then=0), default=1)
        found = because_of(self.action, self.staff).select_related("customer", "category")
        return list(found.order_by(own_first, "-reported_at", "-pk")[:MOST_TOLD])

    @cached_property
    def tellings(self) -> list[WhatWeChanged]:
        """What was promised to customers because of it."""
        if not self.sees_incident:
            return []
        seen = WhatWeChanged.objects.filter(
            action=self.action, promise__incident__in=Incident.objects.visible_to(self.staff)
        )
        return list(seen.select_related("promise__incident__customer", "promise__assignee").order_by("pk"))

    def was_sent(self, submit_key: UUID) -> bool:
        """Whether that form has made its promises already."""
        made = (each.promise for each in self.tellings)
        return any(promise.submit_key == telling_key(submit_key, promise.incident_id) for promise in made)

    @cached_property
    def people(self) -> list[Staff]:
        """Who can be given it."""
        here = Staff.objects.filter(is_active=True, memberships__location=self.action.location_id)
        people = list(here.order_by("sort_name"))
        return people if self.staff in people else [self.staff, *people]


def change_page(staff: Staff, action: PreventionAction, *, now: dt.datetime) -> ChangePage:
    sees = PreventionAction.objects.of_incidents_seen_by(staff).filter(pk=action.pk).exists()
    # How often what few may know of happened is for those few, whoever has to do it.
    counts = sees or (action.assignee_id == staff.pk and not action.incident.is_restricted)
    return ChangePage(action, staff, now, sees, list(action.checks.order_by("-pk")) if counts else [])


def _later(action: PreventionAction, staff: Staff) -> IncidentQuerySet:
    since = in_effect_from(action) if action.check_at else action.created_at
    rows = aimed_at(action).visible_to(staff).filter(reported_at__gte=since).exclude(pk=action.incident_id)
    return rows.select_related("customer", "category", "location").order_by("-reported_at", "-pk")


def other_places(action: PreventionAction) -> LocationQuerySet:
    """Those that may be told."""
    return Location.objects.active().exclude(pk=action.location_id).order_by("name")
