"""One migrated database per process, and a furnished business copied from it for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.project.furnished import furnish
from tests.project.house import House, built, migrated_database


@pytest.fixture(scope="session")
def template(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with migrated_database(django_db_blocker) as name:
        yield name


@pytest.fixture
def house(template: str, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """A business with an incident, a file, a session, and a clock process that was at work when it was backed up."""
    with built(template, tmp_path, django_db_blocker) as found:
        with found.inside():
            furnish()
        yield found
