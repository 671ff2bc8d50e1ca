"""Production's two database roles, on a real server: the app works, and cannot rewrite what happened."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from django.db import connection
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from incidents.management.backups import giving_back, programs
from incidents.models import Event, Staff
from tests import make
from tests.databases import address_of, on_server
from tests.project.house import REPOSITORY, House, built

ROLES = REPOSITORY / "recovery" / "production" / "roles.sql"


@dataclass
class Tower:
    """A house whose tables belong to one role and whose people are served by another."""

    house: House
    owner: str
    app: str

    def as_role(self, role: str, *statements: str) -> None:
        on_server(*statements, database=self.house.database, user=role)

    def refuses(self, *statements: str, with_role: str = "") -> None:
        for statement in statements:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                self.as_role(with_role or self.app, statement)


WAYS = ["as it is now", pytest.param("by migrating", marks=pytest.mark.slow)]


@pytest.fixture(scope="module", params=WAYS)
def tower(
    request: pytest.FixtureRequest,
    pattern: str,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Tower]:
    """Made as production makes it: roles.sql as superuser, then prepare_database as owner; both may run again.

    To go through all migrations takes half a minute. Most runs let the owner make at once what they lead to.
    """
    number = uuid.uuid4().hex[:8]
    owner, app = f"owner_{number}", f"app_{number}"
    with built("template0", tmp_path_factory.mktemp("tower"), django_db_blocker) as house:
        words = {"database": house.database, "owner": owner, "app": app, "owner_password": "o'1", "app_password": "a"}
        try:
            for time in (1, 2):
                with house.inside():
                    variables = [f"--variable={name}={value}" for name, value in words.items()]
                    programs.run("psql", "--no-psqlrc", *variables, f"--file={ROLES}", f"--dbname={programs.address()}")
                house.user, house.more = owner, {"DATABASE_APP_ROLE": app}
                if time == 1 and request.param == "as it is now":
                    pour(pattern, house)
                code, said = house.manage("prepare_database")
                assert code == 0, said
                house.user = ""
            house.user = app
            yield Tower(house, owner, app)
        finally:
            on_server(f'DROP DATABASE "{house.database}" WITH (FORCE)', f'DROP ROLE "{owner}"', f'DROP ROLE "{app}"')
            on_server(f'CREATE DATABASE "{house.database}"')  # for whoever tears it down


def pour(pattern: str, house: House) -> None:
    """Make what is in one database in the other one, as its owner and by no other right."""
    script = house.root / "pattern.sql"
    programs.run("pg_dump", "--no-owner", "--no-comments", f"--file={script}", f"--dbname={address_of(pattern)}")
    with house.inside():
        programs.run("psql", *giving_back.whole_script(script))
    script.unlink()


@pytest.fixture
def events(tower: Tower) -> int:
    """A business at work as the app role: signing in, logging, apologizing, reading the page."""
    with tower.house.inside():
        assert connection.settings_dict["USER"] == tower.app
        if not Event.objects.exists():
            cast = make.make_cast()
            incident = make.make_incident(cast.desk)
            make.apologize(incident, cast.desk)
            client = Client()
            client.force_login(cast.desk)
            assert client.get("/").status_code == 200
            assert client.get(incident.get_absolute_url()).status_code == 200
        return Event.objects.count()


def test_the_app_cannot_rewrite_what_happened(tower: Tower, events: int) -> None:
    assert events >= 2
    tower.refuses(
        "UPDATE incidents_event SET kind = 'nothing'",
        "DELETE FROM incidents_event",
        "TRUNCATE incidents_event CASCADE",
        "ALTER TABLE incidents_event DISABLE TRIGGER ALL",
        "DROP TRIGGER incidents_event_append_only ON incidents_event",
        "CREATE OR REPLACE FUNCTION incidents_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RETURN NEW; END'",
        "ALTER TABLE incidents_incident ADD COLUMN spy text",
        "DROP TABLE incidents_incident CASCADE",
        "TRUNCATE incidents_incident CASCADE",
        "CREATE TABLE mine (id int)",
        "DELETE FROM django_migrations",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('incidents', '9999', now())",
        "SET session_replication_role = replica",
        f'SET ROLE "{tower.owner}"',
    )
    with tower.house.inside():
        assert Event.objects.count() == events
        Event.objects.create(kind="still_told", at=make.NOW)


def test_the_control_the_owner_could(tower: Tower, events: int) -> None:
    """It is the second role that protects: whoever owns the tables switches the trigger off and writes history anew."""
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        tower.as_role(tower.owner, "UPDATE incidents_event SET kind = 'nothing'")
    tower.as_role(
        tower.owner,
        "ALTER TABLE incidents_event DISABLE TRIGGER incidents_event_append_only",
        "UPDATE incidents_event SET kind = 'nothing'",
        "ALTER TABLE incidents_event ENABLE TRIGGER incidents_event_append_only",
    )
    assert tower.house.ask("SELECT count(DISTINCT kind) FROM incidents_event") == 1


def test_the_app_backs_up_and_the_owner_restores(tower: Tower, events: int) -> None:
    """After a restore the rights are as they were, and the app goes on working."""
    path = tower.house.root / "backup.tar"
    code, said = tower.house.manage("backup", str(path))
    assert code == 0, said
    code, said = tower.house.manage("restore", str(path), "--replace", "--yes")
    assert (code, "The data are as they were" in said) == (1, True), said
    tower.house.user = tower.owner
    code, said = tower.house.manage("restore", str(path), "--replace", "--yes")
    tower.house.user = tower.app
    assert code == 0, said
    tower.refuses("DELETE FROM incidents_event", "TRUNCATE incidents_event", "DELETE FROM django_migrations")
    with tower.house.inside():
        make.make_incident(Staff.objects.get(email="dora@example.com"))


def test_the_app_compiles_no_statement(tower: Tower) -> None:
    assert on_server("SHOW jit", database=tower.house.database, user=tower.app) == [("off",)]


def test_strangers_do_not_connect(tower: Tower) -> None:
    stranger = f"stranger_{uuid.uuid4().hex[:8]}"
    on_server(f'CREATE ROLE "{stranger}" LOGIN')
    try:
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(address_of(tower.house.database, stranger))
    finally:
        on_server(f'DROP ROLE "{stranger}"')
