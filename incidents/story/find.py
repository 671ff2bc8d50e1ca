"""One incident, or one step of it, for the person who asks; Http404 when they may not see it."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from incidents.models import FollowUp, Incident, PromiseMade, Remedy, Staff


def find_incident(staff: Staff, reference: str) -> Incident:
    """One query."""
    seen = Incident.objects.visible_to(staff).with_names()
    return get_object_or_404(seen, reference=reference)


def find_remedy(incident: Incident, pk: int) -> Remedy:
    return get_object_or_404(Remedy, incident=incident, pk=pk)


def find_call(incident: Incident, pk: int) -> FollowUp:
    return get_object_or_404(FollowUp, incident=incident, pk=pk)


def find_promise(incident: Incident, pk: int) -> PromiseMade:
    return get_object_or_404(PromiseMade, incident=incident, pk=pk)
