"""How fast the desk logs a mistake, and a manager's morning: counted in a browser, timed by the keystroke-level model.

    python -m tests.browser.desk_speed

walks each way once and writes the first table of docs/desk-speed.md anew. `test_log.py` and `test_morning.py` walk the
same ways and fail when a limit is passed or a count of that table is no longer true.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.thumb import tap

DOC = Path(__file__).parents[2] / "docs" / "desk-speed.md"
BEGIN, END = "<!-- counted -->", "<!-- /counted -->"
MEASURED = "DESK_SPEED_FILE"  # where a run writes what it has counted

# Card, Moran and Newell (1983), seconds: a key of an average typist, pointing, making up one's mind.
K, P, M = 0.28, 1.10, 1.35
K_SCREEN = 0.40  # a letter on a phone's screen keyboard: slower than they measured any typist

NAME, SENTENCE = "nov", "Air con rattled all night, nobody answered the desk phone"
NEW_NAME, NEW_PHONE = "Zelda Quist", "312 555 0142"
DONE, AMOUNT = "Apologised, moved to 214", "4.50"
IN_VIEW = "e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }"


@dataclass
class Count:
    """What one way took. `waits` is the machine's part of the seconds."""

    keys: int = 0
    taps: int = 0
    fields: int = 0
    scrolls: int = 0
    letters: int = 0
    seconds: float = 0.0
    waits: float = 0.0

    @property
    def interactions(self) -> int:
        return self.keys + self.taps + self.fields + self.scrolls

    @property
    def total(self) -> float:
        return self.seconds + self.waits


@dataclass
class Hands:
    """Does what a person does, and counts it."""

    page: Page
    k: float = K
    count: Count = field(default_factory=Count)

    def press(self, key: str, *, decides: bool = True) -> None:
        """A key or a chord; `decides`: somebody has made up their mind before."""
        self.page.keyboard.press(key)
        self.count.keys += 1
        self.count.seconds += self.k * (1 + key.count("+")) + M * decides

    def tab(self) -> None:
        self.press("Tab", decides=False)

    def tab_to(self, name: str) -> None:
        while not self.page.evaluate("name => document.activeElement.name === name", name):
            assert self.count.keys < 60, f"no way to {name} by Tab"
            self.tab()

    def type(self, text: str) -> None:
        """Into the field that has the focus."""
        self.page.keyboard.type(text)
        self.count.fields += 1
        self.count.letters += len(text)
        self.count.seconds += M + self.k * len(text)

    def tap(self, target: Locator, *, decides: bool = True) -> None:
        if not target.evaluate(IN_VIEW):
            self.count.scrolls += 1
            self.count.seconds += P
        tap(target)
        self.count.taps += 1
        self.count.seconds += P + M * decides

    def pick(self, target: Locator, label: str) -> None:
        """A list that a phone shows in a picker of its own: one tap opens it, one chooses."""
        self.tap(target, decides=False)
        target.select_option(label=label)
        self.count.taps += 1
        self.count.seconds += P + M

    def enter(self, target: Locator, text: str) -> None:
        """Tap a field, then type into it."""
        self.tap(target, decides=False)
        self.type(text)

    def wait(self, done: Callable[[], object]) -> None:
        began = time.monotonic()
        done()
        self.count.waits += time.monotonic() - began


def _form(hands: Hands) -> None:
    page = hands.page
    hands.wait(lambda: page.wait_for_url("**/incidents/new/"))
    hands.wait(lambda: expect(page.locator("[name=customer_name][role=combobox]")).to_be_focused())


def _option(hands: Hands, name: str) -> Locator:
    option = hands.page.get_by_role("option", name=name)
    hands.wait(lambda: expect(option).to_be_visible())
    return option


def _focus(hands: Hands, name: str) -> None:
    hands.wait(lambda: expect(hands.page.locator(f"[name={name}]").first).to_be_focused())


def _logged(hands: Hands) -> None:
    hands.wait(lambda: hands.page.wait_for_url("**/incidents/R-*/", timeout=15_000))


def known_by_keyboard(page: Page, look: Callable[[], None] | None = None, *, is_on_the_spot: bool = False) -> Count:
    """From any page: the first letters of a name we know, a sentence, the kind, send."""
    hands = Hands(page)
    hands.press("n")
    _form(hands)
    hands.type(NAME)
    _option(hands, "Nora Novak")
    hands.press("Enter")
    _focus(hands, "what_happened")
    hands.type(SENTENCE)
    hands.tab()
    hands.press("1")
    if look:
        expect(page.locator("#how-bad input:checked")).to_have_count(1)
        look()
    if is_on_the_spot:
        hands.press("s")
        hands.tab_to("remedy_type")
        hands.type("Free")
        hands.tab()
        hands.type(DONE)
        hands.tab()
        hands.type(AMOUNT)
    hands.press("Control+Enter")
    _logged(hands)
    return hands.count


def new_by_keyboard(page: Page) -> Count:
    hands = Hands(page)
    hands.press("n")
    _form(hands)
    hands.type(NEW_NAME)
    _option(hands, NEW_NAME)
    hands.press("Enter")
    _focus(hands, "new_phone")
    hands.type(NEW_PHONE)
    hands.tab_to("what_happened")
    hands.type(SENTENCE)
    hands.tab()
    hands.press("3")
    hands.press("Control+Enter")
    _logged(hands)
    return hands.count


