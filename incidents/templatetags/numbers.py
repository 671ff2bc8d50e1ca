"""The numbers of a place on the wall of its meeting."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template

from incidents.models import Meeting, Staff
from incidents.reports.wall import wall_figures as figures_of

register = template.Library()


@register.inclusion_tag("incidents/reports/_wall.html")
def wall_figures(staff: Staff, meeting: Meeting, now: dt.datetime) -> dict[str, Any]:
    """Without what is restricted. Six statements at most."""
    return {"lines": figures_of(staff, meeting.location, now)}
