"""Part of every template: Django's {% url %}, at a quarter of its cost. A page names twenty addresses."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.template import defaulttags
from django.template.base import Parser, Token
from django.template.context import Context
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from incidents.addresses import address_of

register = template.Library()
_REFERENCE = re.compile(r"R-[0-9]{4}-[0-9]{5,9}").fullmatch


class Address(defaulttags.URLNode):
    """Of a view that the template names."""

    def __init__(self, node: defaulttags.URLNode) -> None:
        super().__init__(node.view_name, node.args, node.kwargs, node.asvar)
        self.name = str(node.view_name.var)

    def render(self, context: Context) -> str:
        try:
            found = _address(self.name, [arg.resolve(context) for arg in self.args])
        except NoReverseMatch:
            found = None
        if found is None:
            return super().render(context)
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


def _address(name: str, args: list[Any]) -> str | None:
    """Of a view without arguments, of an incident, of a row, or of a row of an incident; None for any other."""
    rest = list(args)
    reference = rest.pop(0) if rest and type(rest[0]) is str and _REFERENCE(rest[0]) else ""
    row = rest.pop(0) if rest and type(rest[0]) is int and rest[0] >= 0 else None
    return None if rest else address_of(name, reference, row)


@register.tag
def url(parser: Parser, token: Token) -> defaulttags.URLNode:
    """As Django's; a view in a namespace or with named arguments is looked up each time."""
    node = defaulttags.url(parser, token)
    name = node.view_name.var
    is_fixed = isinstance(name, str) and ":" not in name and not node.view_name.filters and not node.kwargs
    return Address(node) if is_fixed else node
