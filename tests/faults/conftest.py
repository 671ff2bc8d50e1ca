"""A database and a Valkey for each test of its own, so that these tests may break what they like."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from recovery.embedded.place import Place
from recovery.embedded.valkey import Valkey
from tests.faults.arena import Arena
from tests.programs import Programs


def address_of(database: str) -> str:
    """DATABASE_URL, for another database of the same server."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


def on_server(statement: str) -> None:
    with psycopg.connect(address_of("postgres"), autocommit=True) as server:
        server.execute(statement)


@contextmanager
def working_on(database: str, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the code of this process work on that database, with real commits."""
    before = connection.settings_dict["NAME"]
    with blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = database
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before


@pytest.fixture(scope="session")
def template(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A migrated database that each test gets a copy of."""
    name = f"arena_{uuid.uuid4().hex[:12]}"
    on_server(f'CREATE DATABASE "{name}"')
    try:
        with working_on(name, django_db_blocker):
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
        yield name
    finally:
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def arena(template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Arena]:
    """Everything stopped and removed at the end, whatever the test did."""
    name = f"{template}_{uuid.uuid4().hex[:8]}"
    root = Path(tempfile.mkdtemp(prefix="recovery-arena-"))
    place = Place(root)
    place.logs.mkdir()
    place.valkey.mkdir()
    valkey = Valkey(place, settings={"appendonly": "no"})
    environment = os.environ | {
        "DATABASE_URL": address_of(name),
        "REDIS_URL": valkey.url(),
        "RECOVERY_ENV": "test",
        "STATE_DIR": str(root),
        "ARENA": str(root),
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
    }
    programs = Programs(dict(environment), root)
    stage = Arena(programs, root)
    on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        valkey.start(programs.running.append, lambda: None)
        with working_on(name, django_db_blocker):
            yield stage
    finally:
        left = stage.end()
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')
        shutil.rmtree(valkey.sockets, ignore_errors=True)
        shutil.rmtree(root, ignore_errors=True)
    assert left == [], f"processes outlived the test: {left}"
