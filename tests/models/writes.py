"""Writing past every action, and what the database says to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

from django.db import IntegrityError, connection, models, transaction

from incidents.models import Closure, Incident
from tests.make import Cast

TOO_EARLY = dt.datetime(1999, 12, 31, 23, 59, tzinfo=dt.UTC)
TOO_LATE = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


class World(NamedTuple):
    cast: Cast
    incident: Incident
    closed: Incident


Write = Callable[[World], object]


def change(model: type[models.Model], **fields: Any) -> Write:
    """Write `fields` into one row, past every action."""

    def write(world: World) -> object:
        pk = model.objects.order_by("pk").values_list("pk", flat=True)[0]  # type: ignore[attr-defined]
        return model.objects.filter(pk=pk).update(**fields)  # type: ignore[attr-defined]

    return write


def change_open(**fields: Any) -> Write:
    return lambda world: Incident.objects.filter(pk=world.incident.pk).update(**fields)


def change_closed(**fields: Any) -> Write:
    return lambda world: Incident.objects.filter(pk=world.closed.pk).update(**fields)


def copy(model: type[models.Model], **over: Any) -> Write:
    """The same row once more."""

    def write(world: World) -> object:
        row = model.objects.order_by("pk")[0]  # type: ignore[attr-defined]
        row.pk = None
        for name, value in over.items():
            setattr(row, name, value() if callable(value) else value)
        row.save(force_insert=True)
        return row

    return write


def same_key(model: type[models.Model]) -> Write:
    """Two rows from one form."""
    return lambda world: model.objects.update(submit_key=uuid4())  # type: ignore[attr-defined]


def without(table: str, constraint: str, write: Write) -> Write:
    """Where two constraints refuse the same, what the other one says alone."""

    def alone(world: World) -> object:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        return write(world)

    return alone


def second_standing_closure(world: World) -> object:
    row = Closure.objects.get()
    row.pk = None
    row.save(force_insert=True)
    return row


def refusal(world: World, write: Write) -> str:
    """The name of the constraint that refused `write`, or what happened instead."""
    try:
        with transaction.atomic():
            write(world)
            transaction.set_rollback(True)
    except IntegrityError as error:
        return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", error))
    return "written"
