"""From the board: an incident moved to another step, by what that step lacks, and given to somebody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents import access, story
from incidents.actions import apologies, endings, handovers, remedies, rounds, undo
from incidents.actions import follow_up as calling
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.board.assign import takers_of
from incidents.forms.board import AssignForm
from incidents.forms.desk import Choices, DeskForm
from incidents.models import Incident
from incidents.views.recover.page import DeskPage
from incidents.vocabulary import Stage
from incidents.workflow import unmet

ROAD = (Stage.APOLOGIZE, Stage.REMEDY, Stage.FOLLOW_UP, Stage.CLOSED)
APOLOGY, REMEDY, CALL, CLOSE, BACK = "apology", "remedy", "call", "close", "go_back"


def is_ours(request: access.StaffRequest, wanted: str) -> bool:
    is_secure = request.is_secure()
    return wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, is_secure)


def where_from(request: access.StaffRequest) -> str:
    """The board as they have it before them, else the board as it is."""
    page = urlsplit(request.headers.get("Referer", ""))
    seen = page._replace(scheme="", netloc="", fragment="").geturl() if page.path == reverse("board") else ""
    wanted = request.POST.get("next") or request.GET.get("next", "") or seen
    return wanted if is_ours(request, wanted) else reverse("board")


class MovePage(DeskPage):
    """One incident on its way to another step. Refused or not, it stays in the dialog, or on the page, it came from."""

    def __init__(self, request: access.StaffRequest, reference: str, to: Stage) -> None:
        super().__init__(request, reference)
        self.check()
        self.to = to

    @property
    def asks(self) -> str:
        """Which form it takes; nothing when it stands there already, or only words can say what lacks."""
        stage = Stage(self.story.incident.stage)
        at, to = ROAD.index(stage), ROAD.index(self.to)
        if not self.story.incident.is_open or at == to:
            return ""
        if to < at:
            return BACK
        if self.to == Stage.CLOSED and stage != Stage.FOLLOW_UP:
            return CLOSE
        if stage == Stage.APOLOGIZE:
            return APOLOGY
        if stage == Stage.REMEDY:
            return "" if self.story.pending_remedies else REMEDY
        return CALL if self.story.call else CLOSE

    def next_url(self) -> str:
        return where_from(self.request)

    def show(self, *, bound: Any = None, refused: Any = None, opened: str = "", status: int = 200) -> HttpResponse:
        if refused is not None:
            self.look_again()
        context = self._context(bound, opened) | {
            "to": self.to.value,
            "to_label": self.to.label,
            "asks": self.asks,
            "gates": [gate.words for gate in unmet(self.story.round_facts, Stage(self.story.incident.stage))]
            if self.story.incident.is_open
            else [],
            "refused": refused,
            "refused_gates": [gate.words for gate in getattr(refused, "gates", ())],
            "next": self.next_url(),
        }
        with timezone.override(self.incident.location.zone):
            return dialog(self.request, "move", context, status)

    def look_again(self) -> None:
        """As it stands now."""
        super().__init__(self.request, self.incident.reference)

    def done(self, answer: HttpResponse) -> HttpResponse:
        """Where the step it was moved to is not reached yet, what it still lacks; else back to the board."""
        if answer.status_code != 302:
            return answer
        self.look_again()
        is_further = self.asks in (APOLOGY, REMEDY) and self.to != Stage.CLOSED
        if not is_further:
            return said(self.request, self.next_url())
        if not getattr(self.request, "htmx", False):
            return redirect(f"{reverse('board-move', args=[self.incident.reference])}?to={self.to}")
        shown = self.show()
        shown["HX-Trigger"] = json.dumps({"board": {"is_open": True}, "toast": _toast(self.request)})
        return shown


def dialog(request: access.StaffRequest, name: str, context: dict[str, Any], status: int) -> HttpResponse:
    """What stands in the board's dialog, or, without a script, on a page of its own."""
    is_part = getattr(request, "htmx", False)
    answer = render(request, f"incidents/board/{'_' if is_part else ''}{name}.html", context, status=status)
    if is_part and status == 409:  # other refusals than 422 are said and not shown, unless told where
        answer["HX-Retarget"], answer["HX-Reswap"] = "#act-body", "innerHTML"
    answer["Vary"] = "Cookie, HX-Request"
    return answer


def said(request: access.StaffRequest, leads_to: str) -> HttpResponse:
    """Done: the board renews itself and says so, with Undo where there is one; without a script it is loaded anew."""
    if not getattr(request, "htmx", False):
        return redirect(leads_to)
    happens = {"board": {"is_open": False}, "toast": _toast(request)}
    return HttpResponse(headers={"HX-Trigger": json.dumps(happens), "HX-Reswap": "none"})


def _toast(request: access.StaffRequest) -> dict[str, str]:
    """What the messages framework had to say."""
    text, act = "", ""
    for message in messages.get_messages(request):
        text, act = str(message), message.extra_tags or ""
    if not act.startswith("undo "):
        return {"text": text}
    event, reference = act[5:24], act[25:]
    return {"text": text, "undo": reverse("board-undo", args=[reference, int(event)])}


def _apologize(page: MovePage) -> HttpResponse:
    words = _("Apology recorded.")
    return page.submit(page.form("apology"), apologies.record_apology, lambda done: words, incident_id=page.incident.pk)


