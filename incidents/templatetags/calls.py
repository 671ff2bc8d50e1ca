"""Calls and promises as rows with a form in each. Pages have dozens of them: made without a template each."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import uuid4

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from incidents.addresses import address_of
from incidents.forms.markup import fill, fill_each
from incidents.templatetags.fixed import fixed
from incidents.templatetags.parts import clock, icon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incidents.models import Incident, PromiseMade
    from incidents.story.calls import Row

register = template.Library()


@register.simple_tag(takes_context=True)
def call_row(context: Context, row: Row, *, with_name: bool = False) -> SafeString:
    """One call: who, the number, the story in two lines, what we promised, how it ended in one tap."""
    incident, call = row.incident, row.call
    account = incident.customer.account if incident.customer else None
    url = incident.get_absolute_url()
    return fill(
        '<li class="call edge-{}" id="call-{}"><div class="call-top">'
        '<h3 class="call-name"><a class="plain" href="{}" data-row>{}</a>{}</h3> {} {}</div>'
        '{}{}<p class="muted small mt-1">{}</p>{}</li>\n',
        incident.severity,
        call.pk,
        url,
        incident.who,
        fill(' <span class="muted fw-normal">{}</span>', account) if account else "",
        clock(call.due_at, row.now),
        _phone(row),
        _story(row),
        _promises(row) if row.is_whole and row.promises else "",
        " · ".join(_beside(row, with_name=with_name)),
        _acts(context, row),
    )


def _phone(row: Row) -> SafeString:
    if not row.dial:
        return fill('<span class="muted">{}</span>', _("No phone number"))
    return fill('<a class="btn btn-quiet call-phone" href="tel:{}">{}{}</a>', row.dial, icon("telephone"), row.phone)


def _story(row: Row) -> SafeString:
    if not row.is_whole:
        words = _("Restricted: this call is yours, the story is not shown.")
        return fill('<p class="call-story muted">{} {}</p>', icon("lock"), words)
    return fill(
        '<p class="call-story clamp-2"><span class="muted">{}:</span> {}</p>',
        row.incident.category.label,
        row.incident.what_happened,
    )


def _promises(row: Row) -> SafeString:
    lines = ((icon("flag"), promise.what, clock(promise.due_at, row.now)) for promise in row.promises)
    return fill('<ul class="call-promises">{}</ul>', fill_each("", "<li>{}<span>{} · {}</span></li>", lines))


def _beside(row: Row, *, with_name: bool) -> Iterator[str]:
    """When, which try, how the last one ended, whose call it is."""
    yield row.due_words
    if row.try_words:
        yield row.try_words
    if row.tried_words:
        yield _("last time: %(words)s") % {"words": row.tried_words}
    if with_name:
        yield str(row.call.assignee)


def _acts(context: Context, row: Row) -> SafeString:
    """Reads `next` from the context: where to go afterwards."""
    action = address_of("recover-follow-up", row.incident.reference, row.call.pk)
    return fill(
        '<form class="call-acts" method="post" action="{0}" hx-post="{0}" hx-target="#call-{1}" hx-swap="outerHTML"'
        ' hx-sync="this:drop">{2}<input type="hidden" name="submit_key" value="{3}">'
        '<input type="hidden" name="next" value="{4}">{5}<a class="btn btn-link" href="{0}{6}">{7}</a></form>',
        action,
        row.call.pk,
        _token(context),
        uuid4(),
        context.get("next", ""),
        fixed("incidents/calls/_outcomes.html"),
        f"?{urlencode({'next': after})}" if (after := context.get("next")) else "",
        _("Something else"),
    )


@register.simple_tag(takes_context=True)
def settle(context: Context, promise: PromiseMade, incident: Incident) -> SafeString:
    """Kept or broken, in one tap. Reads `next` from the context: where to go afterwards (optional)."""
    after = context.get("next")
    return fill(
        '<form method="post" action="{}" class="cluster mt-2">{}{}{}{}</form>',
        address_of("recover-settle-promise", incident.reference, promise.pk),
        _token(context),
        fill('<input type="hidden" name="next" value="{}">', after) if after else "",
        _answer("yes", icon("check-lg"), _("Kept"), promise.what),
        _answer("no", icon("x-lg"), _("Broken"), promise.what),
    )


def _answer(value: str, symbol: SafeString, words: str, what: str) -> SafeString:
    return fill(
        '<button type="submit" class="btn btn-quiet btn-s" name="kept" value="{}">{}{}'
        '<span class="visually-hidden">: {}</span></button>',
        value,
        symbol,
        words,
        what,
    )


def _token(context: Context) -> SafeString:
    """As {% csrf_token %} writes it."""
    return fill('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', context["csrf_token"])
