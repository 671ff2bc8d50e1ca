"""What an operator may do from Django's admin: through the same actions as everybody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incidents.actions import endings
from incidents.actions.access_log import note_restricted
from incidents.actions.refusals import Refused, StepRefused
from incidents.admin import IncidentAdmin, on_reading
from incidents.models import Incident
from incidents.vocabulary import CloseReason


@admin.action(description=gettext_lazy("Close as recovered"))
def close_as_recovered(place: Any, request: HttpRequest, incidents: QuerySet[Any]) -> None:
    """Each by itself: one that still lacks something is refused in words and stops no other."""
    closed = 0
    for incident in incidents:
        try:
            endings.close_incident(
                incident_id=incident.pk,
                reason=CloseReason.RECOVERED,
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
        except Refused as refusal:
            said = [gate.words for gate in refusal.gates] if isinstance(refusal, StepRefused) else [refusal.words]
            words = " ".join(str(each) for each in said)
            messages.error(request, _("%(reference)s: %(words)s") % {"reference": incident.reference, "words": words})
        else:
            closed += 1
    if closed:
        said_done = ngettext("%(number)d recovery closed.", "%(number)d recoveries closed.", closed)
        messages.success(request, said_done % {"number": closed})


def _note(request: HttpRequest, incidents: Iterable[Incident]) -> None:
    note_restricted(staff=request.user, incidents=incidents, now=timezone.now())  # type: ignore[arg-type]


def connect() -> None:
    """Offer the acts in the admin, and note what is read there; called once, with the addresses."""
    found: Any = IncidentAdmin
    found.actions = [close_as_recovered]
    on_reading[:] = [_note]
