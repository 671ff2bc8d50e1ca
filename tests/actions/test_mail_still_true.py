"""What a mail says is still so when it leaves: not done, moved or given to somebody else while it waited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail as mailbox

from incidents.actions import endings, handovers, promises, remedies, undo
from incidents.actions.mail import compose
from incidents.models import Incident, Notice, Outbox, OutboxState, Staff
from tests import make
from tests.actions.test_mail_rules import send
from tests.make import DAY, HOUR, NOW, Cast
from tests.reminding import DUE, FIRST, SECOND, promise, settle, sweep

MINUTE = dt.timedelta(minutes=1)
LATER = FIRST + 5 * HOUR  # 13:30 in Chicago


@pytest.fixture
def asleep(cast: Cast) -> None:
    """The desk reads mail from 13:00 only."""
    Staff.objects.filter(pk=cast.desk.pk).update(reachable_from=dt.time(13), reachable_until=dt.time(21))


@pytest.fixture
def waiting(cast: Cast, settled: Incident, asleep: None) -> Incident:
    """Its call is to be made; the mail that says so waits."""
    sweep(FIRST)
    assert Outbox.objects.get(recipient=cast.desk).next_try_at > FIRST
    return settled


def to_desk(cast: Cast) -> list[str]:
    send(LATER)
    return [str(sent.body) for sent in mailbox.outbox if sent.to == [cast.desk.email]]


def made(incident: Incident, cast: Cast) -> None:
    make.call(incident, cast.colleague, "satisfied", now=FIRST + MINUTE)


def moved(incident: Incident, cast: Cast) -> None:
    make.call(incident, cast.colleague, "call_back", now=FIRST + MINUTE, call_back_at=DUE + 9 * DAY)


def ended(incident: Incident, cast: Cast) -> None:
    make.close(incident, cast.desk, "withdrawn", now=FIRST + MINUTE)


def given(incident: Incident, cast: Cast) -> None:
    handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=FIRST + MINUTE)


@pytest.mark.parametrize("act", [made, moved, ended, given])
def test_a_call(cast: Cast, waiting: Incident, act: Callable[[Incident, Cast], None]) -> None:
    act(waiting, cast)
    assert not to_desk(cast)
    assert Outbox.objects.get(recipient=cast.desk).state == OutboxState.MOOT


def test_nothing_else_is_left_out(cast: Cast, waiting: Incident) -> None:
    other = settle(cast, customer=make.make_customer("Otto Other"))
    sweep(FIRST)
    made(waiting, cast)
    [body] = to_desk(cast)
    assert "Otto Other" in body
    assert "Nora Novak" not in body
    assert Notice.objects.filter(incident=other, read_at=None).exists()


def test_read_in_the_inbox_is_not_done(cast: Cast, waiting: Incident) -> None:
    Notice.objects.update(read_at=FIRST)
    assert len(to_desk(cast)) == 1


def test_of_two_times_the_one_it_has_now(cast: Cast, waiting: Incident) -> None:
    """Moved nearer: what was said of the later time is not the last word."""
    make.call(waiting, cast.desk, "call_back", now=FIRST, call_back_at=DUE + 3 * HOUR)
    sweep(DUE + 3 * HOUR - 30 * MINUTE)
    make.call(waiting, cast.desk, "call_back", now=DUE + 2.6 * HOUR, call_back_at=DUE + 2.8 * HOUR)
    sweep(DUE + 2.8 * HOUR)
    [body] = to_desk(cast)
    assert "Call Nora Novak back now" in body


def test_managers_hear_of_it_whoever_has_it(cast: Cast, settled: Incident) -> None:
    Staff.objects.filter(pk=cast.manager.pk).update(mail_rule="daily")
    sweep(DUE + DAY + HOUR)
    handovers.hand_over(incident_id=settled.pk, to=cast.colleague, by=cast.desk, now=DUE + DAY + 2 * HOUR)
    send(DUE + 2 * DAY)
    assert any(sent.to == [cast.manager.email] for sent in mailbox.outbox)


def test_a_promise_an_apology_a_remedy_a_receipt_a_question(cast: Cast, incident: Incident, asleep: None) -> None:
    """Each is told while it stands, and left out once it does not."""
    made_at = NOW + MINUTE
    kept = promise(incident, cast.desk, NOW + 2 * HOUR)
    paid = make.give(incident, cast.desk, "reimburse")
    request = make.ask_for(incident, cast.desk)
    moments = [row.due_at for row in incident.deadlines.filter(met_at=None)]
    sweep(max([NOW + 4 * DAY, *moments]) + MINUTE)
    told = {"promise_due", "apology_due", "receipt_missing", "approval_waiting"}
    assert told <= set(Notice.objects.filter(recipient=cast.desk).values_list("kind", flat=True))
    [message] = Outbox.objects.filter(recipient=cast.desk, state=OutboxState.PENDING)
    lines = {kind: message.notices.filter(kind=kind).latest("id") for kind in told}
    now = max(line.at for line in lines.values()) + MINUTE
    promises.settle_promise(promise_id=kept.pk, by=cast.desk, now=now, is_kept=True)
    make.apologize(incident, cast.desk, now=now, made_at=made_at)
    remedies.end_remedy(remedy_id=request.remedy_id, state="withdrawn", by=cast.desk, now=now)
    assert len(_told_now(message, cast)) == 1, "the receipt"
    remedies.let_go(remedy_id=paid.pk, by=cast.desk, now=now)
    assert not [words for words in _told_now(message, cast) if "receipt" in words]


def _told_now(message: Outbox, cast: Cast) -> list[str]:
    found = compose(message.pk)
    return [line for line in found[1].text.splitlines() if "Nora Novak" in line] if found else []


class TestLoggedByMistake:
    def test_nobody_is_reminded_of_its_promise(self, cast: Cast, incident: Incident) -> None:
        promise(incident, cast.desk, NOW + HOUR)
        endings.undo_log(incident_id=incident.pk, by=cast.desk, now=NOW + MINUTE)
        sweep(NOW + HOUR)
        assert not Notice.objects.filter(kind="promise_due").exists()

    def test_unless_that_was_a_mistake(self, cast: Cast, incident: Incident) -> None:
        promise(incident, cast.desk, NOW + HOUR)
        make.close(incident, cast.manager, "void", now=NOW + MINUTE)
        undo.undo_last(incident_id=incident.pk, by=cast.manager, now=NOW + MINUTE + SECOND)
        sweep(NOW + HOUR)
        assert Notice.objects.filter(kind="promise_due").count() == 1

    def test_what_was_logged_twice_was_promised_all_the_same(self, cast: Cast, incident: Incident) -> None:
        promise(incident, cast.desk, NOW + HOUR)
        make.close(incident, cast.manager, "duplicate", duplicate_of=make.make_incident(cast.desk), now=NOW)
        sweep(NOW + HOUR)
        assert Notice.objects.filter(kind="promise_due").count() == 1


def test_a_question_that_ended_with_the_recovery_stands_again_with_it(cast: Cast, incident: Incident) -> None:
    request = make.ask_for(incident, cast.desk)
    make.close(incident, cast.desk, "withdrawn", now=NOW + HOUR)
    undo.undo_last(incident_id=incident.pk, by=cast.desk, now=NOW + HOUR + SECOND)
    request.refresh_from_db()
    assert request.is_waiting
    sweep(NOW + DAY)
    assert Notice.objects.filter(kind="approval_waiting", recipient=cast.desk).exists()
