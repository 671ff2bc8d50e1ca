"""What happened stays: events are only added, and what has a history cannot be deleted."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from incidents.models import Category, Event, Incident, Location, RemedyType, Staff
from tests import make
from tests.make import Cast


@pytest.fixture
def incident(cast: Cast) -> Incident:
    return make.settle(make.make_incident(cast.desk), cast.desk)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE incidents_event SET kind = 'other'",
        "UPDATE incidents_event SET by_id = NULL",
        "UPDATE incidents_event SET codes = '{}' WHERE id = (SELECT min(id) FROM incidents_event)",
        "DELETE FROM incidents_event",
    ],
)
def test_what_happened_cannot_be_rewritten(incident: Incident, sql: str) -> None:
    before = list(Event.objects.order_by("id").values())
    with (
        pytest.raises(IntegrityError, match="events are append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert list(Event.objects.order_by("id").values()) == before


def test_nor_by_the_models(incident: Incident) -> None:
    event = Event.objects.earliest("id")
    event.kind = "other"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.save()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.delete()


@pytest.mark.parametrize("model", [Staff, Location, Category, RemedyType])
def test_what_has_history_cannot_be_deleted(cast: Cast, incident: Incident, model: type[Any]) -> None:
    used = {Staff: cast.desk, Location: cast.here, Category: incident.category}
    row = used.get(model) or RemedyType.objects.get(key="put_right")
    with pytest.raises(models.ProtectedError):
        row.delete()


def test_an_incident_cannot_be_deleted(incident: Incident) -> None:
    with pytest.raises(models.ProtectedError):
        incident.delete()
