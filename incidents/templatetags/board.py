"""Recoveries on the board, as cards or as rows. A page has sixty: what all have in common is put together once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import template
from django.template.defaultfilters import floatformat
from django.urls import get_script_prefix
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.addresses import address_of
from incidents.forms.markup import NOTHING, fill, joined
from incidents.models.waiting_words import is_waiting, waiting_words
from incidents.templatetags.cards import day_words, grave, nth_try
from incidents.templatetags.parts import between, clock_at, icon, stamp
from incidents.vocabulary import Severity, Stage

if TYPE_CHECKING:
    from incidents.board.columns import BoardCard
    from incidents.models import Incident

register = template.Library()

# In these: %(…)s is the same for all, in one language; {0} severity, {1} reference, {2} stage, {3} who, {4} who has
# it, {5} when it is due, {6} which try, {7} key account and restricted, {8} what, {9} money; of a card {10} that it is
# grave; of a row {10} how bad, {11} the next step, {12} and {13} when we heard.
_CARD = (
    '<li class="bcard edge-{0}" id="card-{1}" data-card="{1}" data-stage="{2}"%(drag)s>'
    '<p class="bcard-due">{10}{5}{6}</p><h3 class="bcard-who"><a class="plain" href="%(show)s" data-row>{3}</a>{7}</h3>'
    '<p class="bcard-what">{8}</p><div class="bcard-foot">%(person)s{9}%(move)s</div></li>\n'
)
_ROW = (
    '<tr class="edge-{0}" id="row-{1}"><th scope="row"><label class="tick form-check"><input class="form-check-input"'
    ' type="checkbox" name="pick" value="{1}" form="bulk" aria-label="%(tick)s"></label>'
    '<a class="row-link" href="%(show)s" data-row>{3}</a>{7}<span class="d-block muted small">{8}</span></th>'
    '<td>{5}{6}</td><td data-label="%(bad)s">{10}</td><td data-label="%(step)s">{11}</td>'
    '<td class="row-act">%(person)s</td><td class="num" data-label="%(given)s">{9}</td>'
    '<td data-label="%(heard)s"><time datetime="{12}">{13}</time></td><td class="row-act">%(move)s</td></tr>\n'
)
_PERSON = '<span class="bcard-person">%(icon)s{4}</span>'
_GIVE = (
    '<a class="bcard-person" href="%(assign)s" data-act hx-get="%(assign)s" hx-target="#act-body" hx-swap="innerHTML">'
    '%(icon)s<span class="visually-hidden">%(give)s </span>{4}</a>'
)
_MOVE = (
    '<a class="bcard-move" href="%(to)s" data-act data-move hx-get="%(to)s" hx-target="#act-body" hx-swap="innerHTML">'
    '%(words)s<span class="visually-hidden"> {3}</span></a>'
)


@dataclass(frozen=True)
class _Common:
    """What the cards or rows share in one language. `forms`: of those not to be read whole, and of others."""

    language: str | None
    forms: tuple[str, str]
    late: str
    due: str
    key: SafeString
    restricted: SafeString
    grave: dict[int, SafeString]
    severities: dict[int, str]
    stages: dict[str, str]


@lru_cache(maxsize=32)
def _common(form: str, language: str | None, _prefix: str) -> _Common:
    """`_prefix` is where the whole is served: the addresses begin with it."""
    return _Common(
        language=language,
        forms=(form % _words(is_whole=False), form % _words(is_whole=True)),
        late=_("Late by %(time)s"),
        due=_("Due in %(time)s"),
        key=fill(
            ' <span class="key-mark">{}<span class="visually-hidden">{}</span></span>', icon("star"), _key_words()
        ),
        restricted=fill(' <span class="pill">{}{}</span>', icon("lock"), _("Restricted")),
        grave={each.value: grave(each) for each in Severity},
        severities={each.value: str(each.label) for each in Severity},
        stages={each.value: str(each.label) for each in Stage},
    )


def _words(*, is_whole: bool) -> dict[str, str]:
    """The words and addresses of a form, with the places where a reference and names go."""
    person = {"icon": icon("person"), "assign": address_of("board-assign", "{1}")}
    move = {"to": address_of("board-move", "{1}"), "words": _kept(_("Move to"))}
    return {
        "drag": ' draggable="true"' if is_whole else "",
        "show": address_of("recover-show", "{1}"),
        "tick": _kept(_("Choose %(who)s, %(reference)s")) % {"who": "{3}", "reference": "{1}"},
        "bad": _kept(_("How bad")),
        "step": _kept(_("Next step")),
        "given": _kept(_("Given")),
        "heard": _kept(_("We heard")),
        "person": (_GIVE if is_whole else _PERSON) % (person | {"give": _kept(_("Give it to somebody else than"))}),
        "move": _MOVE % move if is_whole else "",
    }


def _kept(words: str) -> str:
    """As they may stand in a form: a brace is no place."""
    return str(conditional_escape(words)).replace("{", "{{").replace("}", "}}")


def _key_words() -> str:
    return _("Key account")


@dataclass
class _Maker:
    """What makes the cards or rows of one part. `has_places`: the reader has several."""

    common: _Common
    now: dt.datetime
    has_places: bool

    def __post_init__(self) -> None:
        self.kinds: dict[int, str] = {}  # what was looked up for another row

    @classmethod
    def of(cls, form: str, now: dt.datetime, *, has_places: bool) -> _Maker:
        return cls(_common(form, get_language(), get_script_prefix()), now, has_places)

    def make(self, each: BoardCard, *own: Any) -> SafeString:
        """One; `own` is what only a card, or only a row has."""
        incident, customer = each.incident, each.incident.customer
        location, common = incident.location, self.common
        account = customer.account if customer else None
        marks = common.key if account and account.is_key else NOTHING
        if incident.is_restricted:
            marks = joined((marks, common.restricted))
        return fill(
            common.forms[each.is_whole],
            incident.severity,
            incident.reference,
            incident.stage,
            customer.name if customer else incident.who,
            str(incident.assignee),
            self._due(incident, location.zone),
            _try(incident.round_number, common.language) if incident.round_number > 1 else NOTHING,
            marks,
            self._what(incident),
            _money(each.money, location.currency, common.language) if each.money is not None else NOTHING,
            *own,
        )

    def _due(self, incident: Incident, zone: dt.tzinfo) -> SafeString:
        """In the zone of its place; for what we wait instead, while they owe us an answer."""
        now, common, until = self.now, self.common, incident.waiting_until
        words = waiting_words(incident, now) if until else ""
        if until and is_waiting(incident, now):
            return clock_at(until, zone, words, common.language)
        due, moment = NOTHING, incident.next_due_at
        if moment is not None:
            is_late = moment < now
            length = between(moment, now, common.language) if is_late else between(now, moment, common.language)
            says = (common.late if is_late else common.due) % {"time": length}
            due = clock_at(moment, zone, says, common.language, " is-late" if is_late else "")
        return fill('{} <span class="muted">{}</span>', due, words) if words else due

    def _what(self, incident: Incident) -> str:
        """ "Room or facility · Room 412 · Harbour Hotel"."""
        kind = self.kinds.get(incident.category_id)
        if kind is None:
            kind = self.kinds[incident.category_id] = incident.category.label
        place = incident.location.name if self.has_places else ""
        return " · ".join(filter(None, (kind, incident.place, place)))


@register.simple_tag
def board_cards(cards: Sequence[BoardCard], now: dt.datetime, *, has_places: bool = False) -> SafeString:
    """Cards: how urgent, who, what, who has it, what was given."""
    maker = _Maker.of(_CARD, now, has_places=has_places)
    grave_words = maker.common.grave
    return joined(maker.make(each, grave_words[each.incident.severity]) for each in cards)


@register.simple_tag
def board_rows(cards: Sequence[BoardCard], now: dt.datetime, *, has_places: bool = False) -> SafeString:
    """The same as rows of a table."""
    maker = _Maker.of(_ROW, now, has_places=has_places)
    return joined(maker.make(each, *_of_a_row(each.incident, maker.common)) for each in cards)


def _of_a_row(incident: Incident, common: _Common) -> tuple[str, str, str, str]:
    heard = incident.reported_at.astimezone(incident.location.zone)
    return (
        common.severities[incident.severity],
        common.stages[incident.stage],
        stamp(heard),
        day_words(heard.date(), common.language),
    )


@lru_cache(maxsize=64)
def _try(number: int, language: str | None) -> SafeString:
    return fill(' <span class="pill">{}</span>', nth_try(number, language))


@lru_cache(maxsize=2048)
def _money(amount: Decimal, currency: str, _language: str | None) -> SafeString:
    return fill('<span class="money">{} <span class="money-code">{}</span></span>', floatformat(amount, "2g"), currency)
