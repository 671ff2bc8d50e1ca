"""Several processes from one start, for tests only: those that race are forked when Django is set up."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable


def each_in_its_own(*hands: Callable[[], None]) -> None:
    """Run each in a process of its own and wait for all; ends with 1 when one of them failed.

    Nobody is connected to the database yet: a connection is made by each for itself.
    """
    pids = [forked(hand) for hand in hands]
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    sys.exit(1 if any(codes) else 0)


def forked(hand: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        hand()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
