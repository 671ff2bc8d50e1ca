"""With a few thousand incidents and fresh statistics, no everyday page reads the whole incident table."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.demo.generate import generate
from incidents.models import Customer, Incident
from tests import make

MANY = 4000
SLICE_OF_ALL = (
    "/incidents/",
    "/incidents/?view=closed",
    "/calls/",
    "/calls/?who=everyone",
    "/",
    "/customers/suggest/?q=ma",
)


def whole(plan: dict[str, Any]) -> bool:
    """Whether the incident table is read from end to end anywhere in the plan."""
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] == "incidents_incident":
        return True
    return any(whole(inner) for inner in plan.get("Plans", ()))


def explained(client: Client, address: str) -> list[str]:
    """The statements behind the page that read the whole table."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    found = []
    for query in asked.captured_queries:
        if query["sql"].lstrip("(").startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {query['sql']}")
                (told,) = cursor.fetchone()
            if whole((json.loads(told) if isinstance(told, str) else told)[0]["Plan"]):
                found.append(query["sql"])
    return found


@pytest.mark.slow
def test_pages_read_along_indexes(cast: make.Cast) -> None:
    generate(count=MANY, as_of=timezone.now(), seed=3)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    some = Incident.objects.visible_to(cast.desk).filter(is_restricted=False).open().earliest("pk")
    of_one = (some.get_absolute_url(), f"/customers/{Customer.objects.earliest('pk').pk}/")
    for person in (cast.desk, cast.manager):
        client = Client()
        client.force_login(person)
        for address in (*SLICE_OF_ALL, *of_one):
            assert explained(client, address) == [], f"{person.role} {address}"


def test_the_check_sees_a_table_read_whole(cast: make.Cast) -> None:
    """The control: a question no index answers."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) SELECT max(version) FROM incidents_incident")
        (told,) = cursor.fetchone()
    assert whole((json.loads(told) if isinstance(told, str) else told)[0]["Plan"])
