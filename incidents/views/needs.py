"""What a manager does on the first page with what needs them now. Each act leads back to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents import access, board
from incidents.actions import needs
from incidents.actions.refusals import Refused
from incidents.board.patterns import basics_told
from incidents.forms.needs import LaterForm, NeedForm, TakeForm
from incidents.models import Handled, Incident
from incidents.views.refusals import refused

if TYPE_CHECKING:
    from incidents.access import StaffRequest


def first_page(request: StaffRequest) -> HttpResponse:
    """What needs them now; after an act on it only the list, and what was done in a toast."""
    now = timezone.now()
    context: dict[str, Any] = {"needs": board.needs_of(request.user, now), "now": now}
    if not getattr(request, "htmx", False):
        context["basics"] = basics_told(request.user, now)
        return render(request, "incidents/manage/home_manager.html", context)
    answer = render(request, "incidents/needs/_list.html", context)
    if toast := _toast(request):
        answer["HX-Trigger"] = json.dumps({"toast": toast})
    return answer


def _toast(request: StaffRequest) -> dict[str, Any]:
    """What the messages framework has to say, with the way to take back the last of it."""
    told = list(messages.get_messages(request))
    if not told:
        return {}
    toast: dict[str, Any] = {"text": " ".join(str(message) for message in told)}
    kind, _space, rest = (told[-1].extra_tags or "").partition(" ")
    if kind == "need":
        toast |= {"undo": reverse("need-undo", args=[int(rest)]), "swap": "#needs"}
    elif kind == "undo":
        event, reference = rest.split(" ")
        toast |= {"undo": reverse("recover-undo-last", args=[reference]), "swap": "#needs"}
        toast["fields"] = {"event": str(int(event)), "next": reverse("home")}
    return toast


def _incident(request: StaffRequest, reference: str) -> Incident:
    seen = Incident.objects.visible_to(request.user)
    found = get_object_or_404(seen.only("pk"), reference=reference)
    if not request.user.is_manager:
        raise PermissionDenied
    return found


def _deal(
    request: StaffRequest,
    reference: str,
    form: NeedForm,
    action: Callable[..., Handled],
    said: str,
    *,
    goes_back: Callable[..., bool] | None = None,
    **more: Any,
) -> HttpResponse:
    """Do it, and back to the first page, which says so with Undo; without, where `goes_back` says it would not help."""
    incident = _incident(request, reference)
    if not form.is_valid():
        return refused(request, Refused(form.said), HTTPStatus.UNPROCESSABLE_ENTITY)
    which = {name: form.cleaned_data[name] for name in form.fields if name != "hours"}
    who: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    done = action(incident_id=incident.pk, **who, **which, **more)
    can_undo = goes_back is None or goes_back(done, **who)
    messages.success(request, said, extra_tags=f"need {done.pk}" if can_undo else "")
    return redirect("home")


@access.desk
@require_POST
def remind(request: StaffRequest, reference: str) -> HttpResponse:
    return _deal(request, reference, NeedForm(request.POST), needs.nudge, _("Reminded."))


@access.desk
@require_POST
def take(request: StaffRequest, reference: str) -> HttpResponse:
    form = TakeForm(request.POST)
    return _deal(request, reference, form, needs.take, _("You have it now."), goes_back=needs.can_give_back)


@access.desk
@require_POST
def seen(request: StaffRequest, reference: str) -> HttpResponse:
    words = _("Looked at: quiet until the next morning.")
    return _deal(request, reference, NeedForm(request.POST), needs.look_at, words)


@access.desk
@require_POST
def later(request: StaffRequest, reference: str) -> HttpResponse:
    form = LaterForm(request.POST)
    until = form.until(timezone.now()) if form.is_valid() else None
    return _deal(request, reference, form, needs.later, _("It comes back by itself."), until=until)


@access.desk
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Within a minute what was done is taken back too; later it only comes back."""
    handled = board.find_handled(request.user, pk)
    if not request.user.is_manager:
        raise PermissionDenied
    needs.undo_handled(handled_id=handled.pk, by=request.user, now=timezone.now())
    messages.success(request, _("It needs you again."))
    return redirect("home")
