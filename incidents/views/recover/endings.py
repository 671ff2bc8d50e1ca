"""Going back to the customer, closing, the second failure, and undoing."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from incidents.actions import change, endings, rounds, undo
from incidents.forms.desk import DeskForm
from incidents.models import Incident
from incidents.views.recover.page import DeskPage, act


@act
def go_back(page: DeskPage) -> HttpResponse:
    page.check()

    def said(fresh: Incident) -> str:
        return _("We go back to the customer. Next: %(step)s.") % {"step": fresh.get_stage_display()}

    return page.submit(page.form("go_back"), rounds.go_back, said, incident_id=page.incident.pk)


@act
def close(page: DeskPage) -> HttpResponse:
    page.check()

    def said(done: Incident) -> str:
        return _("Closed: %(why)s.") % {"why": done.get_close_reason_display()}

    return page.submit(page.form("close"), endings.close_incident, said, incident_id=page.incident.pk)


@act
def second_failure(page: DeskPage) -> HttpResponse:
    """We made it worse."""
    page.check()
    words = _("Written down. Let somebody else talk to them from here.")
    which = {"incident_id": page.incident.pk}
    return page.submit(page.form("second_failure"), change.note_second_failure, lambda done: words, **which)


@act
def drop_second_failure(page: DeskPage) -> HttpResponse:
    page.check()
    form = DeskForm(page.request.POST, choices=page.choices, name="drop")
    words = _("Taken back: we did not make it worse.")
    return page.submit(form, change.drop_second_failure, lambda done: words, incident_id=page.incident.pk)


@act
def undo_last(page: DeskPage) -> HttpResponse:
    page.check()
    return page.submit(page.form("undo"), undo.undo_last, lambda done: _("Undone."), incident_id=page.incident.pk)
