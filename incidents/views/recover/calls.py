"""The call back: the page to have open while calling, and how it ended."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents import access, story
from incidents.actions import follow_up as calling
from incidents.actions import reach as reaching
from incidents.actions.refusals import Refused
from incidents.forms.desk import DeskForm
from incidents.forms.recover.calls import FollowUpForm, ReachForm
from incidents.models import Attempt, Incident
from incidents.views.recover.page import DeskPage
from incidents.vocabulary import Outcome, Stage


class CallPage(DeskPage):
    """One call of one incident. A form sent from here comes back here when it did not go through."""

    def __init__(self, request: access.StaffRequest, reference: str, pk: int) -> None:
        super().__init__(request, reference)
        self.call = story.find_call(self.incident, pk)
        self.check(self.call.assignee_id)
        self.leads_to = ""

    def next_url(self) -> str:
        return self.leads_to or super().next_url()

    def show(
        self, *, bound: DeskForm | None = None, refused: Refused | None = None, opened: str = "", status: int = 200
    ) -> HttpResponse:
        if self.request.POST and "from_call" not in self.request.POST:
            return super().show(bound=bound, refused=refused, opened=opened, status=status)
        if refused is not None:
            self.incident = story.find_incident(self.staff, self.incident.reference)
            self.story = story.tell(self.incident, self.staff, self.now)
            self.call.refresh_from_db()
        with timezone.override(self.incident.location.zone):
            context = self._call_context(bound, refused)
            return render(self.request, "incidents/recover/call.html", context, status=status)

    def _call_context(self, bound: DeskForm | None, refused: Refused | None) -> dict[str, Any]:
        asked = bound if isinstance(bound, FollowUpForm) else FollowUpForm(choices=self.choices, name="call")
        if asked is not bound and (draft := self.drafts.get("call")):
            asked.take_up(draft.values, draft.saved_at)
        reach = bound if isinstance(bound, ReachForm) else ReachForm(choices=self.choices, name="reach")
        typed = bound.data.get("words", "").strip() if bound and refused else ""
        return {
            "story": self.story,
            "incident": self.incident,
            "is_whole": self.is_whole,
            "call": self.call,
            "now": self.now,
            "script": story.script_of(self.story),
            "form": bound if bound and bound.errors else None,
            "forms": {"call": asked, "reach": reach},
            "refused": refused,
            "typed": [typed] if typed and not self.call.is_planned else [],
            "next": self.request.POST.get("next") or self.request.GET.get("next", ""),
        }

    def said(self, attempt: Attempt) -> str:
        """What is said of it; and where to go on from an ending that asks for more."""
        outcome, reference = attempt.outcome, self.incident.reference
        if outcome == Outcome.NEW_PROBLEM:
            self.leads_to = f"{reverse('log-new')}?{urlencode({'arose': reference})}"
            return _("Recorded. Now log the new problem; the call stays to be made.")
        if outcome == Outcome.WRONG_NUMBER:
            self.leads_to = reverse("recover-follow-up", args=[reference, self.call.pk])
            return _("Recorded: not theirs. Try another way, now or in a while.")
        if outcome == Outcome.DO_NOT_CONTACT:
            self.leads_to = f"{self.incident.get_absolute_url()}#close"
            return _("Recorded. Nobody calls them about this any more; you can close it as “Wants no contact”.")
        fresh = story.find_incident(self.staff, reference)
        if fresh.stage == Stage.CLOSED:
            return _("%(outcome)s. Recovered: well done.") % {"outcome": attempt.get_outcome_display()}
        if fresh.round_number > self.incident.round_number:
            words = _("%(outcome)s. A new try begins: say what you will do.")
            return words % {"outcome": attempt.get_outcome_display()}
        return _("Recorded: %(outcome)s.") % {"outcome": attempt.get_outcome_display()}


@access.desk
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: access.StaffRequest, reference: str, pk: int) -> HttpResponse:
    page = CallPage(request, reference, pk)
    if request.method != "POST":
        return page.show()
    form = page.form("call")
    if getattr(request, "htmx", False):
        return _call_row(page, form)
    return page.submit(form, calling.record_follow_up, page.said, follow_up_id=pk)


def _call_row(page: CallPage, form: DeskForm) -> HttpResponse:
    """What takes the row's place in the list of calls, also when it was refused."""
    words, status = _("Choose how the call ended."), 422
    if form.is_valid():
        try:
            words, status = page.said(page.act(calling.record_follow_up, form, follow_up_id=page.call.pk)), 200
        except Refused as refused:
            words, status = str(refused.words), 409
    context = {"incident": page.incident, "call": page.call, "words": words, "is_refused": status != 200}
    answer = render(page.request, "incidents/calls/_done.html", context, status=status)
    answer["HX-Retarget"] = f"#call-{page.call.pk}"
    answer["HX-Reswap"] = "outerHTML"
    return answer


@access.desk
@require_POST
def reach(request: access.StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Where and until when they can be reached."""
    page = CallPage(request, reference, pk)
    page.check()
    form = ReachForm(page.request.POST, choices=page.choices, name="reach")
    return page.submit(form, reaching.set_reach, _reach_words, incident_id=page.incident.pk)


def _reach_words(incident: Incident) -> str:
    if incident.reach_until is None:
        return _("Noted.")
    return _("Noted. The call comes before they leave.")
