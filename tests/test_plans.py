"""With a few thousand incidents and fresh statistics, no everyday page reads a whole table that grows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from bench.plans import plan_of
from incidents.actions.words import count_words
from incidents.demo.generate import generate
from incidents.models import Customer, Incident
from tests import make

MANY = 4000
GROWING = {f"incidents_{name}" for name in ("incident", "round", "followup", "remedy", "event")}
SLICE_OF_ALL = (
    "/incidents/",
    "/incidents/?view=closed",
    "/calls/",
    "/calls/?who=everyone",
    "/",
    "/customers/suggest/?q=ma",
    "/incidents/?severity=major&stage=remedy",
    "/incidents/?view=unhappy",
    "/board/?view=all",
    "/board/?view=unhappy&severity=major&n_remedy=60",
    "/board/?view=all&q=cold+shower",
    *(f"/board/?view=all&as=table&sort={sort}" for sort in ("due", "-reported", "severity", "customer", "-given")),
    "/notices/",
    "/search/?q=shower",  # in many stories
    "/search/?q=whirlpool",  # in none: what is mended, and names that resemble it
    "/search/?q=breakfst+room",
    "/search/?q=R-2026-00042",
    "/search/?q=5550",
    "/search/?q=cold&state=closed&when=30",
    "/incidents/?q=cold+shower",
    "/incidents/?q=AB1234",
    *(f"/incidents/?{each}" for each in ("unhappy=1", "key=1", "call=today", "quiet=48", "round=2", "reported=7")),
    *(f"/incidents/?lacks={each}" for each in ("receipt", "approval", "apology", "call", "person")),
    *("/incidents/?review=to_review", "/incidents/?pattern=1"),
)


def whole(plan: dict[str, Any]) -> bool:
    """Whether a table that grows with the incidents is read from end to end anywhere in the plan."""
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] in GROWING and plan["Actual Loops"]:
        return True
    return any(whole(inner) for inner in plan.get("Plans", ()))


def explained(client: Client, address: str) -> list[str]:
    """The statements behind the page that read a whole table."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.get(address).status_code == 200
    reads = [each for each in asked if each[0].lstrip("(").startswith("SELECT")]
    return [sql for sql, params in reads if whole(plan_of(sql, params)["Plan"])]


@pytest.mark.slow
def test_pages_read_along_indexes(cast: make.Cast) -> None:
    generate(count=MANY, as_of=timezone.now(), seed=3)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    some = Incident.objects.visible_to(cast.desk).filter(is_restricted=False).open().earliest("pk")
    count_words()
    of_one = (
        some.get_absolute_url(),
        f"{some.get_absolute_url()}part/alike/",
        f"/customers/{Customer.objects.earliest('pk').pk}/",
    )
    for person in (cast.desk, cast.manager):
        client = Client()
        client.force_login(person)
        for address in (*SLICE_OF_ALL, *of_one):
            assert explained(client, address) == [], f"{person.role} {address}"


def test_the_check_sees_a_table_read_whole(cast: make.Cast) -> None:
    """The control: a question no index answers."""
    assert whole(plan_of("SELECT max(version) FROM incidents_incident", None)["Plan"])
