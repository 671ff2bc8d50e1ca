"""What the list of recoveries is asked for: read from the address, strangers' values left out."""

from __future__ import annotations

from typing import Any, Protocol

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from incidents.models.base import SHORT
from incidents.vocabulary import Severity, Source, Stage

SEVERITIES: dict[str, int] = {severity.name.lower(): severity.value for severity in Severity}
OPEN_STAGES = [(stage.value, stage.label) for stage in Stage if stage != Stage.CLOSED]


class Offered(Protocol):
    @property
    def value(self) -> str: ...
    @property
    def label(self) -> str: ...


class OffersAll(Protocol):
    """What the reader may filter by."""

    @property
    def locations(self) -> tuple[Offered, ...]: ...
    @property
    def people(self) -> tuple[Offered, ...]: ...
    @property
    def categories(self) -> tuple[Offered, ...]: ...


class _Many(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: Any, choices: Any) -> None:
        super().__init__(label=label, choices=choices, required=False)


class FilterForm(forms.Form):
    """Never refuses: `chosen()` is what can be understood of the address."""

    use_required_attribute = False

    q = forms.CharField(label=_("Search"), max_length=SHORT, required=False)
    overdue = forms.BooleanField(
        label=_("Late only"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input", "value": "1"}),
    )

    def __init__(self, sent: QueryDict, *, offers: OffersAll, views: tuple[str, ...]) -> None:
        self.sent, self.views = sent, views
        super().__init__()
        everyone = [("me", _("Me")), *((who.value, who.label) for who in offers.people)]
        self.fields["severity"] = _Many(_("How bad"), [(s.name.lower(), s.label) for s in Severity])
        self.fields["stage"] = _Many(_("Next step"), OPEN_STAGES)
        self.fields["category"] = _Many(_("What kind of mistake"), [(o.value, o.label) for o in offers.categories])
        self.fields["source"] = _Many(_("How we learned of it"), Source.choices)
        self.fields["location"] = _Many(_("Location"), [(o.value, o.label) for o in offers.locations])
        self.fields["assignee"] = forms.MultipleChoiceField(
            label=_("Who has it"),
            choices=everyone,
            required=False,
            widget=forms.SelectMultiple(attrs={"size": 5, "class": "form-select"}),
        )
        if len(offers.locations) < 2 and not self._known("location"):
            del self.fields["location"]
        self._values = self._read()
        self.initial = self._values

    @property
    def view(self) -> str:
        asked = self.sent.get("view", "")
        return asked if asked in self.views else self.views[0]

    def values(self) -> dict[str, Any]:
        """As they stand in the address, field by field."""
        return dict(self._values)

    def _read(self) -> dict[str, Any]:
        words = " ".join(self.sent.get("q", "").split())[:SHORT]
        many = {name: self._known(name) for name in self.fields if name not in ("q", "overdue")}
        return {"q": words, "overdue": self.sent.get("overdue") == "1", **many}

    def _known(self, name: str) -> list[str]:
        field: Any = self.fields[name]
        sent = self.sent.getlist(name)
        return [str(value) for value, _label in field.choices if str(value) in sent] if sent else []

    def chosen(self) -> dict[str, Any]:
        """The same as the list wants it."""
        many = {name: tuple(value) for name, value in self.values().items() if isinstance(value, list)}
        severity = tuple(SEVERITIES[name] for name in many.pop("severity"))
        words = self.values()
        return {**many, "severity": severity, "view": self.view, "q": words["q"], "overdue": words["overdue"]}

    def address(self, **instead: Any) -> str:
        """This list's query string, with some parts changed; None takes a part out."""
        query = QueryDict(mutable=True)
        for name, value in {"view": self.view, **self.values(), **instead}.items():
            if value is True:
                query[name] = "1"
            elif isinstance(value, list | tuple):
                query.setlist(name, value)
            elif value and not (name == "view" and value == self.views[0]):
                query[name] = value
        return f"?{query.urlencode()}"

    def chips(self) -> list[dict[str, str]]:
        """Each chosen filter with its words and the address of the list without it."""
        chips = []
        for name, value in self.values().items():
            if isinstance(value, list):
                labels = {str(v): str(label) for v, label in self.fields[name].choices}  # type: ignore[attr-defined]
                for one in value:
                    rest = [other for other in value if other != one]
                    words = _("With: %(name)s") % {"name": labels[one]} if name == "assignee" else labels[one]
                    chips.append({"label": str(words), "url": self.address(**{name: rest})})
            elif value:
                said = _("“%(words)s”") % {"words": value} if name == "q" else self.fields[name].label
                chips.append({"label": str(said), "url": self.address(**{name: None})})
        return chips
