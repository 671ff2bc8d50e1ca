"""The two hands of the browser tests, and patience for a busy machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.hands import BY_KEYS, PATIENCE, Hand
from tests.browser.plumbing import OpenBrowser


@pytest.fixture
def people(live_server: object) -> make.Cast:
    """The cast, where the browser's server sees it."""
    return make.make_cast()


@pytest.fixture
def patience() -> Iterator[None]:
    """A busy machine may take its time."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(params=BY_KEYS)
def new_hand(request: pytest.FixtureRequest, patience: None, open_browser: OpenBrowser) -> Iterator[Callable[[], Hand]]:
    """Somebody at a browser of their own; who asks for it is run with either hand, the second time if slow ones run.

    By keys first, unless the test says `touch_first`.
    """
    made: list[Hand] = []
    is_slow = request.node.get_closest_marker("slow") is not None

    def make_one() -> Hand:
        made.append(request.param(open_browser(**request.param.device), looks_again=is_slow))
        return made[-1]

    yield make_one
    for hand in made:
        hand.check_clean()


@pytest.fixture
def hand(new_hand: Callable[[], Hand]) -> Hand:
    return new_hand()
