"""Statements put together once say the same as those put together anew."""

from __future__ import annotations

import pytest
from django.utils import timezone

from incidents.access import Role
from incidents.board import register
from incidents.models import Staff
from incidents.models.prepared import ask
from incidents.views import frame
from tests import make


@pytest.mark.parametrize("name", ["desk", "manager", "owner"])
def test_it_asks_for_whoever_is_there(cast: make.Cast, name: str) -> None:
    person: Staff = getattr(cast, name)
    make.make_incident(cast.desk, now=timezone.now())
    other = make.make_staff("Oda Other", cast.elsewhere, role=Role(person.role))
    for staff in (person, other, person):
        now = timezone.now()
        for build in (register._plain_counts, frame._columns):
            rows = build(staff, now)
            found, anew = ask(build, staff=staff, now=now), rows.get()
            found.pop("now", None), anew.pop("now", None)
            assert found == anew
            assert None not in [found[key] for key in found if key.startswith("in_")]
