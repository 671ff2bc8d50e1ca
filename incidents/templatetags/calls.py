"""The forms that stand on the calls page dozens of times, made without a template each."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from incidents.templatetags.fixed import fixed
from incidents.templatetags.parts import icon

if TYPE_CHECKING:
    from incidents.models import FollowUp, Incident, PromiseMade

register = template.Library()


@register.simple_tag(takes_context=True)
def call_acts(context: Context, call: FollowUp, incident: Incident) -> SafeString:
    """How the call ended, in one tap. Reads `next` from the context: where to go afterwards."""
    action = reverse("recover-follow-up", args=[incident.reference, call.pk])
    return format_html(
        '<form class="call-acts" method="post" action="{0}" hx-post="{0}" hx-target="#call-{1}" hx-swap="outerHTML">'
        '{2}<input type="hidden" name="submit_key" value="{3}"><input type="hidden" name="next" value="{4}">'
        '{5}<a class="btn btn-link" href="{6}#step-follow_up">{7}</a></form>',
        action,
        call.pk,
        _token(context),
        uuid4(),
        context.get("next", ""),
        fixed("incidents/calls/_outcomes.html"),
        incident.get_absolute_url(),
        _("Something else"),
    )


@register.simple_tag(takes_context=True)
def settle(context: Context, promise: PromiseMade, incident: Incident) -> SafeString:
    """Kept or broken, in one tap. Reads `next` from the context: where to go afterwards (optional)."""
    after = context.get("next")
    return format_html(
        '<form method="post" action="{}" class="cluster mt-2">{}{}{}{}</form>',
        reverse("recover-settle-promise", args=[incident.reference, promise.pk]),
        _token(context),
        format_html('<input type="hidden" name="next" value="{}">', after) if after else "",
        _answer("yes", icon("check-lg"), _("Kept"), promise.what),
        _answer("no", icon("x-lg"), _("Broken"), promise.what),
    )


def _answer(value: str, symbol: SafeString, words: str, what: str) -> SafeString:
    return format_html(
        '<button type="submit" class="btn btn-quiet btn-s" name="kept" value="{}">{}{}'
        '<span class="visually-hidden">: {}</span></button>',
        value,
        symbol,
        words,
        what,
    )


def _token(context: Context) -> SafeString:
    """As {% csrf_token %} writes it."""
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', context["csrf_token"])
