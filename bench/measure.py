"""Asking the pages again and again, all sizes by turns, so that a busy moment of the machine hits all alike."""

from __future__ import annotations

import statistics
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bench.arena import HOST
from bench.client import Answer, Client
from bench.every import EVERY
from bench.inside import PASSWORD
from bench.pages import CREATE, EMPTY, Page

WARM_UP = 3
FLOOR = Page(EMPTY, "manager", "/bench/empty/", 1.0)


@dataclass
class Series:
    """What one page took, in seconds, and how large it was, in bytes."""

    times: list[float] = field(default_factory=list)
    size: int = 0
    sent: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[-1] if len(self.times) > 1 else self.median


@dataclass
class Site:
    """One running server with its incidents, and the people signed in to it."""

    number: int
    port: int
    looked: dict[str, Any]
    clients: dict[str, Client] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, Any]:
        found: dict[str, Any] = self.looked["facts"]
        return found

    def sign_in(self) -> None:
        """The manager and the desk, each with a connection of their own; the desk with the form to log open."""
        for who, email in self.facts["people"].items():
            self.clients[who] = Client(self.port, HOST)
            self.clients[who].sign_in(email, PASSWORD)
        self.clients["desk"].open_form("/incidents/new/")

    def another(self, who: str) -> Client:
        """One more connection of somebody who is signed in."""
        fresh = Client(self.port, HOST)
        fresh.cookies = dict(self.clients[who].cookies)
        return fresh

    def address(self, page: Page) -> str:
        return page.at(self.facts)

    def ask(self, page: Page) -> Answer:
        """Open the page once."""
        return self.clients[page.who].get(self.address(page), page.status)

    def log_one(self) -> Answer:
        """Send the form that logs an incident."""
        sent = {
            "submit_key": str(uuid4()),
            "draft_key": str(uuid4()),
            "location": str(self.facts["location"]),
            "customer": str(self.facts["customer_id"]),
            "customer_name": "somebody known",
            "what_happened": "The shower stayed cold all morning, for the third day.",
            "category": self.facts["category"],
            "severity": "3",
            "source": "customer",
            "told_by": "in_person",
        }
        return self.clients["desk"].post("/incidents/new/?send", sent)

    def note(self, name: str, answer: Answer, *, size: int, sent: int) -> None:
        """What it took counts among the quiet ones of the page."""
        series = self.series.setdefault(name, Series())
        series.times.append(answer.seconds)
        series.size, series.sent = size, sent

    def forget(self) -> None:
        self.series.clear()


def measure(sites: list[Site], rounds: int) -> None:
    """`rounds` times every page of every site, by turns."""
    for number in range(-WARM_UP, rounds):
        if number == 0:
            for site in sites:
                site.forget()
        for page in (FLOOR, *EVERY):
            for site in sites:
                answer = site.ask(page)
                site.note(page.name, answer, size=len(answer.body), sent=answer.sent)
        for site in sites:
            site.note(CREATE, site.log_one(), size=0, sent=0)


def rate(site: Site, page: Page, clients: int, seconds: float = 3.0) -> float:
    """Requests a second that so many clients get answered, each asking again at once."""
    connections = [site.another(page.who) for _ in range(clients)]
    counted = [0] * clients
    address, until = site.address(page), 0.0

    def go(number: int) -> None:
        while time.perf_counter() < until:
            connections[number].get(address, page.status)
            counted[number] += 1

    threads = [threading.Thread(target=go, args=(number,)) for number in range(clients)]
    until = time.perf_counter() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counted) / seconds
