"""Crash points and guards of the due table."""

from __future__ import annotations

import datetime as dt
import os
import time
from typing import Any

from tests.faults.rigs import ARENA, die_once, part, rig, wait_at


@rig("block")
def block() -> None:
    """Stand still between the claim and the notice until somebody kills us."""
    remind = part("actions.remind")

    real = remind.deliver

    def stand(reminder: Any, *, now: dt.datetime) -> Any:
        if reminder.kind != "follow_up_due":  # the apology's, due for a moment before it is made
            return real(reminder, now=now)
        (ARENA / "claimed").touch()
        while True:
            time.sleep(60)

    remind.deliver = stand


@rig("pause-before-notice")
def pause_before_notice() -> None:
    remind = part("actions.remind")

    real = remind.deliver

    def deliver(reminder: Any, *, now: dt.datetime) -> Any:
        wait_at("claimed")
        return real(reminder, now=now)

    remind.deliver = deliver


@rig("die-after-claim")
def die_after_claim() -> None:
    remind = part("actions.remind")

    real = remind.claim

    def claim(now: dt.datetime) -> Any:
        held = real(now)
        if held is not None:
            die_once()
        return held

    remind.claim = claim


@rig("die-after-notice")
def die_after_notice() -> None:
    """The notice is committed, the reminder is not finished."""
    remind = part("actions.remind")

    real = remind.finish

    def finish(*held: Any) -> Any:
        die_once()
        return real(*held)

    remind.finish = finish


def meet() -> None:
    """Go on when two programs stand at the same point; only the first time."""
    (ARENA / f"here-{os.getpid()}").touch()
    deadline = time.monotonic() + 10
    while len(list(ARENA.glob("here-*"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.005)


@rig("together")
def together() -> None:
    """The real claim, by two programs at the same moment."""
    remind = part("actions.remind")

    real = remind.claim

    def claim(now: dt.datetime) -> Any:
        meet()
        return real(now)

    remind.claim = claim


@rig("no-lock")
def no_lock() -> None:
    """Look, then take: what anybody writes first. Two programs look before either has taken."""
    from django.db import connection

    remind = part("actions.remind")

    def claim(now: dt.datetime) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, tries FROM incidents_reminder WHERE state = 'pending' AND due_at <= %s"
                " ORDER BY due_at, id LIMIT 1",
                [now],
            )
            row = cursor.fetchone()
            meet()
            if row is None:
                return None
            lease = now + dt.timedelta(seconds=30)
            cursor.execute(
                "UPDATE incidents_reminder SET state = 'claimed', tries = %s, lease_until = %s WHERE id = %s",
                [row[1] + 1, lease, row[0]],
            )
        return remind.Claim(row[0], row[1] + 1, lease)

    remind.claim = claim


@rig("no-takeover")
def no_takeover() -> None:
    """What was claimed once is nobody else's, whatever became of the holder."""
    outbox = part("actions.outbox")
    remind = part("actions.remind")

    over = "(state = 'pending' OR (state = 'claimed' AND lease_until < %(now)s))"
    for module in (remind, outbox):
        assert over in module._CLAIM
        module._CLAIM = module._CLAIM.replace(over, "state = 'pending'")


@rig("no-second-look")
def no_second_look() -> None:
    """Guard off: what it speaks of is read when the row is taken, not when it is said."""
    remind = part("actions.remind")

    real = remind._held
    seen: dict[int, Any] = {}

    def held(pk: int) -> Any:
        reminder = real(pk)
        seen[pk] = standing(reminder)
        return reminder

    standing = remind.standing
    remind._held = held
    remind.standing = lambda reminder: seen[reminder.pk]


@rig("no-burial")
def no_burial() -> None:
    """Guard off: only who fails and lives to tell counts as the end of tries."""
    part("actions.remind").bury = lambda _now: None


@rig("newest-first")
def newest_first() -> None:
    remind = part("actions.remind")

    assert "ORDER BY due_at, id" in remind._CLAIM
    remind._CLAIM = remind._CLAIM.replace("ORDER BY due_at, id", "ORDER BY due_at DESC, id DESC")


@rig("no-fence")
def no_fence() -> None:
    """Whoever comes back writes, even when another one has taken over."""
    remind = part("actions.remind")
    from incidents.models import Reminder, ReminderState

    def finish(held: Any, state: Any = ReminderState.DONE) -> Any:
        (ARENA / "finished-late").touch()
        return bool(Reminder.objects.filter(pk=held.reminder_id).update(state=state, lease_until=None))

    remind.finish = finish


@rig("tell-finish")
def tell_finish() -> None:
    """The real finish; says to the test when it was refused."""
    remind = part("actions.remind")

    real = remind.finish

    def finish(*held: Any) -> Any:
        is_ours = real(*held)
        (ARENA / ("finished" if is_ours else "refused")).touch()
        return is_ours

    remind.finish = finish


@rig("no-end-of-tries")
def no_end_of_tries() -> None:
    remind = part("actions.remind")

    remind.MAX_TRIES = 30_000


@rig("one-bad-row-stops-all")
def one_bad_row_stops_all() -> None:
    """Guard off: everything that is due in one transaction, as one would write it first."""
    from django.db import transaction

    remind = part("actions.remind")

    real = remind.sweep

    def sweep(*now: Any, **limit: Any) -> Any:
        with transaction.atomic():
            return real(*now, **limit)

    def send(held: Any, now: dt.datetime) -> Any:
        from incidents.models import Reminder

        reminder = Reminder.objects.select_related("incident__location").get(pk=held.reminder_id)
        return remind.deliver(reminder, now=now) and remind.finish(held)

    remind._send = send
    remind.sweep = sweep


@rig("own-clock")
def own_clock() -> None:
    """Guard off: due is judged by the clock of the process."""
    from django.utils import timezone

    clock = part("actions.clock")
    remind = part("actions.remind")

    remind.database_now = timezone.now
    clock.ring.__defaults__ = (timezone.now,)
    remind.sweep.__defaults__ = (timezone.now,)


@rig("tell-ring")
def tell_ring() -> None:
    """The real ring; says to the test when it was last through."""
    clock = part("actions.clock")

    real = clock.ring

    def ring(*how: Any, **more: Any) -> Any:
        delivered = real(*how, **more)
        (ARENA / "rang").touch()
        return delivered

    clock.ring = ring


@rig("beats-by-itself")
def beat_by_itself() -> None:
    """Guard off: the heartbeat says that the process lives, not that it swept."""
    import threading

    clock = part("actions.clock")
    remind = part("actions.remind")

    def go_on() -> None:
        while True:
            clock.beat(remind.database_now())
            time.sleep(0.5)

    real = clock.ring

    def ring(*how: Any, **more: Any) -> Any:
        if not any(thread.name == "heart" for thread in threading.enumerate()):
            threading.Thread(target=go_on, daemon=True, name="heart").start()
        return real(*how, **more)

    clock.ring = ring


@rig("early-acknowledge")
def early_acknowledge() -> None:
    """Celery forgets a task as soon as it begins."""
    from recovery.celery import app

    app.conf.update(task_acks_late=False, task_reject_on_worker_lost=False)
