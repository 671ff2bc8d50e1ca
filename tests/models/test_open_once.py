"""That something is open is said once, however often it is asked for: two of the same count as two conditions."""

from __future__ import annotations

import pytest
from django.db.models import Q

from incidents.models import Incident
from incidents.models.incident import IncidentQuerySet
from tests import make
from tests.make import NOW, Cast

OPEN = '"closed_at" IS NULL'


def said(rows: IncidentQuerySet) -> int:
    return str(rows.query).count(OPEN)


@pytest.mark.django_db
def test_said_once() -> None:
    every = Incident.objects.all()
    assert said(every.open()) == said(every.open().filter(severity=1).open()) == said(every.open().overdue(NOW)) == 1


@pytest.mark.django_db
def test_another_is_no_reason() -> None:
    """Of the one it came from, of one of several conditions, or the opposite."""
    every = Incident.objects.all()
    assert said(every.filter(arose_from__closed_at__isnull=True).open()) == 2
    assert said(every.filter(Q(closed_at__isnull=True) | Q(severity=1)).open()) == 2
    assert said(every.exclude(closed_at__isnull=True).open()) == 2
    assert said(every.filter(closed_at__isnull=False).open()) == 1


def test_only_what_is_open(cast: Cast) -> None:
    going, over = make.make_incident(cast.desk), make.make_incident(cast.desk)
    make.close(over, cast.manager, "void")
    assert list(Incident.objects.open().open()) == [going]
    assert not Incident.objects.exclude(closed_at__isnull=True).open().exists()
    assert not Incident.objects.filter(closed_at__isnull=False).open().exists()
    assert list(Incident.objects.filter(Q(closed_at__isnull=True) | Q(severity=1)).open()) == [going]
