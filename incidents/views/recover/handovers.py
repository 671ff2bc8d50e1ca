"""The incident passed on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from incidents.actions import handovers
from incidents.forms.desk import DeskForm
from incidents.models import Incident
from incidents.views.recover.page import DeskPage, act


@act
def hand_over(page: DeskPage) -> HttpResponse:
    page.check()

    def said(done: Incident) -> str:
        return _("%(who)s has it now.") % {"who": done.assignee}

    answer = page.submit(page.form("hand_over"), handovers.hand_over, said, incident_id=page.incident.pk)
    return _or_the_list(page, answer)


def _or_the_list(page: DeskPage, answer: HttpResponse) -> HttpResponse:
    """Whoever gave away a restricted incident may not see it any more."""
    if answer.status_code == 302 and not Incident.objects.visible_to(page.staff).filter(pk=page.incident.pk).exists():
        messages.info(page.request, _("You no longer see it: it is restricted."))
        return redirect("incident-list")
    return answer


@act
def give_back(page: DeskPage) -> HttpResponse:
    """Said, with a word why, by whoever the incident was handed to."""
    page.check()

    def said(done: Incident) -> str:
        return _("%(who)s has it again, with your words.") % {"who": done.assignee}

    answer = page.submit(page.form("give_back"), handovers.return_handover, said, incident_id=page.incident.pk)
    return _or_the_list(page, answer)


@act
def accept(page: DeskPage) -> HttpResponse:
    """ "I have it", said by whoever the incident was handed to."""
    page.check()
    form = DeskForm(page.request.POST, choices=page.choices, name="accept")
    words = _("You have it now. Whoever gave it to you can see that.")
    return page.submit(form, handovers.accept_handover, lambda done: words, incident_id=page.incident.pk)
