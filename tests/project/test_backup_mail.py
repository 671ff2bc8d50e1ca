"""After a restore the past would repeat itself: the hold keeps it from going out a second time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from incidents.actions import handovers, outbox
from incidents.actions.remind import database_now
from incidents.management.backups import giving_back
from incidents.models import Outbox, Staff
from tests import make
from tests.databases import on_server
from tests.project.house import House, built


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """These sweeps end with their process: nobody rings a second time."""
    monkeypatch.setattr(giving_back, "QUIET_AFTER", 0.0)


@pytest.fixture
def house(pattern: str, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """One mail waits to go out."""
    with built(pattern, tmp_path, django_db_blocker) as found:
        with found.inside():
            cast, now = make.make_cast(), database_now()
            incident = make.make_incident(cast.desk, now=now)
            handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=now)
            Outbox.objects.update(next_try_at=make.NOW)  # whatever their working hours
            assert Outbox.objects.filter(state="pending").count() == 1
        yield found


def sweep(house: House) -> int:
    """Let the clock ring until no mail that may leave is left; how many went out until now.

    Several times, because a machine under load may need a second try within the time that one gets.
    """
    for _time in range(4):
        on_server(
            "UPDATE incidents_outbox SET next_try_at = '2026-01-01' WHERE state = 'pending'", database=house.database
        )
        code, said = house.manage("sweep", "--once")
        assert code == 0, said
        if not house.ask("SELECT count(*) FROM incidents_outbox WHERE state IN ('pending', 'claimed')"):
            break
    return len(list(house.root.glob("mail/*")))


def test_what_was_sent_is_not_sent_again(house: House) -> None:
    path = house.root / "backup.tar"
    assert house.call("backup", str(path))[0] == 0
    assert sweep(house) == 1
    assert sweep(house) == 1
    code, said = house.call("restore", str(path), "--replace", "--yes")
    assert code == 0, said
    assert sweep(house) == 1, "on hold: the colleague is not told twice"
    assert house.ask("SELECT state FROM incidents_outbox") == "pending"
    with house.inside():
        administrator = Staff.objects.get(email="olga@example.com")
        outbox.release(by=administrator, now=database_now(), is_sent=True)
    assert sweep(house) == 1, "released as sent: it stays at one"
    assert house.ask("SELECT state FROM incidents_outbox") == "moot"


def test_the_control_without_the_hold_it_goes_out_twice(house: House) -> None:
    path = house.root / "backup.tar"
    assert house.call("backup", str(path))[0] == 0
    assert sweep(house) == 1
    assert house.call("restore", str(path), "--replace", "--yes")[0] == 0
    with house.inside():
        administrator = Staff.objects.get(email="olga@example.com")
        outbox.release(by=administrator, now=database_now(), is_sent=False)
    assert sweep(house) == 2
