"""A new database is made in one go, an older one goes on one by one: in the end they are the same."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests.databases import address_of, go_to, on_server, working_on

SHAPE = Path(__file__).with_name("shape.sql")


def shape() -> list[Any]:
    """Every column, index, constraint, trigger, function and statistic, and the rows that are shipped."""
    rows: list[Any] = []
    with connection.cursor() as cursor:
        for statement in SHAPE.read_text().split(";\n"):
            if statement.strip():
                cursor.execute(statement)
                rows += cursor.fetchall()
    return rows


@pytest.fixture
def one_by_one(django_db_blocker: DjangoDbBlocker) -> Any:
    """A database that went through every migration, as one does that is as old as the product."""
    name = f"one_by_one_{uuid.uuid4().hex[:12]}"
    on_server(f'CREATE DATABASE "{name}"')
    with working_on(address_of(name), django_db_blocker):
        go_to("0090_name_reminders_and_mails")  # the last of those that are one
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        yield shape
    on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.slow
def test_both_ways_end_alike(pattern: str, one_by_one: Any, django_db_blocker: DjangoDbBlocker) -> None:
    slowly = one_by_one()
    with working_on(address_of(pattern), django_db_blocker):
        at_once = shape()
    assert len(at_once) > 1000
    assert sorted(map(str, at_once)) == sorted(map(str, slowly))


@pytest.mark.slow
def test_it_can_go_back_and_forth(one_by_one: Any) -> None:
    before = one_by_one()
    go_to("0055_find_what_did_not_satisfy")
    call_command("migrate", verbosity=0)
    assert sorted(map(str, one_by_one())) == sorted(map(str, before))
