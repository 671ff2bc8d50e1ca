"""The three steps as the page shows them: done in a line, open with its form, later readable."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.models import Apology, Attempt, FollowUp, Incident, Round
from incidents.models.hours import BEGAN
from incidents.story.clocks import CLOCKS_OF, Running, met_lines, running
from incidents.story.gather import AT_ONCE, Rows
from incidents.story.words import day_and_time, how, ordinal_try, outcome_words
from incidents.vocabulary import Stage
from incidents.workflow import STEPS, Gate, RoundFacts, Step

NEWEST_TRIES = 5  # in the step; all of them are in what happened since


@dataclass(frozen=True)
class Line:
    """One thing done for a step: "Dora apologized in person · today 09:05"."""

    words: str
    when: str = ""
    quote: str = ""


@dataclass(frozen=True)
class StepView:
    stage: Stage
    title: LazyText | str
    state: str
    lines: tuple[Line, ...] = ()
    gates: tuple[Gate, ...] = ()
    clock: str = ""
    is_late: bool = False
    is_soon: bool = False
    hint: str = ""

    @property
    def is_open(self) -> bool:
        return self.state == "open"


def walk(incident: Incident, round_: Round, facts: RoundFacts, rows: Rows, now: dt.datetime) -> list[StepView]:
    lines = {
        Stage.APOLOGIZE: _apologies(incident, round_, facts, rows),
        Stage.REMEDY: [],  # every remedy has a card of its own there
        Stage.FOLLOW_UP: _calls(incident, round_, rows),
    }
    hints = {
        Stage.APOLOGIZE: "",
        Stage.REMEDY: _("Say what you do or give, and tick it off when the customer has it."),
        Stage.FOLLOW_UP: _("Once it is put right, the call is planned by itself."),
    }
    views = []
    for step in STEPS:
        gates = step.lacks(facts)
        is_open = step.stage == incident.stage
        state = "open" if is_open else "later" if gates else "done"
        clock = _clock(step.stage, incident, rows, now) if is_open else None
        told = lines[step.stage] + ([] if gates else _times(step.stage, incident, round_, rows))
        views.append(
            StepView(
                stage=step.stage,
                title=_title(step, facts),
                state=state,
                lines=tuple(told),
                gates=gates,
                clock=clock.words if clock else "",
                is_late=clock is not None and clock.is_late,
                is_soon=clock is not None and clock.is_soon,
                hint=hints[step.stage],
            )
        )
    return views


def _title(step: Step, facts: RoundFacts) -> LazyText | str:
    if step.stage == Stage.APOLOGIZE and facts.is_not_ours:
        return _("Say you are sorry it happened, and explain")
    return step.title


def _clock(stage: Stage, incident: Incident, rows: Rows, now: dt.datetime) -> Running | None:
    return running([d for d in rows.deadlines if d.clock in CLOCKS_OF[stage]], incident, now)


def _times(stage: Stage, incident: Incident, round_: Round, rows: Rows) -> list[Line]:
    """How long it took, beside what we aim for."""
    began_at = incident.reported_at if round_.number == 1 else round_.started_at
    has_waited = len(rows.events) > AT_ONCE or any(event.kind == BEGAN for event in rows.events)
    return [Line(words) for words in met_lines(stage, rows.deadlines, began_at, has_waited=has_waited)]


def _apologies(incident: Incident, round_: Round, facts: RoundFacts, rows: Rows) -> list[Line]:
    mine = [a for a in rows.apologies if a.round_id == round_.pk]
    if not mine and facts.entry != Stage.APOLOGIZE:
        earlier = [a for a in rows.apologies if a.made_at]
        return [_apology(incident, a) for a in earlier[-1:]]
    return [_apology(incident, a) for a in mine]


def _apology(incident: Incident, apology: Apology) -> Line:
    zone = incident.location.zone
    whom = apology.to_whom or incident.who
    if apology.made_at is None:
        words = _("%(who)s wrote it; it travels with: %(what)s") % {"who": apology.who, "what": apology.travels_with}
        return Line(words, quote=apology.words)
    words = _("%(who)s to %(whom)s, %(how)s") % {
        "who": apology.who,
        "whom": whom,
        "how": how(apology.channel),
    }
    return Line(words, day_and_time(apology.made_at, zone), apology.words)


def _calls(incident: Incident, round_: Round, rows: Rows) -> list[Line]:
    calls = {c.pk for c in rows.calls if c.round_id == round_.pk}
    tries = [attempt for attempt in rows.attempts if attempt.follow_up_id in calls]
    zone = incident.location.zone
    return _earlier(len(tries) - NEWEST_TRIES) + [try_line(attempt, rows, zone) for attempt in tries[-NEWEST_TRIES:]]


def _earlier(number: int) -> list[Line]:
    """How many tries are told further down only."""
    if number < 1:
        return []
    words = ngettext(
        "%(number)d earlier try is told under “What happened since”",
        "%(number)d earlier tries are told under “What happened since”",
        number,
    )
    return [Line(words % {"number": number})]


def try_line(attempt: Attempt, rows: Rows, zone: dt.tzinfo) -> Line:
    """ "Dora asked by phone: no answer"."""
    asked = {
        "who": rows.name(attempt.by_id),
        "how": how(attempt.channel),
        "outcome": outcome_words(attempt.outcome),
    }
    return Line(_("%(who)s asked %(how)s: %(outcome)s") % asked, day_and_time(attempt.at, zone), attempt.words)


def next_call(round_: Round, rows: Rows) -> FollowUp | None:
    planned = [c for c in rows.calls if c.is_planned and c.round_id == round_.pk]
    return min(planned, key=lambda c: c.due_at) if planned else None


def try_words(incident: Incident) -> str:
    return ordinal_try(incident.round_number)
