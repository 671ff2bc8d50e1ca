"""A meeting that took place, with minutes; every text of it names somebody."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction

from incidents.actions.minutes import write_minutes
from incidents.models import (
    AgendaItem,
    Attendance,
    Incident,
    Location,
    Meeting,
    MeetingPerson,
    MissedStep,
    PreventionAction,
    Procedure,
    Review,
    RootCause,
    RoutineStep,
    Staff,
    Thanks,
)
from tests import make
from tests.make import DAY, HOUR, NOW

NAMES = ("Nora", "Novak", "Quilters", "Rivers", "Dora")  # none of them may be read outside the house


def meeting_of(place: Location, lead: Staff, *people: Staff) -> Meeting:
    """Begun an hour ago, with those there."""
    meeting = Meeting.objects.create(
        location=place,
        starts_at=NOW + DAY,
        facilitator=lead,
        started_at=NOW + DAY,
        created_at=NOW,
        created_by=lead,
        submit_key=uuid4(),
    )
    for person in people or (lead,):
        MeetingPerson.objects.create(meeting=meeting, staff=person, attendance=Attendance.PRESENT)
    return meeting


def talk_about(meeting: Meeting, incident: Incident, by: Staff) -> Review:
    """On its agenda, reviewed: a change by somebody, a cause, a missed step; everything said with names."""
    position = meeting.items.count() + 1
    AgendaItem.objects.create(
        meeting=meeting,
        kind="incident",
        incident=incident,
        position=position,
        notes="Dora said that Nora Novak called twice.",
        outcome="action",
        seconds=480,
    )
    review = Review.objects.create(
        incident=incident,
        meeting=meeting,
        known_first="Nora's order stood on the list.",
        root_cause=RootCause.objects.order_by("position")[0],
        whys=["Because Dora was alone.", ""],
        outcome="action",
        opened_at=NOW + DAY,
        opened_by=by,
        ended_at=NOW + DAY,
        ended_by=by,
    )
    PreventionAction.objects.create(
        incident=incident,
        review=review,
        location=meeting.location,
        category=incident.category,
        root_cause=review.root_cause,
        kind="checklist",
        what="A list by the door, as Ms Novak asked",
        assignee=by,
        due_on=(NOW + 14 * DAY).date(),
        due_at=NOW + 14 * DAY,
        committed_at=NOW + DAY,
        created_at=NOW + DAY,
        created_by=by,
        submit_key=uuid4(),
    )
    step = RoutineStep.objects.create(procedure=_procedure(meeting.location, by), words="Look twice")
    MissedStep.objects.create(incident=incident, step=step, at=NOW, by=by)
    return review


def _procedure(place: Location, by: Staff) -> Procedure:
    return Procedure.objects.create(
        title="Routine",
        location=place,
        responsible=by,
        review_on=NOW.date(),
        created_at=NOW,
        created_by=by,
        submit_key=uuid4(),
    )


def end(meeting: Meeting, by: Staff) -> Meeting:
    with transaction.atomic():
        meeting.ended_at = NOW + DAY + HOUR / 2
        meeting.save(update_fields=["ended_at"])
        write_minutes(meeting, by=by, now=NOW + DAY + HOUR / 2)
    return meeting


def meeting_over(cast: make.Cast, incident: Incident) -> Meeting:
    """Manager and desk were there, the colleague was not."""
    meeting = meeting_of(cast.here, cast.manager, cast.manager, cast.desk)
    MeetingPerson.objects.create(meeting=meeting, staff=cast.colleague)
    talk_about(meeting, incident, cast.manager)
    AgendaItem.objects.create(
        meeting=meeting, kind="topic", topic="Keys of Nora", position=8, notes="", outcome="talked"
    )
    AgendaItem.objects.create(meeting=meeting, kind="thanks", position=9, outcome="talked")
    AgendaItem.objects.create(meeting=meeting, kind="numbers", position=10, notes="Ok", outcome="talked")
    Thanks.objects.create(
        location=cast.here,
        meeting=meeting,
        incident=incident,
        staff=cast.colleague,
        words="stayed late for Nora",
        consent="named",
        by=cast.manager,
        at=NOW,
        submit_key=uuid4(),
    )
    return end(meeting, cast.manager)


def told(cast: make.Cast) -> Incident:
    """Words that name the customer, her company, a typed author and a colleague."""
    customer = make.make_customer("Nora Novak", account="Midwest Quilters")
    story = "Nora Novak of Midwest Quilters called Dora at +1 312 555 0100 about AB-1234, nora@example.com."
    incident = make.make_incident(cast.desk, customer=customer, what_happened=story)
    make.apologize(incident, cast.desk, author_name="Sam Rivers", words="Dear Nora, I am sorry. Sam Rivers")
    make.give(incident, cast.desk, what="Taxi for Ms Novak")
    return incident
