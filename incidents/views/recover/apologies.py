"""The apology, and whose fault it was."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _

from incidents import story
from incidents.actions import apologies, change
from incidents.forms.recover.apologies import ApologyForm
from incidents.models import Apology, Incident
from incidents.views.recover.page import DeskPage, act
from incidents.vocabulary import ApologyKind


@act
def apologize(page: DeskPage) -> HttpResponse:
    page.check()
    form = page.form("apology")
    cautions = _to_think_about(page, form)
    answer = page.submit(form, apologies.record_apology, _apology_words, incident_id=page.incident.pk)
    if cautions and answer.status_code == 302:
        messages.info(page.request, _("For next time: %(tips)s") % {"tips": " ".join(cautions)})
    return answer


def _to_think_about(page: DeskPage, form: object) -> list[str]:
    """For those whose browser did not ask the coach while they typed. It was saved all the same."""
    if page.request.POST.get("coached") or not isinstance(form, ApologyForm) or not form.is_valid():
        return []
    key: UUID = form.cleaned_data["submit_key"]
    heard = story.listen(page.incident, people=page.story.people, now=page.now, but_not=key, **form.heard())
    return [caution.words for caution in heard]


def _apology_words(apology: Apology) -> str:
    if apology.kind == ApologyKind.EXPLANATION:
        return _("Explanation recorded.") if apology.made_at else _("Recorded: it counts when the delivery does.")
    return _("Apology recorded.") if apology.made_at else _("Recorded: it counts when the delivery does.")


@act
def finding(page: DeskPage) -> HttpResponse:
    """Whose fault it was; a manager says so."""
    page.check()
    if not page.staff.is_manager:
        raise PermissionDenied

    def said(done: Incident) -> str:
        return _("Noted: %(finding)s.") % {"finding": done.get_finding_display()}

    which = {"incident_id": page.incident.pk, "expected_version": page.incident.version}
    return page.submit(page.form("finding"), change.change_incident, said, **which)
