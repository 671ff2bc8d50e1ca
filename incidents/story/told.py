"""One mistake as it is told in a meeting: what happened, what we did, what it took. With or without its names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import OuterRef, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.models import Apology, Attempt, Closure, Incident, Remedy, RemedyType, Staff
from incidents.models.hidden import Hidden
from incidents.models.instances import made, tie
from incidents.models.nested import AsOne, as_json, from_json
from incidents.models.prepared import ask_about
from incidents.models.values import described, duration_words, fields_of
from incidents.story.facts import lag_words
from incidents.story.words import about, day_and_time, how, money, outcome_words
from incidents.vocabulary import REACHED, ApologyKind, CloseReason, RemedyState, Source

_UNTOLD = (RemedyState.WITHDRAWN, RemedyState.PROPOSED)
_OF_STAFF = ("id", "name", "role")
MOST = 40  # of each kind: what was tried more often is not for a wall


class Naming(Protocol):
    """How words and people are said."""

    def words(self, text: str) -> str: ...

    def who(self, person: Staff | str | None, role: str = "") -> str: ...


class ByName:
    """As it was written."""

    def words(self, text: str) -> str:
        return text

    def who(self, person: Staff | str | None, role: str = "") -> str:
        return str(person) if person else role


@dataclass(frozen=True)
class Beat:
    """One moment of the story."""

    at: dt.datetime
    when: str
    title: str
    text: str = ""


@dataclass(frozen=True)
class Given:
    what: str
    amount: str
    state: str = ""


@dataclass(frozen=True)
class Took:
    """A figure of the recovery; `note` says it in other words."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Told:
    title: str
    story: str
    wanted: str
    lag: str
    details: list[tuple[str, str]]
    beats: list[Beat]
    given: list[Given]
    took: list[Took]


def tell_in_meeting(incident: Incident, naming: Naming | Hidden) -> Told:
    """Two statements. `incident` with its category and location."""
    return _Teller(incident, naming).told()


def _told_of(pk: int) -> Any:
    """What the story is told from, as one row: an array of each kind, the remedies' types besides."""
    of = {"incident": OuterRef("pk")}
    remedies = Remedy.objects.filter(**of).exclude(state__in=_UNTOLD).order_by("id")
    tries = Attempt.objects.filter(follow_up__incident=OuterRef("pk"), outcome__in=REACHED).order_by("at", "id")
    given = Remedy.objects.filter(incident=OuterRef(OuterRef("pk"))).order_by().values("type")
    rows = {
        "row_apologies": _as_json(Apology.objects.filter(**of, made_at__isnull=False), "author"),
        "row_remedies": _as_json(remedies, "assignee"),
        "row_attempts": _as_json(tries, "by"),
        "row_closures": _as_json(Closure.objects.filter(**of).order_by("closed_at", "id")),
        "row_types": as_json(RemedyType.objects.filter(pk__in=given).order_by("id")),
    }
    return Incident.objects.filter(pk=pk).annotate(**rows).values(*rows)


def _as_json(rows: QuerySet[Any], who: str = "") -> AsOne:
    """The oldest of `rows`; of whom `who` names, what is said of people."""
    return as_json(rows[:MOST], *(f"{who}__{name}" for name in _OF_STAFF if who))


def _with_staff(model: type[Any], rows: list[list[Any]] | None, who: str) -> list[Any]:
    found = from_json(model, rows)
    for each, row in zip(found, rows or (), strict=True):
        values = row[-len(_OF_STAFF) :]
        tie(each, who, made(Staff, _OF_STAFF, values) if values[0] else None)
    return found


