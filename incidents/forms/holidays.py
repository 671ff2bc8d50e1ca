"""Whose public holidays a place keeps, and its own closed days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.catalogue.base import CatalogueForm, Difference, NameField, version_field
from incidents.forms.fields import DayInput
from incidents.models import Location
from incidents.models.base import SHORT
from incidents.models.regions import MOST_CODE, countries, parts_of, region_words, split
from incidents.models.values import parse_day

OPEN, CLOSED, USUAL = "open", "closed", "usual"
MOST_DAYS, OLDEST = 366, dt.timedelta(days=31)


class RegionForm(CatalogueForm):
    """Whose public holidays: a country, and a part of it. Another country brings its own parts."""

    version = version_field()
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    part = forms.CharField(label=gettext_lazy("Part of the country"), required=False, max_length=MOST_CODE)

    def __init__(self, data: Any = None, *, region: str, version: int, chosen: str | None = None) -> None:
        """`chosen`: the country that somebody looks at, its parts not chosen yet."""
        self.saved_country, part = split(region)
        country = self.saved_country if chosen is None else chosen
        super().__init__(data, initial={"version": version, "country": country, "part": part})
        names: Any = self.fields["country"]
        names.choices = [("", _("No public holidays")), *countries().items()]
        names.widget.attrs["class"] = "form-select"
        shown = str(self["country"].value() or "")
        self.parts = parts_of(shown)
        choices = [("", _("The whole country")), *self.parts.items()]
        self.fields["part"].widget = forms.Select(attrs={"class": "form-select"}, choices=choices)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        country, part = data.get("country", ""), data.get("part", "")
        if part and part not in parts_of(country):
            if country == self.saved_country:
                self.add_error("part", _("Choose a part of this country."))
            data["part"] = ""  # of the country that was shown before
        return data

    def region(self) -> str:
        country, part = self.cleaned_data["country"], self.cleaned_data["part"]
        return f"{country}-{part}" if part else str(country)

    def both_versions(self, now: Location) -> list[Difference]:
        return [(_("Public holidays"), region_words(now.holiday_region), region_words(self.region()))]


class DayForm(forms.Form):
    """One tap: closed or open as usual on that day, or a day like any other again."""

    date = forms.CharField(max_length=10)
    how = forms.ChoiceField(choices=[(OPEN, OPEN), (CLOSED, CLOSED), (USUAL, USUAL)])
    until = forms.CharField(max_length=10, required=False)

    def clean_date(self) -> dt.date:
        return parse_day(self.cleaned_data["date"])

    def clean_until(self) -> dt.date | None:
        return parse_day(self.cleaned_data["until"]) if self.cleaned_data["until"] else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("date"), data.get("until")
        if first and last and not 0 <= (last - first).days < MOST_DAYS:
            raise ValidationError(_("The last day comes after the first, within a year."))
        return data


class ClosedDaysForm(CatalogueForm):
    """Days on which the place is closed: what for, from when, until when."""

    name = NameField(label=gettext_lazy("What for"), max_length=SHORT)
    date = forms.CharField(label=gettext_lazy("First day"), max_length=10, widget=DayInput())
    until = forms.CharField(
        label=gettext_lazy("Last day"),
        max_length=10,
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Leave it empty for a single day."),
    )

    def __init__(self, data: Any = None, *, today: dt.date) -> None:
        super().__init__(data)
        self.today = today

    def clean_date(self) -> dt.date:
        day = parse_day(self.cleaned_data["date"])
        if day < self.today - OLDEST:
            raise ValidationError(_("That is too long ago."))
        return day

    def clean_until(self) -> dt.date | None:
        return parse_day(self.cleaned_data["until"]) if self.cleaned_data["until"] else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("date"), data.get("until")
        if first and last and last < first:
            self.add_error("until", _("The last day comes after the first."))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("until", _("Keep it under a year."))
        return data
