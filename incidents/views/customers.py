"""Customers: find one, see what happened to them, keep how to reach them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import access, search, story
from incidents.access import StaffRequest, desk
from incidents.actions import customers
from incidents.actions.refusals import Stale
from incidents.forms.customers import ContactForm, CustomerForm
from incidents.models import ContactPoint, Customer, Location
from incidents.views.log import form_page


@desk
@require_safe
def customer_list(request: StaffRequest) -> HttpResponse:
    term = search.plain(request.GET.get("q", ""))
    last = search.customer_by_id(request.GET.get("after", ""))
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
def show(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.select_related("account"), pk=pk)
    return _show(request, customer, ContactForm(country=""))


def _show(request: StaffRequest, customer: Customer, form: ContactForm, status: int = HTTPStatus.OK) -> HttpResponse:
    here = search.history_of(customer, staff=request.user)
    now = timezone.now()
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
        "now": now,
    }
    return render(request, "incidents/customers/show.html", context, status=status)


@desk
@form_page
def change(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.select_related("account"), pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = CustomerForm(posted, customer=customer)
    context: dict[str, Any] = {"form": form, "customer": customer}
    if posted is None:
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
        context |= {"form": form, "stale": stale.words, "both": form.both_versions()}
        return render(request, "incidents/customers/change.html", context, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Saved."))
    return redirect("customer-show", pk=pk)


@desk
@require_POST
def add_contact(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.select_related("account"), pk=pk)
    country = _country(request)
    form = ContactForm(request.POST, country=country)
    if not form.is_valid():
        return _show(request, customer, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    customers.add_contact(customer=customer, country=country, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Added."))
    return redirect("customer-show", pk=pk)


@desk
@require_POST
def mark_contact(request: StaffRequest, pk: int) -> HttpResponse:
    """Not theirs after all, or theirs again."""
    point = get_object_or_404(ContactPoint, pk=pk)
    answer = request.POST.get("is_wrong")
    if answer not in ("yes", "no"):
        return HttpResponse(_("Say whether it is theirs."), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    customers.mark_contact(contact_id=point.pk, is_wrong=answer == "yes", now=timezone.now())
    messages.success(request, _("Noted: not theirs.") if answer == "yes" else _("Noted: it is theirs."))
    return redirect("customer-show", pk=point.customer_id)


@desk
@require_POST
def wish_for_contact(request: StaffRequest, pk: int) -> HttpResponse:
    """They want no contact any more, or they do again."""
    customer = get_object_or_404(Customer, pk=pk)
    answer = request.POST.get("is_wanted")
    if answer not in ("yes", "no"):
        return HttpResponse(_("Say whether they want to be contacted."), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    is_wanted = answer == "yes"
    customers.wish_for_contact(customer_id=customer.pk, is_wanted=is_wanted, by=request.user, now=timezone.now())
    messages.success(request, _("They may be called again.") if is_wanted else _("Nobody calls them any more."))
    return redirect("customer-show", pk=pk)


def _country(request: StaffRequest) -> str:
    """How numbers are written where this person works."""
    place = Location.objects.open_to(request.user).first()
    return place.country if place else "US"
