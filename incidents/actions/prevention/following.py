"""A change that is not done yet is to prevent what its incident is now said to be."""

from __future__ import annotations

from django.db.models import QuerySet

from incidents.models import Incident, PreventionAction


def follow_cause(incident: Incident, before: int | None) -> None:
    """Its cause was said, or another one. The caller holds the incident's lock. One statement."""
    _open(incident).filter(root_cause=before).update(root_cause=incident.root_cause)


def follow_category(incident: Incident) -> None:
    """It was filed anew. The same."""
    _open(incident).update(category=incident.category)


def _open(incident: Incident) -> QuerySet[PreventionAction]:
    return PreventionAction.objects.filter(incident=incident, done_at__isnull=True, dropped_at__isnull=True)
