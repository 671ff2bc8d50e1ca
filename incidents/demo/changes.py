"""What the demo's people change: under way, late, done, one that held, one that came back, an idea."""

from __future__ import annotations

import datetime as dt
from typing import Any

from incidents.actions import causes, prevention
from incidents.demo.cast import HOTEL, SHOP
from incidents.demo.scene import At, Scene, Story
from incidents.models import Incident, PreventionAction, RootCause
from incidents.models.tally import countable

ENOUGH = 5  # before a change, to tell anything by it


def _found(scene: Scene, where: str, category: str, since: At, until: At) -> list[Incident]:
    """The newest first."""
    rows = Incident.objects.filter(location=scene.places[where], category=scene.categories[category])
    there = rows.filter(reported_at__gte=scene.at(since, where), reported_at__lt=scene.at(until, where))
    return list(countable(there).filter(is_restricted=False).order_by("-reported_at", "-pk")[: ENOUGH + 1])


def _because(scene: Scene, incidents: list[Incident], cause: str, by: str) -> None:
    why = RootCause.objects.get(key=cause)
    for incident in incidents:
        causes.set_cause(incident_id=incident.pk, root_cause=why, by=scene.people[by], now=scene.now)


def _commit(scene: Scene, incident: Incident, *, by: str, to: str, days: int, **fields: Any) -> PreventionAction:
    today = scene.now.astimezone(incident.location.zone).date()
    return prevention.commit_change(
        incident_id=incident.pk,
        assignee=scene.people[to],
        due_on=today + dt.timedelta(days=days),
        by=scene.people[by],
        now=scene.now,
        submit_key=scene.key(),
        **fields,
    )


def _finish(scene: Scene, action: PreventionAction, *, by: str, evidence: str, **fields: Any) -> None:
    prevention.finish(action_id=action.pk, evidence=evidence, by=scene.people[by], now=scene.now, **fields)


def held(scene: Scene) -> Story:
    """Rooms that were not right for want of a routine; none since."""
    yield scene.at((-102, "10:00"), HOTEL)
    before = _found(scene, HOTEL, "room", (-188, "10:00"), (-102, "10:00"))
    if len(before) < ENOUGH:
        return
    _because(scene, before, "no_procedure", "manager")
    what = "Rooms that stood empty for two nights are walked through before the next guest"
    action = _commit(scene, before[0], by="manager", to="manager", days=5, kind="procedure", what=what)
    yield scene.at((-100, "16:00"), HOTEL)
    _finish(scene, action, by="manager", evidence="It is on the morning sheet of housekeeping since today.")
    yield scene.at((-10, "18:00"), HOTEL)
    prevention.check_due(scene.now)


def came_back(scene: Scene) -> Story:
    """A sign at the desk did not shorten the queue."""
    yield scene.at((-99, "09:00"), HOTEL)
    before = _found(scene, HOTEL, "waiting", (-185, "09:00"), (-99, "09:00"))
    after = _found(scene, HOTEL, "waiting", (-95, "09:00"), (-20, "09:00"))
    if not (before and after):
        return
    _because(scene, [*before, after[0]], "overload", "manager")
    what = "A sign at the desk: when it is busy, ring for the back office"
    action = _commit(scene, before[0], by="manager", to="desk", days=3, kind="notice", what=what)
    yield scene.at((-97, "17:00"), HOTEL)
    _finish(scene, action, by="desk", evidence="It hangs beside the key cupboard.")
    yield scene.at((-7, "19:00"), HOTEL)
    prevention.check_due(scene.now)


def boiler_alarm(scene: Scene) -> Story:
    """Done, and too early to tell; the shop has no showers."""
    yield scene.at((-5, "10:00"), HOTEL)
    first = Incident.objects.filter(place="Third floor").earliest("pk")
    _because(scene, [first], "tool", "manager")
    what = "An alarm on the desk's phone when the boiler switches itself off"
    action = _commit(scene, first, by="manager", to="manager", days=4, kind="automatic", what=what)
    yield scene.at((-3, "15:00"), HOTEL)
    _finish(scene, action, by="manager", evidence="Tried it with the caretaker: the phone rang after two minutes.")
    prevention.skip_place(
        action_id=action.pk,
        location=scene.places[SHOP],
        reason="They have no boiler of their own.",
        by=scene.people["manager"],
        now=scene.now,
    )


def deliveries(scene: Scene) -> Story:
    """One under way, one late; and an idea from the counter."""
    yield scene.at((-9, "09:40"), SHOP)
    misfiled = _found(scene, SHOP, "misfiled", (-200, "09:00"), (-9, "09:00"))
    if misfiled:
        what = "Read the folder's number back before it is filed"
        _commit(scene, misfiled[0], by="sam", to="wen", days=7, kind="checklist", what=what)
    yield scene.at((-4, "09:15"), SHOP)
    late = Incident.objects.get(order_reference="AL3402")
    what = "A second carrier for Fridays and Saturdays"
    _commit(scene, late, by="sam", to="sam", days=10, kind="tool", what=what)
    prevention.note_idea(
        incident_id=late.pk,
        kind="automatic",
        what="The shop system warns when a promised day cannot be kept",
        by=scene.people["wen"],
        now=scene.now,
        submit_key=scene.key(),
    )


CHANGES = (held, came_back, boiler_alarm, deliveries)
