import datetime as dt

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from incidents.models import Heartbeat
from recovery import health


def test_live_asks_nothing(client: Client) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert client.post("/health/live").status_code == 405


@pytest.mark.django_db
def test_a_fresh_installation_is_ready_while_the_worker_starts(client: Client) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "migrations": "ok", "worker": "starting"}


@pytest.mark.django_db
def test_a_worker_that_never_came(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "GRACE", 0.0)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["worker"]) == (503, "never seen")


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "status", "worker"), [(5, 200, "ok"), (40, 503, "late")])
def test_the_last_sweep_counts(client: Client, age: int, status: int, worker: str) -> None:
    Heartbeat.objects.create(name="worker_sweep", at=timezone.now() - dt.timedelta(seconds=age))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["worker"]) == (status, worker)


def test_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")
