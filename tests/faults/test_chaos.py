"""Everything that can be killed is killed, again and again, while reminders fall due. The seed says in which order.

The same seed gives the same plan. `CHAOS_SEED=7 python3 run.py test --slow tests/faults/test_chaos.py` repeats a run.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from incidents.actions import remind
from incidents.models import Notice, Reminder
from recovery.embedded.children import Child
from tests import make
from tests.faults import invariants
from tests.faults.arena import ETA, many_calls, pool_of
from tests.faults.cluster import Cluster, asked
from tests.programs import wait_for

REMINDERS = 240
FIXED = 20260304
A_MINUTE = 60.0
QUIET = 90.0  # seconds that all may take to come to rest
BRIEF = "quick-retry,gather-briefly"  # the rules as they are, with seconds for minutes
START: dict[str, Callable[[Cluster, str], Child]] = {
    "eta": lambda cluster, name: cluster.worker(name, app=ETA, SEND_TIMEOUT="1", RIG=BRIEF),
    "worker": lambda cluster, name: cluster.worker(name, SEND_TIMEOUT="1", RIG=BRIEF),
    "beat": lambda cluster, name: cluster.beat(name),
    "loop": lambda cluster, name: cluster.loop(name, every=0.5, SEND_TIMEOUT="1", RIG=BRIEF),
}


@dataclass
class Chaos:
    """Two workers, two beats, one loop, and a die. What it kills it starts again a little later."""

    cluster: Cluster
    die: random.Random
    running: dict[str, Child] = field(default_factory=dict)
    again: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def start(self, name: str) -> None:
        self.running[name] = START[name.split("-", maxsplit=1)[0]](self.cluster, name)

    def start_all(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.start(name)

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        self.again.append((time.monotonic() + seconds, what))

    def catch_up(self, *, all_of_it: bool = False) -> None:
        """Start again what has been away long enough."""
        ripe = [entry for entry in self.again if all_of_it or entry[0] <= time.monotonic()]
        self.again = [entry for entry in self.again if entry not in ripe]
        for _at, what in ripe:
            what()

    def strike(self) -> None:
        """One mishap. Those that need what is away just now are let go."""
        mishaps = [self.kill_program] * 4 + [self.kill_child] * 3 + [self.stop_program] * 2
        mishaps += [self.empty_valkey, self.kill_valkey, self.freeze_valkey, self.stop_postgres, self.mail_host_sulks]
        mishap, pause = self.die.choice(mishaps), self.die.uniform(0.5, 3.0)
        self.told.append(mishap.__name__)
        mishap(pause)

    def chosen(self, kinds: tuple[str, ...]) -> str | None:
        names = sorted(name for name in self.running if name.startswith(kinds))
        return self.die.choice(names) if names else None

    def kill_program(self, pause: float) -> None:
        if name := self.chosen(("worker", "beat", "loop", "eta")):
            self.running.pop(name).kill()
            self.later(pause, lambda: self.start(name))

    def kill_child(self, _pause: float) -> None:
        name = self.chosen(("worker", "eta"))
        children = pool_of(self.running[name]) if name else []
        if children:
            with suppress(ProcessLookupError):
                os.kill(self.die.choice(sorted(children)), signal.SIGKILL)

    def stop_program(self, pause: float) -> None:
        """Longer than its lease, so that somebody takes over from one who comes back."""
        if name := self.chosen(("worker", "loop", "eta")):
            child = self.running.pop(name)
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGSTOP)

            def wake() -> None:
                with suppress(ProcessLookupError):
                    os.killpg(child.process.pid, signal.SIGCONT)
                self.running[name] = child

            self.later(3 + pause, wake)

    def empty_valkey(self, _pause: float) -> None:
        with suppress(OSError):
            self.cluster.empty_valkey()

    def kill_valkey(self, pause: float) -> None:
        if self.cluster.servers["valkey"].is_running():
            self.cluster.kill_valkey()
            self.later(pause, self.cluster.start_valkey)

    def freeze_valkey(self, pause: float) -> None:
        if self.cluster.servers["valkey"].is_running():
            self.cluster.freeze_valkey()
            self.later(1 + pause, self.thaw_valkey)

    def thaw_valkey(self) -> None:
        if self.cluster.servers["valkey"].is_running():
            self.cluster.thaw_valkey()

    def mail_host_sulks(self, pause: float) -> None:
        self.cluster.mail.behave(self.die.choice(["421", "451", "drop", "hang"]))
        self.later(pause, lambda: self.cluster.mail.behave("ok"))

    def stop_postgres(self, pause: float) -> None:
        if self.cluster.servers["postgres"].is_running():
            self.cluster.stop_postgres()
            self.later(pause, self.cluster.start_postgres)


def run_chaos(cluster: Cluster, *, seed: int, seconds: float) -> Chaos:
    die = random.Random(seed)
    cluster.mail_host()
    dues, calls = fall_due_within(seconds, die)
    chaos = Chaos(cluster, die)
    chaos.start_all(("worker-1", "worker-2", "beat-1", "beat-2", "loop"))
    rage(chaos, seconds)
    wait_for(lambda: asked(lambda: remind.database_now() > max(dues)) or False, QUIET)
    wait_for(invariants.quiet, QUIET)
    judge(cluster, calls)
    return chaos


def fall_due_within(seconds: float, die: random.Random) -> tuple[list[dt.datetime], list[int]]:
    """When they fall due, and the calls that do."""
    now = remind.database_now()
    dues = [now + dt.timedelta(seconds=die.uniform(2, seconds)) for _number in range(REMINDERS)]
    return dues, [call.pk for call in many_calls(make.make_cast(), dues)]


def rage(chaos: Chaos, seconds: float) -> None:
    """Strike again and again; at the end everything runs."""
    ends = time.monotonic() + seconds
    strikes = time.monotonic() + 2.0
    while time.monotonic() < ends:
        if time.monotonic() > strikes:
            chaos.strike()
            strikes += chaos.die.uniform(0.8, 2.0)
        chaos.catch_up()
        time.sleep(0.05)
    chaos.catch_up(all_of_it=True)


def judge(cluster: Cluster, calls: list[int]) -> None:
    """None lost, none twice, each mailed at least once."""
    mails = cluster.mail.ids()
    told = Notice.objects.filter(kind="follow_up_due", subject_id__in=calls)
    lost = set(calls) - set(told.values_list("subject_id", flat=True))
    again = told.count() - len(calls)
    carried = told.filter(messages__in=list(mails)).count()
    tries = list(Reminder.objects.filter(state="done").values_list("tries", flat=True))
    print(
        f"\n{len(calls)} reminders: {len(lost)} lost, {again} twice, {carried} mailed in {len(mails)} mails, "
        f"{sum(mails.values()) - len(mails)} of them arrived again; {sum(t > 1 for t in tries)} needed a second try"
    )
    of_the_lost = Reminder.objects.filter(kind="follow_up_due", subject_id__in=lost)
    assert list(of_the_lost.values_list("state", "tries", "due_at", "last_error")) == []
    assert (lost, again, carried) == (set(), 0, len(calls))
    invariants.check(media=cluster.media, mails=mails)


def test_a_minute_of_chaos_with_a_fixed_seed(cluster: Cluster) -> None:
    chaos = run_chaos(cluster, seed=FIXED, seconds=A_MINUTE)
    print(f"{len(chaos.told)} mishaps: {', '.join(chaos.told)}")
    assert {"kill_program", "kill_child", "stop_program", "stop_postgres"} <= set(chaos.told)
    assert set(chaos.told) & {"kill_valkey", "freeze_valkey", "empty_valkey"}


def at_rest() -> bool:
    """The last of several seconds has brought no notice."""
    newest = Notice.objects.latest("id").at
    return (remind.database_now() - newest).total_seconds() > 8


@pytest.mark.slow
def test_control_with_the_schedule_in_the_broker_some_are_lost(cluster: Cluster) -> None:
    """The same mishaps by the same seed, and a task with its hour for each instead of the due table."""
    chaos = Chaos(cluster, random.Random(FIXED))
    cluster.mail_host()
    dues, calls = fall_due_within(A_MINUTE, chaos.die)
    program = cluster.programs.start("schedule", [sys.executable, "-m", ETA])
    assert program.process.wait(60) == 0, cluster.said("schedule")
    chaos.start_all(("eta-1", "eta-2"))
    cluster.ready("eta-1", "eta-2")
    rage(chaos, A_MINUTE)
    wait_for(lambda: asked(lambda: remind.database_now() > max(dues)) or False, QUIET)
    wait_for(at_rest, QUIET)
    told = set(Notice.objects.filter(kind="follow_up_due").values_list("subject_id", flat=True))
    print(f"\n{len(calls)} reminders: {len(set(calls) - told)} lost; {len(chaos.told)} mishaps")
    assert told, "some came in time: it is a schedule in which everything works until something dies"
    assert set(calls) - told
    assert "due_but_not_said" in invariants.broken()


@pytest.mark.slow
def test_five_minutes_of_chaos_as_it_comes(cluster: Cluster) -> None:
    seed = int(os.environ.get("CHAOS_SEED") or random.randrange(10**6))
    seconds = float(os.environ.get("CHAOS_SECONDS") or 300)
    print(f"\nCHAOS_SEED={seed}")
    chaos = run_chaos(cluster, seed=seed, seconds=seconds)
    print(f"CHAOS_SEED={seed}: {len(chaos.told)} mishaps")
