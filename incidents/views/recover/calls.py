"""The call back."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from incidents import story
from incidents.actions import follow_up as calling
from incidents.actions.refusals import Refused
from incidents.forms.desk import DeskForm
from incidents.models import Attempt, FollowUp
from incidents.views.recover.page import DeskPage, act
from incidents.vocabulary import Stage


@act
def follow_up(page: DeskPage, pk: int) -> HttpResponse:
    call = story.find_call(page.incident, pk)
    page.check(call.assignee_id)
    form = page.form("call")
    if getattr(page.request, "htmx", False):
        return _call_row(page, call, form)
    return page.submit(form, calling.record_follow_up, partial(_call_words, page), follow_up_id=pk)


def _call_words(page: DeskPage, attempt: Attempt) -> str:
    fresh = story.find_incident(page.staff, page.incident.reference)
    if fresh.stage == Stage.CLOSED:
        return _("%(outcome)s. Recovered: well done.") % {"outcome": attempt.get_outcome_display()}
    if fresh.round_number > page.incident.round_number:
        return _("%(outcome)s. A new try begins: say what you will do.") % {"outcome": attempt.get_outcome_display()}
    return _("Recorded: %(outcome)s.") % {"outcome": attempt.get_outcome_display()}


def _call_row(page: DeskPage, call: FollowUp, form: DeskForm) -> HttpResponse:
    """What takes the row's place in the list of calls, also when it was refused."""
    words, status = _("Choose how the call ended."), 422
    if form.is_valid():
        try:
            attempt = page.act(calling.record_follow_up, form, follow_up_id=call.pk)
            words, status = _call_words(page, attempt), 200
        except Refused as refused:
            words, status = str(refused.words), 409
    context = {"incident": page.incident, "call": call, "words": words, "is_refused": status != 200}
    answer = render(page.request, "incidents/calls/_done.html", context, status=status)
    answer["HX-Retarget"] = f"#call-{call.pk}"
    answer["HX-Reswap"] = "outerHTML"
    return answer
