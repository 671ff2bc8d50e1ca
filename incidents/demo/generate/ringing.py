"""The due table of a generated demo: only what is still to come. What was due before its present rings no more."""

from __future__ import annotations

import datetime as dt

from incidents.demo.generate.life import Life
from incidents.demo.generate.writing import clocks_of
from incidents.ladder import ACCEPT_WITHIN, ACCEPT_WITHIN_CRITICAL, Kind, first_rung, ladder_of, occurrence_of
from incidents.models import ReminderState
from incidents.targets import RECEIPT_REMINDER_AFTER
from incidents.vocabulary import PENDING_REMEDY, Clock, RemedyState, Severity


def remind(life: Life, as_of: dt.datetime) -> None:
    """As `actions.remind.schedule()` would have it by now, and without asking the database."""
    for word in life.words:
        if not (word.kept or word.broken):
            _put(life, Kind.PROMISE_DUE, word.pk, word.due, as_of)
    if life.ended is None:
        _remind_of_steps(life, as_of)


def _remind_of_steps(life: Life, as_of: dt.datetime) -> None:
    for call in life.calls:
        if call.is_planned:
            _put(life, Kind.FOLLOW_UP_DUE, call.pk, call.due, as_of)
    for given in life.given:
        if given.state == RemedyState.AWAITING_RECEIPT:
            _put(life, Kind.RECEIPT_MISSING, given.pk, given.created + RECEIPT_REMINDER_AFTER, as_of)
    running = {clock: due for clock, due, met in clocks_of(life, life.round) if met is None}
    if Clock.APOLOGIZE in running:
        _put(life, Kind.APOLOGY_DUE, life.round.pk, running[Clock.APOLOGIZE], as_of)
    pending = {given.state for given in life.given if given.state in PENDING_REMEDY}
    steps = [running[clock] for clock in (Clock.OFFER, Clock.DELIVER) if clock in running]
    if steps and pending != {RemedyState.AWAITING_RECEIPT}:
        _put(life, Kind.REMEDY_DUE, life.round.pk, min(steps), as_of)
    if life.untaken is not None:
        pk, since = life.untaken
        within = ACCEPT_WITHIN_CRITICAL if life.severity == Severity.CRITICAL else ACCEPT_WITHIN
        _put(life, Kind.HANDOVER_OPEN, pk, since + within, as_of)


def _put(life: Life, kind: Kind, subject_id: int, target: dt.datetime, as_of: dt.datetime) -> None:
    if target <= as_of:
        return
    ladder = ladder_of(kind, is_critical=life.severity == Severity.CRITICAL)
    number = first_rung(ladder, target=target, now=as_of)
    if number is not None:
        life.ledger.add(
            "reminder", life.pk, kind, subject_id, occurrence_of(target, ladder[number]), target, number,
            target + ladder[number].after, ReminderState.PENDING, 0, "",
        )  # fmt: skip
