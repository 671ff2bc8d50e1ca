"""What the actions act on, and several people at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from incidents.models import Incident
from tests import make
from tests.actions.calling import settle
from tests.kept import kept_rows
from tests.make import Cast


@kept_rows
def incident(cast: Cast) -> Incident:
    """Just logged at the desk."""
    return make.make_incident(cast.desk)


@kept_rows
def settled(cast: Cast) -> Incident:
    """Apologized and put right at NOW; a call is due in two days."""
    return settle(cast)


@pytest.fixture
def together(committed: None) -> Callable[[Callable[[int], Any], int], list[Any]]:
    """Run `what(n)` in that many threads at once, each with a connection of its own.

    Gives what each returned or raised.
    """

    def run(what: Callable[[int], Any], times: int) -> list[Any]:
        barrier = Barrier(times)

        def one(n: int) -> Any:
            try:
                barrier.wait(timeout=30)
                return what(n)
            except Exception as error:  # the test looks at what was raised
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    return run
