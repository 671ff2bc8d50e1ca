"""Folds of the incident page: the summary at once, what is inside when somebody opens it."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from incidents.addresses import address_of
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
    return fill(
        '<details class="more" id="{0}"><summary>{1}<noscript><a href="{2}?open={3}#{0}">{4}</a></noscript>'
        '<span class="js-only">{4}</span></summary>'
        '<div data-part hx-get="{5}" hx-trigger="part" hx-sync="drop"></div></details>',
        at,
        icon_of(icon),
        address_of("recover-show", where),
        key,
        content,
        address_of("recover-part" if pk is None else "recover-row-part", where, pk, name=name),
    )
