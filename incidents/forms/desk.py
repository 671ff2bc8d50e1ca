"""What every form of the incident page shares: its key, its clock, the rows it may choose from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from incidents.forms.fields import MomentInput
from incidents.models import ContactPoint, Incident, Remedy, RemedyType, Staff
from incidents.models.values import UNPRINTABLE, parse_moment
from incidents.vocabulary import CloseReason

# Clocks of desks differ a little: this far ahead still counts as now.
TOLERANCE = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Choices:
    """What the page has already read, so that no form asks the database again."""

    incident: Incident
    staff: Staff
    now: dt.datetime
    people: tuple[Staff, ...] = ()
    types: tuple[RemedyType, ...] = ()
    pending: tuple[Remedy, ...] = ()
    delivered: tuple[Remedy, ...] = ()
    unreplaced: tuple[Remedy, ...] = ()
    contacts: tuple[ContactPoint, ...] = ()  # those that nobody found to be wrong
    # Of what one form alone asks: called when that form is on the page, which it mostly is not.
    # What the list of types says of each besides its name: data attributes by the type's key.
    told_of_types: Callable[[], Mapping[str, dict[str, str]]] = dict
    # Each ending, with None when this person may choose it now, else the words why not.
    endings: Callable[[], Mapping[CloseReason, LazyText | str | None]] = dict

    @property
    def zone(self) -> dt.tzinfo:
        return self.incident.location.zone

    @property
    def currency(self) -> str:
        return self.incident.location.currency

    @property
    def now_local(self) -> str:
        """The place's wall clock, as a datetime-local input has it."""
        return self.now.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")


class WordsField(forms.CharField):
    """Free words: bounded, trimmed, nothing unprintable."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).replace("\r\n", "\n")
        if UNPRINTABLE.search(text):
            raise ValidationError(_("That contains characters nobody can read."))
        return text


class StoryField(WordsField):
    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class RowField(forms.ChoiceField):
    """One of some rows at hand; cleans to the row itself, or None."""

    rows: dict[str, Model]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = {}

    def offer(
        self, rows: Iterable[Model], empty: LazyText | str | None = None, *, choices: list[Any] | None = None
    ) -> None:
        """`choices`: the rows in groups; else one after the other, below `empty`."""
        self.rows = {str(row.pk): row for row in rows}
        blank = [] if empty is None else [("", empty)]
        self.choices = choices or [*blank, *((pk, str(row)) for pk, row in self.rows.items())]

    def clean(self, value: Any) -> Any:
        return self.rows.get(super().clean(value))


class MomentField(forms.CharField):
    """A day and time of the incident's place, as an instant. The form sets `zone`."""

    zone: dt.tzinfo = dt.UTC

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        self.is_past = past
        self.now: dt.datetime | None = None
        widget = MomentInput(attrs={"class": "form-control field-moment"})
        super().__init__(max_length=40, widget=widget, **kwargs)

    def clean(self, value: Any) -> dt.datetime | None:
        text = super().clean(value)
        if not text:
            return None
        moment = parse_moment(text, self.zone)
        if self.is_past and self.now and moment > self.now + TOLERANCE:
            raise ValidationError(_("That is still to come."))
        return moment


class DeskForm(forms.Form):
    """Asks and never writes. `auto_id` keeps the ids of several forms on one page apart.

    `typed_at`: when what stands in it was typed, where it is a draft that was not sent.
    """

    typed_at: dt.datetime | None = None

    def __init__(self, data: Any = None, *, choices: Choices, name: str = "", **kwargs: Any) -> None:
        self.desk = choices
        kwargs.setdefault("auto_id", f"{name or type(self).__name__.lower()}_%s")
        super().__init__(data, **kwargs)
        for field in self.fields.values():
            if isinstance(field, MomentField):
                field.zone, field.now = choices.zone, choices.now
        self.prepare()

    def prepare(self) -> None:
        """Fill what the fields may choose from."""

    def take_up(self, typed: Mapping[str, str], typed_at: dt.datetime) -> None:
        """What was typed before and not sent."""
        for name, field in self.fields.items():
            if name in typed and not field.widget.is_hidden:
                self.initial[name] = typed[name]
        self.typed_at = typed_at

    def catch_up(self, current: Any) -> None:
        """Somebody was faster and `current` is how it stands: what is hidden is renewed, what was typed stays."""

    @property
    def now_local(self) -> str:
        return self.desk.now_local


class CreatingForm(DeskForm):
    """Creates something: the key, made when the page was, makes a second submit harmless."""

    submit_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": _("This page is too old to save. Reload it and try again.")},
    )

    @property
    def spare_key(self) -> UUID:
        """A key for a second, one-tap form beside this one."""
        return uuid4()
