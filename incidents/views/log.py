"""The log desk: log a mistake, keep what is unfinished, correct the facts, take it back."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents import access, search, uploads
from incidents.access import StaffRequest, desk
from incidents.actions import change as changing
from incidents.actions import endings
from incidents.actions import log as logging
from incidents.actions.access_log import note_restricted
from incidents.actions.attach import attach_file
from incidents.actions.log import LOG_FORM
from incidents.actions.refusals import Refused, Stale
from incidents.forms.change import ChangeForm
from incidents.forms.log import LogForm
from incidents.forms.values import PREFIX
from incidents.forms.when import day_typed
from incidents.models import AttachmentKind, Customer, Draft, Incident
from incidents.models.base import LINE, STORY
from incidents.models.values import described, fields_of

# What makes a draft worth keeping: something somebody typed.
TYPED = ("what_happened", "customer_name", "customer_hint", "remedy_sought", "place", "new_phone", "new_email")
NOT_KEPT = ("csrfmiddlewaretoken", "submit_key", "draft_key")
MOST_FIELDS = 60
LINKS = ("with", "again", "arose")
WEIGHED = ("category", "location", "customer", "is_first_order", "severity", "severity_preset")
Links = dict[str, Incident | None]
REFERENCE = re.compile(r"R-[0-9]{4}-[0-9]{5,9}")

form_page = require_http_methods(["GET", "HEAD", "POST"])


@desk
@form_page
def new(request: StaffRequest) -> HttpResponse:
    if request.method == "POST":
        return _save(request)
    told_with, again, arose = (_named(request, request.GET.get(name, "")) for name in LINKS)
    newest = search.newest_draft(request.user, LOG_FORM)
    # Who comes back from signing in again goes on where they were.
    is_back = any(name in request.GET for name in ("send", access.RESUME))
    is_continued = newest is not None and (is_back or request.GET.get("draft") == str(newest.key))
    known, customer = _beginning(request, told_with or again or arose, again)
    if is_continued and newest is not None:
        known = _kept(request, newest) | {"draft_key": newest.key}
        customer = search.customer_by_id(str(known.get("customer", "")))
        known |= _named_now(customer, known.get("customer"))
    form = LogForm(staff=request.user, now=timezone.now(), initial=known, customer=customer, again=again)
    links = dict(zip(LINKS, (told_with, again, arose), strict=True))
    context = {"is_back": is_back}
    return _page(request, form, customer=customer, links=links, draft=newest, is_continued=is_continued, more=context)


def _beginning(
    request: StaffRequest, told_with: Incident | None, again: Incident | None
) -> tuple[dict[str, Any], Customer | None]:
    """What is known before anything is typed: a category by link or as before, a customer told with another."""
    known: dict[str, Any] = {}
    if kind := request.GET.get("category") or (again.category.key if again else None):
        known["category"] = kind  # one that is not offered there chooses nothing
    customer = told_with.customer if told_with else search.customer_by_id(request.GET.get("customer", ""))
    if customer is not None:
        known |= {"customer": customer.pk, "customer_name": customer.name}
    if place := request.GET.get("location"):
        known["location"] = place
    if told_with is not None:
        known |= {"customer_hint": told_with.customer_hint, "location": str(told_with.location_id)}
        known |= {"source": told_with.source, "told_by": told_with.told_by}
    return known, customer


def _kept(request: StaffRequest, draft: Draft) -> dict[str, Any]:
    zone = request.user.zone
    saved_on, today = draft.saved_at.astimezone(zone).date(), timezone.now().astimezone(zone).date()
    return day_typed(draft.values, saved_on, today)


def _named_now(customer: Customer | None, chosen: object) -> dict[str, Any]:
    """Whom the form names, where the one that was chosen has been put together with another since."""
    if customer is None or str(chosen) == str(customer.pk):
        return {}
    return {"customer": customer.pk, "customer_name": customer.name}


def _named(request: StaffRequest, reference: str) -> Incident | None:
    """The incident that this one was told with, or happened again after."""
    if not reference:
        return None
    if not REFERENCE.fullmatch(reference):
        raise Http404
    visible = Incident.objects.visible_to(request.user).select_related("customer__account", "category")
    return get_object_or_404(visible, reference=reference)


def _page(
    request: StaffRequest,
    form: LogForm,
    *,
    customer: Customer | None,
    links: Links,
    draft: Draft | None = None,
    is_continued: bool = False,
    more: dict[str, Any] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    zone = next((place.zone for place in form.places), timezone.get_current_timezone())
    hints = search.hints_for(customer, form.order_named, staff=request.user, now=form.now)
    again = links["again"]
    context = {
        "form": form,
        **links,
        "hints": hints,
        "again": again.reference if again else "",
        "is_again_linked": again is not None and again not in hints.lately,
        "draft": None if is_continued else draft,
        "draft_at": draft.saved_at if draft else None,
        "zone": zone,
        "is_today": draft is not None and draft.saved_at.astimezone(zone).date() == form.now.astimezone(zone).date(),
    }
    return render(request, "incidents/log/new.html", context | (more or {}), status=status)


def _save(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    links = {name: _named(request, request.POST.get(name, "")) for name in LINKS}
    form = LogForm(request.POST, request.FILES, staff=request.user, now=now)
    if not form.is_valid():
        if sent := _already_sent(request):
            return redirect(sent)
        if "submit_key" in form.errors:
            form.renew_key()
        return _again(request, form, links, HTTPStatus.UNPROCESSABLE_ENTITY)
    facts = form.facts() | {"told_with": links["with"], "repeat_of": links["again"], "arose_from": links["arose"]}
    try:
        if spot := form.spot():
            incident = logging.log_on_the_spot(by=request.user, now=now, **facts, **spot)
        else:
            incident = logging.log_incident(by=request.user, now=now, **facts)
    except Refused as refused:
        form.add_error(None, str(refused.words))
        return _again(request, form, links, HTTPStatus.CONFLICT)
    _attach(request, incident, form.cleaned_data["photos"])
    said = _("Logged, %(reference)s") % {"reference": incident.reference}
    messages.success(request, said, extra_tags=f"logged {incident.reference}")
    return redirect(incident)


def _again(request: StaffRequest, form: LogForm, links: Links, status: int) -> HttpResponse:
    """The form with all that was typed; good photos wait for it to be sent again."""
    photos = {"photos_kept": form.set_photos_aside()}
    form.keep_picked()
    customer = search.customer_by_id(str(form["customer"].value() or ""))
    for name, value in _named_now(customer, form["customer"].value()).items():
        form.renew(name, value)
    form.weigh(customer=customer, again=links["again"])
    return _page(request, form, customer=customer, links=links, more=photos, status=status)


def _attach(request: StaffRequest, incident: Incident, photos: list[uploads.CheckedFile]) -> None:
    """The mistake is logged whatever becomes of its photos; one that could not be saved is said."""
    for file in photos:
        try:
            attach_file(
                incident_id=incident.pk, by=request.user, now=timezone.now(), file=file, kind=AttachmentKind.PHOTO
            )
        except (Refused, uploads.NotStored) as failed:
            messages.warning(request, str(failed.words))
            return


def _already_sent(request: StaffRequest) -> Incident | None:
    """The incident that this very form made before: back and send again lands there."""
    try:
        key = UUID(request.POST.get("submit_key", ""))
    except ValueError:
        return None
    return Incident.objects.visible_to(request.user).filter(logged_by=request.user, submit_key=key).first()


@desk
@require_safe
def fields(request: StaffRequest) -> HttpResponse:
    """The chosen category's own questions and how bad it is, as a fragment; empty while none is chosen."""
    asked = {name: request.GET.get(name, "") for name in WEIGHED}
    customer = search.customer_by_id(_chosen(request))
    again = _named(request, request.GET.get("again", ""))
    form = LogForm(staff=request.user, now=timezone.now(), initial=asked, customer=customer, again=again)
    if form.kind is None and asked["category"]:
        raise Http404
    return render(request, "incidents/log/_kind.html", {"form": form})


