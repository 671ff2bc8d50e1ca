"""What the bench tells of."""

from __future__ import annotations

from string import Formatter
from typing import Any

from bench.client import Answer
from bench.every import EVERY
from bench.measure import Site, measure
from bench.pages import CREATE
from bench.strain import CHOSEN, _medians

NAMED = {name for page in EVERY for _text, name, *_how in Formatter().parse(page.address) if name}


class Server:
    """Answers in so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def get(self, _address: str, expected: int) -> Answer:
        return Answer(expected, self.seconds, b"", 0, "")

    def post(self, _address: str, _fields: dict[str, str]) -> Answer:
        return Answer(302, self.seconds, b"", 0, "/")


def answered_by(server: Any) -> dict[str, Any]:
    return {"manager": server, "desk": server}


def test_what_pages_take_under_strain_is_no_part_of_their_quiet_times() -> None:
    facts = dict.fromkeys((*NAMED, "location", "customer_id", "category"), "1")
    site = Site(1, 1, {"facts": facts}, answered_by(Server(1.0)))
    measure([site], rounds=3)
    site.clients = answered_by(Server(9.0))
    assert set(_medians(site, 5, lambda: True).values()) == {9.0}
    assert {site.series[name].median for name in (*CHOSEN, CREATE)} == {1.0}
    assert {len(series.times) for series in site.series.values()} == {3}
