"""What every channel takes and answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """Words for one person. `key` is the same at every try, so that the other side can tell a repeat."""

    key: str
    to: str
    subject: str
    text: str
    html: str


class TryAgain(Exception):
    """It did not get through this time. The words are a code, never a name or an address."""


class Refusal(Exception):
    """The other side will never take this message. The words are a code, never a name or an address."""


class Channel(Protocol):
    key: str

    def send(self, message: Message, *, timeout: int) -> None:
        """Hand the message over within `timeout` seconds. Raises TryAgain or Refusal."""


def within(seconds: float, work: Callable[[], None], give_up: Callable[[], None]) -> None:
    """Run `work` for that long at most, then call `give_up` and raise TryAgain("timed out").

    Socket timeouts count each read by itself, and looking up a name has none at all: a host that
    answers one byte at a time would hold a sender for ever.
    """
    problems: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as problem:
            problems.append(problem)

    thread = threading.Thread(target=run, daemon=True, name="send")
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        give_up()
        raise TryAgain("timed out")
    if problems:
        raise problems[0]
