"""Going back to the customer, and closing."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from incidents.actions import endings, rounds
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
