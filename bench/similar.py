"""`python3 -m bench.similar FILE.csv`: how often a past story of the same kind is among the first five.

FILE has the columns `text` and `category` (banking77: 10 003 questions of bank customers in 77 kinds). Every tenth row
is asked, the others are the stock: loaded as closed incidents into a database of its own, which is dropped afterwards.
Ours is `search.similar.most_alike`; beside it stands PostgreSQL's full text alone, any word, by `ts_rank`, in the same
database and split. Needs DATABASE_URL of a server where databases may be made.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

import django

DATABASE = "bench_similar"
FIRST = 5
_BASELINE = """
    SELECT id FROM incidents_incident, to_tsquery('incidents_words', %s) AS asked
    WHERE to_tsvector('incidents_words'::regconfig, COALESCE(what_happened, '')) @@ asked
    ORDER BY ts_rank(to_tsvector('incidents_words'::regconfig, COALESCE(what_happened, '')), asked) DESC, id DESC
    LIMIT 5
"""
Find = Callable[[str], list[int]]


def main() -> int:
    """1 when ours is not better than the baseline."""
    parser = argparse.ArgumentParser(prog="python3 -m bench.similar", description=__doc__)
    parser.add_argument("file", type=Path, help="a CSV file with the columns text and category")
    rows = [(row["text"], row["category"]) for row in csv.DictReader(parser.parse_args().file.open(newline=""))]
    asked, stock = rows[::10], [row for at, row in enumerate(rows) if at % 10]
    with _Database():
        kinds = _load(stock)
        print(f"{len(asked)} asked of {len(stock)} in {len({kind for _text, kind in stock})} kinds")
        ours = _try("words by rarity, then letters", _ours(), asked, kinds)
        plain = _try("any word, ts_rank", _baseline, asked, kinds)
    return 0 if ours > plain else 1


class _Database:
    """One of our own beside the one that DATABASE_URL names, migrated; gone at the end."""

    def __enter__(self) -> None:
        from django.core.management import call_command
        from django.db import connection

        self.beside = connection.settings_dict["NAME"]
        self._run(
            f"DROP DATABASE IF EXISTS {DATABASE}", f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'"
        )
        self._turn_to(DATABASE)
        call_command("migrate", interactive=False, verbosity=0)

    def __exit__(self, *_error: object) -> None:
        self._turn_to(str(self.beside))
        self._run(f"DROP DATABASE {DATABASE}")

    def _run(self, *statements: str) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def _turn_to(self, name: str) -> None:
        from django.db import connection

        connection.close()
        connection.settings_dict["NAME"] = name


def _load(stock: Sequence[tuple[str, str]]) -> dict[int, str]:
    """The kind of each incident by its key."""
    from django.db import connection

    from incidents.actions.words import count_words
    from incidents.models import Category, Incident, Location, Staff

    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    place = Location.objects.create(name="Bank", time_zone="UTC", currency="USD", country="US", created_at=now)
    desk = Staff.objects.create_user("desk@example.org", None, name="Desk")
    category = Category.objects.order_by("pk")[0]
    made = Incident.objects.bulk_create(
        Incident(
            reference=f"R-2026-{number:05}",
            location=place,
            category=category,
            what_happened=text,
            severity=3,
            reported_at=now,
            created_at=now,
            logged_by=desk,
            assignee=desk,
            stage="closed",
            closed_at=now,
            close_reason="recovered",
            submit_key=uuid4(),
        )
        for number, (text, _kind) in enumerate(stock, 1)
    )
    count_words()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE incidents_incident")
    return {incident.pk: kind for incident, (_text, kind) in zip(made, stock, strict=True)}


def _ours() -> Find:
    from incidents.search.similar import most_alike

    return most_alike


def _baseline(text: str) -> list[int]:
    from django.db import connection

    from incidents.models.wording import words_in

    words = " | ".join(f"'{word}'" for word in dict.fromkeys(words_in(text)))
    with connection.cursor() as cursor:
        cursor.execute(_BASELINE, [words])
        return [pk for (pk,) in cursor.fetchall()]


def _try(name: str, find: Find, asked: Sequence[tuple[str, str]], kinds: dict[int, str]) -> float:
    """The share of what was asked with its kind among the first five."""
    times, first, among = [], 0, 0
    for text, kind in asked:
        began = time.perf_counter()
        found = [kinds[pk] for pk in find(text)[:FIRST]]
        times.append((time.perf_counter() - began) * 1000)
        first += kind in found[:1]
        among += kind in found
    share = among / len(asked)
    print(
        f"{name:32} hit@5 {share:.4f}  hit@1 {first / len(asked):.4f}  "
        f"median {statistics.median(times):.1f} ms  p95 {statistics.quantiles(times, n=20)[-1]:.1f} ms"
    )
    return share


if __name__ == "__main__":
    django.setup()
    sys.exit(main())
