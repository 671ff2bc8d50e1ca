"""A business worth keeping, its backup, and the moment at which a program is met."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import psycopg
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile

from incidents import uploads
from incidents.actions.attach import attach_file
from incidents.models import Incident, Job, Outbox, Reminder, Staff
from tests import make
from tests.databases import address_of, on_server
from tests.pictures import PDF, photo
from tests.project.house import House

NAME = "business.tar"
TOUCHED = {"incidents_reminder", "incidents_outbox", "incidents_job", "incidents_outboxhold", "django_session"}


def furnish() -> None:
    cast = make.make_cast()
    incident = make.make_incident(cast.desk)
    attach(incident, "bill.pdf", PDF)
    attach(incident, "room.jpg", photo())
    lease = make.NOW + dt.timedelta(minutes=5)
    Reminder.objects.create(
        incident=incident,
        kind="promise_due",
        subject_id=1,
        occurrence="x",
        target_at=make.NOW,
        due_at=make.NOW,
        state="claimed",
        lease_until=lease,
        tries=1,
    )
    Outbox.objects.create(
        channel="email",
        recipient=cast.desk,
        dedupe_key="a-mail",
        state="claimed",
        lease_until=lease,
        created_at=make.NOW,
        next_try_at=make.NOW,
        tries=1,
    )
    Job.objects.create(
        kind="demo_incidents",
        asked_by=cast.owner,
        asked_at=make.NOW,
        total=5,
        state="claimed",
        lease_until=lease,
        submit_key="0c7f1b36-6a2b-4b8e-a7b6-3f2f6a3f0001",
    )
    on_session("someone")


def attach(incident: Incident, name: str, content: bytes) -> None:
    file = uploads.check(SimpleUploadedFile(name, content))
    by = Staff.objects.get(email="dora@example.com")
    attach_file(incident_id=incident.pk, by=by, now=make.NOW, file=file, kind="photo")


def on_session(key: str) -> None:
    Session.objects.create(session_key=key, session_data="x", expire_date=make.NOW + dt.timedelta(days=3650))


def backed_up(house: House) -> Path:
    path = house.root / NAME
    code, said = house.call("backup", str(path))
    assert code == 0, said
    return path


def wait_for_query(house: House, pattern: str, seconds: float = 60) -> None:
    """Until a program works on such a statement. Asks without a pause: the moment may be short."""
    deadline = time.monotonic() + seconds
    words = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND query LIKE %s"
    with psycopg.connect(address_of("postgres"), autocommit=True) as server:
        while not server.execute(words, [house.database, pattern]).fetchall()[0][0]:
            assert time.monotonic() < deadline, f"no {pattern}"


def fill_events(house: House, count: int = 100_000) -> None:
    """Enough rows for a restore to be met in the middle of them."""
    on_server(
        "INSERT INTO incidents_event (incident_id, kind, at, round_number, codes) "  # noqa: S608  a number of ours
        f"SELECT i.id, 'note_added', now(), 1, '{{}}' FROM incidents_incident i, generate_series(1, {count})",
        database=house.database,
    )
