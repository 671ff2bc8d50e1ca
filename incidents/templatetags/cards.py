"""One recovery as a card. Lists have dozens of them, so they are made without a template each."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import ordinal
from django.template.defaultfilters import floatformat
from django.template.loader import get_template
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.forms.markup import NOTHING, fill, fill_each, rendered
from incidents.models.waiting_words import is_waiting, waiting_words
from incidents.templatetags.parts import clock
from incidents.vocabulary import CloseReason, Severity, Stage

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

    from incidents.board import Card
    from incidents.forms.manage import Panel
    from incidents.models import Incident

register = template.Library()


@register.simple_tag
def recovery_card(
    url: str,
    customer: str,
    story: str,
    *,
    severity: int | None = None,
    place: str = "",
    category: object = "",
    stage: str = "",
    assignee: object = "",
    reference: str = "",
    round: int | str = 1,
    due: SafeString = NOTHING,
    box: SafeString = NOTHING,
) -> SafeString:
    """The whole card is the link. `due`: a clock, ready made; `box`: what ticks it."""
    return fill(
        '<article class="rcard edge-{}">{}<div class="rcard-top"><a class="rcard-name" href="{}">{}</a>{}</div>'
        '<p class="rcard-story clamp-2">{}{}</p><p class="rcard-line">{}{}{}{}{}{}</p></article>\n',
        severity or 4,
        box,
        url,
        customer,
        fill(' <span class="muted small">{}</span>', place) if place else "",
        fill('<span class="muted">{}:</span> ', category) if category else "",
        story,
        grave(severity),
        due,
        _span(stage),
        _span(nth_try(round, get_language())) if isinstance(round, int) and round > 1 else "",
        _span(assignee),
        _span(reference),
    )


def grave(severity: int | None) -> SafeString:
    """The gravest ones say so in a word: the edge of a card is a colour and no more."""
    if severity != Severity.CRITICAL:
        return NOTHING
    return fill('<span class="pill pill-late">{}</span> ', Severity.CRITICAL.label)


@register.simple_tag
def card(
    card: Card, now: dt.datetime, *, is_closed: bool = False, is_mine: bool = False, can_tick: bool = False
) -> SafeString:
    """One of a list, in the zone of its location. `is_mine`: no need to say who has it; `can_tick`: as one of many."""
    incident = card.incident
    zone = incident.location.zone
    if is_closed:
        due, where = NOTHING, _ended(incident.close_reason, incident.closed_at, zone)
    else:
        with timezone.override(zone):
            due = _due(incident, now)
        where = card.lacks or str(Stage(incident.stage).label)
    return recovery_card(
        incident.get_absolute_url(),
        incident.who,
        card.story,
        severity=incident.severity,
        place=incident.place,
        category=incident.category.label,
        stage=where,
        assignee="" if is_mine else incident.assignee,
        reference=incident.reference,
        round=incident.round_number,
        due=due,
        box=tick(incident) if can_tick else NOTHING,
    )


@register.simple_tag
def every_of(tabs: list[dict[str, Any]]) -> int | str:
    """How many the view that is open has, as its tab says; "" when none is."""
    return next((tab["count"] for tab in tabs if tab["current"]), "")


@register.simple_tag
def tick(incident: Incident) -> SafeString:
    """A box of the form `incidents/bulk/_bar.html`; hidden until somebody chooses several."""
    words = _("Choose %(who)s, %(reference)s") % {"who": incident.who, "reference": incident.reference}
    return fill(
        '<label class="tick form-check"><input class="form-check-input" type="checkbox" name="pick" value="{}"'
        ' form="bulk" aria-label="{}"></label>',
        incident.reference,
        words,
    )


def _due(incident: Incident, now: dt.datetime) -> SafeString:
    """When it is due; that we wait for them, in the place of it where that is what is due."""
    words = waiting_words(incident, now)
    if not words:
        return clock(incident.next_due_at, now)
    if is_waiting(incident, now) and incident.next_due_at == incident.waiting_until:
        return clock(incident.next_due_at, now, words)
    return fill("{}<span>{}</span>", clock(incident.next_due_at, now), words)


@register.simple_tag
def past_card(incident: Any, now: dt.datetime, *, is_whole: bool) -> SafeString:
    """One of a customer's history (with `given`). `is_whole`: whether the story may be read."""
    reported, place = timezone.localtime(incident.reported_at), incident.location
    if incident.is_open:
        due, pill, where = clock(incident.next_due_at, now), " pill-open", str(Stage(incident.stage).label)
    else:
        due, pill, where = NOTHING, "", _reason(incident.close_reason)
    return fill(
        '<article class="rcard edge-{}"><div class="rcard-top"><a class="rcard-name" href="{}" data-row>{}</a>'
        '<span class="muted small"><time datetime="{}">{}</time></span></div>{}'
        '<p class="rcard-line">{}<span class="pill{}">{}</span>{}<span>{}</span><span>{}</span></p></article>\n',
        incident.severity,
        incident.get_absolute_url(),
        incident.category.label,
        reported.strftime("%Y-%m-%dT%H:%M:%S%z"),
        day_words(reported.astimezone(place.zone).date(), get_language()),
        fill('<p class="rcard-story clamp-2">{}</p>', incident.what_happened) if is_whole else "",
        due,
        pill,
        where,
        _given(incident.given, place.currency) if is_whole and incident.given is not None else "",
        place.name,
        incident.reference,
    )


