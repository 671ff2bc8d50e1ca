"""What every alarm clock rings: Celery's sweep and the loop without a broker alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from incidents.actions import outbox, presence, remind
from incidents.models import SWEEP, ClockGap, Heartbeat

STOOD_STILL = dt.timedelta(minutes=5)  # a pause this long is worth a word on the Reminders page


def ring(now: Callable[[], dt.datetime] = remind.database_now, *, senders: int = 4) -> int:
    """Say that we are alive, deliver the reminders that are due, send what waits. Returns reminders delivered."""
    beat(now())
    delivered = remind.sweep(now)
    outbox.send_due(now, senders=senders)
    presence.forget_presences(now=now())
    return delivered


def beat(now: dt.datetime) -> None:
    """Write the heartbeat down, and the gap before it when the clock stood still."""
    last = Heartbeat.objects.filter(name=SWEEP).values_list("at", flat=True).first()
    if last is None:
        Heartbeat.objects.bulk_create([Heartbeat(name=SWEEP, at=now)], ignore_conflicts=True)
        return
    if now - last > STOOD_STILL:
        ClockGap.objects.bulk_create([ClockGap(started_at=last, ended_at=now)], ignore_conflicts=True)
    Heartbeat.objects.filter(name=SWEEP, at__lt=now).update(at=now)
