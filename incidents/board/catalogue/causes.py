"""Why mistakes happen, as the page of causes lists them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery

from incidents.models import Incident, RootCause, Staff


@dataclass(frozen=True)
class CauseLine:
    row: RootCause
    number: int  # of incidents, those that the reader may see


def cause_lines(staff: Staff) -> list[CauseLine]:
    """All in order, the retired ones last. One statement."""
    seen = Incident.objects.visible_to(staff).filter(root_cause=OuterRef("pk")).order_by().values("root_cause")
    rows = RootCause.objects.annotate(number=Subquery(seen.annotate(number=Count("*")).values("number")))
    lines = [CauseLine(row, row.number or 0) for row in rows.order_by("position", "id")]
    return sorted(lines, key=lambda line: not line.row.is_active)
