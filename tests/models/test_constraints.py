"""Every rule that can be a constraint is one: written past the actions, the database refuses it.

The rows below are written by hand; a constraint without a row here fails the last test.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from incidents.actions import recover
from incidents.models import (
    Account,
    Apology,
    Attachment,
    Attempt,
    Business,
    Category,
    CategoryField,
    Closure,
    Concern,
    ContactPoint,
    Deadline,
    Draft,
    Event,
    FollowUp,
    Handover,
    Incident,
    Location,
    Membership,
    Note,
    Notice,
    PromiseMade,
    Remedy,
    RemedyType,
    Reminder,
    Round,
    Staff,
)
from tests import make
from tests.make import DAY, NOW, Cast

TOO_EARLY = dt.datetime(1999, 12, 31, 23, 59, tzinfo=dt.UTC)
TOO_LATE = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


class World(NamedTuple):
    cast: Cast
    incident: Incident
    closed: Incident


@pytest.fixture
def world(cast: Cast) -> World:
    """An open incident with a row of everything, and a closed one."""
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    make.call(incident, cast.desk, "unhappy")
    make.give(incident, cast.desk, "reimburse", now=NOW)
    recover.make_promise(
        incident_id=incident.pk, by=cast.desk, now=NOW, what="Write", due_at=NOW + DAY, submit_key=uuid4()
    )
    recover.add_note(incident_id=incident.pk, by=cast.desk, now=NOW, words="Kind", submit_key=uuid4())
    Handover.objects.create(incident=incident, from_staff=cast.desk, to_staff=cast.manager, at=NOW, by=cast.desk)
    Concern.objects.create(incident=incident, staff=cast.colleague)
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
    return World(cast, incident, closed)


Write = Callable[[World], object]


def change(model: type[models.Model], **fields: Any) -> Write:
    """Write `fields` into one row, past every action."""

    def write(world: World) -> object:
        pk = model.objects.order_by("pk").values_list("pk", flat=True)[0]  # type: ignore[attr-defined]
        return model.objects.filter(pk=pk).update(**fields)  # type: ignore[attr-defined]

    return write


def change_open(**fields: Any) -> Write:
    return lambda world: Incident.objects.filter(pk=world.incident.pk).update(**fields)


def change_closed(**fields: Any) -> Write:
    return lambda world: Incident.objects.filter(pk=world.closed.pk).update(**fields)


def copy(model: type[models.Model], **over: Any) -> Write:
    """The same row once more."""

    def write(world: World) -> object:
        row = model.objects.order_by("pk")[0]  # type: ignore[attr-defined]
        row.pk = None
        for name, value in over.items():
            setattr(row, name, value() if callable(value) else value)
        row.save(force_insert=True)
        return row

    return write


def second_standing_closure(world: World) -> object:
    row = Closure.objects.get()
    row.pk = None
    row.save(force_insert=True)
    return row


# the constraint | what breaks it
BROKEN: list[tuple[str, Write]] = [
    ("category_key_once", copy(Category)),
    ("category_severity_known", change(Category, severity=5)),
    ("category_severity_known", change(Category, severity=0)),
    ("categoryfield_version_once", copy(CategoryField, is_active=False)),
    ("categoryfield_active_once", copy(CategoryField, version=2)),
    ("categoryfield_kind_known", change(CategoryField, kind="picture")),
    ("categoryfield_difference_of_two", change(CategoryField, kind="difference")),
    ("remedytype_key_once", copy(RemedyType)),
    ("remedytype_nature_known", change(RemedyType, nature="bribe")),
    ("remedytype_cost_kind_known", change(RemedyType, cost_kind="soul")),
    ("remedytype_not_negative", change(RemedyType, typical_amount=-1)),
    ("account_name_once", copy(Account)),
    ("contactpoint_once", copy(ContactPoint)),
    ("contactpoint_kind_known", change(ContactPoint, kind="fax")),
    ("business_only_one", change(Business, is_only=False)),
    ("incidents_business_is_only_key", copy(Business)),
    ("location_currency_iso", change(Location, currency="usd")),
    ("location_currency_iso", change(Location, currency="US")),
    ("location_country_iso", change(Location, country="U1")),
    ("incidents_location_name_key", copy(Location)),
    ("staff_email_lower_case", change(Staff, email="Desk@example.com")),
    ("staff_role_known", change(Staff, role="god")),
    ("staff_theme_known", change(Staff, theme="pink")),
    ("incidents_staff_email_key", copy(Staff)),
    ("membership_once", copy(Membership)),
    ("incident_dates_2000_to_2100", change_open(reported_at=TOO_EARLY)),
    ("incident_dates_2000_to_2100", change_open(occurred_at=TOO_LATE)),
    ("incident_dates_2000_to_2100", change_open(occurred_on=TOO_LATE.date())),
    ("incident_dates_2000_to_2100", change_open(next_due_at=TOO_LATE)),
    ("incident_dates_2000_to_2100", change_open(created_at=TOO_EARLY)),
    ("incident_stage_known", change_open(stage="limbo")),
    ("incident_source_known", change_open(source="rumour")),
    ("incident_told_by_known", change_open(told_by="pigeon")),
    ("incident_finding_known", change_open(finding="theirs")),
    ("incident_review_state_known", change_open(review_state="someday")),
    ("incident_severity_known", change_open(severity=5)),
    ("incident_closed_or_due", change_open(stage="closed")),
    ("incident_closed_or_due", change_open(next_due_at=None)),
    ("incident_closed_or_due", change_open(close_reason="recovered")),
    ("incident_closed_or_due", change_open(closed_at=NOW)),
    ("incident_closed_or_due", change_closed(stage="remedy")),
    ("incident_closed_or_due", change_closed(close_reason="")),
    ("incident_closed_or_due", change_closed(close_reason="bored")),
    ("incident_closed_or_due", change_closed(next_due_at=NOW)),
    ("incident_says_what_happened", change_open(what_happened="")),
    ("incident_duplicate_has_its_twin", change_closed(close_reason="duplicate")),
    ("incident_duplicate_has_its_twin", lambda w: change_open(duplicate_of=w.closed)(w)),
    ("incidents_incident_reference_key", change_open(reference="R-2026-00002")),
    ("incidents_incident_submit_key_key", lambda w: change_open(submit_key=w.closed.submit_key)(w)),
    ("concern_once", copy(Concern)),
    ("round_number_once", copy(Round)),
    ("round_reason_known", change(Round, reason="boredom")),
    ("round_entry_known", change(Round, entry="closed")),
    ("round_dates_2000_to_2100", change(Round, started_at=TOO_EARLY)),
    ("round_dates_2000_to_2100", change(Round, settled_at=TOO_LATE)),
    ("remedy_state_known", change(Remedy, state="maybe", delivered_at=None)),
    ("remedy_not_negative", change(Remedy, actual_amount=-5)),
    ("remedy_not_negative", change(Remedy, estimated_amount=-0.01)),
    ("remedy_dates_2000_to_2100", change(Remedy, due_at=TOO_LATE)),
    ("remedy_dates_2000_to_2100", change(Remedy, paid_on=TOO_EARLY.date())),
    ("remedy_delivered_has_a_time", change(Remedy, delivered_at=None)),
    ("remedy_delivered_has_a_time", change(Remedy, state="offered")),
    ("remedy_paid_before_delivered", change(Remedy, needs_receipt=True)),
    ("remedy_minutes_bounded", change(Remedy, minutes=100_001)),
    ("remedy_currency_iso", change(Remedy, currency="$")),
    ("remedy_done_by_somebody", change(Remedy, assignee=None, done_by_name="")),
    ("incidents_remedy_submit_key_key", copy(Remedy)),
    ("apology_channel_known", change(Apology, channel="smoke")),
    ("apology_dates_2000_to_2100", change(Apology, made_at=TOO_LATE)),
    ("apology_made_or_travels", change(Apology, made_at=None)),
    ("apology_has_an_author", change(Apology, author=None)),
    ("incidents_apology_submit_key_key", copy(Apology)),
    ("promise_dates_2000_to_2100", change(PromiseMade, due_at=TOO_LATE)),
    ("promise_kept_or_broken", change(PromiseMade, kept_at=NOW, broken_at=NOW)),
    ("incidents_promisemade_submit_key_key", copy(PromiseMade)),
    ("closure_one_standing", second_standing_closure),
    ("closure_reason_known", change(Closure, reason="bored")),
    ("closure_dates_2000_to_2100", change(Closure, closed_at=TOO_LATE)),
    ("handover_dates_2000_to_2100", change(Handover, at=TOO_EARLY)),
    ("followup_dates_2000_to_2100", change(FollowUp, due_at=TOO_LATE)),
    ("followup_answered_has_outcome", change(FollowUp, answered_at=None)),
    ("followup_answered_has_outcome", change(FollowUp, outcome="")),
    ("followup_answered_has_outcome", change(FollowUp, outcome="meh")),
    ("followup_answered_or_cancelled", change(FollowUp, cancelled_at=NOW)),
    ("attempt_outcome_known", change(Attempt, outcome="meh")),
    ("attempt_channel_known", change(Attempt, channel="smoke")),
    ("attempt_dates_2000_to_2100", change(Attempt, at=TOO_EARLY)),
    ("attempt_score_1_to_5", change(Attempt, score=0)),
    ("attempt_score_1_to_5", change(Attempt, score=6)),
    ("incidents_attempt_submit_key_key", copy(Attempt)),
    ("deadline_one_per_clock", copy(Deadline)),
    ("deadline_clock_known", change(Deadline, clock="lunch")),
    ("deadline_dates_2000_to_2100", change(Deadline, due_at=TOO_LATE)),
    ("reminder_occurrence_once", copy(Reminder)),
    ("reminder_state_known", change(Reminder, state="lost")),
    ("reminder_kind_known", change(Reminder, kind="birthday")),
    ("reminder_dates_2000_to_2100", change(Reminder, due_at=TOO_LATE)),
    ("reminder_claim_has_lease", change(Reminder, state="claimed", lease_until=None)),
    ("notice_occurrence_once", copy(Notice)),
    ("notice_kind_known", change(Notice, kind="gossip")),
    ("notice_dates_2000_to_2100", change(Notice, at=TOO_LATE)),
    ("incidents_note_submit_key_key", copy(Note)),
    ("note_dates_2000_to_2100", change(Note, at=TOO_EARLY)),
    ("attachment_kind_known", change(Attachment, kind="program")),
    ("attachment_dates_2000_to_2100", change(Attachment, created_at=TOO_LATE)),
    ("incidents_attachment_stored_name_key", copy(Attachment)),
    ("event_dates_2000_to_2100", copy(Event, at=TOO_LATE)),
    ("draft_once", copy(Draft)),
]


def refusal(world: World, write: Write) -> str:
    """The name of the constraint that refused `write`, or what happened instead."""
    try:
        with transaction.atomic():
            write(world)
            transaction.set_rollback(True)
    except IntegrityError as error:
        return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", error))
    return "written"


def test_the_database_refuses_each(world: World) -> None:
    said = [(name, position, refusal(world, write)) for position, (name, write) in enumerate(BROKEN)]
    assert [row for row in said if row[0] != row[2]] == []


def test_every_constraint_has_a_row_above() -> None:
    declared: set[str] = set()
    for model in apps.get_app_config("incidents").get_models():
        declared |= {constraint.name for constraint in model._meta.constraints}
        declared |= {
            f"{model._meta.db_table}_{field.column}_key"
            for field in model._meta.local_fields
            if field.unique and not field.primary_key
        }
    assert declared == {name for name, _write in BROKEN}


@pytest.mark.parametrize(
    ("kind", "minuend", "subtrahend"), [("text", "delay", None), ("difference", "promised_at", None)]
)
def test_only_a_difference_has_two_operands(db: None, kind: str, minuend: str, subtrahend: str | None) -> None:
    field = CategoryField.objects.get(category__key="late", key="order_ref")
    operand = CategoryField.objects.get(category__key="late", key=minuend)
    with pytest.raises(IntegrityError, match="categoryfield_difference_of_two"), transaction.atomic():
        CategoryField.objects.filter(pk=field.pk).update(kind=kind, minuend=operand, subtrahend=subtrahend)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE incidents_event SET kind = 'other'",
        "UPDATE incidents_event SET by_id = NULL",
        "UPDATE incidents_event SET codes = '{}' WHERE id = (SELECT min(id) FROM incidents_event)",
        "DELETE FROM incidents_event",
    ],
)
def test_what_happened_cannot_be_rewritten(world: World, sql: str) -> None:
    before = list(Event.objects.order_by("id").values())
    with (
        pytest.raises(IntegrityError, match="events are append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert list(Event.objects.order_by("id").values()) == before


def test_nor_by_the_models(world: World) -> None:
    event = Event.objects.earliest("id")
    event.kind = "other"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.save()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.delete()


@pytest.mark.parametrize("model", [Staff, Location, Category, RemedyType])
def test_what_has_history_cannot_be_deleted(world: World, model: type[Any]) -> None:
    used = {Staff: world.cast.desk, Location: world.cast.here, Category: world.incident.category}
    row = used.get(model) or RemedyType.objects.get(key="put_right")
    with pytest.raises(models.ProtectedError):
        row.delete()


def test_an_incident_cannot_be_deleted(world: World) -> None:
    with pytest.raises(models.ProtectedError):
        world.incident.delete()
