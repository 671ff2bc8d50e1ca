"""Folds of the incident page: the summary at once, what is inside when somebody opens it."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.context import Context
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from incidents.addresses import REFERENCE, ROW, address_of
from incidents.forms.markup import fill, rendered
from incidents.templatetags.parts import icon as icon_of

register = template.Library()


@register.simple_block_tag(takes_context=True)
def fold(
    context: Context,
    content: SafeString,
    name: str,
    pk: int | None = None,
    *,
    icon: str,
    id: str = "",
    is_open: object = False,
) -> SafeString:
    """{% fold "more" remedy.pk icon="three-dots" %}the summary's words{% endfold %}; see docs/interface.md.

    Inside is incidents/recover/parts/_<name>.html: now when the fold `is_open` or its key is among the context's
    `unfolded`, otherwise when the browser asks `views/recover/parts.py` for it. Reads `incident` from the context.
    """
    key = name if pk is None else f"{name}-{pk}"
    at, where = id or key, context["incident"].reference
    if is_open or key in context["unfolded"]:
        inside = context.template.engine.get_template(f"incidents/recover/parts/_{name}.html")  # type: ignore[union-attr]
        return fill(
            '<details class="more" id="{}" open><summary>{}{}</summary><div>{}</div></details>',
            at,
            icon_of(icon),
            content,
            rendered(inside.render(context)),
        )
    form = _closed(name, pk is not None, id, icon, get_script_prefix()).replace(REFERENCE, where)
    if pk is not None:
        form = form.replace(str(ROW), str(pk))
    return rendered(form.replace(_WORDS, content))


_WORDS = "<words>"  # escaped in whatever is not content


@lru_cache(maxsize=256)
def _closed(name: str, is_row: bool, id: str, icon: str, prefix: str) -> str:
    """A closed fold as it stands on every page: a page has twenty, which differ in incident, row and words.

    `prefix` is where the whole is served: the addresses begin with it.
    """
    row = ROW if is_row else None
    key = f"{name}-{ROW}" if is_row else name
    return fill(
        '<details class="more" id="{0}"><summary>{1}<noscript><a href="{2}?open={3}#{0}">{4}</a></noscript>'
        '<span class="js-only">{4}</span></summary>'
        '<div data-part hx-get="{5}" hx-trigger="part" hx-sync="drop"></div></details>',
        id or key,
        icon_of(icon),
        address_of("recover-show", REFERENCE),
        key,
        rendered(_WORDS),
        address_of("recover-row-part" if is_row else "recover-part", REFERENCE, row, name=name),
    )
