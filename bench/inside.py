"""Run inside Django: `fill N` makes the incidents, `look` says what to open and what each page asks the database.

Each is a program of its own, because Django knows one database per process.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
import time
from collections import Counter
from typing import Any

import django

from bench.every import EVERY
from bench.finding import to_find
from bench.inboxes import fill_inboxes
from bench.learning import call_meetings, met

SAMPLE = 2000
WARM = 3  # how often a page is opened before its statements are timed
PASSWORD = "bench-only-password"  # noqa: S105  of a database that ends with the bench
SMALL = {"staff", "location", "membership", "category", "business", "remedytype", "heartbeat", "outboxhold", "concern"}
WORD = re.compile(r"[a-z]{5,}")


def fill(number: int) -> None:
    """Tables, a business, and `number` incidents up to now; fresh statistics."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from incidents.actions.fold import fold
    from incidents.actions.words import count_words
    from incidents.demo.cast import assemble
    from incidents.demo.generate import generate

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    began = time.monotonic()
    now = timezone.now()
    assemble(now)
    generate(count=number, as_of=now, seed=1)
    took = time.monotonic() - began
    call_meetings(now)
    fill_inboxes(now)
    count_words()
    fold(slice_size=10_000, budget=None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(json.dumps({"seconds": took}))


def look() -> None:
    """What there is to open, and what the pages ask; as JSON."""
    found = _facts()
    print(json.dumps({"facts": found, "pages": {page.name: _ask(page, found) for page in EVERY}}))


def due(number: int) -> None:
    """Put so many reminders on the table that are due now: promises on open incidents."""
    from django.utils import timezone

    from incidents.ladder import Rung, occurrence_of
    from incidents.models import Incident, PromiseMade, Reminder

    now = timezone.now()
    at = now - dt.timedelta(seconds=1)
    chosen = list(Incident.objects.open().filter(is_restricted=False).order_by("id")[:number])
    from uuid import uuid4

    promises = PromiseMade.objects.bulk_create(
        PromiseMade(
            incident=chosen[index % len(chosen)],
            what="A letter",
            assignee_id=chosen[index % len(chosen)].assignee_id,
            due_at=at,
            created_at=now - dt.timedelta(days=1),
            created_by_id=chosen[index % len(chosen)].assignee_id,
            submit_key=uuid4(),
        )
        for index in range(number)
    )
    Reminder.objects.bulk_create(
        Reminder(
            incident_id=promise.incident_id,
            kind="promise_due",
            subject_id=promise.pk,
            target_at=at,
            due_at=at,
            rung=1,
            occurrence=occurrence_of(at, Rung(dt.timedelta(0))),
        )
        for promise in promises
    )


def _facts() -> dict[str, Any]:
    from django.db.models import Count, Q

    from incidents.access import Role
    from incidents.models import Category, Customer, Incident, Location, Staff

    busy = Staff.objects.filter(is_active=True).annotate(
        places=Count("memberships", distinct=True),
        load=Count("incidents", filter=Q(incidents__closed_at__isnull=True), distinct=True),
    )
    people = {
        name: busy.filter(role=role).order_by("-places", "-load", "pk")[0]
        for name, role in (("manager", Role.MANAGER), ("desk", Role.FRONT_DESK))
    }
    for person in people.values():
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    seen = Incident.objects.visible_to(people["desk"]).filter(is_restricted=False, customer__isnull=False)
    some = seen.open().annotate(told=Count("events")).order_by("-told", "pk")[0]
    often = Customer.objects.annotate(n=Count("incidents")).order_by("-n", "pk")[0]
    return {
        "people": {name: person.email for name, person in people.items()},
        "incident": some.get_absolute_url(),
        "customer": f"/customers/{often.pk}/",
        "customer_id": often.pk,
        "category": Category.objects.filter(is_active=True).order_by("position")[0].key,
        "location": Location.objects.open_to(people["desk"])[0].pk,
        "open": Incident.objects.open().count(),
        "incidents": Incident.objects.count(),
        "customers": Customer.objects.count(),
        "staff": Staff.objects.count(),
        "letters": _mean_length(),
        **_words(),
        **to_find(),
        **met(people["manager"]),
    }


def _mean_length() -> int:
    from django.db.models import Avg
    from django.db.models.functions import Length

    from incidents.models import Incident

    found: float = Incident.objects.aggregate(mean=Avg(Length("what_happened")))["mean"]
    return round(found)


def _words() -> dict[str, str]:
    """A word of few stories and one of about a fifth; a name few have and two letters that many begin with."""
    from incidents.models import Customer, Incident

    stories = Incident.objects.order_by("-id").values_list("what_happened", flat=True)[:SAMPLE]
    counted = Counter(word for story in stories for word in set(WORD.findall(story)))
    names = list(Customer.objects.order_by("-id").values_list("sort_name", flat=True)[:SAMPLE])
    beginnings = Counter(name[:2] for name in names)
    return {
        "rare": min(counted, key=lambda word: (counted[word], word)),
        "common": min(counted, key=lambda word: (abs(counted[word] - len(stories) / 5), word)),
        "rare_name": min(Counter(name[:9] for name in names).items(), key=lambda pair: (pair[1], pair[0]))[0],
        "common_name": max(beginnings, key=lambda letters: (beginnings[letters], letters)),
    }


def _ask(page: Any, found: dict[str, Any]) -> dict[str, Any]:
    """One request in this process: number and time of statements, and the plan of each that reads."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from incidents.models import Staff

    client = Client(SERVER_NAME=settings.SITE_HOST)
    client.force_login(Staff.objects.get(email=found["people"][page.who]))
    address = page.at(found)
    for _turn in range(WARM):
        client.get(address, secure=True)
    asked: list[tuple[str, Any, float]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            asked.append((sql, params, time.perf_counter() - began))

    with connection.execute_wrapper(note):
        status = client.get(address, secure=True).status_code
    if status != page.status:
        raise SystemExit(f"{address} answered {status}")
    plans = [_plan(sql, params) for sql, params, _time in asked if sql.lstrip("(").startswith("SELECT")]
    return {
        "statements": len(asked),
        "milliseconds": sum(time for _sql, _params, time in asked) * 1000,
        "whole_table": any(plan["whole_table"] for plan in plans),
        "longest": max(plans, key=lambda plan: float(plan["cost"])),
    }


def _plan(sql: str, params: Any) -> dict[str, Any]:
    from bench.plans import plan_of

    top = plan_of(sql, params)
    nodes = list(_nodes(top["Plan"]))
    scans = [node for node in nodes if node.get("Relation Name") and node["Actual Loops"]]
    return {
        "cost": top["Plan"]["Total Cost"],
        "milliseconds": top["Execution Time"],
        "buffers": top["Plan"].get("Shared Hit Blocks", 0) + top["Plan"].get("Shared Read Blocks", 0),
        "whole_table": any(_is_whole(node) for node in nodes),
        "scans": [_told(node) for node in scans if _table_of(node) not in SMALL],
    }


def _is_whole(node: dict[str, Any]) -> bool:
    return bool(node["Node Type"] == "Seq Scan" and node["Relation Name"] == "incidents_incident")


def _nodes(plan: dict[str, Any]) -> Any:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


def _table_of(node: dict[str, Any]) -> str:
    name: str = node["Relation Name"]
    return name.removeprefix("incidents_")


def _told(node: dict[str, Any]) -> str:
    """ "Index Scan on incident by incident_open_by_due: 26 rows"."""
    bitmaps = [inner for inner in node.get("Plans", ()) if inner["Node Type"].startswith("Bitmap")]
    found = [each["Index Name"] for bitmap in bitmaps for each in _nodes(bitmap) if each.get("Index Name")]
    index = node.get("Index Name") or " and ".join(dict.fromkeys(found))
    rows = round(node["Actual Rows"] * node["Actual Loops"])
    return f"{node['Node Type']} on {_table_of(node)}{f' by {index}' if index else ''}: {rows} rows"


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "look":
        look()
    else:
        {"fill": fill, "due": due}[sys.argv[1]](int(sys.argv[2]))
