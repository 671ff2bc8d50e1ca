"""`python -m bench.alike FILE`: how well the product finds customers entered twice, and how fast among 20 000.

FILE is a Febrl data set: `rec_id` says which records are one person (`rec-7-org`, `rec-7-dup-0`). They are put into
an empty database as customers, the product's own job looks through them, and what it proposes is compared with the
truth. The social security number stands for the number with us; a date of birth is nothing we hold.
"""

from __future__ import annotations

import csv
import sys
import time
from itertools import combinations
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

NUMBER = 20_000
SAMPLE = 200
ADDRESS = ("street_number", "address_1", "address_2", "suburb", "postcode", "state")


def main() -> int:
    """Returns 1 when it finds less, or more wrongly, than it should."""
    if len(sys.argv) == 3 and sys.argv[1] == "inside":
        return inside(Path(sys.argv[2]))
    if len(sys.argv) != 2:
        print("usage: python -m bench.alike FILE", file=sys.stderr)
        return 2
    path = Path(sys.argv[1])
    if not path.is_file():
        print(f"Skipped: there is no {path}.")
        return 0
    from bench.arena import Arena
    from recovery.embedded.place import Trouble

    try:
        with Arena() as arena:
            arena.postgres.ensure_database("bench_alike")
            print(arena.run("bench_alike", "bench.alike", "inside", str(path.resolve()), kind="local"), end="")
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def inside(path: Path) -> int:
    """The same where Django knows the database, which has no customers yet."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from incidents.access import Role
    from incidents.models import Customer, Staff

    call_command("migrate", interactive=False, verbosity=0)
    if Customer.objects.exists():
        print("The database has customers: this bench wants an empty one.", file=sys.stderr)
        return 1
    now = timezone.now()
    by = Staff.objects.create_user("bench@example.com", "bench-only-password", name="Bench", role=Role.ADMINISTRATOR)
    truth = _load(path, now)
    found, seconds = _look(by, now)
    right = len(found & truth)
    precision, recall = right / len(found) if found else 0.0, right / len(truth)
    print(f"{path.name}: {Customer.objects.count()} records, {len(truth)} pairs; proposed {len(found)}")
    print(f"precision {precision:.3f}, recall {recall:.3f}; looked through in {seconds:.1f} s")
    _crowd(now)
    _time(by, now)
    return 0 if precision >= 0.99 and recall >= 0.97 else 1


def _load(path: Path, now: Any) -> set[tuple[int, int]]:
    """One customer a record; the pairs that are one person."""
    from incidents.models import Customer

    same: dict[str, list[int]] = {}
    with path.open(newline="") as file:
        rows = csv.reader(file)
        names = [name.strip() for name in next(rows)]
        for cells in rows:
            row = dict(zip(names, (cell.strip() for cell in cells), strict=True))
            customer = Customer.objects.create(
                name=f"{row['given_name']} {row['surname']}".strip(),
                address=" ".join(row[part] for part in ADDRESS if row[part]),
                loyalty_number=row["soc_sec_id"],
                created_at=now,
            )
            same.setdefault(row["rec_id"].split("-")[1], []).append(customer.pk)
    return {pair for pks in same.values() for pair in combinations(sorted(pks), 2)}


def _look(by: Any, now: Any) -> tuple[set[tuple[int, int]], float]:
    """What the product's job proposes, and how long it took."""
    from uuid import uuid4

    from incidents.actions import jobs, resemblances
    from incidents.models import Resemblance

    _analyze()
    job = resemblances.ask_to_look(by=by, now=now, submit_key=uuid4())
    began = time.monotonic()
    while not job.is_over:
        jobs.work()
        job.refresh_from_db()
    return set(Resemblance.objects.values_list("first", "second")), time.monotonic() - began


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _crowd(now: Any) -> None:
    """As many more customers as make 20 000, most with a telephone, half with an e-mail, a third with an address."""
    from incidents.demo.generate.names import full_name, phone
    from incidents.models import ContactPoint, Customer
    from incidents.models.base import sort_key

    chance = Random(7)  # noqa: S311  the same crowd every time
    missing = NUMBER - Customer.objects.count()
    rows = []
    for _number in range(missing):
        name = full_name(chance)
        address = f"{chance.randint(1, 400)} {full_name(chance)} Street {chance.randint(10_000, 99_999)}"
        where = address if chance.random() < 1 / 3 else ""
        rows.append(Customer(name=name, sort_name=sort_key(name), address=where, created_at=now))
    Customer.objects.bulk_create(rows, batch_size=2_000)
    points = []
    for number, customer in enumerate(rows):
        if chance.random() < 0.9:
            typed, dialled = phone(chance, "US")
            points.append(
                ContactPoint(customer=customer, kind="phone", value=typed, normalized=dialled, created_at=now)
            )
        if chance.random() < 0.5:
            mail = f"{sort_key(customer.name).replace(' ', '.')}{number}@example.org"
            way = {"kind": "email", "value": mail, "normalized": mail}
            points.append(ContactPoint(customer=customer, created_at=now, **way))
    ContactPoint.objects.bulk_create(points, batch_size=2_000)


def _time(by: Any, now: Any) -> None:
    from incidents import search
    from incidents.actions.resemblances import look_again
    from incidents.models import ContactPoint, Customer

    _found, seconds = _look(by, now)
    print(f"{Customer.objects.count()} customers: all looked through in {seconds:.1f} s")
    known = list(ContactPoint.objects.filter(kind="phone").select_related("customer").order_by("id")[:SAMPLE])
    for words, what in (
        ("typing a name", lambda point: search.resembling(staff=by, country="US", name=point.customer.name)),
        (
            "typing a name and a phone",
            lambda point: search.resembling(staff=by, country="US", name=point.customer.name, phone=point.value),
        ),
        ("checking one that was added or changed", lambda point: look_again([point.customer_id], now=now)),
        ("typeahead, a part of a phone", lambda point: search.suggest_customers(point.normalized[-7:], staff=by)),
        ("typeahead, a name", lambda point: search.suggest_customers(point.customer.name[:5], staff=by)),
    ):
        took = []
        for point in known:
            began = time.perf_counter()
            what(point)
            took.append((time.perf_counter() - began) * 1000)
        print(f"{words}: median {median(took):.1f} ms, p95 {quantiles(took, n=20)[-1]:.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
