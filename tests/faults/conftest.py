"""A database and a Valkey for each test of its own, so that these tests may break what they like."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from recovery.embedded.place import Place
from recovery.embedded.valkey import Valkey
from tests.databases import address_of, on_server, working_on
from tests.faults.arena import Arena
from tests.faults.cluster import DATABASE, Cluster, data_copied_to
from tests.faults.mail_host import MailHost
from tests.programs import Programs


@pytest.fixture(scope="session")
def template(pattern: str) -> Iterator[str]:
    """A migrated database that each test gets a copy of, and that may be read meanwhile."""
    name = f"arena_{uuid.uuid4().hex[:12]}"
    on_server(f'CREATE DATABASE "{name}" TEMPLATE "{pattern}"')
    try:
        yield name
    finally:
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def programs_of(root: Path, database: str, valkey: Valkey) -> Programs:
    """What starts programs that know these servers and no others."""
    own = {
        "DATABASE_URL": database,
        "REDIS_URL": valkey.url(),
        "RECOVERY_ENV": "test",
        "STATE_DIR": str(root),
        "ARENA": str(root),
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
    }
    return Programs(dict(os.environ) | own, root)


@contextmanager
def a_place() -> Iterator[Place]:
    """A directory with everything in it, gone at the end."""
    place = Place(Path(tempfile.mkdtemp(prefix="recovery-arena-")))
    place.prepare()
    try:
        yield place
    finally:
        for parent in (place.postgres, place.valkey):
            shutil.rmtree(place.socket_directory(parent), ignore_errors=True)
        place.wipe()
        shutil.rmtree(place.root, ignore_errors=True)


@pytest.fixture
def arena(template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Arena]:
    """On the test run's PostgreSQL. Everything stopped and removed at the end, whatever the test did."""
    name = f"{template}_{uuid.uuid4().hex[:8]}"
    with a_place() as place:
        valkey = Valkey(place, settings={"appendonly": "no"})
        programs = programs_of(place.root, address_of(name), valkey)
        stage = Arena(programs, place.root, valkey, MailHost(place.root / "mail-host"))
        on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            stage.start_valkey()
            with working_on(address_of(name), django_db_blocker):
                yield stage
        finally:
            left = stage.end()
            on_server(f'DROP DATABASE "{name}" WITH (FORCE)')
    assert left == [], f"processes outlived the test: {left}"


@pytest.fixture
def cluster(template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Cluster]:
    """With a PostgreSQL of its own, which a test may stop as it likes."""
    with a_place() as place:
        valkey, postgres = Valkey(place), data_copied_to(place, address_of(template))
        address = postgres.url(DATABASE)
        programs = programs_of(place.root, address, valkey)
        stage = Cluster(programs, place.root, valkey, MailHost(place.root / "mail-host"), postgres=postgres)
        try:
            stage.start_valkey()
            stage.start_postgres()
            with working_on(address, django_db_blocker):
                yield stage
        finally:
            left = stage.end()
    assert left == [], f"processes outlived the test: {left}"
