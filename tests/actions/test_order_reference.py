"""The order, booking or invoice it is about: the answer to a question that asks for it, as it is compared."""

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
    return make.fresh(changed).order_reference


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("late", {"order_ref": "ab 12-34"}, "AB1234"),
        ("reservation", {"confirmation": "Nº 77/ü"}, "NO77U"),
        ("late", {"promised_at": "2026-03-04T09:00"}, ""),
        ("late", {"order_ref": " -- "}, ""),
        ("late", {}, ""),
        ("room", {"place": "AB1234"}, ""),
    ],
)
def test_written_when_it_is_logged(cast: make.Cast, kind: str, values: dict[str, str], expected: str) -> None:
    assert make.make_incident(cast.desk, category=kind, field_values=values).order_reference == expected


def test_follows_the_facts(cast: make.Cast) -> None:
    incident = make.make_incident(cast.desk, category="late", field_values={"order_ref": "A 17"})
    assert change(incident, cast, place="At the door") == "A17"
    assert change(incident, cast, field_values={"order_ref": "B 18"}) == "B18"
    assert change(incident, cast, category=make.category("room"), field_values={}) == ""
    assert change(incident, cast, category=make.category("late"), field_values={"order_ref": "C 19"}) == "C19"
    assert change(incident, cast, field_values={}) == ""


def test_a_retired_question_still_names_it(cast: make.Cast) -> None:
    incident = make.make_incident(cast.desk, category="late", field_values={"order_ref": "A 17"})
    old = CategoryField.objects.get(category__key="late", key="order_ref")
    CategoryField.objects.filter(pk=old.pk).update(is_active=False)
    CategoryField.objects.create(
        category=old.category, key="order_ref-2", name="Order", version=2, is_order=True, position=old.position
    )
    assert change(incident, cast, field_values={}) == "A17"
    assert change(incident, cast, field_values={"order_ref-2": "B 18"}) == "B18"


def test_a_private_answer_is_never_looked_for(cast: make.Cast) -> None:
    CategoryField.objects.filter(key="order_ref").update(is_private=True)
    incident = make.make_incident(cast.desk, category="late", private_values={"order_ref": "A 17"})
    assert incident.private_values == {"order_ref": "A 17"}
    assert incident.order_reference == ""


def test_no_answers_ask_nothing(cast: make.Cast, django_assert_num_queries: Any) -> None:
    kind = make.category("late")
    with django_assert_num_queries(0):
        assert named_in(kind, {}) == ("", "")
