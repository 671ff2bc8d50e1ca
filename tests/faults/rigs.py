"""Parts of Recovery bent on purpose, for tests only: a program of `rigged*.py` takes those that RIG names.

A crash point kills once, whoever comes there first; a guard switched off stays off. Never imported by the app.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

ARENA = Path(os.environ["ARENA"])
NAMES = [name for name in os.environ.get("RIG", "").split(",") if name]
Rig = Callable[[], None]
RIGS: dict[str, Rig] = {}


def rig(name: str) -> Callable[[Rig], Rig]:
    def keep(made: Rig) -> Rig:
        RIGS[name] = made
        return made

    return keep


def part(name: str) -> Any:
    """A module of the app, to be bent."""
    return import_module(f"incidents.{name}")


def bend() -> None:
    """Once Django is set up."""
    for kind in ("due", "mail", "tables", "web"):
        import_module(f"tests.faults.rigs_{kind}")
    for name in NAMES:
        if name not in CLOCKS:
            RIGS[name]()


def bend_clock() -> None:
    """Before anything is imported that reads a clock."""
    for name in NAMES:
        if name in CLOCKS:
            shift(CLOCKS[name])


def is_first(name: str) -> bool:
    """Whether nobody of any program was here before."""
    try:
        os.close(os.open(ARENA / name, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def die_once() -> None:
    """kill -9 of the whole program, or of the one pool child when RIG says child-only."""
    if is_first("died"):
        if "child-only" in NAMES:
            os.kill(os.getpid(), signal.SIGKILL)
        os.killpg(os.getpgrp(), signal.SIGKILL)
        time.sleep(60)


def wait_at(name: str, seconds: float = 60) -> None:
    """Stand still, the first time, until the test says go on."""
    if is_first(name):
        deadline = time.monotonic() + seconds
        while not (ARENA / "go-on").exists() and time.monotonic() < deadline:
            time.sleep(0.02)


RIGS["child-only"] = lambda: None  # a word to die_once()
CLOCKS = {"an-hour-ahead": 3600.0, "an-hour-behind": -3600.0}


def shift(seconds: float) -> None:
    """This process believes it is that much later. Database and everybody else do not."""
    from django.utils import timezone

    real_time, real_now = time.time, timezone.now
    time.time = lambda: real_time() + seconds
    timezone.now = lambda: real_now() + dt.timedelta(seconds=seconds)
