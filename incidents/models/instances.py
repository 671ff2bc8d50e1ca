"""Instances from rows that were read, as `from_db` makes them, at a quarter of its cost: pages make hundreds.

Nobody listens for them to be made (`pre_init`, `post_init`), and what a row does not have stays deferred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.base import ModelState


def made(model: type[Model], names: Iterable[str], values: Iterable[Any]) -> Any:
    """One instance with `values` in the columns called `names`."""
    new = model.__new__(model)
    new._state = state = ModelState()  # noqa: SLF001 - Django documents _state
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    vars(new).update(zip(names, values, strict=True))
    return new


def tie(one: Model, relation: str, other: Model | None) -> None:
    """`other` is what `one` refers to: as a join would have left it, and nothing is written."""
    setattr(one, relation, other)


@dataclass(frozen=True)
class Shape:
    """What Django's compiler says of one model among the columns: where they stand, and what hangs on it."""

    model: type[Model]
    names: tuple[str, ...]
    begin: int
    end: int
    pk_at: int
    tie: Callable[[Any, Any], None]
    tie_back: Callable[[Any, Any], None]
    beside: tuple[Shape, ...]

    @classmethod
    def of(cls, found: dict[str, Any], select: Sequence[Any]) -> Shape:
        """`found` is a compiler's `klass_info`, or one of those in it."""
        begin, end = found["select_fields"][0], found["select_fields"][-1] + 1
        model = found["model"]
        names = tuple(column.target.attname for column, _sql, _alias in select[begin:end])
        return cls(
            model=model,
            names=names,
            begin=begin,
            end=end,
            pk_at=begin + names.index(model._meta.pk.attname),  # noqa: SLF001 - Django documents _meta
            tie=found.get("local_setter", _nothing),
            tie_back=found.get("remote_setter", _nothing),
            beside=tuple(cls.of(inner, select) for inner in found.get("related_klass_infos", ())),
        )

    def make(self, row: Sequence[Any], known: dict[tuple[int, Any], Any]) -> Any:
        """The instance and what hangs on it; None where a join found nothing.

        What hangs on several rows (their place, their kind, who has them) is made once: `known` is what there is.
        """
        if row[self.pk_at] is None:
            return None
        new = made(self.model, self.names, row[self.begin : self.end])
        for other in self.beside:
            key = other.pk_at, row[other.pk_at]
            related = known.get(key)
            if related is None:
                related = known[key] = other.make(row, known)
            other.tie(new, related)
            if related is not None:
                other.tie_back(related, new)
        return new


def _nothing(one: Any, other: Any) -> None:
    """The model that was asked for hangs on no other."""
