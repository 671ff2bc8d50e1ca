"""The kinds in the order in which the place uses them; the same all day long."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from incidents.models import Category, Incident, usage
from incidents.models.usage import by_use
from tests import make

NEW = "/incidents/new/"


@pytest.fixture
def desk(cast: make.Cast, sign_in: Any) -> Any:
    return sign_in(cast.desk)


def tiles(client: Any) -> list[str]:
    form = client.get(NEW).context["form"]
    return [str(widget.data["value"]) for widget in form["category"]]


def log(by: Any, *keys: str, days: float = 2, **over: Any) -> list[Incident]:
    then = timezone.now() - dt.timedelta(days=days)
    return [make.make_incident(by, category=key, now=then, customer_hint="Somebody", **over) for key in keys]


def shipped() -> list[str]:
    return list(Category.objects.filter(is_active=True).order_by("position").values_list("key", flat=True))


def test_unused_they_stand_in_their_own_order(desk: Any) -> None:
    assert tiles(desk) == shipped()


def test_the_most_used_come_first_and_the_rest_keep_their_order(desk: Any, cast: make.Cast) -> None:
    log(cast.desk, "waiting", "waiting", "waiting", "room", "room")
    first, second, *rest = tiles(desk)
    assert (first, second) == ("waiting", "room")
    assert rest == [key for key in shipped() if key not in {"waiting", "room"}]


def test_something_else_stands_last_however_often_it_is_used(desk: Any, cast: make.Cast) -> None:
    log(cast.desk, "other", "other", "room")
    first, *_rest, last = tiles(desk)
    assert (first, last) == ("room", "other")


def test_they_do_not_jump_within_a_day(desk: Any, cast: make.Cast) -> None:
    log(cast.desk, "waiting")
    before = tiles(desk)
    log(cast.desk, "room", "room", "room")
    assert tiles(desk) == before
    usage.forget()
    assert tiles(desk) == before, "another process asks the first one's count"
    cache.clear()
    usage.forget()
    assert tiles(desk)[0] == "room"


def test_what_was_logged_today_counts_tomorrow(cast: make.Cast) -> None:
    now, kinds = timezone.now(), list(Category.objects.order_by("position"))
    make.make_incident(cast.desk, category="waiting", now=now)
    assert by_use(kinds, cast.here, now)[0].key != "waiting"
    assert by_use(kinds, cast.here, now + make.DAY)[0].key == "waiting"
    assert by_use(kinds, cast.here, now + 92 * make.DAY)[0].key != "waiting"


def test_other_places_and_restricted_ones_do_not_count(desk: Any, cast: make.Cast) -> None:
    log(cast.outsider, "waiting", "waiting")
    log(cast.manager, "safety", "safety")
    for hidden in log(cast.desk, "room", "room"):
        Incident.objects.filter(pk=hidden.pk).update(is_restricted=True)
    assert tiles(desk) == shipped()


def test_the_change_page_has_the_same_keys(desk: Any, cast: make.Cast) -> None:
    incident = log(cast.desk, "waiting")[0]
    form = desk.get(f"/incidents/{incident.reference}/change/").context["form"]
    assert next(iter(form["category"])).data["value"] == "waiting"


def test_once_a_day_a_query(cast: make.Cast, django_assert_num_queries: Any) -> None:
    kinds, now = list(Category.objects.all()), timezone.now()
    by_use(kinds, cast.here, now)
    with django_assert_num_queries(0):
        by_use(kinds, cast.here, now)
    usage.forget()
    with django_assert_num_queries(1):
        by_use(kinds, cast.here, now)
