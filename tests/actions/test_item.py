"""What it was about: the answer to a question that asks for it, as it is compared."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.actions.change import change_incident
from incidents.models import CategoryField, Incident
from incidents.models.values import named_in
from tests import make


def change(incident: Incident, cast: make.Cast, **changes: Any) -> str:
    fresh = make.fresh(incident)
    changed = change_incident(
        incident_id=fresh.pk, expected_version=fresh.version, by=cast.desk, now=make.NOW, **changes
    )
    return make.fresh(changed).item


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("room", {"place": "  Room   214 "}, "room 214"),
        ("defective", {"item": "Café Lamp"}, "cafe lamp"),
        ("wrong_item", {"ordered": "A3 paper", "received": "A4 paper"}, "a3 paper"),
        ("misfiled", {"found_in": "Green folder"}, ""),
        ("late", {"order_ref": "A 17"}, ""),
        ("room", {}, ""),
    ],
)
def test_written_when_it_is_logged(cast: make.Cast, kind: str, values: dict[str, str], expected: str) -> None:
    assert make.make_incident(cast.desk, category=kind, field_values=values).item == expected


def test_follows_the_facts(cast: make.Cast) -> None:
    incident = make.make_incident(cast.desk, field_values={"place": "Room 1"})
    assert change(incident, cast, remedy_sought="A word") == "room 1"
    assert change(incident, cast, field_values={"place": "Room 2"}) == "room 2"
    assert change(incident, cast, category=make.category("late"), field_values={}) == ""


def test_a_private_answer_is_no_item(cast: make.Cast) -> None:
    CategoryField.objects.filter(key="place", category__key="room").update(is_private=True)
    assert make.make_incident(cast.desk, private_values={"place": "Room 1"}).item == ""


def test_order_and_item_cost_one_question_together(cast: make.Cast, django_assert_num_queries: Any) -> None:
    kind = make.category("late")
    CategoryField.objects.filter(category=kind, key="promised_at").update(is_item=True)
    with django_assert_num_queries(1):
        assert named_in(kind, {"order_ref": "A 17", "promised_at": "Noon"}) == ("A17", "noon")
