"""Plain inputs written by Python, letter for letter what Django's templates write.

Django renders a template for every <input>, one more for every <option> and one more for the attributes of
each; on a page of nine forms that was most of its time. Widgets that are not named here keep their templates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.safestring import SafeString

from incidents.forms.markup import fill, fill_each, joined, rendered

_INPUTS = (
    *("checkbox", "date", "datetime", "email", "hidden", "input", "number"),
    *("password", "text", "time", "url"),
)


def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """` name="value"` of each; False is left out, True stands without a value."""
    named = (
        (name, "" if value is True else fill('="{}"', value)) for name, value in attrs.items() if value is not False
    )
    return fill_each("", " {}{}", named)


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else fill(' value="{}"', widget["value"])
    return fill('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, attributes(widget["attrs"]))


def _textarea(widget: Mapping[str, Any]) -> SafeString:
    return fill(
        '<textarea name="{}"{}>\n{}</textarea>', widget["name"], attributes(widget["attrs"]), widget["value"] or ""
    )


def _option(option: Mapping[str, Any]) -> SafeString:
    return fill(
        '\n  <option value="{}"{}>{}</option>', option["value"], attributes(option["attrs"]), localize(option["label"])
    )


def _select(widget: Mapping[str, Any]) -> SafeString:
    parts = []
    for group, options, _index in widget["optgroups"]:
        inside = joined(_option(option) for option in options)
        if group:
            parts.append(fill('\n  <optgroup label="{}">{}\n  </optgroup>', localize(group), inside))
        else:
            parts.append(inside)
    return fill('<select name="{}"{}>{}\n</select>', widget["name"], attributes(widget["attrs"]), joined(parts))


_WRITERS: dict[str, Callable[[Mapping[str, Any]], SafeString]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}


class Renderer(DjangoTemplates):
    """FORM_RENDERER."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        if (write := _WRITERS.get(template_name)) is not None:
            return write(context["widget"])
        return rendered(super().render(template_name, context, request))
