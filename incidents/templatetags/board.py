"""One recovery on the board, as a card or as a row. A page has sixty: made without a template each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.addresses import address_of
from incidents.forms.markup import NOTHING, fill
from incidents.models.waiting_words import is_waiting, waiting_words
from incidents.templatetags.cards import day_words, grave, nth_try, tick
from incidents.templatetags.parts import clock, icon
from incidents.vocabulary import Severity, Stage

if TYPE_CHECKING:
    from incidents.board.columns import BoardCard
    from incidents.models import Incident

register = template.Library()


@register.simple_tag
def board_card(each: BoardCard, now: dt.datetime, *, has_places: bool = False) -> SafeString:
    """A card: how urgent, who, what, who has it, what was given. `has_places`: the reader has several."""
    incident = each.incident
    return fill(
        '<li class="bcard edge-{}" id="card-{}" data-card="{}" data-stage="{}"{}>'
        '<p class="bcard-due">{}{}{}</p><h3 class="bcard-who"><a class="plain" href="{}" data-row>{}</a>{}</h3>'
        '<p class="bcard-what">{}</p><div class="bcard-foot">{}{}{}</div></li>\n',
        incident.severity,
        incident.reference,
        incident.reference,
        incident.stage,
        fill(' draggable="true"') if each.is_whole else "",
        grave(incident.severity),
        _due(incident, now),
        _try(incident),
        incident.get_absolute_url(),
        incident.who,
        _key(incident),
        _what(incident, has_places=has_places),
        _assignee(each),
        _money(each),
        _move(each),
    )


@register.simple_tag
def board_row(each: BoardCard, now: dt.datetime, *, has_places: bool = False) -> SafeString:
    """The same as a row of a table."""
    incident = each.incident
    with timezone.override(incident.location.zone):
        heard = timezone.localtime(incident.reported_at)
    return fill(
        '<tr class="edge-{}" id="row-{}"><th scope="row">{}<a class="row-link" href="{}" data-row>{}</a>{}'
        '<span class="d-block muted small">{}</span></th><td>{}{}</td><td data-label="{}">{}</td><td>{}</td>'
        '<td class="row-act">{}</td><td class="num" data-label="{}">{}</td>'
        '<td data-label="{}"><time datetime="{}">{}</time></td><td class="row-act">{}</td></tr>\n',
        incident.severity,
        incident.reference,
        tick(incident),
        incident.get_absolute_url(),
        incident.who,
        _key(incident),
        _what(incident, has_places=has_places),
        _due(incident, now),
        _try(incident),
        _("How bad"),
        Severity(incident.severity).label,
        Stage(incident.stage).label,
        _assignee(each),
        _("Given"),
        _money(each),
        _("We heard"),
        heard.strftime("%Y-%m-%dT%H:%M:%S%z"),
        day_words(heard.date(), get_language()),
        _move(each),
    )


def _due(incident: Incident, now: dt.datetime) -> SafeString:
    """In the zone of its place; for what we wait instead, while they owe us an answer."""
    words = waiting_words(incident, now)
    with timezone.override(incident.location.zone):
        if is_waiting(incident, now):
            return clock(incident.waiting_until, now, words)
        due = clock(incident.next_due_at, now)
    return fill('{} <span class="muted">{}</span>', due, words) if words else due


def _try(incident: Incident) -> SafeString:
    if incident.round_number < 2:
        return NOTHING
    return fill(' <span class="pill">{}</span>', nth_try(incident.round_number, get_language()))


def _key(incident: Incident) -> SafeString:
    """Looked after with more care: said, and not only shown."""
    account = incident.customer.account if incident.customer else None
    if account is None or not account.is_key:
        return NOTHING
    return fill(' <span class="key-mark">{}<span class="visually-hidden">{}</span></span>', icon("star"), _key_words())


def _key_words() -> str:
    return _("Key account")


def _what(incident: Incident, *, has_places: bool) -> str:
    """ "Room or facility · Room 412 · Harbour Hotel"."""
    place = incident.location.name if has_places else ""
    return " · ".join(filter(None, (incident.category.label, incident.place, place)))


def _assignee(each: BoardCard) -> SafeString:
    incident = each.incident
    if not each.is_whole:
        return fill('<span class="bcard-person">{}{}</span>', icon("person"), incident.assignee)
    return fill(
        '<a class="bcard-person" href="{0}" data-act hx-get="{0}" hx-target="#act-body" hx-swap="innerHTML">{1}'
        '<span class="visually-hidden">{2} </span>{3}</a>',
        address_of("board-assign", incident.reference),
        icon("person"),
        _("Give it to somebody else than"),
        incident.assignee,
    )


def _money(each: BoardCard) -> SafeString:
    if each.money is None:
        return NOTHING
    amount: Any = floatformat(each.money, "2g")
    return fill(
        '<span class="money">{} <span class="money-code">{}</span></span>', amount, each.incident.location.currency
    )


def _move(each: BoardCard) -> SafeString:
    if not each.is_whole:
        return NOTHING
    return fill(
        '<a class="bcard-move" href="{0}" data-act data-move hx-get="{0}" hx-target="#act-body" hx-swap="innerHTML">{1}'
        '<span class="visually-hidden"> {2}</span></a>',
        address_of("board-move", each.incident.reference),
        _("Move to"),
        each.incident.who,
    )
