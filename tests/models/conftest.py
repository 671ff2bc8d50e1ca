"""A row of everything."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from incidents.actions import notes, promises
from incidents.models import (
    Account,
    ApprovalRequest,
    Attachment,
    CategoryHere,
    CheckIn,
    ClockGap,
    ClockTarget,
    Concern,
    Draft,
    ExportFile,
    Handled,
    Handover,
    Incident,
    Job,
    JobLine,
    LadderRung,
    Limit,
    Merge,
    OpenHours,
    OutboxHold,
    Pattern,
    PatternLink,
    Playbook,
    PlaybookRemedy,
    Presence,
    RemedyTypeHere,
    Resemblance,
    RetryDelay,
    SavedView,
    SpecialDay,
    ViewChoice,
)
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast
from tests.models.learned import learned
from tests.models.writes import World


@kept_rows
def world(cast: Cast) -> World:
    """An open incident with a row of everything, a closed one, and mail (of its notices), held, and a job."""
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    make.call(incident, cast.desk, "unhappy")
    make.give(incident, cast.desk, "reimburse", now=NOW)
    promises.make_promise(
        incident_id=incident.pk, by=cast.desk, now=NOW, what="Write", due_at=NOW + DAY, submit_key=uuid4()
    )
    notes.add_note(incident_id=incident.pk, by=cast.desk, now=NOW, words="Kind", submit_key=uuid4())
    Handover.objects.create(incident=incident, from_staff=cast.desk, to_staff=cast.manager, at=NOW, by=cast.desk)
    Concern.objects.create(incident=incident, staff=cast.colleague)
    Presence.objects.create(incident=incident, staff=cast.desk, seen_at=NOW)
    Draft.objects.create(staff=cast.desk, form="log", key=uuid4(), saved_at=NOW)
    Attachment.objects.create(
        incident=incident,
        kind="photo",
        stored_name="a",
        original_name="a.png",
        content_type="image/png",
        size=1,
        sha256="0" * 64,
        created_at=NOW,
        created_by=cast.desk,
    )
    Account.objects.create(name="Lakeside", created_at=NOW)
    closed = make.make_incident(cast.desk)
    make.apologize(closed, cast.desk)
    make.give(closed, cast.desk)
    make.call(closed, cast.desk)
    _waiting(cast)
    _said(cast, incident)
    _alike(cast, incident, closed)
    _reckoned_with(cast)
    _led_by(cast, incident)
    learned(cast, incident)
    return World(cast, incident, closed)


def _waiting(cast: Cast) -> None:
    OutboxHold.objects.create(since=NOW, reason="paused")
    ClockGap.objects.create(started_at=NOW, ended_at=NOW + DAY)
    Job.objects.create(kind="demo_incidents", asked_by=cast.owner, asked_at=NOW, total=10, submit_key=uuid4())


def _said(cast: Cast, incident: Incident) -> None:
    """What the catalogues say, there too, and a question that waits."""
    card = make.remedy_type("gift_card")
    Limit.objects.create(role="front_desk", amount=50)
    book = Playbook.objects.create(category=make.category())
    PlaybookRemedy.objects.create(playbook=book, type=card, pre_approved_up_to=20)
    RetryDelay.objects.create(outcome="no_answer", minutes=60)
    CategoryHere.objects.create(category=make.category(), location=cast.here, severity=3)
    RemedyTypeHere.objects.create(type=card, location=cast.here, typical_amount=20)
    ApprovalRequest.objects.create(
        incident=incident,
        remedy=incident.remedies.earliest("id"),
        amount=80,
        total=80,
        currency="USD",
        limit=50,
        proposed_by=cast.desk,
        proposed_at=NOW,
    )


def _reckoned_with(cast: Cast) -> None:
    """Hours, a day and a target of one place."""
    OpenHours.objects.create(location=cast.here, weekday=0, opens=dt.time(9), closes=dt.time(17))
    SpecialDay.objects.create(location=cast.here, date=NOW.date())
    ClockTarget.objects.create(location=cast.here, severity=3, clock="apologize", minutes=60)


def _led_by(cast: Cast, incident: Incident) -> None:
    """A view somebody opens first, what was seen to, a ladder, a file of a bulk change, a pattern, a question."""
    view = SavedView.objects.create(name="Late at the harbour", owner=cast.desk, query="overdue=1", created_at=NOW)
    ViewChoice.objects.create(staff=cast.desk, view=view, is_default=True)
    Handled.objects.create(
        incident=incident, kind="critical", occurrence="1", how="nudged", at=NOW, by=cast.manager, until=NOW + DAY
    )
    LadderRung.objects.create(severity=3, kind="apology_due", after_minutes=0)
    job = Job.objects.earliest("pk")
    JobLine.objects.create(job=job, position=1, incident=incident)
    Job.objects.create(kind="export", asked_by=cast.owner, asked_at=NOW, total=1, submit_key=uuid4())
    told: dict[str, Any] = {"made_at": NOW, "expires_at": NOW + DAY, "rows": 1, "size": 1}
    ExportFile.objects.create(job=job, form="csv", stored_name="a", file_name="late.csv", **told)
    pattern = Pattern.objects.create(
        kind="category", category=make.category(), opened_at=NOW, opened_by=cast.manager, submit_key=uuid4()
    )
    PatternLink.objects.create(pattern=pattern, incident=incident, linked_by=cast.manager, linked_at=NOW)
    CheckIn.objects.create(incident=incident, staff=cast.desk, reason="grave", asked_at=NOW)


def _alike(cast: Cast, incident: Incident, closed: Incident) -> None:
    """Their customers look alike, and were put together."""
    assert incident.customer
    assert closed.customer
    Resemblance.objects.all().delete()
    Resemblance.objects.create(first=incident.customer, second=closed.customer, score=90, found_at=NOW)
    both: dict[str, Any] = {"kept": incident.customer, "dropped": closed.customer}
    Merge.objects.create(**both, by=cast.manager, at=NOW, submit_key=uuid4())
