"""What a row of the first page has as every other one: made once, with another name and number in it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString

from incidents.forms.markup import rendered
from incidents.templatetags.fixed import fixed

if TYPE_CHECKING:
    from incidents.board.needs.row import Row

register = template.Library()
# Where these stand in the template, the real ones go.
REFERENCE, WHO = "R-0000-00000", "somebody@@"


@register.simple_tag
def more_acts(row: Row) -> SafeString:
    """The menu of what else may be done with it."""
    if not row.can_wait:
        return rendered("")
    made = fixed(
        "incidents/needs/_more.html",
        who=WHO,
        can_take=row.can_take,
        can_remind=row.can_close and not row.is_mine,
        is_looked_at=row.is_looked_at,
    )
    incident = row.incident
    return rendered(made.replace(REFERENCE, incident.reference).replace(WHO, escape(incident.who)))
