"""To whom all of somebody's work goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import RowField
from incidents.models import Staff


class HandAllForm(forms.Form):
    """The address may carry `to`; sending it needs that, and the key that makes sending twice harmless."""

    use_required_attribute = False

    to = RowField(
        label=_("To whom"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose to whom.")),
    )
    submit_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": _("This page is too old to save. Reload it and try again.")},
    )

    def __init__(self, *args: Any, people: Iterable[Staff], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["to"].offer(people, _("Choose"))  # type: ignore[attr-defined]

    @classmethod
    def asked(cls, sent: QueryDict, people: Iterable[Staff]) -> HandAllForm:
        """As the address fills it in. With `to`, even empty, it was sent: then it asks to whom."""
        to = sent.get("to", "")
        form = cls(initial={"to": to}, people=people)
        if "to" in sent and form.chosen is None:
            form = cls({"to": to, "submit_key": str(uuid4())}, people=people)
        return form

    @property
    def chosen(self) -> Staff | None:
        """Whom the address or the form names, when they are offered."""
        sent = self.data.get("to", "") if self.is_bound else self.initial.get("to", "")
        return self.fields["to"].rows.get(sent)  # type: ignore[attr-defined, no-any-return]
