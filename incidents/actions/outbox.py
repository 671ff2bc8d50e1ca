"""What leaves the house: claim, send, finish. At least once, and one slow host holds up nobody else."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.mail import compose
from incidents.actions.mail_queue import recent_digests
from incidents.actions.refusals import Refused
from incidents.channels import CHANNELS, Refusal, TryAgain
from incidents.models import HoldReason, Outbox, OutboxChannel, OutboxHold, OutboxState, Staff
from incidents.models.mail_times import is_too_soon, next_mail_at, window_of
from incidents.models.outbox import WAIT

log = structlog.get_logger(__name__)
MAX_TRIES = len(WAIT) + 1
# While reminders this late are still being worked off, a digest waits for the rest of them; but not for ever.
BACKLOG = dt.timedelta(minutes=5)
LONGEST_WAIT = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Claim:
    """One message, ours until the lease ends. Both fence out an older holder: `tries` may begin anew."""

    message_id: int
    tries: int
    lease_until: dt.datetime


_BURY = """
    UPDATE incidents_outbox SET state = 'dead', lease_until = NULL
    WHERE tries >= %(max)s AND (state = 'pending' OR (state = 'claimed' AND lease_until < %(now)s))
"""
_CLAIM = """
    UPDATE incidents_outbox SET state = 'claimed', tries = tries + 1, lease_until = %(lease)s
    WHERE id = (
        SELECT id FROM incidents_outbox
        WHERE next_try_at <= %(now)s AND tries < %(max)s
          AND (state = 'pending' OR (state = 'claimed' AND lease_until < %(now)s))
          AND NOT EXISTS (SELECT 1 FROM incidents_outboxhold)
          AND NOT EXISTS (
            SELECT 1 FROM incidents_job WHERE incidents_job.id = job_id AND finished_at IS NULL)
          AND (NOT is_digest OR tries > 0 OR created_at < %(long_ago)s OR NOT EXISTS (
            SELECT 1 FROM incidents_reminder WHERE state = 'pending' AND due_at < %(backlog)s))
        ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, tries, lease_until, recipient_id, is_digest, created_at
"""
TURN = 7_220_007  # the advisory lock, with the recipient's number, under which a digest leaves
_GATHER = """
    WITH others AS (
        SELECT id FROM incidents_outbox
        WHERE recipient_id = %(person)s AND channel = %(channel)s AND state = 'pending' AND tries = 0 AND is_digest
          AND NOT EXISTS (SELECT 1 FROM incidents_job WHERE incidents_job.id = job_id AND finished_at IS NULL)
        FOR UPDATE SKIP LOCKED),
    moved AS (
        UPDATE incidents_outboxline SET message_id = %(mine)s WHERE message_id IN (SELECT id FROM others))
    DELETE FROM incidents_outbox WHERE id IN (SELECT id FROM others)
"""


def bury(now: dt.datetime) -> None:
    """Messages whose last try crashed too are dead, as are those that nobody could claim: visible, never dropped."""
    with connection.cursor() as cursor:
        cursor.execute(_BURY, {"now": now, "max": MAX_TRIES})


def claim(now: dt.datetime) -> Claim | None:
    """Take the oldest message that may leave, for three send timeouts.

    None when nothing is due, when all are on hold, and when no mail server is set up.
    """
    if settings.MAIL == "off":
        return None
    times: dict[str, dt.datetime | int] = {
        "now": now,
        "max": MAX_TRIES,
        "lease": now + dt.timedelta(seconds=3 * settings.SEND_TIMEOUT),
        "long_ago": now - LONGEST_WAIT,
        "backlog": now - BACKLOG,
    }
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_CLAIM, times)
            row = cursor.fetchone()
            if row is None:
                return None
            held = Claim(*row[:3])
            if _may_leave(held, *row[3:], now=now):
                return held


def _may_leave(held: Claim, person_id: int, is_digest: bool, created_at: dt.datetime, *, now: dt.datetime) -> bool:
    """Whether it may now, by their rule and in their hours, though something held it up. Else it waits again."""
    person = Staff.objects.get(pk=person_id)
    later = _by_rule(held.message_id, person, now) if is_digest and held.tries == 1 else now
    if later <= now and (is_digest or not _is_urgent(person, created_at, now)):
        later = window_of(person).next_open(now)
    if later <= now:
        return True
    mine = Outbox.objects.filter(pk=held.message_id)
    mine.update(state=OutboxState.PENDING, tries=held.tries - 1, lease_until=None, next_try_at=later)
    return False


def _is_urgent(person: Staff, created_at: dt.datetime, now: dt.datetime) -> bool:
    """On duty when it began and until just now: what leaves alone breaks their hours."""
    return person.on_duty_until is not None and person.on_duty_until > max(created_at, now - LONGEST_WAIT)


def _by_rule(pk: int, person: Staff, now: dt.datetime) -> dt.datetime:
    """When this digest may leave, with whatever else waits for them.

    Two who queue at the same moment do not see each other's mail: so there may be two that wait for one person.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TURN, person.pk % 2**31])
        cursor.execute(_GATHER, {"mine": pk, "person": person.pk, "channel": OutboxChannel.EMAIL})
    recent = recent_digests(person, but=pk)
    return next_mail_at(person, now, recent) if is_too_soon(person, now, recent) else now


def finish(held: Claim, state: OutboxState, **fields: object) -> bool:
    """Write down how the try ended. False when someone else has taken it over meanwhile."""
    mine = Outbox.objects.filter(pk=held.message_id, state=OutboxState.CLAIMED, tries=held.tries)
    return bool(mine.filter(lease_until=held.lease_until).update(state=state, lease_until=None, **fields))


def send(held: Claim, now: Callable[[], dt.datetime]) -> bool:
    """One try, outside any transaction. True when the other side took it."""
    try:
        message = compose(held.message_id)
        if message is None:
            finish(held, OutboxState.MOOT)
            return False
        channel, words = message
        CHANNELS[channel].send(words, timeout=settings.SEND_TIMEOUT)
    except Refusal as problem:
        finish(held, OutboxState.FAILED, last_error=str(problem))
        return False
    except TryAgain as problem:
        _later(held, str(problem), now())
        return False
    except Exception as problem:
        log.exception("message_failed", message=held.message_id, tries=held.tries)
        _later(held, type(problem).__name__, now())
        return False
    return finish(held, OutboxState.SENT, sent_at=now(), last_error="")


def _later(held: Claim, words: str, now: dt.datetime) -> None:
    if held.tries >= MAX_TRIES:
        finish(held, OutboxState.DEAD, last_error=words)
        return
    wait = dt.timedelta(seconds=WAIT[held.tries - 1])
    finish(held, OutboxState.PENDING, last_error=words, next_try_at=now + wait)


def send_due(now: Callable[[], dt.datetime], *, senders: int = 4, seconds: float = 8) -> int:
    """Send what is due with several senders at once; returns how many were taken.

    No new message is begun after `seconds`, so that the next sweep's reminders are not kept waiting.
    """
    bury(now())
    until = time.monotonic() + seconds
    if senders == 1:
        return _send_until(until, now)
    sent: list[int] = []
    crew = [threading.Thread(target=_join_in, args=(sent, until, now), name="sender") for _number in range(senders)]
    for sender in crew:
        sender.start()
    for sender in crew:
        sender.join()
    return sum(sent)


def _join_in(sent: list[int], until: float, now: Callable[[], dt.datetime]) -> None:
    try:
        sent.append(_send_until(until, now))
    finally:
        connection.close()  # this thread's own


def _send_until(until: float, now: Callable[[], dt.datetime]) -> int:
    sent = 0
    while time.monotonic() < until and (held := claim(now())) is not None:
        sent += send(held, now)
    return sent


def retry(*, message_id: int, by: Staff, now: dt.datetime) -> None:
    """Send a failed or dead message again, from the first try. Refused when somebody did, or none can leave."""
    if settings.MAIL == "off":
        raise Refused(_("No mail server is set up."))
    ended = Outbox.objects.filter(pk=message_id, state__in=[OutboxState.FAILED, OutboxState.DEAD])
    if not ended.update(state=OutboxState.PENDING, tries=0, lease_until=None, next_try_at=now):
        raise Refused(_("This mail is no longer waiting for you: somebody was faster."))
    log.info("message_retried", message=message_id, by=by.pk)


def hold(*, reason: HoldReason, now: dt.datetime, by: Staff | None = None) -> None:
    """Keep everything in the house until it is released. Holding twice keeps the first."""
    OutboxHold.objects.get_or_create(defaults={"since": now, "reason": reason})
    log.info("outbox_held", reason=reason, by=by.pk if by else None)


@transaction.atomic
def release(*, by: Staff, now: dt.datetime, is_sent: bool) -> None:
    """Let messages leave again. With `is_sent` those that wait were sent before the restore, and do not leave."""
    if is_sent:
        waiting = Outbox.objects.filter(state__in=[OutboxState.PENDING, OutboxState.CLAIMED], created_at__lte=now)
        waiting.update(state=OutboxState.MOOT, lease_until=None)
    OutboxHold.objects.all().delete()
    log.info("outbox_released", by=by.pk, is_sent=is_sent)
