"""What every model file shares: bounds, money and the check constraints that hold them."""

from __future__ import annotations

import datetime as dt
import unicodedata
from functools import cache
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.lookups import Contains
from django.utils.encoding import force_str

EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
LATEST = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
SHORT = 120
LINE = 300
STORY = 4000


def within_bounds(model: str, *names: str, dates: tuple[str, ...] = ()) -> models.CheckConstraint:
    """Instants and days between 2000 and 2100; null passes."""
    held = models.Q()
    for name in names:
        held &= models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__gte": EARLIEST, f"{name}__lt": LATEST})
    for name in dates:
        held &= models.Q(**{f"{name}__isnull": True}) | models.Q(
            **{f"{name}__gte": EARLIEST.date(), f"{name}__lt": LATEST.date()}
        )
    return models.CheckConstraint(condition=held, name=f"{model}_dates_2000_to_2100")


def one_of(model: str, name: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """The column holds one of the declared choices."""
    return models.CheckConstraint(condition=models.Q(**{f"{name}__in": choices.values}), name=f"{model}_{name}_known")


def not_negative(model: str, *names: str) -> models.CheckConstraint:
    held = models.Q()
    for name in names:
        held &= models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__gte": 0})
    return models.CheckConstraint(condition=held, name=f"{model}_not_negative")


class Labelled:
    """A model whose `get_…_display()` does not list all choices anew each time: a page asks six times."""

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> Any:  # noqa: N802 - the name Django calls it by
        value = getattr(self, field.attname)
        return force_str(_labels(field).get(value, value), strings_only=True)


@cache
def _labels(field: models.Field[Any, Any]) -> dict[Any, Any]:
    return dict(field.flatchoices)


class MoneyField(models.DecimalField[Any, Any]):
    """An amount in the currency stored beside it; two decimals, never negative."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 10)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("validators", [MinValueValidator(0), MaxValueValidator(9_999_999)])
        super().__init__(**kwargs)


def sort_key(name: str) -> str:
    """`name` as it is sorted: no accents, no case (the database collation is C.UTF-8)."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))[:SHORT]


def number_key(number: str) -> str:
    """A number as it is compared: letters and digits only, capitals ("ab 12-34" is AB1234)."""
    plain = unicodedata.normalize("NFKD", number).upper()
    return "".join(c for c in plain if c.isalnum())[:SHORT]


@models.CharField.register_lookup
class Holds(Contains):
    """`holds`: contains, whatever the case. Django's `icontains` compares UPPER(…), which no index of ours has."""

    lookup_name = "holds"

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> Any:
        return super(Contains, self).process_lhs(compiler, connection, lhs)

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return f"ILIKE {rhs}"


class OneOf(models.Func):
    """Whether the first is in the second, an array: found before anything else is asked. An `IN` is asked last."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class Among(models.Func):
    """Whether the key is one of those that a text lists: `Among(F("pk"), Value("4,8,15"))`; one statement for any."""

    output_field = models.BooleanField()
    template = "%(expressions)s, ',')::bigint[])"
    arg_joiner = " = ANY (string_to_array("
