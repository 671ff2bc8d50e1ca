"""A furnished business for each test, in a copy of the database that was migrated once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.project.furnished import furnish
from tests.project.house import House, built


@pytest.fixture(scope="session")
def furnished(
    pattern: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[House]:
    """What each house is a copy of; nobody stays connected to it."""
    with built(pattern, tmp_path_factory.mktemp("furnished"), django_db_blocker) as found:
        with found.inside():
            furnish()
        yield found


@pytest.fixture
def house(furnished: House, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """A business with an incident, a file, a session, and a clock process that was at work when it was backed up."""
    with built(furnished.database, tmp_path, django_db_blocker) as found:
        shutil.copytree(furnished.media, found.media)
        yield found