class _Teller:
    def __init__(self, incident: Incident, naming: Naming | Hidden) -> None:
        self.incident, self.naming, self.zone = incident, naming, incident.location.zone
        found = ask_about(_told_of, incident.pk)
        self.apologies: list[Apology] = _with_staff(Apology, found["row_apologies"], "author")
        self.remedies: list[Remedy] = _with_staff(Remedy, found["row_remedies"], "assignee")
        self.attempts: list[Attempt] = _with_staff(Attempt, found["row_attempts"], "by")
        self.closures = from_json(Closure, found["row_closures"])
        types = {each.pk: each for each in from_json(RemedyType, found["row_types"])}
        for remedy in self.remedies:
            remedy.type = types[remedy.type_id]

    def told(self) -> Told:
        hide, incident = self.naming.words, self.incident
        values, fields = incident.field_values, fields_of(incident.category)
        known = described(fields, values, zone=self.zone, currency=incident.location.currency)
        return Told(
            title=incident.category.label,
            story=hide(incident.what_happened),
            wanted=hide(incident.remedy_sought),
            lag=lag_words(incident),
            details=[(label, hide(words)) for label, words in known if not _is_a_number(words, hide(words))],
            beats=sorted(self._beats(), key=lambda beat: beat.at),
            given=[self._given(remedy) for remedy in self.remedies],
            took=list(self._took()),
        )

    def _beat(self, at: dt.datetime, title: str, text: str = "") -> Beat:
        return Beat(at, day_and_time(at, self.zone), title, self.naming.words(text))

    def _beats(self) -> Iterator[Beat]:
        incident = self.incident
        if incident.occurred_at:
            yield self._beat(incident.occurred_at, _("It happened"))
        elif incident.occurred_on and incident.occurred_on != incident.reported_at.astimezone(self.zone).date():
            noon = dt.datetime.combine(incident.occurred_on, dt.time.min, self.zone)
            yield Beat(noon, formats.date_format(incident.occurred_on, _("D j M")), _("It happened"))
        yield self._beat(incident.reported_at, _heard(incident))
        yield from (self._apology(apology) for apology in self.apologies)
        for remedy in self.remedies:
            if remedy.delivered_at:
                by = self.naming.who(remedy.done_by_name or remedy.assignee, _("a colleague"))
                title = _("Put right: %(what)s (%(who)s)") % {"what": self._what(remedy), "who": by}
                yield self._beat(remedy.delivered_at, title)
        for tried in self.attempts:
            words = {"who": self._capital(self.naming.who(tried.by)), "how": outcome_words(tried.outcome)}
            yield self._beat(tried.at, _("%(who)s asked how it is: %(how)s") % words, tried.words)
        for closure in self.closures:
            yield self._beat(closure.closed_at, str(CloseReason(closure.reason).label))

    def _apology(self, apology: Apology) -> Beat:
        who = self._capital(self.naming.who(apology.author or apology.author_name, _("a colleague")))
        said = _("%(who)s apologized %(how)s")
        if apology.kind == ApologyKind.EXPLANATION:
            said = _("%(who)s explained it %(how)s")
        at = apology.made_at or apology.created_at
        return self._beat(at, said % {"who": who, "how": how(apology.channel)}, apology.words)

    @staticmethod
    def _capital(who: str) -> str:
        return who[:1].upper() + who[1:]

    def _what(self, remedy: Remedy) -> str:
        return f"{remedy.type.label}: {self.naming.words(remedy.what)}" if remedy.what else remedy.type.label

    def _given(self, remedy: Remedy) -> Given:
        amount = _amount(remedy)
        state = "" if remedy.state == RemedyState.DELIVERED else remedy.get_state_display()
        return Given(self._what(remedy), money(amount, remedy.currency) if amount else "", state)

    def _took(self) -> Iterator[Took]:
        incident = self.incident
        if first := min((a.made_at for a in self.apologies if a.made_at), default=None):
            yield Took(_("Until we apologized"), about(max(first - incident.reported_at, dt.timedelta(0))))
        else:
            yield Took(_("Until we apologized"), _("Nobody has apologized"))
        recovered = [c.closed_at for c in self.closures if c.reason == CloseReason.RECOVERED]
        ended = about(max(recovered[-1] - incident.reported_at, dt.timedelta(0))) if recovered else _("Not recovered")
        yield Took(_("Until it was recovered"), ended if not incident.is_open else _("Still open"), self._tries())
        spent = [r for r in self.remedies if r.state == RemedyState.DELIVERED]
        cost = sum((_amount(r) or Decimal(0) for r in spent), Decimal(0))
        yield Took(_("What it cost"), money(cost, incident.location.currency))
        minutes = sum(r.minutes or 0 for r in self.remedies)
        yield Took(_("Our time"), duration_words(dt.timedelta(minutes=minutes)) if minutes else _("Not written down"))
        if self.attempts:
            last = self.attempts[-1]
            score = _("%(score)d of 5") % {"score": last.score} if last.score else ""
            yield Took(_("What they said of it"), outcome_words(last.outcome), score)

    def _tries(self) -> str:
        number = self.incident.round_number
        return ngettext("%(n)d try", "%(n)d tries", number) % {"n": number} if number > 1 else ""


def _is_a_number(words: str, hidden: str) -> bool:
    """Of which hiding leaves nothing that anybody could talk about."""
    return hidden != words and any(letter.isdigit() for letter in words)


def _amount(remedy: Remedy) -> Any:
    return remedy.actual_amount if remedy.actual_amount is not None else remedy.estimated_amount


def _heard(incident: Incident) -> str:
    words = {
        Source.CUSTOMER: _("The customer told us"),
        Source.NOTICED: _("We noticed it ourselves"),
        Source.ASKED: _("We asked, and they told us"),
        Source.FORM: _("The customer told us by the public form"),
    }
    return words[Source(incident.source)]
