"""The ways of the bars at the top and at the bottom, on every page: made once for what they say and count."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.utils.formats import localize
from django.utils.safestring import SafeString

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
