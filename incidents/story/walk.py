"""The three steps as the page shows them: done in a line, open with its form, later readable."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _

from incidents.models import Apology, Attempt, FollowUp, Incident, Round
from incidents.story.gather import Rows
from incidents.story.words import clock_words, day_and_time, how, is_soon, ordinal_try, outcome_words
from incidents.vocabulary import Clock, Stage
from incidents.workflow import STEPS, Gate, RoundFacts, Step

_CLOCKS = {
    Stage.APOLOGIZE: (Clock.APOLOGIZE, Clock.ACKNOWLEDGE),
    Stage.REMEDY: (Clock.OFFER, Clock.DELIVER),
    Stage.FOLLOW_UP: (Clock.FOLLOW_UP,),
}


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
        clock, is_late, soon = _clock(step.stage, rows, now) if is_open else ("", False, False)
        views.append(
            StepView(
                stage=step.stage,
                title=_title(step, facts),
                state=state,
                lines=tuple(lines[step.stage]),
                gates=gates,
                clock=clock,
                is_late=is_late,
                is_soon=soon,
                hint=hints[step.stage],
            )
        )
    return views


def _title(step: Step, facts: RoundFacts) -> LazyText | str:
    if step.stage == Stage.APOLOGIZE and facts.is_not_ours:
        return _("Say you are sorry it happened, and explain")
    return step.title


def _clock(stage: Stage, rows: Rows, now: dt.datetime) -> tuple[str, bool, bool]:
    running = [d for d in rows.deadlines if d.met_at is None and d.clock in _CLOCKS[stage]]
    if not running:
        return "", False, False
    first = min(running, key=lambda d: d.due_at)
    return clock_words(first.clock, first.due_at, now), first.due_at < now, is_soon(first.due_at, now)


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
    calls = {c.pk: c for c in rows.calls if c.round_id == round_.pk}
    zone = incident.location.zone
    return [try_line(attempt, rows, zone) for attempt in rows.attempts if attempt.follow_up_id in calls]


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
