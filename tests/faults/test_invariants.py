"""Each invariant is broken on purpose and must be named. What never fires guards nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction

from incidents.actions import attach, clock, promises, remind
from incidents.models import Incident, Outbox, Reminder
from incidents.uploads import CheckedFile
from tests import make
from tests.faults import invariants
from tests.faults.arena import call_due_now, run_sql

Break = str | Callable[[Path, "Counter[int]"], object]
AGO = "now() - interval '1 minute'"
AHEAD = "now() + interval '1 minute'"


def copy(table: str, where: str = "TRUE", **over: str) -> str:
    """SQL that doubles a row of the table, with some columns written anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'",
            [table],
        )
        names = [name for (name,) in cursor.fetchall()]
    values = ", ".join(over.get(name, f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {where} ORDER BY id LIMIT 1"  # noqa: S608


def update(table: str, change: str, where: str = "TRUE") -> str:
    return f"UPDATE incidents_{table} SET {change} WHERE {where}"  # noqa: S608


def drop(table: str, name: str) -> str:
    return f"ALTER TABLE {table} DROP CONSTRAINT {name}; "


def unique_of(table: str, column: str) -> str:
    """The name that Django gave the unique constraint of one column."""
    with connection.cursor() as cursor:
        for name, found in connection.introspection.get_constraints(cursor, table).items():
            if found["unique"] and not found["primary_key"] and found["columns"] == [column]:
                return str(name)
    raise AssertionError(column)


def breakers() -> dict[str, Break]:
    """How to break each; SQL, or something done to the files and the mails."""
    done = "id = (SELECT min(id) FROM incidents_reminder WHERE state = 'done')"
    return {
        "notice_twice": drop("incidents_notice", "notice_occurrence_once") + copy("incidents_notice"),
        "due_but_not_said": update("reminder", "state = 'pending'", done),
        "said_too_early": update("reminder", f"due_at = {AHEAD}", done),
        "reminder_nobody_can_claim": update("reminder", f"state = 'pending', tries = 99, due_at = {AHEAD}", done),
        "done_without_notice": update("reminder", "subject_id = 987654", done),
        "done_without_try": update("reminder", "tries = 0", done),
        "call_ahead_without_reminder": update("followup", f"due_at = {AHEAD}"),
        "promise_ahead_without_reminder": update("promisemade", f"due_at = {AHEAD}"),
        "lease_ran_out": update("reminder", f"state = 'claimed', lease_until = {AGO}, due_at = {AHEAD}", done),
        "mail_sent_without_try": update("outbox", "tries = 0", "state = 'sent'"),
        "mail_waits_in_vain": update("outbox", "state = 'pending'"),
        "mail_nobody_can_claim": update("outbox", f"state = 'pending', tries = 99, next_try_at = {AHEAD}"),
        "notice_without_mail": "DELETE FROM incidents_outboxline",
        "notice_in_two_mails": drop("incidents_outboxline", "outboxline_notice_once") + copy("incidents_outboxline"),
        "incident_without_round": update("incident", "round_number = 7"),
        "incident_without_assignee": "ALTER TABLE incidents_incident ALTER assignee_id DROP NOT NULL; "
        + update("incident", "assignee_id = NULL"),
        "incident_without_reference": update("incident", "reference = ''"),
        "references_with_gaps": "UPDATE incidents_referencecounter SET last = last + 1",
        "form_sent_twice": drop("incidents_incident", unique_of("incidents_incident", "submit_key"))
        + copy("incidents_incident", reference="'R-2026-00002'"),
        "events_can_be_changed": "ALTER TABLE incidents_event DISABLE TRIGGER incidents_event_append_only",
        "incident_not_logged_once": copy("incidents_event", "kind = 'logged'"),
        "clock_twice": drop("incidents_deadline", "deadline_one_per_clock") + copy("incidents_deadline"),
        "open_without_clock": "DELETE FROM incidents_deadline",
        "next_due_is_not_the_earliest": update("incident", "next_due_at = next_due_at + interval '1 second'"),
        "put_right_without_call": update("followup", f"cancelled_at = {AGO}"),
        "stage_is_not_the_next_step": update("incident", "stage = 'remedy'"),
        "file_without_row": lambda media, _mails: (media / "aa.part").touch(),
        "row_without_whole_file": lambda media, _mails: next(media.glob("??/*")).write_bytes(b"half"),
        "sent_but_never_arrived": lambda _media, mails: mails.clear(),
        "mail_without_row": lambda _media, mails: mails.update([987654]),
    }


@pytest.fixture
def whole(cast: make.Cast, settings: object, tmp_path: Path) -> Counter[int]:
    """A world in which something of everything has happened and every invariant holds."""
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    call = call_due_now(cast)
    now = remind.database_now()
    promises.make_promise(
        incident_id=call.incident_id,
        by=cast.desk,
        now=now,
        what="A letter",
        due_at=now + make.DAY,
        submit_key=call.incident.submit_key,
    )
    file = CheckedFile(b"%PDF-1.4 a bill %%EOF", "application/pdf", "bill.pdf")
    attach.attach_file(incident_id=call.incident_id, by=cast.desk, now=now, file=file, kind="photo")
    clock.ring(senders=1)
    assert Reminder.objects.filter(state="done").exists()
    return Counter(Outbox.objects.filter(state="sent").values_list("pk", flat=True))


def test_every_invariant_has_its_breaker(db: None) -> None:
    assert set(breakers()) == invariants.NAMES


def test_they_hold_in_a_world_that_works(whole: Counter[int], tmp_path: Path) -> None:
    assert whole
    assert Incident.objects.count() == 1
    invariants.check(media=tmp_path / "media", mails=whole)


@pytest.mark.parametrize("name", sorted(invariants.NAMES))
def test_it_fires(name: str, whole: Counter[int], tmp_path: Path) -> None:
    breaker = breakers()[name]
    if isinstance(breaker, str):
        run_sql("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be altered
        run_sql(breaker)
    else:
        breaker(tmp_path / "media", whole)
    assert name in invariants.broken(media=tmp_path / "media", mails=whole)
    transaction.set_rollback(True)
