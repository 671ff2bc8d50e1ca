"""What the page that finds everything is asked for: read from the address, strangers' values left out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from incidents.forms.manage import OffersAll
from incidents.models.base import SHORT

WHEN = {"7": _("Last 7 days"), "30": _("Last 30 days"), "365": _("Last 12 months")}
STATES = {"open": _("Open"), "closed": _("Closed")}


class SearchForm(forms.Form):
    """Never refuses: `narrowed()` is what can be understood of the address, None when nothing was chosen."""

    use_required_attribute = False

    q = forms.CharField(label=_("Search"), max_length=SHORT, required=False)
    state = forms.ChoiceField(label=_("Open or closed"), required=False)
    when = forms.ChoiceField(label=_("When"), required=False)
    category = forms.ChoiceField(label=_("What kind of mistake"), required=False)
    location = forms.ChoiceField(label=_("Location"), required=False)

    def __init__(self, sent: QueryDict, *, offers: OffersAll) -> None:
        self.sent = sent
        super().__init__()
        self._offer("state", STATES.items())
        self._offer("when", WHEN.items())
        self._offer("category", ((o.value, o.label) for o in offers.categories))
        self._offer("location", ((o.value, o.label) for o in offers.locations))
        if len(offers.locations) < 2:
            del self.fields["location"]
        self.chosen = {name: value for name in self.fields if name != "q" and (value := self._known(name))}
        self.words = " ".join(sent.get("q", "").replace("\x00", " ").split())[:SHORT]
        self.initial = {**self.chosen, "q": self.words}

    def _offer(self, name: str, choices: Any) -> None:
        field: Any = self.fields[name]
        field.choices = [("", _("All")), *choices]
        field.widget.attrs["class"] = "form-select"

    def _known(self, name: str) -> str:
        field: Any = self.fields[name]
        sent = self.sent.get(name, "")
        return sent if any(sent == str(value) for value, _label in field.choices) else ""

    def narrowed(self) -> dict[str, Any] | None:
        if not self.chosen:
            return None
        location, days, state = (self.chosen.get(name, "") for name in ("location", "when", "state"))
        return {
            "location": int(location) if location else None,
            "category": self.chosen.get("category", ""),
            "days": int(days) if days else None,
            "is_open": state == "open" if state else None,
        }

    def address(self, **instead: str) -> str:
        """This search's query string with some parts changed; nothing takes a part out."""
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in {"q": self.words, **self.chosen, **instead}.items() if value})
        return f"?{query.urlencode()}"

    def chips(self) -> list[dict[str, str]]:
        """Each chosen filter with its words and the address without it."""
        return [{"label": self._label(name), "url": self.address(**{name: ""})} for name in self.chosen]

    def _label(self, name: str) -> str:
        field: Any = self.fields[name]
        return str(next(label for value, label in field.choices if str(value) == self.chosen[name]))

    def list_address(self) -> str:
        """The same in the list of recoveries, which has no days to choose from."""
        query = QueryDict(mutable=True)
        named = {name: value for name, value in self.chosen.items() if name in ("category", "location")}
        query.update({"q": self.words, **named} | ({"view": "closed"} if self.chosen.get("state") == "closed" else {}))
        return f"?{query.urlencode()}"
