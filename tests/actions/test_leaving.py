"""What somebody who leaves was to change, and the procedures that they kept true, go to somebody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from incidents.actions import people
from incidents.models import Meeting, MeetingSeries, Notice, Procedure, Reminder
from tests import make
from tests.make import DAY, NOW, Cast
from tests.preventing import commit
from tests.views.procedures.addresses import written

SignIn = Callable[..., Client]


def leave(cast: Cast) -> None:
    people.deactivate_staff(staff_id=cast.desk.pk, by=cast.owner, now=NOW)


def move_away(cast: Cast) -> None:
    cast.desk.refresh_from_db()
    people.change_staff(
        staff_id=cast.desk.pk,
        expected_version=cast.desk.version,
        by=cast.owner,
        now=NOW,
        name=cast.desk.name,
        email=cast.desk.email,
        role=cast.desk.role,
        locations=[cast.elsewhere],
    )


@pytest.mark.parametrize("go", [leave, move_away])
def test_changes_go_to_whoever_has_the_incident(cast: Cast, go: Callable[[Cast], None]) -> None:
    of_theirs = commit(make.make_incident(cast.desk), cast.manager, assignee=cast.desk)
    of_others = commit(make.make_incident(cast.colleague), cast.manager, assignee=cast.desk)
    go(cast)
    for change, heir in ((of_theirs, cast.manager), (of_others, cast.colleague)):
        change.refresh_from_db()
        assert (change.assignee, change.version, change.is_open) == (heir, 1, True)
        assert Notice.objects.filter(kind="prevention_yours", subject_id=change.pk, recipient=heir).count() == 1
        assert Reminder.objects.filter(kind="prevention_due", subject_id=change.pk, state="pending").exists()


def test_what_is_done_stays_theirs(cast: Cast) -> None:
    done = commit(make.make_incident(cast.colleague), cast.manager, assignee=cast.desk)
    done.done_at, done.done_by, done.check_at, done.evidence = NOW, cast.desk, NOW, "There"
    done.save()
    leave(cast)
    done.refresh_from_db()
    assert done.assignee == cast.desk


def test_procedures_go_to_the_fallback_of_the_place_or_an_administrator(cast: Cast) -> None:
    here, everywhere = written(cast, responsible=cast.desk), written(cast, location=None, by=cast.owner)
    Procedure.objects.filter(pk=everywhere.pk).update(responsible=cast.desk)
    leave(cast)
    here.refresh_from_db()
    everywhere.refresh_from_db()
    assert (here.responsible, everywhere.responsible) == (cast.manager, cast.owner)


def test_moving_away_leaves_the_procedures_of_the_place_behind(cast: Cast) -> None:
    here, everywhere = written(cast, responsible=cast.desk), written(cast, location=None, by=cast.owner)
    Procedure.objects.filter(pk=everywhere.pk).update(responsible=cast.desk)
    move_away(cast)
    here.refresh_from_db()
    everywhere.refresh_from_db()
    assert (here.responsible, everywhere.responsible) == (cast.manager, cast.desk)


def test_the_story_says_that_it_went_to_somebody_else_and_not_that_it_is_later(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.colleague)
    commit(incident, cast.manager, assignee=cast.desk)
    leave(cast)
    text = sign_in(cast.manager).get(incident.get_absolute_url()).content.decode()
    assert "Somebody else changes it" in text
    assert "We change it later" not in text


@pytest.mark.parametrize("go", [leave, move_away])
def test_somebody_else_leads_the_meetings_to_come(cast: Cast, go: Callable[[Cast], None]) -> None:
    past, ahead = (
        Meeting.objects.create(
            location=cast.here,
            starts_at=NOW + days * DAY,
            started_at=NOW if days < 0 else None,
            ended_at=NOW if days < 0 else None,
            facilitator=cast.desk,
            writer=cast.desk,
            created_at=NOW,
            created_by=cast.manager,
            submit_key=uuid4(),
        )
        for days in (-7, 7)
    )
    weekly = MeetingSeries.objects.create(
        location=cast.here, starts_on=NOW.date(), at=dt.time(14), facilitator=cast.desk, submit_key=uuid4()
    )
    go(cast)
    for row in (past, ahead, weekly):
        row.refresh_from_db()
    assert (past.facilitator, past.writer) == (cast.desk, cast.desk)
    assert (ahead.facilitator, ahead.writer, ahead.version) == (cast.manager, None, 0)
    assert weekly.facilitator == cast.manager
