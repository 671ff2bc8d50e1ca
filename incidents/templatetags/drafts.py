"""What makes a form of the incident page keep what is typed in it."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from incidents.access import RESUME
from incidents.addresses import address_of
from incidents.forms.desk import DeskForm
from incidents.forms.markup import NOTHING, fill

register = template.Library()


@register.simple_tag(takes_context=True)
def drafted(context: Context, name: str, form: DeskForm) -> SafeString:
    """<form … {% drafted "note" forms.note %}>: attributes for draft.js; `_kept.html` at its end belongs to it."""
    request = context["request"]
    return fill(
        'data-draft-url="{}" data-draft-owner="{}"{}{}',
        address_of("recover-draft", context["incident"].reference, name=name),
        request.user.pk,
        fill(' data-draft-saved="{}"', form.typed_at.isoformat()) if form.typed_at else NOTHING,
        fill(" {}", "data-draft-back") if RESUME in request.GET else NOTHING,
    )
