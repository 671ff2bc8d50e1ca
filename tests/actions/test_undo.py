"""Taking back what was just done: for a minute, by the same person, while nothing has followed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from incidents.actions import change, endings, handovers, promises, remedies, undo
from incidents.actions.refusals import Refused
from incidents.models import Incident, Notice, NoticeKind, Reminder, ReminderKind, ReminderState
from incidents.vocabulary import RemedyState, Stage
from tests import make
from tests.make import HOUR, NOW, Cast

SECOND = dt.timedelta(seconds=1)
LATER = NOW + HOUR


def take_back(incident: Incident, cast: Cast, **over: Any) -> Incident:
    fields: dict[str, Any] = {"by": cast.desk, "now": LATER + 60 * SECOND}
    undo.undo_last(incident_id=incident.pk, **fields | over)
    return make.fresh(incident)


def pending(incident: Incident, kind: ReminderKind) -> list[int]:
    rows = Reminder.objects.filter(incident=incident, kind=kind, state=ReminderState.PENDING)
    return list(rows.values_list("subject_id", flat=True))


def test_closed(cast: Cast, incident: Incident) -> None:
    make.settle(incident, cast.desk)
    mic = make.give(incident, cast.desk, "reimburse", now=NOW)
    was, call = make.fresh(incident).stage, incident.follow_ups.get()
    make.close(incident, cast.desk, "withdrawn", now=LATER)
    take_back(incident, cast)
    assert (incident.stage, incident.close_reason, incident.closed_at) == (was, "", None)
    assert (incident.round_number, incident.reopen_count) == (1, 0)
    assert incident.closures.get().reopened_at == LATER + 60 * SECOND
    call.refresh_from_db()
    assert call.is_planned
    assert pending(incident, ReminderKind.FOLLOW_UP_DUE) == [call.pk]
    assert pending(incident, ReminderKind.RECEIPT_MISSING) == [mic.pk]
    assert [event.kind for event in incident.events.order_by("id")][-2:] == ["undone", "stage_moved"]


def test_closed_as_a_duplicate(cast: Cast, incident: Incident) -> None:
    make.close(incident, cast.manager, "duplicate", duplicate_of=make.make_incident(cast.desk), now=LATER)
    assert take_back(incident, cast, by=cast.manager).duplicate_of is None


def test_handed_over_with_all_that_went_along_and_nothing_else(cast: Cast, incident: Incident) -> None:
    make.settle(incident, cast.desk)
    theirs = make.give(incident, cast.desk, assignee=cast.colleague, is_delivered=False)
    mine = make.give(incident, cast.desk, is_delivered=False)
    handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=LATER)
    take_back(incident, cast)
    assert incident.assignee == cast.desk
    for row, who in ((theirs, cast.colleague), (mine, cast.desk), (incident.follow_ups.get(), cast.desk)):
        row.refresh_from_db()
        assert row.assignee == who
    assert pending(incident, ReminderKind.HANDOVER_OPEN) == []
    assert not Notice.objects.filter(kind=NoticeKind.ASSIGNED, recipient=cast.colleague, read_at=None).exists()


def test_without_a_receipt(cast: Cast, incident: Incident) -> None:
    make.settle(incident, cast.desk)
    mic = make.give(incident, cast.desk, "reimburse", now=NOW)
    before, rings = mic.state, pending(incident, ReminderKind.RECEIPT_MISSING)
    remedies.waive_receipt(remedy_id=mic.pk, note="The shop gave none.", by=cast.manager, now=LATER)
    assert pending(incident, ReminderKind.RECEIPT_MISSING) == []
    take_back(incident, cast, by=cast.manager)
    mic.refresh_from_db()
    assert (mic.state, mic.receipt_waived_at, mic.receipt_waived_by, mic.receipt_waived_note) == (
        before,
        None,
        None,
        "",
    )
    assert before == RemedyState.AWAITING_RECEIPT
    assert pending(incident, ReminderKind.RECEIPT_MISSING) == rings == [mic.pk]
    remedies.waive_receipt(remedy_id=mic.pk, note="They gave none.", by=cast.manager, now=LATER + 2 * HOUR)


def test_not_to_somebody_who_left_meanwhile(cast: Cast, incident: Incident) -> None:
    handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.manager, now=LATER)
    cast.desk.is_active = False
    cast.desk.save(update_fields=["is_active"])
    with pytest.raises(Refused, match="can no longer have it"):
        take_back(incident, cast, by=cast.manager)


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_promise_settled(cast: Cast, incident: Incident, is_kept: bool) -> None:
    promise = promises.make_promise(
        incident_id=incident.pk, by=cast.desk, now=NOW, what="A letter", due_at=NOW + 9 * HOUR, submit_key=uuid4()
    )
    promises.settle_promise(promise_id=promise.pk, by=cast.desk, now=LATER, is_kept=is_kept, note="by hand")
    take_back(incident, cast)
    promise.refresh_from_db()
    assert (promise.is_open, promise.note) == (True, "")
    assert pending(incident, ReminderKind.PROMISE_DUE) == [promise.pk]


@pytest.mark.parametrize("how", ["failed", "withdrawn", "not_enough"])
def test_a_remedy_ended(cast: Cast, incident: Incident, how: str) -> None:
    make.apologize(incident, cast.desk)
    remedy = make.give(incident, cast.desk, is_delivered=False)
    if how == "not_enough":
        remedies.decline_remedy(remedy_id=remedy.pk, declined_as=how, by=cast.desk, now=LATER, note="x")
    else:
        remedies.end_remedy(remedy_id=remedy.pk, state=how, by=cast.desk, now=LATER, note="x")
    take_back(incident, cast)
    remedy.refresh_from_db()
    assert (remedy.state, remedy.declined_as, remedy.ended_note) == (RemedyState.OFFERED, "", "")


def test_what_it_settled_is_unsettled_and_its_call_cancelled(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    waited = make.give(incident, cast.desk, is_delivered=False)
    remedies.decline_remedy(remedy_id=waited.pk, declined_as="wants_nothing", by=cast.desk, now=LATER)
    assert make.fresh(incident).stage == Stage.FOLLOW_UP
    take_back(incident, cast)
    assert incident.stage == Stage.REMEDY
    round_ = incident.current_round()
    assert (round_.settled_at, round_.waived_as) == (None, "")
    assert not incident.follow_ups.planned().exists()
    assert pending(incident, ReminderKind.FOLLOW_UP_DUE) == []
    assert not incident.deadlines.filter(clock="follow_up").exists()  # nobody is late with it one day


def test_that_nothing_is_due(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    remedies.waive_remedy(incident_id=incident.pk, waived_as="wants_nothing", by=cast.desk, now=LATER)
    assert make.fresh(incident).stage == Stage.FOLLOW_UP
    assert take_back(incident, cast).stage == Stage.REMEDY


def test_that_we_made_it_worse(cast: Cast, incident: Incident) -> None:
    change.note_second_failure(incident_id=incident.pk, words="Your own fault.", by=cast.desk, now=LATER)
    take_back(incident, cast)
    assert (incident.is_second_failure, incident.private_values) == (False, {})


def close_it(incident: Incident, cast: Cast) -> None:
    endings.close_incident(incident_id=incident.pk, reason="withdrawn", note="x", by=cast.desk, now=LATER)


def recover(incident: Incident, cast: Cast) -> None:
    make.settle(incident, cast.desk)
    make.call(incident, cast.desk, now=LATER)


def unhappy(incident: Incident, cast: Cast) -> None:
    make.settle(incident, cast.desk)
    make.call(incident, cast.desk, "unhappy", now=LATER)


def apologize(incident: Incident, cast: Cast) -> None:
    make.apologize(incident, cast.desk, now=LATER)


def give(incident: Incident, cast: Cast) -> None:
    make.give(incident, cast.desk, "gift_card", now=LATER)


@pytest.mark.parametrize("act", [recover, unhappy, apologize, give])
def test_what_is_never_taken_back(cast: Cast, incident: Incident, act: Callable[[Incident, Cast], None]) -> None:
    """Outcomes of calls, words said, money given."""
    act(incident, cast)
    with pytest.raises(Refused, match="can no longer be undone"):
        take_back(incident, cast)


@pytest.mark.parametrize("over", [{"now": LATER + 61 * SECOND}, {"event": 1}, {"now": LATER - SECOND}])
def test_too_late_or_something_else(cast: Cast, incident: Incident, over: dict[str, Any]) -> None:
    close_it(incident, cast)
    with pytest.raises(Refused, match="can no longer be undone"):
        take_back(incident, cast, **over)


def test_not_by_somebody_else_nor_twice_nor_once_something_followed(cast: Cast, incident: Incident) -> None:
    close_it(incident, cast)
    with pytest.raises(Refused):
        take_back(incident, cast, by=cast.manager)
    take_back(incident, cast)
    with pytest.raises(Refused):
        take_back(incident, cast)
    handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=LATER)
    handovers.accept_handover(incident_id=incident.pk, by=cast.colleague, now=LATER + SECOND)
    with pytest.raises(Refused):
        take_back(incident, cast)
