"""The health checks of the worker's and beat's containers, on real processes: the very commands, other places."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import yaml

from tests.faults.arena import Arena
from tests.programs import REPOSITORY, wait_for

SERVICES = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())["services"]
ALIVE, MEMORY = "/tmp/alive", "/run/beat"  # noqa: S108  in a container


def is_healthy(service: str, place: str, here: Path) -> bool:
    """What docker would find, where `place` is `here`."""
    test = SERVICES[service]["healthcheck"]["test"][1].replace("$$", "$")
    assert place in test
    return subprocess.run(["sh", "-c", test.replace(place, str(here))], stderr=subprocess.DEVNULL).returncode == 0


def state_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_a_worker_and_a_beat_are_seen_to_live(arena: Arena, tmp_path: Path) -> None:
    alive, memory = tmp_path / "alive", tmp_path / "memory"
    memory.mkdir()
    assert not is_healthy("worker", ALIVE, alive)
    assert not is_healthy("beat", MEMORY, memory)
    worker = arena.worker(app="recovery", ALIVE_FILE=str(alive))
    beat = arena.celery("recovery", "beat", "--schedule", str(memory / "schedule"), "--pidfile", "", name="beat")
    wait_for(lambda: alive.exists() and any(memory.iterdir()), 30)
    assert is_healthy("worker", ALIVE, alive)
    assert is_healthy("beat", MEMORY, memory)

    os.utime(alive, (0, 0))
    wait_for(lambda: alive.stat().st_mtime > 0, 10)  # it goes on saying so

    worker.process.send_signal(signal.SIGSTOP)  # it is there, and takes no work
    wait_for(lambda: state_of(worker.process.pid) == "T")
    os.utime(alive, (0, 0))
    assert not is_healthy("worker", ALIVE, alive)
    worker.process.send_signal(signal.SIGCONT)
    wait_for(lambda: is_healthy("worker", ALIVE, alive), 20)

    worker.kill()
    beat.kill()
    for path in (alive, *memory.iterdir()):
        os.utime(path, (0, 0))
    assert not is_healthy("worker", ALIVE, alive)
    assert not is_healthy("beat", MEMORY, memory)
