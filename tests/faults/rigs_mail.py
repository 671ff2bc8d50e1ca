"""Crash points and guards of what leaves the house."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.faults.rigs import die_once, part, rig
from tests.faults.rigs_due import meet


@rig("die-after-send")
def die_after_send() -> None:
    """The mail host took it, nobody wrote that down."""
    outbox = part("actions.outbox")
    from incidents.models import OutboxState

    real = outbox.finish

    def finish(held: Any, state: Any, **fields: Any) -> Any:
        if state == OutboxState.SENT:
            die_once()
        return real(held, state, **fields)

    outbox.finish = finish


@rig("send-after-finish")
def send_after_finish() -> None:
    """Guard off: first write it down, then send. The crash comes in between."""
    outbox = part("actions.outbox")
    from incidents.models import OutboxState

    real = outbox.send

    def send(held: Any, now: Callable[[], dt.datetime]) -> Any:
        outbox.finish(held, OutboxState.SENT, sent_at=now(), last_error="")
        die_once()
        return real(held, now)

    outbox.send = send


@rig("one-sender")
def one_sender() -> None:
    outbox = part("actions.outbox")

    real = outbox.send_due

    def send_due(now: Any, **_senders: Any) -> Any:
        return real(now, senders=1)

    outbox.send_due = send_due


@rig("no-send-timeout")
def no_send_timeout() -> None:
    """Nobody cuts a conversation off from outside: only the socket's own timeout, which counts each read by itself."""
    email = part("channels.email")

    email.within = lambda _seconds, work, _give_up: work()


@rig("5xx-again")
def try_5xx_again() -> None:
    """Guard off: a refusal for good is taken for a hiccup."""
    from incidents.channels import TryAgain

    email = part("channels.email")

    email._judged = lambda _problem: TryAgain("whatever")


@rig("quick-retry")
def quick_retry() -> None:
    """The real back-off is 15 s and more: too long for a test to wait."""
    outbox = part("actions.outbox")

    outbox.WAIT = (1, 1, 2, 2, 4, 4, 8)


@rig("mail-each")
def mail_each() -> None:
    """Guards off: a mail of its own for each notice, and none takes the others along when it leaves."""
    part("actions.mail_queue")._waiting_for = lambda _person: None
    outbox = part("actions.outbox")
    outbox._GATHER = "SELECT 1"


@rig("gather-briefly")
def gather_briefly() -> None:
    """Two digests to one person are minutes apart, longer than a test may wait: seconds here, by the same rule."""
    from incidents.models.staff import MailRule

    times = part("models.mail_times")

    times.EVERY = dict(times.EVERY) | {MailRule.GATHERED: dt.timedelta(seconds=2)}


_NEXT = "SELECT id, tries FROM incidents_outbox WHERE state = 'pending' AND next_try_at <= %s ORDER BY id LIMIT 1"


def next_mail(now: dt.datetime) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [now])
        return cursor.fetchone()


@rig("together-at-mail")
def together_at_mail() -> None:
    """The real claim, by two programs that have both seen that a mail is due."""
    outbox = part("actions.outbox")

    real = outbox.claim

    def claim(now: dt.datetime) -> Any:
        if next_mail(now):
            meet()
        return real(now)

    outbox.claim = claim


@rig("no-mail-lock")
def no_mail_lock() -> None:
    """Look, then take. Two programs look before either has taken."""
    outbox = part("actions.outbox")
    from django.db.models import F

    from incidents.models import Outbox

    def claim(now: dt.datetime) -> Any:
        row = next_mail(now)
        if row is None:
            return None
        meet()
        lease = now + dt.timedelta(seconds=30)
        Outbox.objects.filter(pk=row[0]).update(state="claimed", tries=F("tries") + 1, lease_until=lease)
        return outbox.Claim(row[0], row[1] + 1, lease)

    outbox.claim = claim


@rig("short-lease")
def short_lease() -> None:
    """Guard off: a lease that ends before the send does."""
    outbox = part("actions.outbox")

    lease = "lease_until = %(lease)s"
    assert lease in outbox._CLAIM
    outbox._CLAIM = outbox._CLAIM.replace(lease, "lease_until = %(now)s::timestamptz + interval '0.2 s'")


@rig("no-second-try")
def no_second_try() -> None:
    """Guard off: a hiccup is taken for a refusal for good."""
    from incidents.channels import Refusal

    email = part("channels.email")

    email._judged = lambda _problem: Refusal("whatever")
