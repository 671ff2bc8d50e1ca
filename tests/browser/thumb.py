"""A thumb on a phone's screen."""

from __future__ import annotations

import time
from weakref import WeakKeyDictionary

from playwright.sync_api import Locator, Page

from tests.programs import wait_for

APART = 0.5  # s; Chromium takes what comes within 0.35 s of a tap, near it, for the second tap of a double tap
_lifted: WeakKeyDictionary[Page, float] = WeakKeyDictionary()


def tap(target: Locator) -> None:
    """As one does who has read what came: never the second of a double tap, which a page that changed ignores."""
    page = target.page
    wait_for(lambda: time.monotonic() - _lifted.get(page, 0) > APART)
    target.tap()
    _lifted[page] = time.monotonic()
