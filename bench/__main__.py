"""`python3 run.py bench`: measure the pages with few and with many incidents, and print a report."""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path

from bench import report
from bench.arena import Arena, memory_of, settle
from bench.measure import FLOOR, Site, measure, rate
from bench.pages import PAGES
from bench.strain import Strain, strain
from recovery.embedded.children import Child
from recovery.embedded.place import Trouble

RATED = ("open list, page 1", "one incident", "typeahead, common")


def main() -> int:
    """Returns 1 when a page reads the whole table or asks more SQL than it may; slow pages are only reported."""
    wanted = _arguments()
    try:
        with Arena() as arena:
            text, wrong = _run(arena, wanted)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if wanted.report:
        wanted.report.write_text(text)
    print(text)
    for words in wrong:
        print(f"NOT RIGHT: {words}", file=sys.stderr)
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 run.py bench", description=__doc__)
    parser.add_argument(
        "--incidents", type=int, nargs="+", default=[10_000, 100_000], metavar="N", help="how many, each"
    )
    parser.add_argument("--rounds", type=int, default=30, metavar="N", help="how often every page is opened")
    parser.add_argument(
        "--reminders", type=int, default=5_000, metavar="N", help="due at once in the last part; 0: none"
    )
    parser.add_argument(
        "--exports", type=int, default=100_000, metavar="N", help="rows of the files that are written; 0: none"
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report there as well")
    return parser.parse_args()


def _run(arena: Arena, wanted: argparse.Namespace) -> tuple[str, list[str]]:
    sites, filled, webs = [], {}, {}
    for number in sorted(wanted.incidents):
        database = f"bench_{number}"
        _say(f"making {number} incidents")
        arena.postgres.ensure_database(database)
        filled[number] = float(
            json.loads(arena.run(database, "bench.inside", "fill", str(number), kind="local"))["seconds"]
        )
    for number in sorted(wanted.incidents):
        database = f"bench_{number}"
        _say(f"reading the plans with {number} incidents")
        looked = json.loads(arena.run(database, "bench.inside", "look"))
        webs[number], port = arena.start_web(database)
        site = Site(number, port, looked)
        site.sign_in()
        sites.append(site)
    settle()
    _say(f"opening every page {wanted.rounds} times")
    measure(sites, wanted.rounds)
    _say("counting requests a second")
    pages = [FLOOR, *(page for page in PAGES if page.name in RATED)]
    rates = {(site.number, page.name, n): rate(site, page, n) for site in sites for page in pages for n in (1, 8)}
    memory = _memory(arena, webs)
    tell = partial(report.words, sites, rounds=wanted.rounds, rates=rates, memory=memory, filled=filled)
    if wanted.report:
        wanted.report.write_text(tell(strains=[], exported=""))  # the rest takes minutes and may be broken off
    exported = ""
    if wanted.exports:
        _say(f"writing files of {wanted.exports} rows")
        database = f"bench_{sites[-1].number}"
        exported = arena.run(database, "bench.exporting", "--rows", str(wanted.exports), kind="local")
    tell = partial(tell, exported=exported)
    strains: list[Strain] = []
    if wanted.reminders:
        _say(f"freezing the broker, then {wanted.reminders} reminders at once")
        last = sites[-1]
        strains = strain(arena, last, f"bench_{last.number}", rounds=wanted.rounds, reminders=wanted.reminders)
    return tell(strains=strains), report.failures(sites)


def _memory(arena: Arena, webs: dict[int, Child]) -> dict[str, dict[str, float]]:
    found = {f"web, {number} incidents": memory_of(web.process.pid) for number, web in webs.items()}
    servers = {child.name: child.process.pid for child in arena.running if child.name in {"postgres", "valkey"}}
    return found | {name: memory_of(pid) for name, pid in servers.items()}


def _say(words: str) -> None:
    print(f"bench: {words} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
