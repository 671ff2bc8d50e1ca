"""Inputs: strictly read amounts, moments of a place's own clock, rows of a catalogue."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from incidents.models import values


class AmountField(forms.CharField):
    """Money of at least 0 with two decimals; None when left empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        return values.parse_money(text) if text else None


class RowIterator(ModelChoiceIterator):
    """The choices of a RowChoice, from the rows it has already read."""

    def __iter__(self) -> Iterator[Any]:
        field: Any = self.field
        return (self.choice(row) for row in field.in_order)


class RowChoice(forms.ModelChoiceField[Any]):
    """One row of a short catalogue, by its key. Reads the catalogue once: to ask and to check."""

    iterator = RowIterator
    read: Callable[[], list[Any]] | None = None
    sort: Callable[[list[Any]], list[Any]] | None = None

    def __init__(self, queryset: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(queryset, to_field_name="key", empty_label=None, **kwargs)

    def offer(self, read: Callable[[], list[Any]], sort: Callable[[list[Any]], list[Any]] | None = None) -> None:
        """The rows are what `read` finds, once somebody asks; shown as `sort` orders them."""
        self.read, self.sort = read, sort

    @cached_property
    def rows(self) -> list[Any]:
        return self.read() if self.read else list(self.queryset or ())

    @cached_property
    def in_order(self) -> list[Any]:
        return self.sort(self.rows) if self.sort else self.rows

    def row(self, key: object) -> Any:
        """The row with this key; None for anything else."""
        return next((row for row in self.rows if row.key == key), None)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if (row := self.row(value)) is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return row


class TypeSelect(forms.Select):
    """A list whose options say more of themselves: `told` has further attributes by value."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.told: dict[str, dict[str, str]] = {}

    def create_option(self, name: str, value: Any, *args: Any, **named: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **named)
        option["attrs"] |= self.told.get(str(value), {})
        return option


class NativeInput(forms.widgets.DateTimeBaseInput):
    """A day or a time as the browser asks for it: such an input has no `maxlength`."""

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs.pop("maxlength", None)
        return attrs


class DayInput(NativeInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(NativeInput):
    """A native day-and-time input. What it sends has no zone: the form knows whose clock it is."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class TimesField(forms.CharField):
    """Times of a day, as they are said one after the other: "07:00, 15:00, 23:00". In order, each once."""

    MOST = 12

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(f"{time:%H:%M}" for time in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[dt.time]:
        typed = [word for word in re.split(r"[,;\s]+", super().clean(value)) if word]
        found = {self._time(word) for word in typed}
        if len(found) > self.MOST:
            raise ValidationError(_("That is more than %(n)d times."), params={"n": self.MOST})
        return sorted(found)

    @staticmethod
    def _time(word: str) -> dt.time:
        parts = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})", word)
        if parts is None or int(parts[1]) > 23 or int(parts[2]) > 59:
            raise ValidationError(_("Write times like 07:00, 15:00, 23:00."))
        return dt.time(int(parts[1]), int(parts[2]))


class TimeOfDayInput(NativeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")
