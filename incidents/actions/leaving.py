"""What happens to someone's work when they leave, or no longer belong to a place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.access import Role
from incidents.actions.advance import pass_on_steps
from incidents.actions.handovers import hand_over
from incidents.actions.prevention.doing import pass_on_changes
from incidents.actions.procedures.keeping import pass_on_procedure
from incidents.actions.refusals import Refused
from incidents.models import (
    Concern,
    FollowUp,
    Incident,
    Location,
    Meeting,
    MeetingSeries,
    PreventionAction,
    Procedure,
    PromiseMade,
    Remedy,
    Staff,
)
from incidents.vocabulary import PENDING_REMEDY


@dataclass(frozen=True)
class Passing:
    """One incident, and who gets it; or, with `is_whole` false, gets what they have to do in it."""

    incident: Incident
    heir: Staff
    is_whole: bool = True


@dataclass(frozen=True)
class Keeping:
    """One procedure, and who keeps it true from now on."""

    procedure: Procedure
    heir: Staff


def plan_leaving(staff: Staff, *, by: Staff) -> list[Passing]:
    """What would be handed to whom, the most urgent first. Six statements, however much it is."""
    mine = _with_places(Incident.objects.open().filter(assignee=staff).by_urgency())
    helped = _with_places(Incident.objects.filter(pk__in=_helped_in(staff)).exclude(pk__in=[i.pk for i in mine]))
    heirs = _Heirs([*mine, *helped], leaving=staff, by=by)
    passings = [Passing(incident, heirs.of(incident)) for incident in mine]
    for incident in helped:
        stays = incident.assignee.is_active and incident.assignee != staff
        passings.append(Passing(incident, incident.assignee if stays else heirs.of(incident), is_whole=False))
    return passings


def pass_on(passings: Iterable[Passing], *, leaving: Staff, by: Staff, now: dt.datetime) -> None:
    """Carry the plan out, inside the caller's transaction."""
    for passing in passings:
        if passing.is_whole:
            hand_over(incident_id=passing.incident.pk, to=passing.heir, by=by, now=now)
        else:
            pass_on_steps(passing.incident, from_staff=leaving, to_staff=passing.heir)
        pass_on_changes(passing.incident, from_staff=leaving, to_staff=passing.heir, by=by, now=now)


def plan_keeping(staff: Staff, *, by: Staff) -> list[Keeping]:
    """Who keeps true what they kept, by its name. One statement when it is nothing, four however much it is."""
    rows = Procedure.objects.standing().filter(responsible=staff).select_related("location__fallback_assignee")
    mine = list(rows.order_by("title", "pk"))
    heirs = _Heirs([], leaving=staff, by=by, places={p.location_id for p in mine if p.location_id}) if mine else None
    return [Keeping(procedure, heirs.keeper_of(procedure.location)) for procedure in mine] if heirs else []


def pass_on_keeping(keepings: Iterable[Keeping], *, by: Staff, now: dt.datetime) -> None:
    """Carry it out, inside the caller's transaction."""
    for keeping in keepings:
        pass_on_procedure(keeping.procedure.pk, to_staff=keeping.heir, by=by, now=now)


def pass_on_meetings(leaving: Staff, *, at: Iterable[int] | None = None, by: Staff) -> None:
    """Those that have not begun, and those that come again: at these places, else everywhere. Whoever writes is open.

    They stay as nobody touched them (`version`): their series may still move them.
    """
    rows = Meeting.objects.ahead().filter(started_at=None)
    series = MeetingSeries.objects.filter(ended_on=None)
    if at is not None:
        rows, series = rows.filter(location__in=at), series.filter(location__in=at)
    rows.filter(writer=leaving).update(writer=None)
    led, comes_again = rows.filter(facilitator=leaving), series.filter(facilitator=leaving)
    places = {*led.values_list("location", flat=True), *comes_again.values_list("location", flat=True)}
    if not places:
        return
    heirs = _Heirs([], leaving=leaving, by=by, places=places)
    for place in Location.objects.filter(pk__in=places):
        heir = heirs.keeper_of(place)
        led.filter(location=place).update(facilitator=heir)
        comes_again.filter(location=place).update(facilitator=heir)


def _with_places(incidents: Iterable[Incident]) -> list[Incident]:
    rows = incidents.select_related("location", "assignee", "customer", "category")  # type: ignore[attr-defined]
    return list(rows)


def _helped_in(staff: Staff) -> list[int]:
    """Incidents in which `staff` has a call, a promise, a remedy or a change to see to; one statement."""
    calls = FollowUp.objects.planned().filter(assignee=staff).order_by()
    promises = PromiseMade.objects.filter(assignee=staff, kept_at__isnull=True, broken_at__isnull=True).order_by()
    remedies = Remedy.objects.filter(assignee=staff, state__in=sorted(PENDING_REMEDY)).order_by()
    changes = PreventionAction.objects.open().filter(assignee=staff).order_by()
    others = (rows.values_list("incident") for rows in (promises, remedies, changes))
    found = calls.values_list("incident").union(*others)
    return [pk for (pk,) in found]


class _Heirs:
    """Who takes over: the place's fallback, a manager there, `by`, any administrator. Three statements."""

    def __init__(self, incidents: Iterable[Incident], *, leaving: Staff, by: Staff, places: Iterable[int] = ()) -> None:
        incidents = list(incidents)
        places = {*places, *(incident.location_id for incident in incidents)}
        self.by = by
        self.concerned = set(Concern.objects.filter(incident__in=incidents).values_list("incident_id", "staff_id"))
        people = (
            Staff.objects.filter(is_active=True)
            .exclude(pk=leaving.pk)
            .filter(Q(role=Role.ADMINISTRATOR) | Q(memberships__location__in=places))
        )
        self.people = list(people.distinct().prefetch_related("memberships").order_by("id"))

    def of(self, incident: Incident) -> Staff:
        place = incident.location
        here = [p for p in self.people if self._is_of(p, place.pk) and (incident.pk, p.pk) not in self.concerned]
        found = self._first(here, place)
        if found is None:
            raise Refused(
                _("Nobody else may take over %(reference)s. Add someone who can first.")
                % {"reference": incident.reference}
            )
        return found

    def keeper_of(self, place: Location | None) -> Staff:
        """Of a procedure: of what holds at all places an administrator, `by` before others."""
        here = [p for p in self.people if (self._is_of(p, place.pk) if place else p.sees_all)]
        return self._first(here, place) or self.by

    def _first(self, here: list[Staff], place: Location | None) -> Staff | None:
        order = (
            [p for p in here if place and p.pk == place.fallback_assignee_id],
            [p for p in here if place and p.role == Role.MANAGER],
            [p for p in here if p == self.by],
            [p for p in here if p.sees_all],
        )
        return next((person for people in order for person in people), None)

    @staticmethod
    def _is_of(person: Staff, place_id: int) -> bool:
        return person.sees_all or place_id in {member.location_id for member in person.memberships.all()}
