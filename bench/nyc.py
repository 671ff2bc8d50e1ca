"""`python -m bench.nyc FILE`: the figures over 4 495 real complaints, against the file itself and against plain SQL.

FILE is New York City's list of mediated consumer complaints. Each becomes an incident that is closed: restitution is
the amount of a remedy, satisfaction is the answer of the call back (Yes 5, No 1; NA and blank were not asked). Four
close before they start and stay as they are. Nothing of it is copied into the repository.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import sys
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
KINDS = {
    "B02": "price", "S02": "price", "R01": "agreement", "M01": "agreement", "B03": "agreement", "E01": "agreement",
    "N01": "late", "N02": "late", "D01": "defective", "D02": "defective", "Q01": "defective", "W01": "wrong_item",
}  # fmt: skip
SCORES = {"Yes": 5, "No": 1}
# What the readme of the file says about it.
KNOWN = {
    "rows": 4495,
    "restitution": Decimal("2454354.00"),
    "with_restitution": 1599,
    "largest": Decimal("132616.00"),
    "days_to_close": 32,
    "satisfied": 2430,
    "not_satisfied": 1402,
    "backwards": 4,
}


def main() -> int:
    """Returns 1 when anything differs."""
    if len(sys.argv) == 3 and sys.argv[1] == "inside":
        return inside(Path(sys.argv[2]))
    if len(sys.argv) != 2:
        print("usage: python -m bench.nyc FILE", file=sys.stderr)
        return 2
    path = Path(sys.argv[1])
    if not path.is_file():
        print(f"Skipped: there is no {path}.")
        return 0
    from bench.arena import Arena
    from recovery.embedded.place import Trouble

    try:
        with Arena() as arena:
            arena.postgres.ensure_database("bench_nyc")
            print(arena.run("bench_nyc", "bench.nyc", "inside", str(path.resolve()), kind="local"), end="")
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def inside(path: Path) -> int:
    """The same where Django knows the database, which has no incidents yet."""
    import django

    django.setup()
    from django.core.management import call_command

    from incidents.models import Incident

    call_command("migrate", interactive=False, verbosity=0)
    if Incident.objects.exists():
        print("The database has incidents: this bench wants an empty one.", file=sys.stderr)
        return 1
    wrong = check(path)
    print("\n".join(wrong) or "Equal to the row and the cent.")
    return 1 if wrong else 0


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [{name.strip(): cell.strip() for name, cell in row.items() if name} for row in csv.DictReader(file)]


def noon(words: str) -> dt.datetime:
    day = dt.datetime.strptime(words, "%m/%d/%Y")  # noqa: DTZ007 - the zone comes next
    return day.replace(hour=12, tzinfo=ZONE).astimezone(dt.UTC)  # an hour lost in spring counts


def known_of(rows: list[dict[str, str]]) -> dict[str, Any]:
    """The totals of the file, by Python alone."""
    paid = [Decimal(row["Restitution"]) for row in rows]
    days = [(noon(r["Mediation Close Date"]).date() - noon(r["Mediation Start Date"]).date()).days for r in rows]
    return {
        "rows": len(rows),
        "restitution": sum(paid),
        "with_restitution": sum(each > 0 for each in paid),
        "largest": max(paid),
        "days_to_close": median(days),
        "satisfied": sum(row["Satisfaction"] == "Yes" for row in rows),
        "not_satisfied": sum(row["Satisfaction"] == "No" for row in rows),
        "backwards": sum(day < 0 for day in days),
    }


def check(path: Path) -> list[str]:
    """Load it, count it, and say what differs: from the readme, from the file, from plain SQL."""
    from incidents.actions.fold import fold

    rows = rows_of(path)
    wrong = [f"{key}: {found}, not {KNOWN[key]}" for key, found in known_of(rows).items() if found != KNOWN[key]]
    by = load(rows)
    fold(budget=None)
    return [*wrong, *_against_file(by, rows), *_against_sql(by)]


def load(rows: list[dict[str, str]]) -> Any:
    """Incidents at one place; whoever logged them, an administrator."""
    from django.db import transaction

    from incidents.models import Business, Category, Location, RemedyType, Staff

    start = min(noon(row["Mediation Start Date"]) for row in rows)
    with transaction.atomic():
        Business.objects.get_or_create(defaults={"name": "City", "created_at": start})
        here = Location.objects.create(name="New York", time_zone=ZONE.key, currency="USD", created_at=start)
        by = Staff.objects.create_user("nyc@example.com", uuid4().hex, name="City", role="administrator")
        kinds = {each.key: each for each in Category.objects.all()}
        refund = RemedyType.objects.get(key="refund")
        lives = []
        for at, row in enumerate(rows, start=1):
            code = re.search(r"([A-Z][0-9]{2})$", row["Complaint Type"])
            kind = kinds[KINDS.get(code[1] if code else "", "other")]
            lives.append(_life(row, at, here=here, by=by, kind=kind, refund=refund))
        for each in zip(*lives, strict=True):  # what others point to comes first
            made = [one for one in each if one is not None]
            type(made[0]).objects.bulk_create(made)
    return by


def _life(row: dict[str, str], at: int, *, here: Any, by: Any, kind: Any, refund: Any) -> tuple[Any, ...]:
    """Incident, round, remedy, call, answer, closing and event; None for what there was not."""
    from incidents.models import Attempt, Closure, Event, FollowUp, Incident, Remedy, Round

    begun, ended = noon(row["Mediation Start Date"]), noon(row["Mediation Close Date"])
    score, paid = SCORES.get(row["Satisfaction"]), Decimal(row["Restitution"])
    reason = {5: "recovered", 1: "unresolved"}.get(score or 0, "withdrawn")
    new: dict[str, Any] = {"created_at": begun, "submit_key": uuid4()}
    incident = Incident(
        reference=f"NYC-{at}", location=here, category=kind, what_happened=row["Complaint Type"] or "Complaint",
        severity=3, reported_at=begun, logged_by=by, assignee=by, stage="closed", closed_at=ended, close_reason=reason,
        **new,
    )  # fmt: skip
    round_ = Round(incident=incident, number=1, reason="first", started_at=begun, started_by=by)
    of: dict[str, Any] = {"incident": incident, "round": round_}
    remedy = Remedy(
        **of, type=refund, assignee=by, state="delivered", currency="USD", actual_amount=paid, delivered_at=ended,
        created_by=by, **new,
    ) if paid else None  # fmt: skip
    outcome = "satisfied" if score == SCORES["Yes"] else "unhappy"
    call = answer = None
    if score:
        call = FollowUp(**of, assignee=by, due_at=ended, answered_at=ended, outcome=outcome, created_at=begun)
        answer = Attempt(follow_up=call, at=ended, by=by, outcome=outcome, score=score, submit_key=uuid4())
    closing = Closure(**of, reason=reason, closed_at=ended, closed_by=by)
    return incident, round_, remedy, call, answer, closing, Event(incident=incident, kind="logged", at=begun, by=by)


def _spans() -> list[tuple[dt.date, dt.date]]:
    """All of it, a year, and the months of that year."""
    months = [dt.date(2015, month, 1) for month in range(1, 13)] + [dt.date(2016, 1, 1)]
    return [
        (dt.date(2014, 10, 31), dt.date(2016, 4, 25)),
        (months[0], months[-1] - dt.timedelta(days=1)),
        *((a, b - dt.timedelta(days=1)) for a, b in pairwise(months)),
    ]


def _against_file(by: Any, rows: list[dict[str, str]]) -> list[str]:
    from incidents.reports.figures import figures
    from incidents.reports.scope import Scope

    wrong = []
    for start, end in _spans():
        inside = [row for row in rows if start <= noon(row["Mediation Start Date"]).date() <= end]
        found = figures(by, Scope(start, end), dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        paid = sorted(each for row in inside if (each := Decimal(row["Restitution"])))
        yes, no = (sum(row["Satisfaction"] == answer for row in inside) for answer in ("Yes", "No"))
        took = [
            (noon(row["Mediation Close Date"]) - noon(row["Mediation Start Date"])).total_seconds()
            for row in inside
            if row["Satisfaction"] == "Yes"
        ]
        expected = {
            "incidents": (len(inside), found["incidents"].n),
            "cost": ((sum(paid), len(paid)), (found["cost"].total, found["cost"].n)),
            "cost, the middle one": (Decimal(median(paid)).quantize(Decimal("0.01")), found["cost"].value),
            "satisfaction": ((yes, yes + no), (found["satisfaction"].hits, found["satisfaction"].n)),
            "recovered": ((yes, len(inside)), (found["recovered"].hits, found["recovered"].n)),
            "recovery time": ((median(took), len(took)), (found["recovery_time"].value, found["recovery_time"].n)),
        }
        wrong += [f"{start}: {key} {ours}, not {file}" for key, (file, ours) in expected.items() if file != ours]
    return wrong


def _against_sql(by: Any) -> list[str]:
    from django.db import connection

    from incidents.reports.figures import figures
    from incidents.reports.scope import Scope
    from tests.raw_figures import recompute

    now, wrong = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), []
    connection.ensure_connection()
    for start, end in _spans()[:4]:
        raw = recompute(connection.connection, staff=by.pk, start=start, end=end, now=now)
        for key, figure in figures(by, Scope(start, end), now).items():
            if key == "cost":
                same = raw[key] == {part.key: (part.n, part.total, part.value) for part in figure.parts}
            else:
                same = raw[key]["n"] == figure.n and (raw[key]["value"] or 0) == (figure.value or 0)
            wrong += [] if same else [f"{start}: {key} {figure}, not {raw[key]}"]
    return wrong


if __name__ == "__main__":
    sys.exit(main())
