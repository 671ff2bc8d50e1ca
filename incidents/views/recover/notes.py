"""Notes."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from incidents.actions import notes
from incidents.views.recover.page import DeskPage, act


@act
def note(page: DeskPage) -> HttpResponse:
    page.check()
    return page.submit(page.form("note"), notes.add_note, lambda saved: _("Note added."), incident_id=page.incident.pk)