def _given(amount: Decimal, currency: str) -> SafeString:
    return fill(
        '<span>{} <span class="money">{} <span class="money-code">{}</span></span></span>',
        _("Given:"),
        floatformat(amount, "2g"),
        currency,
    )


def _reason(reason: str) -> str:
    return str(CloseReason(reason).label) if reason else ""


@lru_cache(maxsize=1024)
def day_words(day: dt.date, language: str | None) -> str:
    return formats.date_format(day, "D j M Y")


def _ended(reason: str, closed_at: dt.datetime | None, zone: dt.tzinfo) -> str:
    """ "Recovered, Wed 4 Mar 2026"; nothing when it is still open."""
    day = day_words(closed_at.astimezone(zone).date(), get_language()) if closed_at else ""
    return _("%(reason)s, %(day)s") % {"reason": _reason(reason), "day": day}


def _span(words: object) -> SafeString | str:
    return fill("<span>{}</span>", words) if words else ""


@lru_cache(maxsize=64)
def nth_try(number: int, language: str | None) -> str:
    return _("%(nth)s try") % {"nth": ordinal(number)}


@register.simple_tag
def filter_chips(field: BoundField) -> SafeString:
    """The choices of a filter as chips, several of which may be chosen."""
    chosen = field.value() or ()
    rows = []
    for number, (value, label) in enumerate(field.field.choices):  # type: ignore[attr-defined]
        at = f"{field.auto_id}_{number}"
        rows.append((field.html_name, value, at, " checked" if str(value) in chosen else "", at, label))
    return fill_each(
        "",
        '<div class="chip"><input class="chip-input" type="checkbox" name="{}" value="{}" id="{}"{}>'
        '<label class="chip-label" for="{}"><span class="chip-text">{}</span></label></div>',
        rows,
    )


@register.simple_tag
def filter_panel(panel: Panel) -> SafeString:
    """What may be filtered by; kept for whoever is offered the same: to make it takes as long as thirty cards."""
    return _panel(panel) if settings.DEBUG else _kept_panel(panel, get_language())


def _panel(panel: Panel) -> SafeString:
    return rendered(get_template("incidents/manage/_filter_panel.html").render({"form": panel.form()}).strip())


@lru_cache(maxsize=64)
def _kept_panel(panel: Panel, _language: str | None) -> SafeString:
    return _panel(panel)
