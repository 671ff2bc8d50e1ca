"""What the list of recoveries is asked for: read from the address, strangers' values left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from incidents.models import chosen as asked
from incidents.models.chosen import OPEN_STAGES, SEVERITIES, Offered, OffersAll, known_values, read_values

__all__ = ["OPEN_STAGES", "SEVERITIES", "FilterForm", "Offered", "OffersAll"]

ANY = ("", _("Any"))
LABELS = {
    "severity": _("How bad"),
    "stage": _("Next step"),
    "lacks": _("Still lacks"),
    "category": _("What kind of mistake"),
    "source": _("How we learned of it"),
    "location": _("Location"),
    "assignee": _("Who has it"),
}
SWITCH_LABELS = {
    "overdue": _("Late only"),
    "unhappy": _("Still unhappy"),
    "key": _("Key account"),
    "restricted": _("Restricted"),
}
ONCE_LABELS = {
    "call": _("Calls"),
    "quiet": _("Nothing happened"),
    "reported": _("Reported"),
    "round": _("Which try"),
    "review": _("Meeting"),
}


class _Many(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: Any, choices: Any) -> None:
        super().__init__(label=label, choices=choices, required=False)


def _switch(label: Any) -> forms.BooleanField:
    tick = forms.CheckboxInput(attrs={"class": "form-check-input", "value": "1"})
    return forms.BooleanField(label=label, required=False, widget=tick)


def _one(label: Any, choices: Any) -> forms.ChoiceField:
    drop = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=[ANY, *choices], required=False, widget=drop)


@dataclass(frozen=True)
class Panel:
    """All that the filters to choose from say: alike for everybody who is offered the same and chose the same."""

    locations: tuple[Offered, ...]
    people: tuple[Offered, ...]
    categories: tuple[Offered, ...]
    values: tuple[tuple[str, Any], ...]
    zone: str = ""  # nothing that is offered depends on it

    def form(self) -> forms.Form:
        return _PanelForm(self)


class _PanelForm(forms.Form):
    use_required_attribute = False

    def __init__(self, panel: Panel) -> None:
        super().__init__(initial=dict(panel.values))
        for name, known in known_values(panel).items():
            self.fields[name] = _Many(LABELS[name], known)
        self.fields["assignee"].widget = forms.SelectMultiple(attrs={"size": 5, "class": "form-select"})
        self.fields["assignee"].widget.choices = self.fields["assignee"].choices  # type: ignore[attr-defined]
        self.fields |= {name: _switch(label) for name, label in SWITCH_LABELS.items()}
        self.fields |= {name: _one(label, asked.ONCE[name]) for name, label in ONCE_LABELS.items()}
        if len(panel.locations) < 2 and not self.initial["location"]:
            del self.fields["location"]


class FilterForm:
    """Never refuses: `chosen()` is what can be understood of the address."""

    def __init__(self, sent: QueryDict, *, offers: OffersAll, views: tuple[str, ...]) -> None:
        self.sent, self.views, self.offers = sent, views, offers
        self.initial = self._values = read_values(sent, offers)

    @property
    def panel(self) -> Panel:
        offers = self.offers
        shown = tuple(
            (name, tuple(value) if isinstance(value, list) else value)
            for name, value in self._values.items()
            if name not in ("q", asked.PATTERN)
        )
        return Panel(tuple(offers.locations), tuple(offers.people), tuple(offers.categories), shown)

    @property
    def view(self) -> str:
        return asked.read_view(self.sent, self.views)

    def values(self) -> dict[str, Any]:
        """As they stand in the address, field by field."""
        return dict(self._values)

    def chosen(self) -> dict[str, Any]:
        """The same as the list wants it."""
        return asked.chosen_of(self.values(), view=self.view, zone=self.offers.zone)

    def address(self, **instead: Any) -> str:
        """This list as an address, with some parts changed; None takes one out. Never empty: that asks for another."""
        return self._address(instead) if instead else self._own_address

    @cached_property
    def _own_address(self) -> str:
        return self._address({})

    def _address(self, instead: dict[str, Any]) -> str:
        query = QueryDict(mutable=True)
        for name, value in {"view": self.view, **self.values(), **instead}.items():
            if value is True:
                query[name] = "1"
            elif isinstance(value, list | tuple):
                query.setlist(name, value)
            elif value and not (name == "view" and value == self.views[0]):
                query[name] = value
        return f"?{query.urlencode() or f'view={self.views[0]}'}"

    def chips(self) -> list[dict[str, str]]:
        """Each chosen filter with its words and the address of the list without it."""
        chips = []
        for name, value in self.values().items():
            if isinstance(value, list):
                labels = {str(v): str(label) for v, label in known_values(self.offers)[name]} if value else {}
                for one in value:
                    rest = [other for other in value if other != one]
                    said = SAID.get((name, one)) or PREFIXED.get(name, "%(name)s") % {
                        "name": labels.get(one) or GONE[name]
                    }
                    chips.append({"label": str(said), "url": self.address(**{name: rest})})
            elif value:
                chips.append({"label": self._words(name, value), "url": self.address(**{name: None})})
        return chips

    def _words(self, name: str, value: Any) -> str:
        if name == "q":
            return _("“%(words)s”") % {"words": value}
        if name == asked.PATTERN:
            return str(_("One pattern"))
        if name in asked.ONCE:
            return str(SAID.get((name, value)) or dict(asked.ONCE[name])[value])
        return str(SWITCH_LABELS[name])


# What a chip calls somebody or something that is not among the choices (any more).
GONE = {
    "assignee": _("somebody who is not among your people"),
    "location": _("A place that is not yours"),
    "category": _("A kind no longer in use"),
}
# What a chip says where the words of the choice would not do alone.
PREFIXED = {"assignee": _("With: %(name)s")}
SAID = {
    ("lacks", asked.RECEIPT): _("Waiting for a receipt"),
    ("lacks", asked.APPROVAL): _("Waiting for a yes"),
    ("lacks", asked.APOLOGY): _("No apology yet"),
    ("lacks", asked.CALL): _("To be called back"),
    ("lacks", asked.PERSON): _("Nobody is on it"),
    ("quiet", "24"): _("Nothing happened for 24 hours"),
    ("quiet", "48"): _("Nothing happened for 48 hours"),
    ("quiet", "168"): _("Nothing happened for a week"),
    ("reported", asked.TODAY): _("Reported today"),
    ("reported", "7"): _("Reported in the last 7 days"),
    ("reported", "30"): _("Reported in the last 30 days"),
    ("reported", "90"): _("Reported in the last 90 days"),
}
