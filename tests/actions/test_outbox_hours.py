"""Mail waits for the hours somebody set; only the critical breaks them, and only for people on duty."""

from __future__ import annotations

import datetime as dt

import pytest

from incidents.actions import outbox
from incidents.models import Incident, Notice, Outbox, Staff
from tests import make
from tests.make import HOUR, NOW, Cast
from tests.reminding import FIRST, clock, settle, sweep


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


class TestWindow:
    """Chicago in March: NOW is 09:00 on a Wednesday there, until the clocks change on the 8th."""

    def reach(self, cast: Cast, **hours: object) -> None:
        Staff.objects.filter(pk=cast.desk.pk).update(**hours)

    def test_mail_waits_for_the_hours_the_inbox_does_not(self, cast: Cast, settled: Incident) -> None:
        self.reach(cast, reachable_from=dt.time(13), reachable_until=dt.time(21))
        sweep(FIRST)  # 08:30 there
        assert Notice.objects.count() == 1
        assert Outbox.objects.get().next_try_at == dt.datetime(2026, 3, 6, 19, tzinfo=dt.UTC)
        assert send(FIRST + HOUR) == 0
        assert send(FIRST + 5 * HOUR) == 1

    def test_and_for_the_days(self, cast: Cast, settled: Incident) -> None:
        self.reach(cast, reachable_days="1000000")
        sweep(FIRST)  # a Friday
        assert Outbox.objects.get().next_try_at == dt.datetime(2026, 3, 9, 5, tzinfo=dt.UTC), "summer time by then"

    def test_a_night_shift_runs_past_midnight(self, cast: Cast, settled: Incident) -> None:
        self.reach(cast, reachable_from=dt.time(22), reachable_until=dt.time(9))
        sweep(FIRST)
        assert Outbox.objects.get().next_try_at == FIRST

    def test_only_the_critical_wakes_and_only_who_is_on_duty(self, cast: Cast) -> None:
        hours = {"reachable_from": dt.time(13), "reachable_until": dt.time(21)}
        on_duty = make.make_staff("Max Manager", cast.here, role="manager", on_duty_until=NOW + HOUR, **hours)  # type: ignore[arg-type]
        Staff.objects.filter(pk=cast.manager.pk).update(**hours)
        make.make_incident(cast.desk, severity=1)
        waits = {row.recipient_id: row.next_try_at for row in Outbox.objects.filter(is_digest=False)}
        assert waits[on_duty.pk] == NOW
        assert waits[cast.manager.pk] == NOW + 4 * HOUR

    def test_a_critical_one_never_waits_in_a_digest(self, cast: Cast, queued: Outbox) -> None:
        make.make_incident(cast.colleague, severity=1, now=FIRST)
        assert Outbox.objects.filter(is_digest=False).count() == 1
