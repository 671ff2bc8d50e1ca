"""Rows that came inside another row are what they are when they are asked for by themselves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from incidents.models import Attempt, Draft, Remedy, Staff
from incidents.models.nested import as_json, columns_of, from_json
from incidents.story.gather import _CHILDREN

MODELS = sorted({model for model, _rows in _CHILDREN.values()} | {Draft}, key=lambda model: model.__name__)


def inside(rows: Any, *beside: str) -> Any:
    """`rows` as they come beside somebody."""
    [found] = Staff.objects.order_by("pk")[:1].annotate(found=as_json(rows, *beside)).values_list("found", flat=True)
    return found


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@pytest.mark.usefixtures("world")
def test_every_column_is_as_it_is(model: type[Any]) -> None:
    asked = list(model.objects.order_by("pk"))
    assert asked, "the world has none of it"
    read = from_json(model, inside(model.objects.order_by("pk")))
    names = [column.attname for column in columns_of(model)]
    assert [[getattr(row, name) for name in names] for row in read] == [
        [getattr(row, name) for name in names] for row in asked
    ]
    for row in read:
        assert row == model.objects.get(pk=row.pk)
        assert row.get_deferred_fields() == {name for name in ("submit_key",) if hasattr(model, name)}


@pytest.mark.usefixtures("world")
def test_none_are_none() -> None:
    assert from_json(Remedy, inside(Remedy.objects.none())) == []
    assert from_json(Remedy, inside(Remedy.objects.filter(pk=-1))) == []


@pytest.mark.usefixtures("world")
def test_amounts_keep_their_cents() -> None:
    Remedy.objects.update(estimated_amount=Decimal("1234567.89"))
    [read, *_rest] = from_json(Remedy, inside(Remedy.objects.order_by("pk")))
    assert read.estimated_amount == Decimal("1234567.89")


@pytest.mark.usefixtures("world")
def test_what_stands_beside_comes_after_the_columns() -> None:
    rows = Attempt.objects.order_by("pk")
    found = inside(rows, "by__name", "by__email")
    assert [row[-2:] for row in found] == [[each.by.name, each.by.email] for each in rows.select_related("by")]
    assert from_json(Attempt, found) == list(rows)
