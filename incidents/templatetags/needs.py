"""A row of the first page, filled into a form that is made once for all rows like it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.addresses import address_of
from incidents.forms.markup import NOTHING, fill, fill_each, joined, rendered
from incidents.templatetags.parts import between, clock_at, icon

if TYPE_CHECKING:
    from incidents.board.needs.row import Row

register = template.Library()
MORE = "incidents/needs/_more.html"
# Where these stand in what a template made, the real ones go: @@name@@, and in addresses a reference and a number.
REFERENCE, NUMBER = "R-0000-00000", 8_999_999_999_999_999_999
HIDDEN = '<input type="hidden" name="{}" value="{}">'
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
    "severity": lambda row: row.incident.severity,
    "kind": lambda row: row.incident.category.label,
    "occurrence": lambda row: row.danger.occurrence,
    "assignee": lambda row: row.incident.assignee_id,
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


# In this: @@name@@ is the row's own, %(…)s the same for all rows that are alike.
_ROW = (
    '<li class="need edge-@@severity@@" id="@@key@@"><div class="need-say">'
    '<p class="need-top"><a class="need-who" href="@@url@@" data-row%(focus)s>@@who@@</a>%(restricted)s @@when@@</p>'
    '<p>@@says@@</p><p class="need-line"><span>%(has_it)s</span><span>@@kind@@</span>@@place@@'
    '<span>@@reference@@</span>@@labels@@</p></div><div class="need-acts">'
    '<form method="post" action="@@seen_url@@" class="cluster" hx-post="@@seen_url@@" hx-target="#needs"'
    ' hx-swap="outerHTML" hx-sync="this:drop">%(fields)s%(acts)s\n%(more)s</form>%(fold)s</div></li>\n'
)
_kept: dict[tuple[Any, ...], list[Any]] = {}  # few: for each language one for each way to decide


def _form_of(row: Row) -> list[Any]:
    """What all rows like this one have in common: text and names of slots by turns."""
    decided = (row.kind, row.is_top, row.is_mine, row.is_explained, row.can_close, row.can_take, bool(row.people))
    key = (get_language(), get_script_prefix(), row.incident.is_restricted, *decided)
    form = _kept.get(key)
    if form is None or settings.DEBUG:  # templates are being written
        form = _SLOT.split(_made(row).replace(REFERENCE, "@@reference@@").replace(str(NUMBER), "@@about_pk@@"))
        form = _kept[key] = [each if at % 2 else rendered(each) for at, each in enumerate(form)]
    return form


def _made(row: Row) -> str:
    fakes = _stand_ins(row)
    has_it = conditional_escape(_("You have it") if row.is_mine else _("%(who)s has it"))
    return _ROW % {
        "focus": " data-focus" if row.is_top else "",
        "restricted": _restricted() if row.incident.is_restricted else "",
        "has_it": has_it % {"who": "@@person@@"},
        "fields": _fields(row),
        "acts": "@@acts@@" if row.people else get_template(row.acts).render(fakes),
        "more": _more(row) if row.can_wait else "",
        "fold": get_template(row.fold).render(fakes) if row.fold else "",
    }


def _fields(row: Row) -> SafeString:
    """What the form sends, whichever of its buttons is pressed."""
    fields = [
        *(("csrfmiddlewaretoken", "@@token@@"), ("next", address_of("home"))),
        *(("kind", row.kind), ("occurrence", "@@occurrence@@")),
    ]
    hidden = fill_each("", HIDDEN, fields)
    return joined((hidden, "@@also@@", fill(HIDDEN, "expected_assignee", "@@assignee@@")))


def _restricted() -> SafeString:
    return fill(' <span class="pill">{}{}</span>', icon("lock"), _("Restricted"))


def _more(row: Row) -> str:
    """The menu of what else may be done with it."""
    can = {"can_take": row.can_take, "can_remind": row.can_close and not row.is_mine, "is_looked_at": row.is_looked_at}
    return get_template(MORE).render({"who": "@@who@@", **can})


@register.simple_tag(takes_context=True)
def need_row(context: Context, row: Row, now: dt.datetime) -> SafeString:
    """One need: who, what is wrong, who has it; and what settles it."""
    incident = row.incident
    given = {
        "user": context["user"].pk,
        "token": context["csrf_token"],
        "when": _when(row, now),
        "place": fill("<span>{}</span>", incident.place) if incident.place else NOTHING,
        "labels": fill_each("", '<span class="pill">{}</span>', ((label,) for label in row.also)),
        "also": fill_each("", HIDDEN, (("also", kind) for kind in row.seen_with)),
        "acts": _acts(row) if row.people else NOTHING,
    }
    form = list(_form_of(row))
    form[1::2] = [given[name] if name in given else _SLOTS[name](row) for name in form[1::2]]
    return joined(form)


def _when(row: Row, now: dt.datetime) -> SafeString:
    """Since when, or by how much it is late; on the clocks of its place."""
    zone, language = row.incident.location.zone, get_language()
    late, due, since = _clock_words(language)
    if row.since is not None:
        return clock_at(row.since, zone, since % {"time": between(row.since, now, language)}, language)
    if row.due is None:
        return NOTHING
    if row.due < now:
        return clock_at(row.due, zone, late % {"time": between(row.due, now, language)}, language, " is-late")
    return clock_at(row.due, zone, due % {"time": between(now, row.due, language)}, language)


@lru_cache(maxsize=16)
def _clock_words(_language: str | None) -> tuple[str, str, str]:
    return _("Late by %(time)s"), _("Due in %(time)s"), _("for %(time)s")


def _acts(row: Row) -> SafeString:
    """With the people it could go to: others on every row."""
    return rendered(get_template(row.acts).render({"row": row, "incident": row.incident}))
