"""One incident, or one step of it, for the person who asks; Http404 when they may not see it."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from incidents.models import FollowUp, Incident, PromiseMade, Remedy, Staff
from incidents.models.base import EARLIEST
from incidents.models.prepared import find


def find_incident(staff: Staff, reference: str) -> Incident:
    """One query."""
    for incident in find(_called, staff=staff, now=EARLIEST, about=reference):
        return incident
    raise Http404


def _called(staff: Staff, now: dt.datetime, reference: str) -> QuerySet[Incident]:
    """No part of it depends on the clock."""
    return Incident.objects.visible_to(staff).with_names().select_related("root_cause").filter(reference=reference)


def find_remedy(incident: Incident, pk: int) -> Remedy:
    return get_object_or_404(Remedy, incident=incident, pk=pk)


def find_call(incident: Incident, pk: int) -> FollowUp:
    return get_object_or_404(FollowUp, incident=incident, pk=pk)


def find_promise(incident: Incident, pk: int) -> PromiseMade:
    return get_object_or_404(PromiseMade, incident=incident, pk=pk)
