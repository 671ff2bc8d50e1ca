"""To whom the incident goes, and what is said when it is given back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import DeskForm, RowField, StoryField
from incidents.forms.keeping import KeepingForm
from incidents.forms.recover.promise_too import PromiseToo
from incidents.models import Incident
from incidents.models.base import STORY


class HandOverForm(KeepingForm, PromiseToo):
    """`expected_assignee` tells whether somebody handed it over in between."""

    to = RowField(label=_("To whom"))
    note = StoryField(label=_("What they should know"), required=False, max_length=STORY, rows=2)
    expected_assignee = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**63 - 1)

    def prepare(self) -> None:
        others = [p for p in self.desk.people if p.pk != self.desk.incident.assignee_id]
        self.fields["to"].offer(others, _("Choose"))  # type: ignore[attr-defined]
        self.initial.setdefault("expected_assignee", self.desk.incident.assignee_id)

    def catch_up(self, current: Incident) -> None:
        self.renew("expected_assignee", current.assignee_id)


class GiveBackForm(DeskForm):
    note = StoryField(label=_("Why you give it back"), max_length=STORY, rows=2)
