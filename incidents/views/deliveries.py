"""What goes out by itself: reminders, mails, the clock process; trying again, holding and releasing."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents import access, board
from incidents.actions import outbox, remind
from incidents.actions.refusals import Refused
from incidents.board.deliveries import STATES, WHAT
from incidents.board.delivery_words import backlog_words, beat_words
from incidents.board.register import Option
from incidents.counting import told
from incidents.forms.deliveries import DeliveryFilter, ReleaseForm, RetryAllForm
from incidents.models import HoldReason, Location, OutboxHold
from incidents.views.way_back import next_of

if TYPE_CHECKING:
    from incidents.access import StaffRequest
    from incidents.models import Staff

SHOWN = 25


@access.managers
@require_safe
def delivery_list(request: StaffRequest) -> HttpResponse:
    places = list(Location.objects.open_to(request.user))
    options = tuple(Option(str(place.pk), place.name) for place in places)
    form = DeliveryFilter(request.GET, what=WHAT, states=STATES, places=options)
    wanted = board.Wanted(**form.chosen())
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = board.delivery_page(request.user, wanted, now=timezone.now(), after=after, before=before)
    zone = zone_of(request.user, places)
    context = {
        "form": form,
        "chips": form.chips(),
        "wanted": wanted,
        "page": page,
        "now": page.pulse.now,
        "zone": zone,
        "beat_words": beat_words(page.pulse),
        "backlog_words": backlog_words(page.pulse, page.due),
        "hold_words": HoldReason(page.hold_reason).label if page.hold_reason else "",
        "mail": settings.MAIL,
        "mail_folder": settings.EMAIL_FILE_PATH,
        "what_tabs": _tabs(form, "what", WHAT, wanted.what, page.stuck),
        "state_tabs": _tabs(form, "state", STATES, wanted.state, page.counts),
        "can_administer": access.can_administer(request.user),
        "newer_url": form.address(before=page.newer) if page.newer else "",
        "older_url": form.address(after=page.older) if page.older else "",
        "first_url": form.address(),
        "plain_url": form.address(kind="", place=""),
        "is_beyond": not page.lines and bool(after or before),
    }
    return render(request, "incidents/deliveries/delivery_list.html", context)


def zone_of(staff: Staff, places: list[Location]) -> dt.tzinfo:
    """That of their first location, which they read times in."""
    first = next((place for place in places if staff.location_ids[:1] == [place.pk]), None)
    return first.zone if first else dt.UTC


def _tabs(
    form: DeliveryFilter, name: str, labels: dict[str, Any], current: str, counts: dict[str, int]
) -> list[dict[str, Any]]:
    """How many are in each state; of reminders and mails, how many are stuck."""

    def said(number: int) -> str:
        shown = str(told(number))
        if name == "state":
            return shown
        return _("%(n)s stuck") % {"n": shown} if number else ""

    return [
        {
            "label": label,
            "url": form.address(**{name: value}) if name == "state" else form.address(what=value, state="", kind=""),
            "count": said(counts[value]),
            "current": value == current,
        }
        for value, label in labels.items()
    ]


def _back(request: StaffRequest, what: str, state: str) -> HttpResponse:
    return redirect(next_of(request, f"{reverse('delivery-list')}?what={what}&state={state}"))


@access.managers
@require_POST
def retry_reminder(request: StaffRequest, pk: int) -> HttpResponse:
    reminder = get_object_or_404(board.reminders_seen_by(request.user), pk=pk)
    remind.retry(reminder_id=reminder.pk, by=request.user, now=timezone.now())
    messages.success(request, _("It is tried again within ten seconds."))
    return _back(request, "reminders", "dead")


@access.managers
@require_POST
def retry_mail(request: StaffRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(board.mails_seen_by(request.user), pk=pk)
    outbox.retry(message_id=mail.pk, by=request.user, now=timezone.now())
    messages.success(request, _("It is tried again within ten seconds."))
    return _back(request, "mails", mail.state)


@access.managers
@require_POST
def retry_all(request: StaffRequest) -> HttpResponse:
    """All that failed or was given up and this person sees; one that somebody else put back meanwhile is left out."""
    form = RetryAllForm(request.POST)
    if not form.is_valid():
        return render(request, "400.html", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    what, state, now, number = form.cleaned_data["what"], form.cleaned_data["state"], timezone.now(), 0
    for pk in board.stuck(request.user, what, state):
        try:
            if what == "mails":
                outbox.retry(message_id=pk, by=request.user, now=now)
            else:
                remind.retry(reminder_id=pk, by=request.user, now=now)
            number += 1
        except Refused:
            continue
    said = ngettext("%(n)d is tried again.", "%(n)d are tried again.", number) % {"n": number}
    messages.success(request, said)
    return _back(request, what, state)


@access.administrators
@require_POST
def hold(request: StaffRequest) -> HttpResponse:
    outbox.hold(reason=HoldReason.PAUSED, now=timezone.now(), by=request.user)
    messages.success(request, _("Mail is on hold. The inbox goes on."))
    return _back(request, "mails", "queued")


@access.administrators
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: StaffRequest) -> HttpResponse:
    """GET says what would go out, oldest first; POST lets it, or drops it."""
    held = OutboxHold.objects.first()
    if held is None and request.method != "POST":
        return redirect("delivery-list")
    form = ReleaseForm(request.POST if request.method == "POST" else None, initial={"waiting": "send"})
    if request.method == "POST" and form.is_valid():
        if held is None:
            raise Refused(_("Mail is not on hold any more: somebody was faster."))
        is_sent = form.cleaned_data["waiting"] == "drop"
        outbox.release(by=request.user, now=timezone.now(), is_sent=is_sent)
        messages.success(request, _("Released. What waited was dropped.") if is_sent else _("Released. Mail goes out."))
        return _back(request, "mails", "queued")
    waiting = board.waiting_mails()
    context = {
        "form": form,
        "held": held,
        "zone": request.user.zone,
        "waiting": waiting[:SHOWN],
        "number": waiting.count(),
        "shown": SHOWN,
        "now": timezone.now(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "incidents/deliveries/release.html", context, status=status)