def _chosen(request: StaffRequest) -> str:
    """Whom the form is about: chosen by name, or picked from those whom a new one resembles."""
    return request.GET.get("customer") or request.GET.get("pick", "")


@desk
@require_safe
def already_open(request: StaffRequest) -> HttpResponse:
    """What is known of the chosen customer and the order they name, as a fragment; empty when nothing."""
    customer = search.customer_by_id(_chosen(request))
    asked = (request.GET.get(name, "") for name in request.GET if name.startswith(PREFIX))
    order = next((text[:LINE] for text in asked if text.strip()), "")
    found = search.hints_for(customer, order, staff=request.user, now=timezone.now())
    context = {"hints": found, "again": request.GET.get("again", "")}
    return render(request, "incidents/log/_already_open.html", context)


@desk
@require_POST
def draft(request: StaffRequest) -> HttpResponse:
    """Keep what has been typed so far; or, with `discard`, throw all of it away."""
    if "discard" in request.POST:
        logging.drop_drafts(by=request.user, form=LOG_FORM)
        return redirect("log-new")
    try:
        key = UUID(request.POST.get("draft_key", ""))
    except ValueError:
        return HttpResponse(_("This page was too old."), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    sent = [item for item in request.POST.items() if item[0] not in NOT_KEPT][:MOST_FIELDS]
    typed = {name.replace("\x00", "")[:60]: str(text).replace("\x00", "")[:STORY] for name, text in sent}
    if is_worth_it := any(typed.get(name) for name in typed if name in TYPED or name.startswith(PREFIX)):
        logging.save_draft(by=request.user, form=LOG_FORM, key=key, values=typed, now=timezone.now())
    # Left the page by sending it: nothing is unfinished. Asked last, so that it cannot be sent in between.
    if not is_worth_it or _already_sent(request):
        logging.drop_draft(by=request.user, form=LOG_FORM, key=key)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@desk
@form_page
def change(request: StaffRequest, reference: str) -> HttpResponse:
    visible = Incident.objects.visible_to(request.user).with_names()
    incident = get_object_or_404(visible, reference=reference)
    if not access.can_read_whole(request.user, incident):
        raise PermissionDenied
    has_private, now = access.can_read_private_words(request.user), timezone.now()
    note_restricted(staff=request.user, incidents=[incident], now=now)
    posted = request.POST if request.method == "POST" else None
    form = ChangeForm(posted, incident=incident, now=now, has_private=has_private)
    context: dict[str, Any] = {"form": form, "incident": incident, "computed": _computed(incident)}
    if posted is None:
        return render(request, "incidents/log/change.html", context)
    if not form.is_valid():
        return render(request, "incidents/log/change.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        changing.change_incident(
            incident_id=incident.pk,
            expected_version=form.cleaned_data["version"],
            by=request.user,
            now=now,
            **form.changes(),
        )
    except Stale as stale:
        form = ChangeForm(posted, incident=stale.current, now=now, has_private=has_private)
        form.full_clean()
        form.take_version()
        context |= {"form": form, "stale": stale.words, "both": form.both_versions()}
        return render(request, "incidents/log/change.html", context, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Changed."))
    return redirect(incident if visible.filter(pk=incident.pk).exists() else "incident-list")


def _computed(incident: Incident) -> list[tuple[str, str]]:
    """The differences of two fields, such as the delay."""
    place, asked = incident.location, fields_of(incident.category)
    differences = [field for field in asked if field.kind == "difference"]
    return described(differences, incident.field_values, zone=place.zone, currency=place.currency)


@desk
@require_POST
def undo(request: StaffRequest, reference: str) -> HttpResponse:
    incident = get_object_or_404(Incident.objects.visible_to(request.user), reference=reference)
    endings.undo_log(incident_id=incident.pk, by=request.user, now=timezone.now())
    messages.info(request, _("Taken back: %(reference)s.") % {"reference": incident.reference})
    return redirect("log-new")
