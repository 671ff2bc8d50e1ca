"""One line of the inbox. A page has two dozen of them, so they are made without a template each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.addresses import address_of
from incidents.forms.markup import NOTHING, fill
from incidents.templatetags.parts import ago, day_and_time, icon

if TYPE_CHECKING:
    from incidents.board.notices import Line

register = template.Library()


@register.simple_tag
def notice_line(line: Line, now: dt.datetime) -> SafeString:
    """What it says, of which incident, when in the time of its place, and why one got it."""
    notice = line.notice
    is_new = notice.read_at is None
    at = notice.at.astimezone(line.zone)
    return fill(
        '{} <a href="{}" data-row{}>{}</a>{}<p class="muted small">{}</p>'
        '<p class="muted small"><time datetime="{}" title="{}">{}</time> · {}</p>',
        icon(line.icon),
        address_of("notice-open", row=notice.pk),
        fill(' class="{}"', "strong") if is_new else "",
        line.sentence,
        fill(' <span class="pill pill-open">{}</span>', _("New")) if is_new else NOTHING,
        line.where,
        at.strftime("%Y-%m-%dT%H:%M:%S%z"),
        day_and_time(at.replace(second=0, microsecond=0, tzinfo=None), get_language()),
        ago(notice.at, now),
        line.why,
    )
