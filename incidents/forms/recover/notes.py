"""Free words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import CreatingForm, StoryField
from incidents.models.base import STORY


class NoteForm(CreatingForm):
    words = StoryField(label=_("Note"), max_length=STORY, rows=2)
