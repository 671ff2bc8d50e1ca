"""Files end with the role or the place by which somebody saw what is in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from incidents.access import Role
from incidents.actions import people
from incidents.models import ExportFile, Staff
from tests.make import DAY, NOW, Cast
from tests.views.exports.files import exported


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize(
    ("role", "leaves", "is_kept"),
    [
        (Role.MANAGER, False, True),
        (Role.ADMINISTRATOR, False, True),
        (Role.FRONT_DESK, False, False),
        (Role.MANAGER, True, False),
    ],
)
def test_who_sees_less_has_no_files_of_more(cast: Cast, role: Role, leaves: bool, is_kept: bool) -> None:
    file, other = exported(cast.manager), exported(cast.desk)
    people.change_staff(
        staff_id=cast.manager.pk,
        expected_version=cast.manager.version,
        by=cast.owner,
        now=NOW + DAY,
        name="Mona Married",
        email=cast.manager.email,
        role=role,
        locations=[cast.elsewhere] if leaves else [cast.here, cast.elsewhere],
    )
    there = ExportFile.objects.for_download_by(Staff.objects.get(pk=cast.manager.pk), NOW + DAY)
    assert list(there) == ([file] if is_kept else [])
    assert list(ExportFile.objects.for_download_by(cast.desk, NOW + DAY)) == [other]
