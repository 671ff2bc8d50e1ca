"""Mail waits for the hours somebody set; only the critical breaks them, and only for people on duty."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail as mailbox

from incidents.actions import outbox
from incidents.models import Incident, Notice, Outbox, Staff
from tests import make
from tests.make import HOUR, NOW, Cast
from tests.reminding import FIRST, clock, settle, sweep

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

    def test_off_duty_all_that_is_critical_waits_in_one(self, cast: Cast) -> None:
        self.reach(cast, reachable_from=dt.time(13), reachable_until=dt.time(21))
        incident = make.make_incident(cast.desk, severity=1)
        other = make.make_incident(cast.desk, severity=1, customer=make.make_customer("Otto Other"))
        due = incident.deadlines.get(clock="apologize").due_at
        for minutes in (-5, 0, 5, 10, 60):
            sweep(due + minutes * MINUTE)
        message = Outbox.objects.get(recipient=cast.desk)
        assert (message.is_digest, message.next_try_at) == (False, NOW + 4 * HOUR)
        assert send(NOW + 4 * HOUR) >= 1
        [sent] = [each for each in mailbox.outbox if each.to == [cast.desk.email]]
        assert str(sent.body).count("Nobody has apologized to") == 2, "of each only the last word"
        assert other.reference in str(sent.body)

    def test_on_duty_each_comes_by_itself(self, cast: Cast) -> None:
        self.reach(cast, reachable_from=dt.time(13), reachable_until=dt.time(21), on_duty_until=NOW + HOUR)
        due = make.make_incident(cast.desk, severity=1).deadlines.get(clock="apologize").due_at
        for minutes in (0, 5):
            sweep(due + minutes * MINUTE)
        waits = Outbox.objects.filter(recipient=cast.desk).values_list("next_try_at", flat=True)
        assert list(waits.order_by("id")) == [due, due + 5 * MINUTE]


class TestHeldUp:
    """What should have left in their hours and could not: an outage, a slow host. It does not leave in the night."""

    def until_three(self, cast: Cast, **over: object) -> None:
        Staff.objects.filter(pk=cast.desk.pk).update(reachable_from=dt.time(8), reachable_until=dt.time(15), **over)

    def test_by_an_outage(self, cast: Cast, settled: Incident) -> None:
        self.until_three(cast)
        sweep(FIRST)  # 08:30 there
        assert send(FIRST + 18 * HOUR) == 0
        message = Outbox.objects.get()
        assert (message.state, message.tries, message.next_try_at) == ("pending", 0, FIRST + 23.5 * HOUR)
        assert send(FIRST + 23.5 * HOUR) == 1

    def test_by_a_host_that_does_not_take_it(
        self, cast: Cast, settled: Incident, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.until_three(cast)
        sweep(FIRST)
        with monkeypatch.context() as away:
            away.setattr("incidents.actions.outbox.compose", lambda pk: 1 / 0)
            assert send(FIRST + 6 * HOUR + 29 * MINUTE) == 0
        assert send(FIRST + 7 * HOUR) == 0
        assert Outbox.objects.get().tries == 1, "it was not tried"
        assert send(FIRST + 23.5 * HOUR) == 1

    @pytest.mark.parametrize(("hours", "leaves"), [(1, False), (30, True)])
    def test_what_is_critical_leaves_for_who_is_still_on_duty(self, cast: Cast, hours: int, leaves: bool) -> None:
        self.until_three(cast, on_duty_until=NOW + hours * HOUR)
        make.make_incident(cast.manager, severity=1)
        incident = make.make_incident(cast.desk, severity=1)
        sweep(incident.deadlines.get(clock="apologize").due_at)
        send(NOW + 12 * HOUR)
        assert any(each.to == [cast.desk.email] for each in mailbox.outbox) == leaves
