"""The incidents that hang together with one, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from incidents.models import Incident, Staff


@dataclass(frozen=True)
class Related:
    incident: Incident
    words: str


def related_to(incident: Incident, staff: Staff, *, is_linked: bool) -> list[Related]:
    """Told together with this one, repeats, and what came up at its call back, as far as `staff` may see them.

    One query; none for an incident that names no other and (not `is_linked`) is named by none.
    """
    named = [incident.repeat_of_id, incident.duplicate_of_id, incident.arose_from_id]
    if not (is_linked or incident.told_with_id or any(named)):
        return []
    first = incident.told_with_id or incident.pk
    seen = Incident.objects.visible_to(staff).exclude(pk=incident.pk).select_related("category", "customer")
    linked = Q(told_with=first) | Q(pk=first) | Q(repeat_of=incident) | Q(duplicate_of=incident)
    linked |= Q(arose_from=incident) | Q(pk__in=[pk for pk in named if pk])
    related = []
    for other in seen.filter(linked).order_by("id")[:20]:
        if other.pk == incident.repeat_of_id:
            words = _("This happened again after")
        elif other.repeat_of_id == incident.pk:
            words = _("Happened again")
        elif other.pk == incident.duplicate_of_id:
            words = _("This is the same as")
        elif other.duplicate_of_id == incident.pk:
            words = _("Also logged as")
        elif other.pk == incident.arose_from_id:
            words = _("Came up when we called back about")
        elif other.arose_from_id == incident.pk:
            words = _("Came up when we called back")
        else:
            words = _("Told together with")
        related.append(Related(other, words))
    return related
