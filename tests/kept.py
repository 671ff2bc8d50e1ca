"""Rows that many tests begin with: made once, they stay a minute while test after test asks for the same.

They lie in a transaction around that of each test, so what a test does to them is taken back after it, and they are
there before what other fixtures make. A test that asks for other rows, for none, or for real commits finds them gone.
"""

from __future__ import annotations

import inspect
import pickle
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.transaction import Atomic
from pytest_django.plugin import DjangoDbBlocker

from incidents.models import usage
from incidents.reports import keeping, pieces

Maker = Callable[..., Any]
# The functions behind such fixtures, each with what makes its rows.
MAKERS: dict[Callable[..., Any], Maker] = {}
LONG = 60.0  # seconds; some tests ask how old their rows are
OTHERS_GO = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
WITH_COMMITS = {"transactional_db", "live_server"}


@dataclass
class Kept:
    """What is there now, each in a savepoint after the one before it, and this test's own copies of what was made."""

    makers: list[Maker] = field(default_factory=list)
    blocks: list[Atomic] = field(default_factory=list)
    made: list[bytes] = field(default_factory=list)  # what each maker and those before it gave, by name
    copies: dict[str, Any] = field(default_factory=dict)
    blocker: DjangoDbBlocker | None = None
    since: float = 0.0

    def begin_with(self, wanted: list[Maker]) -> None:
        """These, in this order, and nothing else."""
        if self.blocks and connection.atomic_blocks[: len(self.blocks)] != self.blocks:
            self._forget()  # somebody closed the connection, and with it the transaction
        if time.monotonic() - self.since > LONG:
            self._go_back_to(0)
        same = 0
        while same < min(len(wanted), len(self.makers)) and wanted[same] is self.makers[same]:
            same += 1
        self._go_back_to(same)
        for maker in wanted[same:]:
            self._make(maker)
        self.copies = self._as_made()

    def _as_made(self) -> dict[str, Any]:
        return pickle.loads(self.made[-1]) if self.made else {}  # noqa: S301  our own, of this minute

    def _go_back_to(self, many: int) -> None:
        while len(self.blocks) > many:
            del self.makers[-1:], self.made[-1:]
            transaction.set_rollback(True)
            self.blocks.pop().__exit__(None, None, None)

    def _make(self, maker: Maker) -> None:
        if not self.blocks:
            self.since = time.monotonic()
        block = transaction.atomic()
        setattr(block, "_from_testcase", True)  # noqa: B010  as a test's own: what must be outermost may be in it
        block.__enter__()
        self.blocks.append(block)
        self.makers.append(maker)
        made = self._as_made()
        self.made.append(b"")
        try:
            made[maker.__name__] = maker(*(made[name] for name in inspect.signature(maker).parameters))
            connection.check_constraints()  # else each test's end would look at them again
            self.made[-1] = pickle.dumps(made)
        except BaseException:
            self._go_back_to(len(self.blocks) - 1)
            raise

    def _forget(self) -> None:
        self.makers.clear()
        self.blocks.clear()
        self.made.clear()


KEPT = Kept()


def kept_rows(maker: Maker) -> Any:
    """A fixture of rows that stay. What it takes are fixtures of that kind, too."""
    names = list(inspect.signature(maker).parameters)

    def found(**given: Any) -> Any:
        if maker.__name__ in KEPT.copies:
            return KEPT.copies[maker.__name__]
        return maker(*(given[name] for name in names))

    takes = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in ("db", *names)]
    setattr(found, "__signature__", inspect.Signature(takes))  # noqa: B010  what pytest looks at
    found.__name__, found.__doc__ = maker.__name__, maker.__doc__
    MAKERS[found] = maker
    return pytest.fixture(found)


def wanted_by(item: pytest.Function) -> list[Maker]:
    """What a test begins with, in the order in which its fixtures would be made."""
    marked = item.get_closest_marker("django_db")
    if WITH_COMMITS & set(item.fixturenames) or (marked and marked.kwargs.get("transaction")):
        return []
    found, wanted = item._fixtureinfo.name2fixturedefs, []

    def want(name: str) -> None:
        maker = MAKERS.get(found[name][-1].func) if name in found else None
        if maker and maker not in wanted:
            for other in inspect.signature(maker).parameters:
                want(other)
            wanted.append(maker)

    for name in item.fixturenames:
        want(name)
    return wanted


@pytest.fixture(scope="session")
def _nothing_stays_behind(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Before the database goes; nor does somebody who is slow to leave it, as the thread of a server may be."""
    yield
    with django_db_blocker.unblock():
        KEPT.begin_with([])
        with connection.cursor() as cursor:
            cursor.execute(OTHERS_GO)


@pytest.fixture
def _rows_that_stay(
    request: pytest.FixtureRequest, _nothing_stays_behind: None, django_db_blocker: DjangoDbBlocker
) -> None:
    KEPT.blocker = django_db_blocker
    with django_db_blocker.unblock():
        KEPT.begin_with(wanted_by(request.node))
    _as_a_process_just_begun()


def _as_a_process_just_begun() -> None:
    """Rows that stay keep their keys, and so what this process knows by them would outlive what was taken back."""
    usage.forget()
    keeping._kept.clear()
    pieces._kept.clear()


@pytest.fixture
def _django_db_helper(_rows_that_stay: None, _django_db_helper: None) -> None:
    """Where pytest-django begins the transaction of a test: in that of the rows."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Gone before anything is made for a test that wants none: it may need the connection for itself."""
    if KEPT.blocker and not (isinstance(item, pytest.Function) and wanted_by(item)):
        with KEPT.blocker.unblock():
            KEPT.begin_with([])
