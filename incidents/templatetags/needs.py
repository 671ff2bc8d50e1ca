"""A row of the first page, made without a template; what settles it comes from templates that are made once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.addresses import address_of
from incidents.forms.markup import NOTHING, fill, fill_each, joined, rendered
from incidents.templatetags.parts import between, clock, day_and_time, icon

if TYPE_CHECKING:
    from incidents.board.needs.row import Row

register = template.Library()
MORE = "incidents/needs/_more.html"
# Where these stand in what a template made, the real ones go: @@name@@, and in addresses a reference and a number.
REFERENCE, NUMBER = "R-0000-00000", 8_999_999_999_999_999_999
_SLOT = re.compile(r"@@(\w+)@@")
_SLOTS: dict[str, Callable[[Row], Any]] = {
    "who": lambda row: row.incident.who,
    "reference": lambda row: row.incident.reference,
    "url": lambda row: row.incident.get_absolute_url(),
    "customer": lambda row: row.incident.customer.name if row.incident.customer else "",
    "take_url": lambda row: row.take_url,
    "remind_url": lambda row: row.remind_url,
    "seen_url": lambda row: row.seen_url,
    "retry_url": lambda row: row.retry_url,
    "says": lambda row: row.says,
    "why": lambda row: row.why_given_up,
    "key": lambda row: row.key,
    "new_key": lambda row: row.new_key,
    "person": lambda row: row.person,
    "person_pk": lambda row: row.person.pk,
    "short": lambda row: row.person.get_short_name(),
    "about": lambda row: row.about,
    "about_pk": lambda row: row.about.pk,
    "remedy": lambda row: row.about.remedy,
}


class _Named(SimpleNamespace):
    """Somebody or something of which a template says the name too."""

    def __str__(self) -> str:
        return f"@@{self.name}@@"


def _stand_ins(row: Row) -> dict[str, Any]:
    """A row and its incident as templates read them: slots, and what decides between words."""
    fake = {
        name: f"@@{name}@@" for name in ("take_url", "remind_url", "seen_url", "retry_url", "says", "key", "new_key")
    }
    person = _Named(name="person", pk="@@person_pk@@", get_short_name="@@short@@")
    about = _Named(name="about", pk=NUMBER, remedy="@@remedy@@")
    decides = {name: getattr(row, name) for name in ("is_top", "is_mine", "is_explained", "ways")}
    incident = {
        "who": "@@who@@",
        "reference": REFERENCE,
        "get_absolute_url": "@@url@@",
        "customer": {"name": "@@customer@@"},
    }
    return {
        "row": SimpleNamespace(**fake, **decides, why_given_up="@@why@@", person=person, about=about),
        "incident": incident | {"customer": {"name": "@@customer@@"}},
        "user": {"pk": "@@user@@"},
        "csrf_token": "@@token@@",
    }


_kept: dict[tuple[Any, ...], list[str]] = {}  # few: of each template one for each language and each way to decide


def _made(name: str, row: Row, given: dict[str, Any]) -> SafeString:
    """The template `name` about `row`; `given` are values of slots that no row knows."""
    key = (name, get_language(), row.is_top, row.is_mine, row.is_explained)
    pieces = _kept.get(key)
    if pieces is None or settings.DEBUG:  # templates are being written
        pieces = _kept[key] = _pieces(get_template(name).render(_stand_ins(row)))
    return _filled(pieces, row, given)


def _pieces(made: str) -> list[str]:
    """Text and names of slots by turns."""
    return _SLOT.split(made.replace(REFERENCE, "@@reference@@").replace(str(NUMBER), "@@about_pk@@"))


def _filled(pieces: list[str], row: Row, given: dict[str, Any]) -> SafeString:
    known = list(pieces)
    for at in range(1, len(known), 2):
        name = known[at]
        known[at] = escape(str(given[name] if name in given else _SLOTS[name](row)))
    return rendered("".join(known))


@register.simple_tag(takes_context=True)
def need_row(context: Context, row: Row, now: dt.datetime) -> SafeString:
    """One need: who, what is wrong, who has it; and what settles it."""
    incident, there = row.incident, row.seen_url
    given = {"user": context["user"].pk, "token": context["csrf_token"]}
    with timezone.override(incident.location.zone):
        when = _when(row, now)
    return fill(
        '<li class="need edge-{}" id="{}"><div class="need-say">'
        '<p class="need-top"><a class="need-who" href="{}" data-row{}>{}</a>{} {}</p><p>{}</p>'
        '<p class="need-line">{}</p></div><div class="need-acts">'
        '<form method="post" action="{}" class="cluster" hx-post="{}" hx-target="#needs" hx-swap="outerHTML">'
        "{}{}\n{}</form>{}</div></li>\n",
        incident.severity,
        row.key,
        incident.get_absolute_url(),
        rendered(" data-focus") if row.is_top else NOTHING,
        incident.who,
        _restricted(get_language()) if incident.is_restricted else NOTHING,
        when,
        row.says,
        _line(row),
        there,
        there,
        _sent(row, str(given["token"])),
        _acts(row, given),
        _more(row),
        _made(row.fold, row, given) if row.fold else NOTHING,
    )


def _sent(row: Row, token: str) -> SafeString:
    """What the form sends, whichever of its buttons is pressed."""
    fields = [
        *(("csrfmiddlewaretoken", token), ("next", address_of("home"))),
        *(("kind", row.kind), ("occurrence", row.danger.occurrence)),
        *(("also", kind) for kind in row.seen_with),
        ("expected_assignee", row.incident.assignee_id),
    ]
    return fill_each("", '<input type="hidden" name="{}" value="{}">', fields)


def _line(row: Row) -> SafeString:
    has_it = _("You have it") if row.is_mine else _("%(who)s has it") % {"who": row.person}
    said = [has_it, row.incident.category.label, row.incident.place, row.incident.reference]
    labels = fill_each("", '<span class="pill">{}</span>', ((label,) for label in row.also))
    return joined((fill_each("", "<span>{}</span>", ((each,) for each in said if each)), labels))


@lru_cache(maxsize=16)
def _restricted(_language: str | None) -> SafeString:
    return fill(' <span class="pill">{}{}</span>', icon("lock"), _("Restricted"))


def _when(row: Row, now: dt.datetime) -> SafeString:
    """Since when, or by how much it is late."""
    if row.since is None:
        return clock(row.due, now) if row.due else NOTHING
    here = timezone.localtime(row.since)
    return fill(
        '<span class="clock"><time datetime="{}" title="{}">{}</time></span>',
        here.strftime("%Y-%m-%dT%H:%M:%S%z"),
        day_and_time(here.replace(second=0, microsecond=0, tzinfo=None), get_language()),
        _("for %(time)s") % {"time": between(row.since, now)},
    )


def _acts(row: Row, given: dict[str, Any]) -> SafeString:
    if row.people:  # others on every row
        return rendered(get_template(row.acts).render({"row": row, "incident": row.incident}))
    return _made(row.acts, row, given)


def _more(row: Row) -> SafeString:
    """The menu of what else may be done with it."""
    if not row.can_wait:
        return NOTHING
    choice = (row.can_take, row.can_close and not row.is_mine, row.is_looked_at)
    key = (MORE, get_language(), *choice)
    pieces = _kept.get(key)
    if pieces is None or settings.DEBUG:
        can = dict(zip(("can_take", "can_remind", "is_looked_at"), choice, strict=True))
        pieces = _kept[key] = _pieces(get_template(MORE).render({"who": "@@who@@", **can}))
    return _filled(pieces, row, {})