def _put_right(page: MovePage) -> HttpResponse:
    def told(done: Any) -> str:
        return _("Saved: %(what)s.") % {"what": done}

    return page.submit(page.form("remedy"), remedies.add_remedy, told, incident_id=page.incident.pk)


def _nothing(page: MovePage) -> HttpResponse:
    words = _("Noted: they want nothing.")
    form = page.form("wants_nothing")
    return page.submit(form, remedies.waive_remedy, lambda done: words, incident_id=page.incident.pk)


def _call(page: MovePage) -> HttpResponse:
    if page.story.call is None:
        return page.show(refused=Refused(_("Nobody needs to make this call any more.")), status=409)

    def told(done: Any) -> str:
        return _("Recorded: %(outcome)s.") % {"outcome": done.get_outcome_display()}

    return page.submit(page.form("call"), calling.record_follow_up, told, follow_up_id=page.story.call.pk)


def _close(page: MovePage) -> HttpResponse:
    def told(done: Incident) -> str:
        return _("Closed: %(why)s.") % {"why": done.get_close_reason_display()}

    return page.submit(page.form("close"), endings.close_incident, told, incident_id=page.incident.pk)


def _go_back(page: MovePage) -> HttpResponse:
    def told(fresh: Incident) -> str:
        return _("We go back to the customer. Next: %(step)s.") % {"step": fresh.get_stage_display()}

    return page.submit(page.form("go_back"), rounds.go_back, told, incident_id=page.incident.pk)


ACTS: dict[str, Callable[[MovePage], HttpResponse]] = {
    APOLOGY: _apologize,
    REMEDY: _put_right,
    "nothing": _nothing,
    CALL: _call,
    CLOSE: _close,
    BACK: _go_back,
}


@access.desk
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: access.StaffRequest, reference: str) -> HttpResponse:
    """Where to; then the one form it takes."""
    wanted = request.POST.get("to") or request.GET.get("to", "")
    if wanted not in ROAD:
        return _where_to(request, reference)
    page = MovePage(request, reference, Stage(wanted))
    if request.method != "POST":
        return page.show()
    act = ACTS.get(request.POST.get("do", ""))
    return page.done(act(page)) if act else page.show(status=422)


def _where_to(request: access.StaffRequest, reference: str) -> HttpResponse:
    incident = _find(request, reference)
    stage = Stage(incident.stage)
    ways = [(way.value, way.label, _hint(stage, way)) for way in ROAD if way != stage] if incident.is_open else []
    status = 422 if request.method == "POST" else 200
    context = {"incident": incident, "ways": ways, "next": where_from(request), "is_menu": True}
    return dialog(request, "move", context, status)


def _hint(stage: Stage, way: Stage) -> str:
    """What it takes."""
    if ROAD.index(way) < ROAD.index(stage):
        return _("Go back to the customer")
    if way == Stage.CLOSED:
        return _("Say how the call ended") if stage == Stage.FOLLOW_UP else _("Say how it ended")
    if stage == Stage.APOLOGIZE:
        return _("Record the apology") if way == Stage.REMEDY else _("Record the apology, then how it was put right")
    return _("Say how it was put right")


def _find(request: access.StaffRequest, reference: str) -> Incident:
    """Http404 when they may not see it, PermissionDenied when only a part of it is theirs."""
    incident = story.find_incident(request.user, reference)
    if not access.can_read_whole(request.user, incident):
        raise PermissionDenied
    return incident


@access.desk
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: access.StaffRequest, reference: str) -> HttpResponse:
    """Who can have it, and a tap that gives it to them."""
    now, incident = timezone.now(), _find(request, reference)
    takers = takers_of(incident, staff=request.user, now=now)
    choices = Choices(incident=incident, staff=request.user, now=now, people=tuple(each.person for each in takers))
    form = AssignForm(request.POST or None, choices=choices, name="assign")
    context = {"incident": incident, "takers": takers, "form": form, "next": where_from(request)}
    if request.method != "POST":
        return dialog(request, "assign", context, 200)
    if not form.is_valid():
        return dialog(request, "assign", context, 422)
    try:
        done = handovers.hand_over(incident_id=incident.pk, by=request.user, now=now, **form.cleaned_data)
    except Refused as refused:
        return _not_given(request, refused, form, context)
    words = _("%(who)s has it now.") % {"who": done.assignee}
    act = undo.newest_act(done, by=request.user, now=now)
    tags = f"undo {act.event.pk:019d} {incident.reference}" if act and act.event.at == now else ""
    messages.success(request, words, extra_tags=tags)
    return said(request, where_from(request))


def _not_given(request: access.StaffRequest, refused: Refused, form: DeskForm, context: dict[str, Any]) -> HttpResponse:
    """Both who has it by now and whom it was meant for stand in the words of what was refused."""
    if isinstance(refused, NotYours):
        raise PermissionDenied(str(refused.words)) from refused
    if isinstance(refused, Stale):
        form.catch_up(refused.current)
        context |= {"incident": refused.current}
    return dialog(request, "assign", context | {"refused": refused}, 409)


@access.desk
@require_POST
def take_back(request: access.StaffRequest, reference: str, pk: int) -> HttpResponse:
    """What was done from the board a moment ago: the event with that number."""
    incident = _find(request, reference)
    undo.undo_last(incident_id=incident.pk, by=request.user, now=timezone.now(), event=pk)
    messages.success(request, _("Undone."))
    return said(request, where_from(request))
