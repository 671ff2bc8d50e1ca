"""Two ways to use a page: `Keyboard` at a desk and `Touch` on a phone, with the same verbs.

A story told with these verbs can be walked either way; one of the two is among the slow tests. A walk that was not
done by the hand it names fails: `check_clean()` counts every pointer and every Tab the page has really seen.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

import pytest
from playwright.sync_api import Locator, Page, expect

from incidents.models import Staff
from tests import make
from tests.browser.entering import enter
from tests.browser.plumbing import DESKTOP, PHONE, check_accessible
from tests.browser.thumb import tap

PATIENCE = 20_000
MOST_LOOKS = 200

WATCH = """
    addEventListener("pointerdown", (event) => event.isTrusted && handUsed(event.pointerType), true);
    addEventListener("keydown", (event) => event.isTrusted && event.key === "Tab" && handUsed("tab"), true);
"""
# Which key leads to the target, and how often to press it at least; nothing when the focus is there, or in the
# target's group of radio buttons. What has the focus by several keys (dates, radio buttons) is asked about again.
WAY = """
    (target) => {
      const at = document.activeElement;
      const areRadios = target.type === "radio" && at.type === "radio";
      const together = areRadios && at.name === target.name && at.form === target.form;
      if (at === target || together) return null;
      if (at === document.body) return ["Tab", 1];
      const follows = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
      const [first, last] = follows(at, target) ? [at, target] : [target, at];
      const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter((one) =>
        follows(first, one) && follows(one, last) && !first.contains(one) && one.type !== "radio" && !one.disabled
        && one.tabIndex >= 0 && !one.closest("[inert]") && one.checkVisibility({visibilityProperty: true}));
      return [first === at ? "Tab" : "Shift+Tab", stops.length + 1];
    }
"""
# Which kind of page this is: what was refused, and what lies open in front of it, are others.
KIND = """
    () => [location.pathname.replace(/\\d+/g, "0"),
      ...[...document.querySelectorAll(".error-summary, dialog[open]")].map((one) => one.id || one.className)].join(" ")
"""
# The number of a chip in its group, from 1: the key that chooses it.
NUMBER = """
    (target) => [...target.closest("[data-chips]").querySelectorAll("input[type=radio]")]
      .filter((one) => one.checkVisibility()).indexOf(target) + 1
"""


class Hand(ABC):
    """What a person does with a page. A target is a locator of one thing."""

    device: ClassVar[dict[str, Any]]
    uses: ClassVar[set[str]]

    def __init__(self, page: Page, *, looks_again: bool = True) -> None:
        self.page = page
        self.used: set[str] = set()
        self.looks_again = looks_again
        self.seen: set[str] = set()
        page.context.set_default_timeout(PATIENCE)
        page.context.expose_function("handUsed", self._saw)
        page.context.add_init_script(WATCH)

    def _saw(self, means: str) -> None:
        self.used.add(means)

    @abstractmethod
    def press(self, target: Locator) -> None:
        """A button or a link."""

    @abstractmethod
    def write(self, target: Locator, text: str) -> None:
        """Type into a field, in place of what stands there."""

    @abstractmethod
    def write_day(self, target: Locator, day: dt.date) -> None:
        """Into a date field."""

    @abstractmethod
    def write_moment(self, target: Locator, moment: dt.datetime) -> None:
        """A day and a time of the clock on the wall."""

    @abstractmethod
    def pick(self, radio: Locator) -> None:
        """A chip or a tile."""

    @abstractmethod
    def tick(self, box: Locator) -> None:
        """A box that is not ticked yet."""

    @abstractmethod
    def choose(self, target: Locator, label: str) -> None:
        """An option of a drop-down list."""

    @abstractmethod
    def take(self, option: Locator) -> None:
        """A suggestion below the field that has the focus."""

    @abstractmethod
    def send(self, button: Locator) -> None:
        """The form one is in, by its main button."""

    @abstractmethod
    def visit(self, path: str, key: str) -> None:
        """A page of the main navigation."""

    def open(self, words: str, within: Locator | None = None) -> None:
        """Unfold a part of the page, unless it is open."""
        place = within or self.page.locator("main")
        summary = place.locator("summary", has_text=words).first
        if summary.locator("xpath=..").get_attribute("open") is None:
            self.press(summary)

    def attach(self, target: Locator, file: Path) -> None:
        """Ask for the system's file dialog, and answer it."""
        with self.page.expect_file_chooser() as asked:
            self.press(target)
        asked.value.set_files(file)

    def sign_in(self, staff: Staff, path: str) -> None:
        self.page.goto(f"/accounts/login/?next={path}")
        self.write(self.page.get_by_label("E-mail"), staff.email)
        self.write(self.page.get_by_label("Password", exact=True), make.PASSWORD)
        self.send(self.page.get_by_role("button", name="Sign in"))
        self.page.wait_for_url(f"**{path}")

    def come_in(self, staff: Staff, path: str) -> None:
        """Signed in already. Some stories go by the form for it."""
        enter(self.page, staff, path)

    def check(self) -> None:
        """The page as it stands is accessible and not wider than the screen.

        Looking takes a second of a processor. Who does not look again looks once at each kind of page, and leaves what
        becomes of it in the course of a story to the other hand, which is among the slow ones.
        """
        kind = self.page.evaluate(KIND)
        if self.looks_again or kind not in self.seen:
            check_accessible(self.page)
            self.seen.add(kind)
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"

    def check_clean(self) -> None:
        """Nothing but this hand was used."""
        assert self.used == self.uses


