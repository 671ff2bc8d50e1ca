"""To whom the incident goes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import DeskForm, RowField, StoryField
from incidents.models.base import STORY


class HandOverForm(DeskForm):
    to = RowField(label=_("To whom"))
    note = StoryField(label=_("What they should know"), required=False, max_length=STORY, rows=2)

    def prepare(self) -> None:
        others = [p for p in self.desk.people if p.pk != self.desk.incident.assignee_id]
        self.fields["to"].offer(others, _("Choose"))  # type: ignore[attr-defined]
