"""The recovery of one incident: every act of the page, each with its own address."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import access, story
from incidents.actions import follow_up as calling
from incidents.actions import manage, recover
from incidents.actions.refusals import Refused
from incidents.forms.recover import DeliverForm, EndRemedyForm, SettlePromiseForm
from incidents.models import Attempt, FollowUp, Incident
from incidents.views.recover_page import DeskPage
from incidents.workflow import Stage


@access.desk
@require_safe
def show(request: access.StaffRequest, reference: str) -> HttpResponse:
    return DeskPage(request, reference).show()


@access.desk
@require_POST
def apologize(request: access.StaffRequest, reference: str) -> HttpResponse:
    page = DeskPage(request, reference)
    page.check()

    def act(asked: dict[str, Any]) -> Any:
        return recover.record_apology(incident_id=page.incident.pk, by=request.user, now=page.now, **asked)

    return page.submit(
        page.form("apology"),
        act,
        lambda apology: _("Apology recorded.") if apology.made_at else _("Recorded: it counts when the delivery does."),
    )


@access.desk
@require_POST
def remedy(request: access.StaffRequest, reference: str) -> HttpResponse:
    page = DeskPage(request, reference)
    page.check()

    def act(asked: dict[str, Any]) -> Any:
        estimated = asked["estimated_amount"] if not asked["is_delivered"] else None
        actual = asked["estimated_amount"] if asked["is_delivered"] else None
        fields = asked | {"estimated_amount": estimated, "actual_amount": actual}
        return recover.add_remedy(incident_id=page.incident.pk, by=request.user, now=page.now, **fields)

    return page.submit(page.form("remedy"), act, lambda saved: _("Saved: %(what)s.") % {"what": saved})


@access.desk
@require_POST
def deliver(request: access.StaffRequest, reference: str, pk: int) -> HttpResponse:
    page = DeskPage(request, reference)
    found = story.find_remedy(page.incident, pk)
    page.check(found.assignee_id)

    def act(asked: dict[str, Any]) -> Any:
        return recover.deliver_remedy(remedy_id=pk, by=request.user, now=page.now, **asked)

    form = DeliverForm(request.POST, choices=page.choices, remedy=found)
    return page.submit(form, act, lambda done: _("Delivered: %(what)s.") % {"what": done})


@access.desk
@require_POST
def end_remedy(request: access.StaffRequest, reference: str, pk: int) -> HttpResponse:
    page = DeskPage(request, reference)
    found = story.find_remedy(page.incident, pk)
    page.check(found.assignee_id)

    def act(asked: dict[str, Any]) -> Any:
        return recover.end_remedy(remedy_id=pk, by=request.user, now=page.now, **asked)

    form = EndRemedyForm(request.POST, choices=page.choices, name=f"end{pk}")
    return page.submit(form, act, lambda done: _("Noted. Say what takes its place."))


@access.desk
@require_POST
def follow_up(request: access.StaffRequest, reference: str, pk: int) -> HttpResponse:
    page = DeskPage(request, reference)
    call = story.find_call(page.incident, pk)
    page.check(call.assignee_id)
    form = page.form("call")

    def act(asked: dict[str, Any]) -> Attempt:
        return calling.record_follow_up(follow_up_id=pk, by=request.user, now=page.now, **asked)

    if not getattr(request, "htmx", False):
        return page.submit(form, act, lambda attempt: _call_words(attempt, page))
    words, status = _("Choose how the call ended."), 422
    if form.is_valid():
        try:
            words, status = _call_words(act(form.cleaned_data), page), 200
        except Refused as refused:
            words, status = str(refused.words), 409
    return _call_row(request, page, call, words, status)


def _call_words(attempt: Attempt, page: DeskPage) -> str:
    fresh = story.find_incident(page.staff, page.incident.reference)
    if fresh.stage == Stage.CLOSED:
        return _("%(outcome)s. Recovered: well done.") % {"outcome": attempt.get_outcome_display()}
    if fresh.round_number > page.incident.round_number:
        return _("%(outcome)s. A new try begins: say what you will do.") % {"outcome": attempt.get_outcome_display()}
    return _("Recorded: %(outcome)s.") % {"outcome": attempt.get_outcome_display()}


def _call_row(request: access.StaffRequest, page: DeskPage, call: FollowUp, words: str, status: int) -> HttpResponse:
    """What takes the row's place in the list of calls, also when it was refused."""
    context = {"incident": page.incident, "call": call, "words": words, "is_refused": status != 200}
    answer = render(request, "incidents/calls/_done.html", context, status=status)
    answer["HX-Retarget"] = f"#call-{call.pk}"
    answer["HX-Reswap"] = "outerHTML"
    return answer


@access.desk
@require_POST
def promise(request: access.StaffRequest, reference: str) -> HttpResponse:
    page = DeskPage(request, reference)
    page.check()

    def act(asked: dict[str, Any]) -> Any:
        return recover.make_promise(incident_id=page.incident.pk, by=request.user, now=page.now, **asked)

    return page.submit(page.form("promise"), act, lambda made: _("Promise noted. We will remind you."))


@access.desk
@require_POST
def settle_promise(request: access.StaffRequest, reference: str, pk: int) -> HttpResponse:
    page = DeskPage(request, reference)
    found = story.find_promise(page.incident, pk)
    page.check(found.assignee_id)

    def act(asked: dict[str, Any]) -> Any:
        return recover.settle_promise(promise_id=pk, by=request.user, now=page.now, **asked)

    form = SettlePromiseForm(request.POST, choices=page.choices, name=f"promise{pk}")
    return page.submit(form, act, lambda done: _("Promise kept.") if done.kept_at else _("Noted: it was not kept."))


@access.desk
@require_POST
def note(request: access.StaffRequest, reference: str) -> HttpResponse:
    page = DeskPage(request, reference)
    page.check()

    def act(asked: dict[str, Any]) -> Any:
        return recover.add_note(incident_id=page.incident.pk, by=request.user, now=page.now, **asked)

    return page.submit(page.form("note"), act, lambda saved: _("Note added."))


@access.desk
@require_POST
def go_back(request: access.StaffRequest, reference: str) -> HttpResponse:
    page = DeskPage(request, reference)
    page.check()

    def act(asked: dict[str, Any]) -> Any:
        return manage.go_back(incident_id=page.incident.pk, by=request.user, now=page.now, **asked)

    return page.submit(
        page.form("go_back"),
        act,
        lambda fresh: _("We go back to the customer. Next: %(step)s.") % {"step": fresh.get_stage_display()},
    )


@access.desk
@require_POST
def close(request: access.StaffRequest, reference: str) -> HttpResponse:
    page = DeskPage(request, reference)
    page.check()

    def act(asked: dict[str, Any]) -> Any:
        return manage.close_incident(incident_id=page.incident.pk, by=request.user, now=page.now, **asked)

    return page.submit(
        page.form("close"), act, lambda done: _("Closed: %(why)s.") % {"why": done.get_close_reason_display()}
    )


@access.desk
@require_POST
def hand_over(request: access.StaffRequest, reference: str) -> HttpResponse:
    page = DeskPage(request, reference)
    page.check()

    def act(asked: dict[str, Any]) -> Any:
        return manage.hand_over(incident_id=page.incident.pk, by=request.user, now=timezone.now(), **asked)

    answer = page.submit(page.form("hand_over"), act, lambda done: _("%(who)s has it now.") % {"who": done.assignee})
    if answer.status_code == 302 and not Incident.objects.visible_to(request.user).filter(pk=page.incident.pk).exists():
        messages.info(request, _("You no longer see it: it is restricted."))
        return redirect("incident-list")
    return answer
