"""The recovery of one incident: every act of the page, each with its own address."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from incidents import access, story
from incidents.actions import follow_up as calling
from incidents.actions import manage, recover
from incidents.actions.refusals import Refused
from incidents.forms.desk import DeskForm
from incidents.forms.recover import DeliverForm, EndRemedyForm, SettlePromiseForm
from incidents.models import Apology, Attempt, FollowUp, Incident, PromiseMade, Remedy
from incidents.views.recover_page import DeskPage, act
from incidents.vocabulary import Stage


@access.desk
@require_safe
def show(request: access.StaffRequest, reference: str) -> HttpResponse:
    return DeskPage(request, reference).show()


@act
def apologize(page: DeskPage) -> HttpResponse:
    page.check()
    return page.submit(page.form("apology"), recover.record_apology, _apology_words, incident_id=page.incident.pk)


def _apology_words(apology: Apology) -> str:
    return _("Apology recorded.") if apology.made_at else _("Recorded: it counts when the delivery does.")


@act
def remedy(page: DeskPage) -> HttpResponse:
    page.check()

    def said(saved: Remedy) -> str:
        return _("Saved: %(what)s.") % {"what": saved}

    return page.submit(page.form("remedy"), recover.add_remedy, said, incident_id=page.incident.pk)


@act
def deliver(page: DeskPage, pk: int) -> HttpResponse:
    found = story.find_remedy(page.incident, pk)
    page.check(found.assignee_id)
    form = DeliverForm(page.request.POST, choices=page.choices, remedy=found)

    def said(done: Remedy) -> str:
        return _("Delivered: %(what)s.") % {"what": done}

    return page.submit(form, recover.deliver_remedy, said, remedy_id=pk)


@act
def end_remedy(page: DeskPage, pk: int) -> HttpResponse:
    page.check(story.find_remedy(page.incident, pk).assignee_id)
    form = EndRemedyForm(page.request.POST, choices=page.choices, name=f"end{pk}")
    return page.submit(form, recover.end_remedy, lambda done: _("Noted. Say what takes its place."), remedy_id=pk)


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


@act
def promise(page: DeskPage) -> HttpResponse:
    page.check()
    words = _("Promise noted. We will remind you.")
    return page.submit(page.form("promise"), recover.make_promise, lambda made: words, incident_id=page.incident.pk)


@act
def settle_promise(page: DeskPage, pk: int) -> HttpResponse:
    page.check(story.find_promise(page.incident, pk).assignee_id)
    form = SettlePromiseForm(page.request.POST, choices=page.choices, name=f"promise{pk}")

    def said(done: PromiseMade) -> str:
        return _("Promise kept.") if done.kept_at else _("Noted: it was not kept.")

    return page.submit(form, recover.settle_promise, said, promise_id=pk)


@act
def note(page: DeskPage) -> HttpResponse:
    page.check()
    return page.submit(
        page.form("note"), recover.add_note, lambda saved: _("Note added."), incident_id=page.incident.pk
    )


@act
def go_back(page: DeskPage) -> HttpResponse:
    page.check()

    def said(fresh: Incident) -> str:
        return _("We go back to the customer. Next: %(step)s.") % {"step": fresh.get_stage_display()}

    return page.submit(page.form("go_back"), manage.go_back, said, incident_id=page.incident.pk)


@act
def close(page: DeskPage) -> HttpResponse:
    page.check()

    def said(done: Incident) -> str:
        return _("Closed: %(why)s.") % {"why": done.get_close_reason_display()}

    return page.submit(page.form("close"), manage.close_incident, said, incident_id=page.incident.pk)


@act
def hand_over(page: DeskPage) -> HttpResponse:
    page.check()

    def said(done: Incident) -> str:
        return _("%(who)s has it now.") % {"who": done.assignee}

    answer = page.submit(page.form("hand_over"), manage.hand_over, said, incident_id=page.incident.pk)
    if answer.status_code == 302 and not Incident.objects.visible_to(page.staff).filter(pk=page.incident.pk).exists():
        messages.info(page.request, _("You no longer see it: it is restricted."))
        return redirect("incident-list")
    return answer


@act
def accept(page: DeskPage) -> HttpResponse:
    """ "I have it", said by whoever the incident was handed to."""
    page.check()
    form = DeskForm(page.request.POST, choices=page.choices, name="accept")
    words = _("You have it now. Whoever gave it to you can see that.")
    return page.submit(form, manage.accept_handover, lambda done: words, incident_id=page.incident.pk)
