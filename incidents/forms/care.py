"""How somebody is, and whom they would like to talk to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import DeskForm, RowField
from incidents.models import CareAnswer, Staff


class CareForm(forms.Form):
    """One tap; with *talk*, to whom."""

    use_required_attribute = False

    answer = forms.ChoiceField(
        choices=CareAnswer.choices, error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose an answer."))
    )
    talk_to = RowField(label=_("To whom"), error_messages={"required": _("Choose whom you would like to talk to.")})

    def __init__(self, *args: Any, people: Iterable[Staff], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "care_%s")
        super().__init__(*args, **kwargs)
        self.fields["talk_to"].offer(people, _("Choose"))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("answer") != CareAnswer.TALK:
            data["talk_to"] = None
            self.errors.pop("talk_to", None)
        return data


class WantsForm(forms.Form):
    """Whether to be asked at all."""

    wants = forms.TypedChoiceField(choices=(("yes", ""), ("no", "")), coerce=lambda sent: sent == "yes")


class ThinkOfForm(DeskForm):
    """After whom a manager asks."""

    to = RowField(label=_("Think of"))

    def prepare(self) -> None:
        others = [person for person in self.desk.people if person.pk != self.desk.staff.pk]
        self.fields["to"].offer(others, _("Choose"))  # type: ignore[attr-defined]
