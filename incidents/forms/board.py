"""How the board is looked at (read from the address), and to whom an incident goes by two taps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import DeskForm, RowField
from incidents.forms.keeping import KeepingForm
from incidents.models import Incident

COLUMNS, TABLE = LOOKS = ("columns", "table")
LONGEST_CURSOR = 600


class Look:
    """What the address says beside the filters; what cannot be understood is left out, never refused.

    `shown` and `after` are of the parts of columns: how many cards, and after which one they begin.
    """

    def __init__(self, sent: QueryDict, *, keys: tuple[str, ...], stages: tuple[str, ...], deepest: int) -> None:
        self.sent, self.deepest = sent, deepest
        self.look = TABLE if sent.get("as") == TABLE else COLUMNS
        self.sort = sent.get("sort", "")[:20]
        column = sent.get("col", "")
        self.column = column if column in stages else ""
        self.shown = {key: number for key in keys if (number := self._number(f"n_{key}"))}
        self.after = {key: text for key in keys if (text := self._cursor(f"after_{key}"))}

    def _number(self, name: str) -> int:
        text = self.sent.get(name, "")
        if not (text.isascii() and text.isdecimal() and len(text) < 4):
            return 0
        return min(int(text), self.deepest)

    def _cursor(self, name: str) -> str:
        text = self.sent.get(name, "")
        return text if len(text) <= LONGEST_CURSOR else ""

    @property
    def is_table(self) -> bool:
        return self.look == TABLE

    def depth_address(self, **instead: Any) -> str:
        """The part of the query string that says how far each column is shown, with some of it changed."""
        if not (instead or self.shown or self.after):
            return ""
        query = QueryDict(mutable=True)
        said: dict[str, Any] = {f"n_{key}": number for key, number in self.shown.items()}
        said |= {f"after_{key}": text for key, text in self.after.items()}
        for name, value in {**said, **instead}.items():
            if value:
                query[name] = value
        return query.urlencode()


class AssignForm(KeepingForm, DeskForm):
    """The button is the person. `expected_assignee` tells whether somebody handed it over in between."""

    to = RowField(
        error_messages={
            "required": _("Choose who gets it."),
            "invalid_choice": _("They cannot have this one. Choose somebody else."),
        }
    )
    expected_assignee = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**63 - 1)

    def prepare(self) -> None:
        self.fields["to"].offer(self.desk.people, "")  # type: ignore[attr-defined]
        self.initial.setdefault("expected_assignee", self.desk.incident.assignee_id)

    def catch_up(self, current: Incident) -> None:
        self.renew("expected_assignee", current.assignee_id)
