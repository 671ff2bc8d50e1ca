"""The ways of the bars at the top and at the bottom, on every page: made once for what they say and count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from incidents.forms.markup import NOTHING, fill, joined
from incidents.templatetags.parts import icon

register = template.Library()
PARTS = ("url", "current", "key", "icon", "label", "short", "count")
MOST_BELOW = 5


@register.simple_tag
def ways(nav: Iterable[dict[str, Any]]) -> SafeString:
    """As links of the bar at the top."""
    return joined(_above(tuple(map(way.get, PARTS))) for way in nav)


@register.simple_tag
def ways_below(nav: Iterable[dict[str, Any]]) -> SafeString:
    """The first five, as links of the bar at the bottom; `short` is a label of one word."""
    return joined(_below(tuple(map(way.get, PARTS))) for way in list(nav)[:MOST_BELOW])


@lru_cache(maxsize=1024)
def _above(way: tuple[Any, ...]) -> SafeString:
    url, is_current, key, symbol, label, _short, count = way
    return fill(
        '<a href="{}"{}{}>{}{}{}</a>\n',
        url,
        fill(' aria-current="page"') if is_current else "",
        fill(' data-key="{}"', key) if key else "",
        icon(symbol),
        label,
        fill(' <span class="count">{}</span>', localize(count)) if count else NOTHING,
    )


@lru_cache(maxsize=1024)
def _below(way: tuple[Any, ...]) -> SafeString:
    url, is_current, _key, symbol, label, short, count = way
    return fill(
        '<a href="{}"{}>{}<span>{}</span>{}</a>\n',
        url,
        fill(' aria-current="page"') if is_current else "",
        icon(symbol),
        short or label,
        fill('<span class="count">{}</span>', localize(count)) if count else NOTHING,
    )


@register.simple_tag
def this_minute() -> str:
    """What the clock says, in short: on every page, for paper."""
    return _minute(timezone.localtime().replace(second=0, microsecond=0, tzinfo=None), get_language())


@lru_cache(maxsize=64)
def _minute(here: dt.datetime, _language: str | None) -> str:
    return date_format(here, "SHORT_DATETIME_FORMAT")
