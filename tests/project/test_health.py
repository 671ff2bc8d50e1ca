import datetime as dt
import time
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from incidents.models import Business, Heartbeat, Outbox, OutboxHold
from recovery import health
from tests import make

SECOND = dt.timedelta(seconds=1)


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/health/ready")
    return answer.status_code, answer.json()


def beat(seconds_ago: int = 1) -> None:
    Heartbeat.objects.create(name="worker_sweep", at=timezone.now() - seconds_ago * SECOND)


def mail(due_seconds_ago: int, **over: Any) -> Outbox:
    then = timezone.now() - due_seconds_ago * SECOND
    fields: dict[str, Any] = {"channel": "email", "dedupe_key": "x", "created_at": then, "next_try_at": then}
    return Outbox.objects.create(recipient=make.make_staff("Dora Desk"), **fields | over)


def test_live_asks_nothing(client: Client) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert client.post("/health/live").status_code == 405


@pytest.mark.django_db
def test_a_fresh_installation_is_ready_while_the_clock_process_starts(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_started", time.monotonic())  # not when these tests began
    good = {"ready": True, "database": "ok", "migrations": "ok", "clock": "starting", "deliveries": "ok", "mail": "ok"}
    assert ready(client) == (200, good)


@pytest.mark.django_db
def test_a_clock_process_that_never_came(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "GRACE", 0.0)
    Business.objects.create(name="Harbour & Co", created_at=timezone.now())
    status, told = ready(client)
    assert (status, told["clock"]) == (503, "never seen")


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "status", "clock"), [(5, 200, "ok"), (40, 503, "late"), (-3600, 200, "ok")])
def test_the_last_sweep_counts(client: Client, age: int, status: int, clock: str) -> None:
    beat(age)
    answer, told = ready(client)
    assert (answer, told["clock"]) == (status, clock)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("due", "over", "status", "deliveries"),
    [
        (240, {}, 200, "ok"),
        (360, {}, 503, "late"),
        (360, {"state": "claimed", "lease_until": make.NOW}, 503, "late"),
        (360, {"state": "dead"}, 200, "ok"),
        (-3600, {}, 200, "ok"),
    ],
)
def test_what_should_have_gone_out(
    client: Client, due: int, over: dict[str, Any], status: int, deliveries: str
) -> None:
    beat()
    mail(due, **over)
    answer, told = ready(client)
    assert (answer, told["deliveries"]) == (status, deliveries)


def test_a_reminder_that_waits_too_long(client: Client, cast: make.Cast) -> None:
    beat()
    incident = make.make_incident(cast.desk, now=timezone.now())
    assert ready(client)[0] == 200
    incident.reminders.update(due_at=timezone.now() - 301 * SECOND)
    status, told = ready(client)
    assert (status, told["deliveries"]) == (503, "late")


@pytest.mark.django_db
def test_mail_on_hold_is_told_and_is_no_fault(client: Client) -> None:
    beat()
    mail(3600)
    OutboxHold.objects.create(since=timezone.now(), reason="restored")
    status, told = ready(client)
    assert (status, told["deliveries"], told["mail"]) == (200, "ok", "on hold")


@pytest.mark.django_db
def test_no_mail_server_is_told_and_is_no_fault(client: Client, settings: Settings) -> None:
    settings.MAIL = "off"
    beat()
    status, told = ready(client)
    assert (status, told["mail"]) == (200, "off")


def test_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", refuse)
    status, told = ready(client)
    assert (status, told["database"], told["clock"]) == (503, "unreachable", "unknown")
