"""Every rule that can be a constraint is one: written past the actions, the database refuses it.

The rows are written by hand in broken.py; a constraint without a row there fails the test below.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from incidents.models import CategoryField
from tests.models.broken import BROKEN
from tests.models.writes import World, refusal


def test_the_database_refuses_each(world: World) -> None:
    said = [(name, position, refusal(world, write)) for position, (name, write) in enumerate(BROKEN)]
    assert [row for row in said if row[0] != row[2]] == []


def test_every_constraint_has_a_row() -> None:
    declared: set[str] = set()
    for model in apps.get_app_config("incidents").get_models():
        declared |= {constraint.name for constraint in model._meta.constraints}
        declared |= {
            f"{model._meta.db_table}_{field.column}_key"
            for field in model._meta.local_fields
            if field.unique and not field.primary_key
        }
    assert declared == {name for name, _write in BROKEN}


@pytest.mark.parametrize(
    ("kind", "minuend", "subtrahend"), [("text", "delay", None), ("difference", "promised_at", None)]
)
def test_only_a_difference_has_two_operands(db: None, kind: str, minuend: str, subtrahend: str | None) -> None:
    field = CategoryField.objects.get(category__key="late", key="order_ref")
    operand = CategoryField.objects.get(category__key="late", key=minuend)
    with pytest.raises(IntegrityError, match="categoryfield_difference_of_two"), transaction.atomic():
        CategoryField.objects.filter(pk=field.pk).update(kind=kind, minuend=operand, subtrahend=subtrahend)
