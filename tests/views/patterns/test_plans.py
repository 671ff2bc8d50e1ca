"""In a table of four years the pages of patterns read the months they compare, and no table from end to end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from bench.plans import plan_of
from incidents.actions import patterns as acts
from incidents.actions import watch
from incidents.demo.generate import generate
from incidents.models import Incident, PatternKind
from tests import make
from tests.test_plans import MANY, whole


def read_whole(act: Callable[[], Any]) -> list[str]:
    """The statements, also those that begin with a table of their own, that read a growing table from end to end."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    reads = [each for each in asked if each[0].lstrip(" \n(").startswith(("SELECT", "WITH"))]
    assert any("GROUPING SETS" in sql for sql, _params in reads)
    return [sql for sql, params in reads if whole(plan_of(sql, params)["Plan"])]


@pytest.mark.slow
def test_reads_go_along_indexes(cast: make.Cast) -> None:
    now = timezone.now()
    generate(count=MANY, as_of=now, seed=3)
    numbered = Incident.objects.annotate(rest=F("pk") % 4)
    numbered.exclude(rest=0).update(reported_at=F("reported_at") - 3 * 365 * make.DAY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    newest = Incident.objects.open().filter(location=cast.here).latest("reported_at")
    what: dict[str, Any] = {"kind": PatternKind.CATEGORY, "value": newest.category_id, "location": cast.here}
    pattern = acts.open_pattern(**what, days=28, by=cast.manager, now=now, submit_key=uuid4())
    look = f"/patterns/look/?kind=category&value={make.category().pk}&days=28"
    for person in (cast.manager, cast.owner):
        client = Client()
        client.force_login(person)
        for address in ("/patterns/", "/patterns/?days=7", look, pattern.get_absolute_url()):
            assert read_whole(partial(client.get, address)) == [], f"{person} {address}"
    assert read_whole(lambda: watch.watch_all(now=now)) == []