def known_by_touch(page: Page, look: Callable[[], None] | None = None, *, is_on_the_spot: bool = False) -> Count:
    hands = Hands(page, k=K_SCREEN)
    hands.tap(page.locator(".bottombar a[href='/incidents/new/']"))
    _form(hands)
    hands.enter(page.locator("[name=customer_name]"), NAME)
    hands.tap(_option(hands, "Nora Novak"))
    _focus(hands, "what_happened")
    hands.type(SENTENCE)
    hands.tap(page.locator("#id_category_0"))
    if look or is_on_the_spot:  # what the kind asks has come, and moved the rest down
        hands.wait(lambda: expect(page.locator("#how-bad input:checked")).to_have_count(1))
    if look:
        look()
    if is_on_the_spot:
        hands.tap(page.locator("#id_is_on_the_spot"))
        hands.pick(page.locator("[name=remedy_type]"), "Free item")
        hands.enter(page.locator("[name=remedy_what]"), DONE)
        hands.enter(page.locator("[name=amount]"), AMOUNT)
    hands.tap(page.get_by_role("button", name="Log it"))
    _logged(hands)
    return hands.count


def new_by_touch(page: Page) -> Count:
    hands = Hands(page, k=K_SCREEN)
    hands.tap(page.locator(".bottombar a[href='/incidents/new/']"))
    _form(hands)
    hands.enter(page.locator("[name=customer_name]"), NEW_NAME)
    option = page.locator(".combo-new")
    hands.wait(lambda: expect(option).to_be_visible())
    hands.tap(option)
    _focus(hands, "new_phone")
    hands.type(NEW_PHONE)
    hands.enter(page.locator("[name=what_happened]"), SENTENCE)
    hands.tap(page.locator("#id_category_2"))
    hands.tap(page.get_by_role("button", name="Log it"))
    _logged(hands)
    return hands.count


@dataclass(frozen=True)
class Way:
    """`most` interactions and seconds; `beyond`: those of another way are taken off first."""

    words: str
    most: tuple[int, float] | None
    beyond: str = ""


WAYS = {
    "known_by_keyboard": Way("known customer, keyboard only", (11, 34)),
    "new_by_keyboard": Way("new customer with a phone number, keyboard only", (17, 50)),
    "known_by_touch": Way("known customer, touch on a phone", (10, 50)),
    "new_by_touch": Way("new customer with a phone number, touch on a phone", (14, 60)),
    "spot_by_keyboard": Way("handled on the spot as well, keyboard only", (14, 30), "known_by_keyboard"),
    "spot_by_touch": Way("handled on the spot as well, touch on a phone", (14, 30), "known_by_touch"),
    "morning_by_keyboard": Way("a manager’s morning: nine of forty in danger, keyboard only", (18, 120)),
    "morning_by_touch": Way("a manager’s morning: nine of forty in danger, touch on a phone", (27, 120)),
}


def keep(name: str, count: Count) -> None:
    """For `main()`, which writes the table of all."""
    if path := os.environ.get(MEASURED):
        with Path(path).open("a") as out:
            out.write(json.dumps({name: asdict(count)}) + "\n")


def cells(name: str, count: Count, base: Count | None) -> list[str]:
    """A row of the table; what follows the third cell depends on the machine."""
    way, sign = WAYS[name], "+ " if base else ""
    interactions = count.interactions - (base.interactions if base else 0)
    letters = count.letters - (base.letters if base else 0)
    seconds = count.seconds - (base.seconds if base else 0)
    waits = max(0.0, count.waits - (base.waits if base else 0))
    most = f"{sign}{way.most[0]}, {sign}{way.most[1]:.0f} s" if way.most else "–"
    return [way.words, f"{sign}{interactions}", f"{letters}", f"{sign}{seconds:.1f} s", f"{waits:.1f} s", most]


def row_of(name: str, count: Count, base: Count | None = None) -> str:
    """What of a row is the same on every machine."""
    return "| " + " | ".join(cells(name, count, base)[:4])


def holds(name: str, count: Count, base: Count | None = None) -> bool:
    """Within its limits, the machine's waits counted in."""
    way = WAYS[name]
    if way.most is None:
        return True
    interactions = count.interactions - (base.interactions if base else 0)
    return interactions <= way.most[0] and count.total - (base.total if base else 0) <= way.most[1]


def table(counts: dict[str, Count]) -> str:
    head = ["who, how", "interactions", "letters typed", "seconds by the model", "and waiting, measured", "at most"]
    lines = [head, ["---"] * len(head)]
    lines += [cells(name, counts[name], counts.get(way.beyond)) for name, way in WAYS.items()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> int:
    """Walk all ways once, then write the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counted"
        os.environ[MEASURED] = str(path)
        walked = [str(Path(__file__).with_name(name)) for name in ("test_log.py", "test_morning.py")]
        failed = pytest.main(["-q", *walked, "-k", "by_keyboard or by_touch"])
        if failed:
            return int(failed)
        counted = {
            name: Count(**said) for line in path.read_text().splitlines() for name, said in json.loads(line).items()
        }
    before, _begin, rest = DOC.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    DOC.write_text(f"{before}{BEGIN}\n{table(counted)}\n{END}{after}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
