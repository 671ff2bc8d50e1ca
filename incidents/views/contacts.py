"""How to reach a customer: one more way, written right, not theirs, gone; and who wants no contact."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents.access import StaffRequest, desk
from incidents.actions import customers
from incidents.actions.refusals import Refused
from incidents.forms.customers import ContactForm, PointForm
from incidents.models import ContactPoint, Customer, standing_customer
from incidents.views.customers import country_of, show_page
from incidents.views.log import form_page


@desk
@require_POST
def add_contact(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.select_related("account"), pk=pk)
    if customer.merged_into_id:
        customer = standing_customer(customer.merged_into_id) or customer
    country = country_of(request)
    form = ContactForm(request.POST, country=country)
    if not form.is_valid():
        return show_page(request, customer, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    point = customers.add_contact(customer=customer, country=country, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Added."))
    return redirect("customer-show", pk=point.customer_id)


@desk
@form_page
def change_contact(request: StaffRequest, pk: int) -> HttpResponse:
    point = get_object_or_404(ContactPoint.objects.select_related("customer"), pk=pk)
    country, posted = country_of(request), request.POST if request.method == "POST" else None
    form = PointForm(posted, point=point, country=country)
    status = HTTPStatus.OK
    if posted is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                point = customers.change_contact(
                    contact_id=pk, country=country, now=timezone.now(), **form.cleaned_data
                )
            except Refused as refused:
                form.add_error("value", str(refused.words))
                status = HTTPStatus.CONFLICT
            else:
                messages.success(request, _("Saved."))
                return redirect("customer-show", pk=point.customer_id)
    return render(request, "incidents/customers/contact.html", {"form": form, "point": point}, status=status)


@desk
@require_POST
def remove_contact(request: StaffRequest, pk: int) -> HttpResponse:
    point = get_object_or_404(ContactPoint, pk=pk)
    customers.remove_contact(contact_id=pk, now=timezone.now())
    messages.success(request, _("Removed: %(value)s.") % {"value": point.value})
    return redirect("customer-show", pk=point.customer_id)


@desk
@require_POST
def mark_contact(request: StaffRequest, pk: int) -> HttpResponse:
    """Not theirs after all, or theirs again."""
    point = get_object_or_404(ContactPoint, pk=pk)
    answer = request.POST.get("is_wrong")
    if answer not in ("yes", "no"):
        return HttpResponse(_("Say whether it is theirs."), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        customers.mark_contact(contact_id=point.pk, is_wrong=answer == "yes", now=timezone.now())
    except Refused as refused:
        messages.info(request, str(refused.words))
    else:
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
