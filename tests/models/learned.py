"""A row of everything that is learnt from: a meeting, what it made of an incident, a change, a procedure, practice."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from incidents.models import (
    AgendaItem,
    BlackedOut,
    FactMonth,
    FactState,
    Incident,
    Meeting,
    MeetingPerson,
    MeetingSeries,
    Minutes,
    MissedStep,
    Notice,
    PracticeAnswer,
    PreventionAction,
    PreventionCheck,
    Procedure,
    ProcedureRead,
    ProcedureVersion,
    PromiseMade,
    Reminder,
    Review,
    RoutineStep,
    Scenario,
    Thanks,
    ToldPlace,
    WhatWeChanged,
)
from tests.make import DAY, NOW, Cast


def learned(cast: Cast, incident: Incident) -> None:
    meeting = make_meeting(cast, incident)
    procedure = make_procedure(cast)
    step = RoutineStep.objects.create(procedure=procedure, words="Read the order back")
    MissedStep.objects.create(incident=incident, step=step, at=NOW, by=cast.manager)
    BlackedOut.objects.create(incident=incident, words="the lady in red", by=cast.manager, at=NOW)
    review = Review.objects.create(incident=incident, meeting=meeting, opened_at=NOW, opened_by=cast.manager)
    action = make_change(cast, incident, review=review)
    PreventionCheck.objects.create(action=action, at=NOW, days=90, before=5, after=0, verdict="not_seen")
    ToldPlace.objects.create(action=action, location=cast.elsewhere, at=NOW, by=cast.manager)
    WhatWeChanged.objects.create(action=action, promise=PromiseMade.objects.latest("pk"))
    scenario = make_scenario(cast, incident)
    PracticeAnswer.objects.create(scenario=scenario, words="Walk with them")
    make_thanks(cast)
    Notice.objects.create(recipient=cast.desk, kind="minutes", subject_id=meeting.pk, occurrence="v1", at=NOW)
    FactState.objects.get_or_create()
    FactMonth.objects.create(location=cast.here, month=NOW.date(), version=1)
    Reminder.objects.create(kind="meeting_soon", subject_id=meeting.pk, occurrence="1", due_at=NOW, target_at=NOW)


def make_meeting(cast: Cast, incident: Incident | None = None, **over: Any) -> Meeting:
    """One of a series, with an incident on its agenda when one is given, and minutes."""
    led: dict[str, Any] = {"location": cast.here, "facilitator": cast.manager}
    series = MeetingSeries.objects.create(starts_on=NOW.date(), at=NOW.time(), submit_key=uuid4(), **led)
    made: dict[str, Any] = {"created_at": NOW, "created_by": cast.manager, "submit_key": uuid4(), **led}
    meeting = Meeting.objects.create(**made | {"series": series, "starts_at": NOW + DAY} | over)
    MeetingPerson.objects.create(meeting=meeting, staff=cast.desk)
    if incident:
        AgendaItem.objects.create(meeting=meeting, kind="incident", incident=incident, position=1)
    Minutes.objects.create(meeting=meeting, number=1, body={}, at=NOW, by=cast.manager)
    return meeting


def make_procedure(cast: Cast, **over: Any) -> Procedure:
    """Written once, and read by the desk."""
    fields: dict[str, Any] = {
        "title": "Taking an order",
        "location": cast.here,
        "responsible": cast.manager,
        "review_on": (NOW + 365 * DAY).date(),
        "created_at": NOW,
        "created_by": cast.manager,
        "submit_key": uuid4(),
    }
    procedure = Procedure.objects.create(**fields | over)
    first = ProcedureVersion.objects.create(procedure=procedure, number=1, words="Slowly.", at=NOW, by=cast.manager)
    ProcedureRead.objects.create(of=first, staff=cast.desk, at=NOW)
    return procedure


def make_change(cast: Cast, incident: Incident, **over: Any) -> PreventionAction:
    """Committed and not done."""
    fields: dict[str, Any] = {
        "incident": incident,
        "location": incident.location,
        "category": incident.category,
        "kind": "checklist",
        "what": "Read the order back",
        "assignee": cast.desk,
        "due_on": NOW.date(),
        "due_at": NOW + DAY,
        "committed_at": NOW,
        "created_at": NOW,
        "created_by": cast.manager,
        "submit_key": uuid4(),
    }
    return PreventionAction.objects.create(**fields | over)


def make_scenario(cast: Cast, incident: Incident | None = None, **over: Any) -> Scenario:
    fields: dict[str, Any] = {
        "incident": incident,
        "location": cast.here,
        "title": "No bed at eleven at night",
        "story": "They arrive, and we are full.",
        "question": "What do you do?",
        "ending": "We walked with them.",
        "created_at": NOW,
        "created_by": cast.manager,
        "published_at": NOW,
        "submit_key": uuid4(),
    }
    return Scenario.objects.create(**fields | over)


def make_thanks(cast: Cast, **over: Any) -> Thanks:
    fields: dict[str, Any] = {
        "location": cast.here,
        "staff": cast.desk,
        "words": "staying until nine",
        "by": cast.manager,
    }
    return Thanks.objects.create(**fields | {"at": NOW, "submit_key": uuid4()} | over)
