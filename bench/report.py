"""The results as Markdown."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from typing import Any

from bench.every import EVERY
from bench.measure import Site
from bench.pages import CREATE, CREATE_AIM, EMPTY, GROWS, GROWTH_AIM, Page
from bench.strain import Strain

LARGE = 4000


def words(
    sites: Sequence[Site],
    *,
    rounds: int,
    rates: dict[tuple[int, str, int], float],
    memory: dict[str, dict[str, float]],
    strains: Sequence[Strain],
    exported: str,
    filled: dict[int, float],
) -> str:
    """The whole report."""
    parts = [_head(sites, rounds, filled), _times(sites), _questions(sites), _plans(sites), _rates(sites, rates)]
    parts.append(_table(["processes", "number", "memory, PSS in MB"], _memory_rows(memory)))
    parts.append(f"## Files\n\n{exported.strip()}" if exported else "")
    parts.append(_strains(strains))
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(sites: Sequence[Site], rounds: int, filled: dict[int, float]) -> str:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    made = ", ".join(f"{number} incidents in {seconds:.0f} s" for number, seconds in filled.items())
    known = sites[-1].facts
    return (
        f"Measured {dt.datetime.now(dt.UTC):%Y-%m-%d} at commit {commit or 'unknown'}: {os.cpu_count()} cores, "
        f"{platform.system()}, Python {platform.python_version()}, {rounds} interleaved rounds. Made: {made}; the "
        f"largest has {known['open']} open, {known['customers']} customers, {known['staff']} people and "
        f"{known['letters']} letters a story."
    )


def _times(sites: Sequence[Site]) -> str:
    heads = ["page"]
    for site in sites:
        heads += [f"{site.number}: median ms", "p95", "× empty"]
    heads += ["aim", "growth", "content", "KB", "KB gzipped"]
    pages = [(page.name, page.aim) for page in EVERY] + [(CREATE, CREATE_AIM)]
    rows = [_time_row(sites, EMPTY, 1.0), *(_time_row(sites, name, aim) for name, aim in pages)]
    return "## Times\n\n" + _table(heads, rows)


def _time_row(sites: Sequence[Site], name: str, aim: float) -> list[str]:
    row = [name]
    for site in sites:
        series, floor = site.series[name], site.series[EMPTY].median
        row += [f"{series.median * 1000:.1f}", f"{series.p95 * 1000:.1f}", f"{series.median / floor:.1f}"]
    last = sites[-1].series[name]
    is_met = last.median / sites[-1].series[EMPTY].median <= aim
    row.append("" if name == EMPTY else f"{aim:g}{'' if is_met else ' (missed)'}")
    row += [_growth(sites, name), _content(sites, name)]
    return [*row, f"{last.size / 1024:.0f}", f"{last.sent / 1024:.1f}"]


def _growth(sites: Sequence[Site], name: str) -> str:
    """How many times slower the largest is than the smallest, each beside its own empty view."""
    if len(sites) < 2:
        return ""
    few, many = (site.series[name].median / site.series[EMPTY].median for site in (sites[0], sites[-1]))
    is_met = many / few <= GROWTH_AIM or name in GROWS
    return f"{many / few:.2f}{'' if is_met else ' (missed)'}"


def _content(sites: Sequence[Site], name: str) -> str:
    """How many times as much the page shows with the most incidents as with the fewest."""
    few, many = (site.series[name].size for site in (sites[0], sites[-1]))
    return f"{many / few:.2f}" if few and len(sites) > 1 else ""


def _questions(sites: Sequence[Site]) -> str:
    heads = ["page", "statements allowed"]
    for site in sites:
        heads += [f"{site.number}: statements", "SQL ms"]
    rows = []
    for page in EVERY:
        row = [page.name, str(page.statements)]
        for asked in (site.looked["pages"][page.name] for site in sites):
            row += [str(asked["statements"]), f"{asked['milliseconds']:.1f}"]
        rows.append(row)
    return "## SQL\n\nSession and user included.\n\n" + _table(heads, rows)


def _plans(sites: Sequence[Site]) -> str:
    lines = [
        "## Plans",
        "",
        "How each page's largest statement read incidents and what hangs on them, `EXPLAIN (ANALYZE, BUFFERS)`",
    ]
    lines[-1] += " of the real SQL after `ANALYZE`."
    for page in EVERY:
        lines += ["", f"**{page.name}**", ""]
        for site in sites:
            asked = site.looked["pages"][page.name]
            plan = asked["longest"]
            whole = "reads the whole incident table" if asked["whole_table"] else "no sequential scan of incident"
            lines.append(f"- {site.number}: {whole}; {plan['milliseconds']:.2f} ms, {plan['buffers']} buffers")
            lines += [f"  - {scan}" for scan in _shortened(plan["scans"])]
    return "\n".join(lines)


def _shortened(scans: Iterable[str]) -> list[str]:
    once = list(dict.fromkeys(scans))
    return once[:5] + ([f"and {len(once) - 5} more, each by an index"] if len(once) > 5 else [])


def _rates(sites: Sequence[Site], rates: dict[tuple[int, str, int], float]) -> str:
    names = list(dict.fromkeys(name for _number, name, _clients in rates))
    counts = sorted({clients for _number, _name, clients in rates})
    heads = ["requests a second", *(f"{site.number}: {n} client{'s' * (n > 1)}" for site in sites for n in counts)]
    rows = [[name, *(f"{rates[site.number, name, n]:.0f}" for site in sites for n in counts)] for name in names]
    return "## Throughput and memory\n\n" + _table(heads, rows)


def _memory_rows(memory: dict[str, dict[str, float]]) -> list[list[str]]:
    return [[name, f"{used['processes']:.0f}", f"{used['megabytes']:.0f}"] for name, used in memory.items() if used]


def _strains(strains: Sequence[Strain]) -> str:
    if not strains:
        return ""
    parts = ["## Under strain", "Times its quiet median in the same run; at most 2 is allowed."]
    names = list(strains[0].slower)
    rows = [
        [told.name, *(f"{told.slower[name]:.2f}" for name in names), "yes" if told.is_fine else "no"]
        for told in strains
    ]
    parts.append(_table(["while", *names, "below 2"], rows))
    quiet = ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in strains[0].quiet.items())
    parts.append(f"Quiet medians: {quiet}. " + "; ".join(told.note for told in strains) + ".")
    return "\n\n".join(parts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def failures(sites: Sequence[Site]) -> list[str]:
    """What must not be: a planned page that reads the whole table, more SQL than is allowed.

    Of a small table PostgreSQL reads the whole with good reason.
    """
    found = []
    for site in sites:
        for page in EVERY:
            found += [
                f"{page.name} at {site.number}: {words}"
                for words in _wrong(page, site.looked["pages"][page.name], site.number)
            ]
    return found


def _wrong(page: Page, asked: dict[str, Any], incidents: int) -> list[str]:
    wrong = []
    if page.is_planned and asked["whole_table"] and incidents >= LARGE:
        wrong.append("reads the whole incident table")
    if asked["statements"] > page.statements:
        wrong.append(f"asks {asked['statements']} statements, {page.statements} are allowed")
    return wrong
