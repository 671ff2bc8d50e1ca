"""A remedy as its card begins: what, how much, how far it is. An incident has several, with a dozen facts each."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.template.defaultfilters import floatformat
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from incidents.forms.markup import NOTHING, fill
from incidents.templatetags.parts import moment

if TYPE_CHECKING:
    from incidents.models import Remedy
    from incidents.story import RemedyView

register = template.Library()


@register.simple_tag
def remedy_lines(view: RemedyView) -> SafeString:
    """The two lines at the top of recover/_remedy.html."""
    remedy = view.remedy
    what = fill(": {}", remedy.what) if remedy.what else NOTHING
    state = remedy.get_declined_as_display() if remedy.declined_as else remedy.get_state_display()
    return fill(
        '<div class="row-main"><p><span class="strong">{}</span>{}</p>{}</div>\n'
        '  <p class="muted small cluster cluster-l"><span>{}{}</span>{}{}{}{}{}</p>',
        remedy.type.label,
        what,
        _amount(remedy),
        state,
        fill(" {}", moment(remedy.delivered_at)) if remedy.delivered_at else NOTHING,
        _span(remedy.done_by),
        fill('<span class="clock{}">{}</span>', " is-late" if view.is_late else "", view.due) if view.due else NOTHING,
        _span(_minutes(remedy.minutes)),
        _thought(remedy),
        _span(_("Something else took its place") if view.is_replaced else ""),
    )


def _amount(remedy: Remedy) -> SafeString:
    if remedy.actual_amount is not None:
        return money(remedy.actual_amount, remedy.currency, get_language())
    if remedy.estimated_amount is None:
        return NOTHING
    said = money(remedy.estimated_amount, remedy.currency, get_language())
    return fill('<span class="muted">{} {}</span>', _("about"), said)


def _minutes(minutes: int | None) -> str:
    if not minutes:
        return ""
    return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": localize(minutes)}


def _thought(remedy: Remedy) -> SafeString:
    """What it was to come to, where it came to something else."""
    if None in (remedy.actual_amount, remedy.estimated_amount) or remedy.actual_amount == remedy.estimated_amount:
        return NOTHING
    return _span(fill("{} {}", _("thought to be"), money(remedy.estimated_amount, remedy.currency, get_language())))


def _span(words: object) -> SafeString:
    return fill("<span>{}</span>", words) if words else NOTHING


@lru_cache(maxsize=2048)
def money(amount: Decimal, currency: str, _language: str | None) -> SafeString:
    """As components/_money.html has it."""
    return fill('<span class="money">{} <span class="money-code">{}</span></span>', floatformat(amount, "2g"), currency)
