"""Mail: when it leaves, when it waits, and what becomes of it when the other side does not take it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail as mailbox
from django.core.mail import EmailMultiAlternatives
from pytest_django.fixtures import Settings

from incidents.actions import mail, outbox, remind
from incidents.actions.refusals import Refused
from incidents.channels import CHANNELS, Message, Refusal, TryAgain
from incidents.models import Concern, Incident, Notice, Outbox, OutboxHold, OutboxLine, OutboxState, Staff
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.reminding import DUE, FIRST, LEASE, SECOND, clock, settle, sweep

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def settled(cast: Cast) -> Incident:
    return settle(cast)


@pytest.fixture
def queued(cast: Cast, settled: Incident) -> Outbox:
    """One mail to the desk, waiting at FIRST."""
    sweep(FIRST)
    return Outbox.objects.get()


def send(moment: dt.datetime) -> int:
    return outbox.send_due(clock(moment), senders=1)


class Broken:
    """A channel that does as it is told."""

    key = "email"

    def __init__(self, *problems: Exception | None) -> None:
        self.problems = list(problems)
        self.sent: list[str] = []

    def send(self, message: Message, *, timeout: int) -> None:
        problem = self.problems.pop(0) if self.problems else None
        if problem:
            raise problem
        self.sent.append(message.key)


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Broken]:
    def install(*problems: Exception | None) -> Broken:
        broken = Broken(*problems)
        monkeypatch.setitem(CHANNELS, "email", broken)
        return broken

    return install


class TestQueue:
    def test_a_reminder_is_a_notice_and_a_mail(self, cast: Cast, queued: Outbox) -> None:
        assert (queued.recipient, queued.state, queued.next_try_at) == (cast.desk, OutboxState.PENDING, FIRST)
        assert list(queued.notices.all()) == [Notice.objects.get()]

    def test_not_for_somebody_who_wants_none(self, cast: Cast, settled: Incident) -> None:
        Staff.objects.update(wants_mail=False)
        sweep(FIRST)
        assert Notice.objects.exists()
        assert not Outbox.objects.exists()

    def test_not_where_no_mail_server_is_set_up(self, cast: Cast, settled: Incident, settings: Settings) -> None:
        settings.MAIL = "off"
        sweep(FIRST)
        assert Notice.objects.exists()
        assert not Outbox.objects.exists()

    def test_what_waited_when_the_mail_server_was_taken_away_goes_on_waiting(
        self, queued: Outbox, settings: Settings
    ) -> None:
        settings.MAIL = "off"
        assert send(FIRST) == 0
        queued.refresh_from_db()
        assert (queued.state, queued.tries) == (OutboxState.PENDING, 0)

    def test_what_comes_while_a_mail_waits_joins_it(self, cast: Cast, queued: Outbox) -> None:
        settle(cast)
        sweep(FIRST)
        assert Outbox.objects.get().notices.count() == 2

    def test_once_it_was_tried_the_next_goes_into_another(
        self, cast: Cast, queued: Outbox, channel: Callable[..., Broken]
    ) -> None:
        channel(TryAgain("unreachable"))
        send(FIRST)
        settle(cast)
        sweep(FIRST)
        assert Outbox.objects.count() == 2

    def test_a_notice_said_again_after_a_crash_is_mailed_once(self, cast: Cast, settled: Incident) -> None:
        held = remind.claim(FIRST)
        assert held is not None
        row = settled.reminders.get(pk=held.reminder_id)
        remind.deliver(row, now=FIRST)
        sweep(FIRST + LEASE + SECOND)
        assert OutboxLine.objects.count() == 1


class TestSend:
    def test_it_leaves_with_the_words_and_the_link(self, queued: Outbox, settings: Settings) -> None:
        settings.SITE_URL = "https://recovery.example.org"
        assert send(FIRST) == 1
        sent = mailbox.outbox[0]
        assert sent.to == ["dora@example.com"]
        assert sent.subject == "Call Nora Novak back by Fri 6 Mar, 09:00"
        notice = Notice.objects.get()
        assert isinstance(sent, EmailMultiAlternatives)
        for part in (str(sent.body), str(sent.alternatives[0][0])):
            assert f"https://recovery.example.org/notices/{notice.pk}/" in part
            assert "You get this because it is yours to do." in part
        queued.refresh_from_db()
        assert (queued.state, queued.sent_at, queued.tries) == (OutboxState.SENT, FIRST, 1)

    def test_once(self, queued: Outbox) -> None:
        assert [send(FIRST), send(FIRST), send(FIRST + DAY)] == [1, 0, 0]
        assert len(mailbox.outbox) == 1

    def test_each_try_has_the_same_id(self, queued: Outbox, channel: Callable[..., Broken]) -> None:
        first = mail.compose(queued.pk)
        second = mail.compose(queued.pk)
        assert first is not None
        assert second is not None
        assert first[1].key == second[1].key

    def test_several_at_once_are_one_digest_oldest_first(self, cast: Cast) -> None:
        for day in (2, 0, 1):
            incident = make.make_incident(cast.desk, customer=make.make_customer(f"Guest {day}"))
            make.apologize(incident, cast.desk)
            make.give(incident, cast.desk, now=NOW + day * HOUR)
        sweep(NOW + 10 * DAY)
        assert send(NOW + 10 * DAY) == 3, "the desk, the manager, the administrator"
        to_desk = next(sent for sent in mailbox.outbox if sent.to == ["dora@example.com"])
        assert to_desk.subject.startswith("3 things are waiting for you, the oldest: Call Guest 0")
        body = str(to_desk.body)
        assert body.index("Guest 0") < body.index("Guest 1") < body.index("Guest 2")

    def test_of_one_thing_only_the_newest_word_is_in_it(self, cast: Cast, queued: Outbox) -> None:
        for moment in (DUE, DUE + 2 * HOUR):
            sweep(moment)
        assert queued.notices.count() == 3
        send(DUE + 3 * HOUR)
        assert mailbox.outbox[0].subject == "Call Nora Novak back, it was due Fri 6 Mar, 09:00"
        assert str(mailbox.outbox[0].body).count("Nora Novak") == 1

    def test_while_an_old_backlog_is_worked_off_digests_wait_for_the_rest(self, cast: Cast) -> None:
        for _turn in range(3):
            settle(cast)
        late = DUE + HOUR
        remind.sweep(clock(late), limit=1)
        assert send(late) == 0, "two more are coming"
        sweep(late)
        assert send(late) == 1
        assert Outbox.objects.get().notices.count() == 3

    def test_but_not_for_ever(self, cast: Cast) -> None:
        for _turn in range(2):
            settle(cast)
        late = DUE + HOUR
        remind.sweep(clock(late), limit=1)
        assert send(late + 11 * MINUTE) == 1

    def test_what_they_may_no_longer_see_is_left_out(self, cast: Cast, queued: Outbox) -> None:
        cast.desk.memberships.all().delete()
        assert send(FIRST) == 0
        assert not mailbox.outbox
        assert Outbox.objects.get().state == OutboxState.MOOT

    def test_nobody_who_left_is_written_to(self, cast: Cast, queued: Outbox) -> None:
        Staff.objects.filter(pk=cast.desk.pk).update(is_active=False)
        assert send(FIRST) == 0
        assert not mailbox.outbox

    def test_a_mail_names_nobody_of_a_restricted_incident(self, cast: Cast) -> None:
        incident = make.make_incident(cast.owner, category="safety", customer=make.make_customer("Quentin Quiet"))
        Concern.objects.create(incident=incident, staff=cast.desk)
        sweep(NOW + 10 * DAY)
        send(NOW + 10 * DAY)
        assert mailbox.outbox
        assert "Quentin" not in "".join(f"{sent.subject}{sent.message()}" for sent in mailbox.outbox)

    def test_a_name_with_a_line_break_makes_no_header(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk, customer=make.make_customer("Eve\r\nBcc: all@example.com"))
        sweep(NOW + 10 * DAY)
        send(NOW + 10 * DAY)
        assert incident.who
        assert all("\n" not in sent.subject and sent.bcc == [] for sent in mailbox.outbox)


class TestTrouble:
    def test_what_does_not_get_through_is_tried_again_later_and_later(
        self, queued: Outbox, channel: Callable[..., Broken]
    ) -> None:
        channel(*[TryAgain("smtp 421")] * 20)
        moment, tries = FIRST, []
        for _turn in range(outbox.MAX_TRIES):
            send(moment)
            queued.refresh_from_db()
            tries.append(queued.next_try_at - moment)
            moment = queued.next_try_at
        assert tries[:3] == [15 * SECOND, MINUTE, 5 * MINUTE]
        assert (queued.state, queued.tries, queued.last_error) == (OutboxState.DEAD, outbox.MAX_TRIES, "smtp 421")
        assert send(moment + DAY) == 0

    def test_a_refusal_is_final_and_does_not_stop_the_next(
        self, cast: Cast, queued: Outbox, channel: Callable[..., Broken]
    ) -> None:
        broken = channel(Refusal("smtp 550"))
        make.make_incident(cast.desk, severity=1, now=FIRST)
        assert send(FIRST) >= 1
        queued.refresh_from_db()
        assert (queued.state, queued.last_error) == (OutboxState.FAILED, "smtp 550")
        assert broken.sent

    def test_a_fault_of_ours_is_tried_again_too(self, queued: Outbox, channel: Callable[..., Broken]) -> None:
        channel(ZeroDivisionError())
        assert send(FIRST) == 0
        assert send(FIRST + 15 * SECOND) == 1

    def test_a_sender_that_died_is_taken_over(self, queued: Outbox, channel: Callable[..., Broken]) -> None:
        channel()
        first = outbox.claim(FIRST)
        assert first is not None
        assert send(FIRST + LEASE) == 0
        assert send(FIRST + LEASE + SECOND) == 1
        assert outbox.finish(first, OutboxState.FAILED) is False, "its time was over"
        assert Outbox.objects.get().state == OutboxState.SENT

    def test_also_when_it_was_the_last_try(self, queued: Outbox) -> None:
        Outbox.objects.update(state="claimed", tries=outbox.MAX_TRIES, lease_until=FIRST)
        send(FIRST + SECOND)
        assert Outbox.objects.get().state == OutboxState.DEAD

    def test_also_when_nobody_can_claim_it(self, queued: Outbox) -> None:
        Outbox.objects.update(tries=outbox.MAX_TRIES)
        send(FIRST)
        assert Outbox.objects.get().state == OutboxState.DEAD

    def test_an_older_holder_finishes_nothing_though_the_tries_began_anew(self, queued: Outbox) -> None:
        first = outbox.claim(FIRST)
        Outbox.objects.update(state="pending", tries=0, lease_until=None)
        second = outbox.claim(FIRST + SECOND)
        assert first is not None
        assert second is not None
        assert first.tries == second.tries
        assert [outbox.finish(held, OutboxState.FAILED) for held in (first, second)] == [False, True]

    def test_retry_begins_anew(self, cast: Cast, queued: Outbox, channel: Callable[..., Broken]) -> None:
        channel(Refusal("smtp 550"))
        send(FIRST)
        outbox.retry(message_id=queued.pk, by=cast.manager, now=FIRST + HOUR)
        assert send(FIRST + HOUR) == 1
        with pytest.raises(Refused):
            outbox.retry(message_id=queued.pk, by=cast.manager, now=FIRST + HOUR)


class TestHold:
    def test_nothing_leaves_and_the_inbox_goes_on(self, cast: Cast, queued: Outbox) -> None:
        outbox.hold(reason="restored", now=FIRST)  # type: ignore[arg-type]
        assert send(FIRST) == 0
        sweep(DUE)
        assert Notice.objects.count() == 2
        assert not mailbox.outbox

    @pytest.mark.parametrize(("is_sent", "letters"), [(False, 1), (True, 0)])
    def test_released_it_leaves_or_counts_as_sent(
        self, cast: Cast, queued: Outbox, is_sent: bool, letters: int
    ) -> None:
        outbox.hold(reason="restored", now=FIRST)  # type: ignore[arg-type]
        outbox.release(by=cast.owner, now=FIRST, is_sent=is_sent)
        send(FIRST)
        assert len(mailbox.outbox) == letters
        assert not OutboxHold.objects.exists()

    def test_held_twice_the_first_counts(self, db: None) -> None:
        outbox.hold(reason="restored", now=FIRST)  # type: ignore[arg-type]
        outbox.hold(reason="paused", now=DUE)  # type: ignore[arg-type]
        assert OutboxHold.objects.get().since == FIRST
