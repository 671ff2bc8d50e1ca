"""What we do and give."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from incidents import story
from incidents.actions import remedies
from incidents.forms.recover.remedies import DeliverForm, EndRemedyForm
from incidents.models import Remedy
from incidents.views.recover.page import DeskPage, act


@act
def remedy(page: DeskPage) -> HttpResponse:
    page.check()

    def said(saved: Remedy) -> str:
        return _("Saved: %(what)s.") % {"what": saved}

    return page.submit(page.form("remedy"), remedies.add_remedy, said, incident_id=page.incident.pk)


@act
def deliver(page: DeskPage, pk: int) -> HttpResponse:
    found = story.find_remedy(page.incident, pk)
    page.check(found.assignee_id)
    form = DeliverForm(page.request.POST, choices=page.choices, remedy=found)

    def said(done: Remedy) -> str:
        return _("Delivered: %(what)s.") % {"what": done}

    return page.submit(form, remedies.deliver_remedy, said, remedy_id=pk)


@act
def end_remedy(page: DeskPage, pk: int) -> HttpResponse:
    page.check(story.find_remedy(page.incident, pk).assignee_id)
    form = EndRemedyForm(page.request.POST, choices=page.choices, name=f"end{pk}")
    return page.submit(form, remedies.end_remedy, lambda done: _("Noted. Say what takes its place."), remedy_id=pk)
