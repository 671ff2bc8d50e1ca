"""A line of the page of patterns, made without a template: dozens of them stand on it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString

from incidents.addresses import address_of
from incidents.forms.markup import fill

if TYPE_CHECKING:
    from incidents.board.patterns import Overview
    from incidents.board.shared import Line

register = template.Library()


@register.simple_tag
def look_address(line: Line, page: Overview) -> str:
    """Where somebody looks into it, over the same time and for the same place."""
    place = f"&place={page.place.pk}" if page.place else ""
    return f"{address_of('pattern-look')}?kind={line.kind}&value={quote(line.value, safe='')}&days={page.days}{place}"


@register.simple_tag
def again(line: Line, page: Overview) -> SafeString:
    """Something that came up three times or more: the name leads to what happened."""
    return fill(
        '<li class="row-main"><a class="row-name" href="{}">{}</a> <span class="small muted">{}</span></li>',
        look_address(line, page),
        line.label,
        line.words,
    )
