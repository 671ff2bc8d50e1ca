"""Customers: find one, see what happened to them, keep how to reach them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from incidents import access, search, story
from incidents.access import StaffRequest, desk
from incidents.actions import customers
from incidents.actions.refusals import Stale
from incidents.board import alike as board
from incidents.forms.customers import ContactForm, CustomerForm, NewCustomerForm
from incidents.models import Customer, Location, standing_customer
from incidents.models.base import SHORT
from incidents.views.log import form_page

TYPED = ("name", "phone", "email", "account", "loyalty_number", "address")


@desk
@require_safe
def customer_list(request: StaffRequest) -> HttpResponse:
    term = search.plain(request.GET.get("q", ""))
    last = search.last_shown(request.GET.get("after", ""))
    page = search.customer_page(staff=request.user, term=term, after=last)
    context = {"page": page, "q": term, "is_first": last is None}
    return render(request, "incidents/customers/customer_list.html", context)


@desk
@require_safe
def suggest(request: StaffRequest) -> HttpResponse:
    """The hits for a typeahead: `<li role="option">` and nothing else."""
    found = search.suggest_customers(request.GET.get("q", ""), staff=request.user)
    return render(request, "incidents/customers/_suggestions.html", {"found": found})


@desk
@require_safe
def alike(request: StaffRequest) -> HttpResponse:
    """Whom a new customer may be, while they are typed, as a fragment; empty when nobody."""
    typed = {name: request.GET.get(name, "") or request.GET.get(f"new_{name}", "") for name in TYPED}
    found = search.resembling(staff=request.user, country=country_of(request), **typed)
    context = {"alike": found, "picked": request.GET.get("pick", ""), "is_log": "new_name" in request.GET}
    return render(request, "incidents/customers/_alike.html", context)


@desk
@require_safe
def show(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.select_related("account"), pk=pk)
    if kept := _kept(customer):
        return redirect("customer-show", pk=kept.pk)
    return show_page(request, customer, ContactForm(country=""))


def _kept(customer: Customer) -> Customer | None:
    """Whom this record was put together with."""
    return standing_customer(customer.merged_into_id) if customer.merged_into_id else None


def show_page(
    request: StaffRequest, customer: Customer, form: ContactForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    here = search.history_of(customer, staff=request.user)
    now = timezone.now()
    is_manager = request.user.is_manager
    context: dict[str, Any] = {
        "customer": customer,
        "contacts": list(customer.contact_points.all()),
        "hours": story.hours_words(customer),
        "others": search.others_of_account(customer, staff=request.user),
        "here": [(incident, access.can_read_whole(request.user, incident)) for incident in here],
        "elsewhere": search.history_elsewhere(customer, staff=request.user),
        "open_count": sum(incident.is_open for incident in here),
        "form": form,
        "lately": search.among_lately(here, staff=request.user, now=now),
        "looks_like": board.looks_like(customer) if is_manager else [],
        "merges": board.recent_merges(now=now, kept=customer) if is_manager else [],
        "now": now,
    }
    return render(request, "incidents/customers/show.html", context, status=status)


@desk
@form_page
def new(request: StaffRequest) -> HttpResponse:
    """Somebody nothing has gone wrong for yet."""
    country, posted = country_of(request), request.POST if request.method == "POST" else None
    known = {name: request.GET.get(name, "")[:SHORT] for name in ("name", "account")}
    form = NewCustomerForm(posted, country=country, initial=known)
    if posted is None:
        return render(request, "incidents/customers/new.html", {"form": form})
    if not form.is_valid():
        if "submit_key" in form.errors:
            form.renew("submit_key", uuid4())
        return render(request, "incidents/customers/new.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    customer = customers.add_customer(now=timezone.now(), country=country, **form.cleaned_data)
    messages.success(request, _("Added: %(name)s.") % {"name": customer.name})
    return redirect("customer-show", pk=customer.pk)


@desk
@form_page
def change(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.select_related("account"), pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = CustomerForm(posted, customer=customer)
    context: dict[str, Any] = {"form": form, "customer": customer}
    if posted is None:
        if kept := _kept(customer):
            return redirect("customer-change", pk=kept.pk)
        return render(request, "incidents/customers/change.html", context)
    if not form.is_valid():
        return render(request, "incidents/customers/change.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        version = form.cleaned_data["version"]
        customers.change_customer(
            customer_id=pk, by=request.user, now=timezone.now(), expected_version=version, **form.facts()
        )
    except Stale as stale:
        form = CustomerForm(posted, customer=stale.current)
        form.full_clean()
        form.take_version()
        context |= {"form": form, "customer": stale.current, "stale": stale.words, "both": form.both_versions()}
        return render(request, "incidents/customers/change.html", context, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Saved."))
    return redirect("customer-show", pk=pk)


def country_of(request: StaffRequest) -> str:
    """How numbers are written where this person works."""
    place = Location.objects.open_to(request.user).first()
    return place.country if place else "US"
