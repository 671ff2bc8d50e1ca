"""Two records of one person: who may be one, put them together, take them apart again. For managers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import search
from incidents.access import StaffRequest, managers
from incidents.actions import merges, resemblances
from incidents.actions.refusals import Refused
from incidents.board import alike as board
from incidents.forms.customers import LookForm, MergeForm
from incidents.models import Customer, Merge, Resemblance, standing_customer
from incidents.views.log import form_page


@managers
@require_safe
def resemblance_list(request: StaffRequest) -> HttpResponse:
    last = board.proposal_by_id(request.GET.get("after", ""))
    context = {
        "page": board.proposals(request.user, after=last),
        "is_first": last is None,
        "job": board.newest_look(),
        "key": uuid4(),
    }
    return render(request, "incidents/customers/alike.html", context)


@managers
@require_POST
def resemblance_dismiss(request: StaffRequest, pk: int) -> HttpResponse:
    """Two people: nobody proposes them again."""
    pair = get_object_or_404(Resemblance, pk=pk)
    resemblances.say_two_people(resemblance_id=pair.pk, by=request.user, now=timezone.now())
    messages.success(request, _("Two people, then. They are not proposed again."))
    return redirect("resemblance-list")


@managers
@require_POST
def resemblance_look(request: StaffRequest) -> HttpResponse:
    """Compare all customers with each other: long work, shown while it goes on."""
    form = LookForm(request.POST)
    if not form.is_valid():
        return HttpResponse(_("This page is too old. Reload it."), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        key = form.cleaned_data["submit_key"]
        job = resemblances.ask_to_look(by=request.user, now=timezone.now(), submit_key=key)
    except Refused as refused:
        messages.info(request, str(refused.words))
        return redirect("resemblance-list")
    return redirect(job)


@managers
@form_page
def customer_merge(request: StaffRequest, pk: int) -> HttpResponse:
    """Side by side with another record; sent, that one goes into this one."""
    customer = get_object_or_404(Customer.objects.select_related("account"), pk=pk)
    if request.method != "POST":
        if customer.merged_into_id and (kept := standing_customer(pk)):
            return redirect("customer-merge", pk=kept.pk)
        return _page(request, customer, search.customer_by_id(request.GET.get("with", "")))
    form = MergeForm(request.POST)
    if not form.is_valid():
        return _page(request, customer, None, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    other: Customer = form.cleaned_data["dropped"]
    try:
        merges.merge_customers(
            kept_id=pk,
            dropped_id=other.pk,
            submit_key=form.cleaned_data["submit_key"],
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refused:
        form.add_error(None, str(refused.words))
        return _page(request, customer, other, form=form, status=HTTPStatus.CONFLICT)
    said = _("%(dropped)s is part of %(kept)s now. You can undo that for 30 days.")
    messages.success(request, said % {"dropped": other.name, "kept": customer.name})
    return redirect("customer-show", pk=pk)


def _page(
    request: StaffRequest, customer: Customer, other: Customer | None, *, form: Any = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    term = search.plain(request.GET.get("q", ""))
    is_pair = other is not None and other.pk != customer.pk
    found = [] if is_pair else search.suggest_customers(term, staff=request.user)
    context = {
        "customer": customer,
        "pair": board.side_by_side(customer, other, staff=request.user) if is_pair and other else None,
        "q": term,
        "found": [each for each in found if each.pk != customer.pk],
        "looks_like": [] if is_pair else board.looks_like(customer),
        "form": form,
        "key": uuid4(),
    }
    return render(request, "incidents/customers/merge.html", context, status=status)


@managers
@require_safe
def merge_list(request: StaffRequest) -> HttpResponse:
    context = {"lines": board.recent_merges(now=timezone.now())}
    return render(request, "incidents/customers/merges.html", context)


@managers
@require_POST
def merge_undo(request: StaffRequest, pk: int) -> HttpResponse:
    merge = get_object_or_404(Merge, pk=pk)
    try:
        done = merges.undo_merge(merge_id=merge.pk, by=request.user, now=timezone.now())
    except Refused as refused:
        context = {"lines": board.recent_merges(now=timezone.now()), "refused": refused.words}
        return render(request, "incidents/customers/merges.html", context, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Undone: they are two records again."))
    return redirect("customer-show", pk=done.dropped_id)
