"""Waiting for the customer, and their answer."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from incidents.actions import waiting
from incidents.forms.desk import DeskForm
from incidents.models import Incident
from incidents.story import day_and_time
from incidents.views.recover.page import DeskPage, act


@act
def wait(page: DeskPage) -> HttpResponse:
    """Offering and delivering stand still until then."""
    page.check()

    def said(done: Incident) -> str:
        if done.waiting_until is None:
            return _("They have answered meanwhile.")
        when = day_and_time(done.waiting_until, done.location.zone)
        return _("We wait for them until %(when)s. We will remind you then.") % {"when": when}

    return page.submit(page.form("wait"), waiting.wait_for_customer, said, incident_id=page.incident.pk)


@act
def go_on(page: DeskPage) -> HttpResponse:
    """They answered."""
    page.check()
    form = DeskForm(page.request.POST, choices=page.choices, name="answered")
    words = _("They answered: the clocks run again.")
    return page.submit(form, waiting.go_on, lambda done: words, incident_id=page.incident.pk)
