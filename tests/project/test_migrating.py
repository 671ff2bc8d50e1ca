"""Tables change while people work: a migration that has to wait for somebody makes nobody else wait for long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.databases import address_of, go_to
from tests.project.house import House, built

BEFORE = "0085_count_open_along_an_index"  # what comes next changes a table that every page reads
READ = "SELECT count(*) FROM incidents_notice"


@pytest.fixture(scope="module")
def behind(pattern: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database some migrations behind, to be copied."""
    with built(pattern, tmp_path_factory.mktemp("behind"), django_db_blocker) as house:
        with house.inside():
            go_to(BEFORE)
        yield house.database


@pytest.fixture
def older(behind: str, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """A house some migrations behind."""
    with built(behind, tmp_path, django_db_blocker) as house:
        yield house


def is_waiting(house: House) -> bool:
    words = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return bool(house.ask(words))


def wait_until_waiting(house: House) -> None:
    deadline = time.monotonic() + 30
    while not is_waiting(house):
        assert time.monotonic() < deadline, "the migration met nobody"
        time.sleep(0.01)


def read(reader: psycopg.Connection) -> float:
    began = time.monotonic()
    reader.execute(READ)
    return time.monotonic() - began


def test_nobody_waits_longer_than_a_second(older: House, tmp_path: Path) -> None:
    address, said = address_of(older.database), tmp_path / "said"
    with psycopg.connect(address, autocommit=True) as reader, psycopg.connect(address) as slow:
        slow.execute(READ)  # a report, an hour long: it holds the table until it ends
        process = older.begin("prepare_database", "--pause", "0.5", output=said)
        wait_until_waiting(older)
        waits, until = [], time.monotonic() + 60
        while "(try 2 of 60)" not in said.read_text():
            waits.append(read(reader))
            assert time.monotonic() < until, "a busy machine takes long to come back to the table, not as long as that"
            time.sleep(0.02)
        assert process.poll() is None, "it goes on trying"
        slow.rollback()
        assert process.wait(60) == 0, said.read_text()
    assert "nobody waits for us, we wait (try 2 of 60)" in said.read_text()
    assert 0.2 < max(waits) < 1.5, "queued behind the migration, for the second that it waits itself"
    assert older.manage("migrate", "--check")[0] == 0


def test_the_control_a_plain_migrate_makes_everybody_wait(older: House) -> None:
    address = address_of(older.database)
    with psycopg.connect(address, autocommit=True) as reader, psycopg.connect(address) as slow:
        slow.execute(READ)
        process = older.begin("migrate")
        wait_until_waiting(older)
        reader.execute("SET statement_timeout = '3s'")
        with pytest.raises(psycopg.errors.QueryCanceled):
            read(reader)
        slow.rollback()
        assert process.wait(60) == 0


def test_it_says_when_it_gives_up(older: House) -> None:
    with psycopg.connect(address_of(older.database)) as slow:
        slow.execute(READ)
        code, said = older.manage("prepare_database", "--tries", "1", "--pause", "0")
    assert code == 1
    assert "Nothing is half done" in said
