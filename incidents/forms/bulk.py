"""What shall happen to many recoveries, and to whom they go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import RowField
from incidents.models import BulkAct, Staff

REFERENCE = re.compile(r"R-[0-9]{4}-[0-9]{5,9}", re.ASCII)
MOST_PICKED = 200


def picked_in(sent: QueryDict) -> list[str] | None:
    """The ticked references of an address, each once; what is none is left out. None when nothing was to be ticked.

    Ticks that nobody can read are none of them: without that the same address would name all there is.
    """
    if "pick" not in sent:
        return None
    return [one for one in dict.fromkeys(sent.getlist("pick")) if REFERENCE.fullmatch(one)][:MOST_PICKED]


class BulkForm(forms.Form):
    """The address may carry `act` and `to`; sending it needs them, and the key that makes sending twice harmless."""

    use_required_attribute = False

    act = forms.ChoiceField(
        label=_("What shall happen to them?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one.")),
    )
    to = RowField(label=_("To whom"), error_messages={"required": _("Choose to whom.")})
    submit_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": _("This page is too old to save. Reload it and try again.")},
    )

    def __init__(self, *args: Any, acts: Iterable[BulkAct], people: Iterable[Staff], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["act"].choices = [(act.value, act.label) for act in acts]  # type: ignore[attr-defined]
        self.fields["to"].offer(people, _("Choose"))  # type: ignore[attr-defined]
        self.fields["to"].required = not self.is_bound or self.data.get("act") == BulkAct.REASSIGN

    def clean_act(self) -> BulkAct:
        return BulkAct(self.cleaned_data["act"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("act") != BulkAct.REASSIGN:
            found["to"] = None
        return found

    @classmethod
    def asked(cls, sent: QueryDict, **offers: Any) -> tuple[BulkForm, BulkAct | None, Staff | None]:
        """The form as the address fills it in, and what it says; what nobody offered is left out.

        With `to`, even empty, the form itself was sent: then it says what is still to be chosen.
        """
        first = {"act": sent.get("act", ""), "to": sent.get("to", "")}
        form = cls(initial=first, **offers)
        acts = {value for value, _label in form.fields["act"].choices}  # type: ignore[attr-defined]
        act = BulkAct(form.initial["act"]) if form.initial["act"] in acts else None
        to: Staff | None = form.fields["to"].rows.get(first["to"])  # type: ignore[attr-defined]
        if "to" in sent and (act is None or (act == BulkAct.REASSIGN and to is None)):
            form = cls({**first, "submit_key": str(uuid4())}, **offers)
        return form, act, to
