"""Part of every template: Django's {% url %} and {% include %}, at a quarter and at half of their cost.

A page names twenty addresses and has forty parts.
"""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.template import defaulttags, loader_tags
from django.template.base import Parser, Template, Token
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


class Include(loader_tags.IncludeNode):
    """Of a template that is named: looked for once, and not in each page that has it.

    Both live as long: where templates are read anew when they change, this node goes with the one it stands in.
    """

    def __init__(self, node: loader_tags.IncludeNode) -> None:
        super().__init__(node.template, extra_context=node.extra_context, isolated_context=node.isolated_context)
        self.name = str(node.template.var)
        self.found: Template | None = None

    def render(self, context: Context) -> Any:
        found = self.found or self._find(context)
        values = {name: value.resolve(context) for name, value in self.extra_context.items()}
        if self.isolated_context:
            return found.render(context.new(values))
        # What `context.push()` and the template's own `render()` do, without three context managers.
        state, before = context.render_context, context.render_context.template
        context.dicts.append(values)
        state.dicts.append({})
        state.template = found
        try:
            return found.nodelist.render(context)
        finally:
            state.template = before
            state.dicts.pop()
            context.dicts.pop()

    def _find(self, context: Context) -> Template:
        whole: Any = context.template  # a part is rendered inside of one
        found: Template = whole.engine.get_template(self.name)
        self.found = found
        return found


@register.tag
def include(parser: Parser, token: Token) -> loader_tags.IncludeNode:
    """As Django's; a template whose name is only known when the page is made is looked for then."""
    node = loader_tags.do_include(parser, token)
    is_fixed = isinstance(node.template.var, str) and not node.template.filters
    return Include(node) if is_fixed else node