class Keyboard(Hand):
    """Keys alone: Tab leads everywhere, a number chooses, Enter presses."""

    device = DESKTOP
    uses: ClassVar[set[str]] = {"tab"}

    def reach(self, target: Locator) -> None:
        for _ in range(MOST_LOOKS):
            way = target.evaluate(WAY)
            if way is None:
                return
            key, times = way
            for _ in range(times):
                self.page.keyboard.press(key)
        raise AssertionError(f"no way to {target} by Tab")

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self.reach(target)
        if target.input_value():
            self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def write_day(self, target: Locator, day: dt.date) -> None:
        self.reach(target)
        self.page.keyboard.type(f"{day:%m%d%Y}")
        assert target.input_value() == f"{day:%Y-%m-%d}"

    def write_moment(self, target: Locator, moment: dt.datetime) -> None:
        self.reach(target)
        self.page.keyboard.type(f"{moment:%m%d%Y}")
        self.page.keyboard.press("Tab")  # a year may have six digits here and waits for them
        self.page.keyboard.type(f"{moment:%I%M%p}")
        assert target.input_value() == f"{moment:%Y-%m-%dT%H:%M}"

    def pick(self, radio: Locator) -> None:
        self.reach(radio)
        number = radio.evaluate(NUMBER)
        self.page.keyboard.press(str(min(number, 9)))
        for _ in range(number - 9):
            self.page.keyboard.press("ArrowRight")
        expect(radio).to_be_checked()

    def tick(self, box: Locator) -> None:
        self.reach(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def choose(self, target: Locator, label: str) -> None:
        self.reach(target)
        self.page.keyboard.type(label.split(maxsplit=1)[0])
        for _ in range(20):
            if label in target.evaluate("(list) => list.selectedOptions[0].label"):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no {label} in {target}")

    def take(self, option: Locator) -> None:
        expect(option).to_be_visible()
        while option.get_attribute("aria-selected") != "true":
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")

    def send(self, button: Locator) -> None:
        self.page.keyboard.press("Control+Enter")

    def visit(self, path: str, key: str) -> None:
        self.page.keyboard.press(key)
        self.page.wait_for_url(f"**{path}")


class Touch(Hand):
    """Taps alone; what a phone asks in a picker of its own (a list, a day) is answered by that picker."""

    device = PHONE
    uses: ClassVar[set[str]] = {"touch"}

    def press(self, target: Locator) -> None:
        tap(target)

    def write(self, target: Locator, text: str) -> None:
        tap(target)
        if target.input_value():
            self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def write_day(self, target: Locator, day: dt.date) -> None:
        tap(target)
        target.fill(f"{day:%Y-%m-%d}")

    def write_moment(self, target: Locator, moment: dt.datetime) -> None:
        tap(target)
        target.fill(f"{moment:%Y-%m-%dT%H:%M}")

    def pick(self, radio: Locator) -> None:
        tap(radio)
        expect(radio).to_be_checked()

    def tick(self, box: Locator) -> None:
        tap(box)
        expect(box).to_be_checked()

    def choose(self, target: Locator, label: str) -> None:
        tap(target)
        option = target.locator("option", has_text=label)
        target.select_option(value=option.get_attribute("value"))

    def take(self, option: Locator) -> None:
        tap(option)

    def send(self, button: Locator) -> None:
        tap(button)

    def visit(self, path: str, key: str) -> None:
        tap(self.page.locator(f".bottombar a[href='{path}']"))
        self.page.wait_for_url(f"**{path}")


BY_KEYS = [pytest.param(Keyboard, id="keyboard"), pytest.param(Touch, id="touch", marks=pytest.mark.slow)]
BY_TOUCH = [pytest.param(Touch, id="touch"), pytest.param(Keyboard, id="keyboard", marks=pytest.mark.slow)]
touch_first = pytest.mark.parametrize("new_hand", BY_TOUCH, indirect=True)
