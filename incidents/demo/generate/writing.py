"""A life as rows: its clocks, and everything that could still change while it was lived."""

from __future__ import annotations

import datetime as dt
import json

from incidents.catalogue import ITEMS
from incidents.demo.generate.life import Life
from incidents.demo.generate.rows import Try
from incidents.models.values import item_key
from incidents.vocabulary import SPOKEN, Clock, CloseReason, RemedyState, Source, Stage

Reading = tuple[Clock, dt.datetime, dt.datetime | None]


def clocks_of(life: Life, here: Try) -> list[Reading]:
    """(clock, due, met): what `actions.clocks.refresh()` would write for this try."""
    start = life.reported if here.number == 1 else here.started
    calendar, targets = life.place.clock.calendar, life.place.clock.targets
    made = [s.made for s in life.sorries if s.round is here and s.made]
    apologized = min(made) if made else None
    offers = [g.created for g in life.given if g.round is here and g.state != RemedyState.WITHDRAWN]
    is_heard = life.source in (Source.NOTICED, Source.ASKED) or (
        life.source == Source.CUSTOMER and life.told_by in SPOKEN
    )
    met = {
        Clock.ACKNOWLEDGE: start if is_heard else apologized,
        Clock.APOLOGIZE: apologized,
        Clock.OFFER: min(offers) if offers else None,
        Clock.DELIVER: here.settled,
    }
    found = [
        (clock, calendar.due(start, targets.of(life.severity, clock)), due_met)
        for clock, due_met in met.items()
        if here.entry == Stage.APOLOGIZE or clock in (Clock.OFFER, Clock.DELIVER)
    ]
    return found + _follow_up(life, here)


def _follow_up(life: Life, here: Try) -> list[Reading]:
    calls = [c for c in life.calls if c.round is here and c.cancelled is None]
    if not calls:
        return []
    waiting = [c.due for c in calls if c.answered is None]
    if waiting:
        return [(Clock.FOLLOW_UP, min(waiting), None)]
    return [(Clock.FOLLOW_UP, max(c.due for c in calls), max(c.answered for c in calls if c.answered))]


def finish(life: Life, year: int) -> None:
    """Put the whole life into the ledger; its reference will be one of `year`."""
    due: dt.datetime | None = None
    ledger, pk = life.ledger, life.pk
    for here in life.tries:
        ledger.add("round", here.pk, pk, here.number, here.reason, here.entry, here.started, here.by.pk, here.settled)
        readings = clocks_of(life, here)
        for clock, due_at, met in readings:
            ledger.add("deadline", pk, here.pk, clock, due_at, met)
        running = [due_at for _clock, due_at, met in readings if met is None]
        due = min(running) if running else max(due_at for _clock, due_at, _met in readings)
    _write_given(life)
    _write_words(life)
    for call in life.calls:
        ledger.add(
            "followup", call.pk, pk, call.round.pk, call.assignee.pk, call.due, call.answered, call.outcome,
            call.cancelled, call.created, call.version,
        )  # fmt: skip
    if life.ended is not None:
        life.write_closure(reopened=None)
    _write_incident(life, year, None if life.ended else due)


def _write_given(life: Life) -> None:
    for given in life.given:
        at, by, why = given.no_receipt or (None, None, "")
        waived = (at, by.pk if by else None, why)
        life.ledger.add(
            "remedy", given.pk, life.pk, given.round.pk, given.gift.pk, given.what, given.state,
            given.assignee.pk if given.assignee else None, given.done_by_name, None, life.place.currency,
            given.estimated, given.actual, given.minutes, given.gift.needs_receipt, given.paid_on, given.created,
            given.delivered, given.note, given.replaces.pk if given.replaces else None, given.created, given.by.pk,
            life.new_key(), given.version, given.declined_as, *waived,
        )  # fmt: skip


def _write_words(life: Life) -> None:
    for sorry in life.sorries:
        life.ledger.add(
            "apology", sorry.pk, life.pk, sorry.round.pk, sorry.author.pk if sorry.author else None,
            sorry.author_name, sorry.to_whom, sorry.channel, sorry.words, sorry.made,
            sorry.travels_with.pk if sorry.travels_with else None, sorry.created, sorry.by.pk, life.new_key(),
        )  # fmt: skip
    for word in life.words:
        life.ledger.add(
            "promisemade", word.pk, life.pk, word.what, word.assignee.pk, word.due, word.kept, word.broken,
            word.note, word.created, word.by.pk, life.new_key(),
        )  # fmt: skip


def _write_incident(life: Life, year: int, due: dt.datetime | None) -> None:
    told = life.told
    public, private = told.get("public"), told.get("private")
    item = next((item_key(public[key]) for key in ITEMS if public and key in public), "")
    twin = life.twin if life.reason == CloseReason.DUPLICATE else None
    life.ledger.add_incident(
        year, life.pk, life.place.pk, life.kind.pk, life.who.pk, life.who.hint, told["story"], told["sought"],
        told["where"], life.source, life.told_by, life.severity, life.finding, life.kind.is_restricted,
        life.kind.is_second_failure, json.dumps(public or {}, ensure_ascii=False),
        json.dumps(private or {}, ensure_ascii=False), told["occurred_on"], told["occurred_at"], life.reported,
        life.created, life.logger.pk, life.assignee.pk, life.step, len(life.tries), due, life.ended, life.reason,
        life.reopened, "not_required", told.get("repeat_of"), twin, told.get("told_with"),
        f"{life.key:032x}", life.version, item,
    )  # fmt: skip
