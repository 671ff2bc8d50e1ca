"""What the Reminders page is asked for, and what becomes of mail that was on hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from incidents.forms.manage import Offered
from incidents.ladder import Kind


class DeliveryFilter(forms.Form):
    """Never refuses: `chosen()` is what can be understood of the address."""

    use_required_attribute = False

    def __init__(
        self,
        sent: QueryDict,
        *,
        what: Mapping[str, LazyText],
        states: Mapping[str, LazyText],
        places: tuple[Offered, ...],
    ) -> None:
        super().__init__()
        self.what, self.states = what, states
        every = ("", _("All"))
        self.fields["kind"] = forms.ChoiceField(label=_("About"), choices=[every, *Kind.choices], required=False)
        if len(places) > 1:
            offered = [(place.value, place.label) for place in places]
            self.fields["place"] = forms.ChoiceField(label=_("Location"), choices=[every, *offered], required=False)
        self.initial = {name: self._known(name, sent.get(name, "")) for name in self.fields}
        self.values: dict[str, str] = {
            "what": _one_of(what, sent.get("what", "")),
            "state": _one_of(states, sent.get("state", "")),
            **self.initial,
        }
        if self.values["what"] != next(iter(what)):
            self.values["kind"] = ""
            del self.fields["kind"]

    def _known(self, name: str, asked: str) -> str:
        field: Any = self.fields[name]
        return asked if any(str(value) == asked for value, _label in field.choices) else ""

    def chosen(self) -> dict[str, Any]:
        """The same as the page wants it."""
        return self.values | {"place": int(self.values.get("place") or 0)}

    def address(self, **instead: str) -> str:
        """This page's query string, with some parts changed; an empty one falls away."""
        query = QueryDict(mutable=True)
        first = {"what": next(iter(self.what)), "state": next(iter(self.states))}
        for name, value in {**self.values, **instead}.items():
            if value and first.get(name) != value:
                query[name] = value
        return f"?{query.urlencode()}"

    def chips(self) -> list[dict[str, str]]:
        """Each chosen filter with its words and the address of the list without it."""
        chips = []
        for name, field in self.fields.items():
            if value := self.values.get(name):
                labels = {str(key): str(label) for key, label in field.choices}  # type: ignore[attr-defined]
                chips.append({"label": labels[value], "url": self.address(**{name: ""})})
        return chips


def _one_of(offered: Mapping[str, LazyText], asked: str) -> str:
    return asked if asked in offered else next(iter(offered))


class RetryAllForm(forms.Form):
    what = forms.ChoiceField(choices=[("reminders", ""), ("mails", "")])
    state = forms.ChoiceField(choices=[("failed", ""), ("dead", "")])


class ReleaseForm(forms.Form):
    """What becomes of the mail that waited."""

    waiting = forms.ChoiceField(
        label=_("What becomes of the mail that waits?"),
        choices=[
            ("send", _("Send it, oldest first")),
            ("drop", _("Drop it: it went out before, or nobody needs it")),
        ],
        widget=forms.RadioSelect,
    )
