"""Places: where, which clock, who gets what nobody has, what their meetings talk about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents.access import Role
from incidents.forms.fields import TimesField
from incidents.forms.keeping import KeepingForm
from incidents.forms.people import AddingForm, PlaceFields
from incidents.models import Location, Staff
from incidents.models.base import SHORT

TALKS_ABOUT = [
    ("", _("Every mistake while there are fewer than 20 a month, then the grave ones")),
    ("True", _("Every mistake, always")),
    ("False", _("Only grave ones, and what somebody adds")),
]


class LocationForm(KeepingForm, PlaceFields):
    """Change a location."""

    name = forms.CharField(label=_("Name"), max_length=SHORT)
    fallback_assignee = forms.ModelChoiceField(
        label=_("Who gets what nobody has"),
        queryset=Staff.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Someone who works there, or an administrator."),
    )
    shift_ends = TimesField(
        label=_("Shifts end at"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "placeholder": _("07:00, 15:00, 23:00")}),
        help_text=_(
            "What was handed over and not taken by then goes to the duty manager. Left empty: after eight hours."
        ),
    )
    reviews_all = forms.TypedChoiceField(
        label=_("What staff meetings talk about"),
        choices=TALKS_ABOUT,
        coerce=lambda chosen: chosen == "True",
        empty_value=None,
        required=False,
    )
    field_order = (
        "name",
        "time_zone",
        "currency",
        "country",
        "fallback_assignee",
        "shift_ends",
        "reviews_all",
        "version",
    )

    def __init__(self, *args: Any, changed: Location | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changed = changed
        people = Staff.objects.filter(is_active=True).order_by("sort_name")
        if changed is not None:
            own = people.filter(memberships__location=changed) | people.filter(role=Role.ADMINISTRATOR)
            people = own.distinct()
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
        self.fields["fallback_assignee"].queryset = people  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Location.objects.filter(name__iexact=name)
        if self.changed is not None:
            others = others.exclude(pk=self.changed.pk)
        if others.exists():
            raise ValidationError(_("Another location has this name."))
        return name

    def both_versions(self, now: Location) -> list[tuple[str, str, str]]:
        """(label, as saved now, as typed here) of what differs."""
        names = ("name", "time_zone", "currency", "country", "fallback_assignee", "shift_ends", "reviews_all")

        def words(name: str, value: object) -> str:
            if name == "reviews_all":
                return str(dict(TALKS_ABOUT)["" if value is None else str(value)])
            return str(self.fields[name].prepare_value(value) or "") if name == "shift_ends" else str(value or "")

        rows = (
            (str(self.fields[name].label), words(name, getattr(now, name)), words(name, self.cleaned_data[name]))
            for name in names
        )
        return [row for row in rows if row[1] != row[2]]


class NewLocationForm(AddingForm, LocationForm):
    """Add a location."""

    adds, known_by = Location, "name"
