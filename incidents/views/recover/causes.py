"""Why it happened, and who else was hit."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.actions import causes, noticed
from incidents.forms.patterns import OthersForm
from incidents.models import Incident
from incidents.views.recover.page import DeskPage, act


@act
def cause(page: DeskPage) -> HttpResponse:
    page.check()
    if not page.staff.is_manager:
        raise PermissionDenied

    def said(done: Incident) -> str:
        return _("Why it happened: %(cause)s.") % {"cause": done.root_cause} if done.root_cause else _("Taken off.")

    return page.submit(page.form("cause"), causes.set_cause, said, incident_id=page.incident.pk)


@act
def others(page: DeskPage) -> HttpResponse:
    """Each of them gets a recovery; whom it did not work for is told by name, with the words why."""
    page.check()
    form = page.form("others")
    if not form.is_valid() or not isinstance(form, OthersForm):
        return page.show(bound=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    done = noticed.log_others(incident_id=page.incident.pk, by=page.staff, now=timezone.now(), **form.facts())
    number = len(done.logged)
    if number:
        said = ngettext("%(n)d more is written down.", "%(n)d more are written down.", number) % {"n": number}
        messages.success(page.request, said)
    for name, words in done.refused:
        messages.warning(page.request, _("%(who)s: not written down. %(why)s") % {"who": name, "why": words})
    return redirect(page.incident)
