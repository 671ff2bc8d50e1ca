"""Accounts: companies and groups, with all their contacts at once."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import search
from incidents.access import StaffRequest, desk
from incidents.actions import accounts
from incidents.actions.refusals import Refused, Stale
from incidents.board.register import card
from incidents.forms.accounts import AccountForm
from incidents.models import Account
from incidents.views.log import form_page


@desk
@require_safe
def account_list(request: StaffRequest) -> HttpResponse:
    term = search.plain(request.GET.get("q", ""))
    last = search.account_by_id(request.GET.get("after", ""))
    page = search.account_page(staff=request.user, term=term, after=last)
    return render(request, "incidents/accounts/account_list.html", {"page": page, "q": term, "is_first": last is None})


@desk
@require_safe
def show(request: StaffRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk)
    open_here = search.open_of_account(pk, staff=request.user)
    context = {
        "account": account,
        "contacts": search.contacts_of(pk, staff=request.user),
        "open_here": [card(request.user, incident) for incident in open_here],
        "given": search.given_to_account(pk, staff=request.user),
        "now": timezone.now(),
    }
    return render(request, "incidents/accounts/show.html", context)


@desk
@form_page
def change(request: StaffRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = AccountForm(posted, account=account)
    context: dict[str, Any] = {"form": form, "account": account}
    if posted is None:
        return render(request, "incidents/accounts/change.html", context)
    if not form.is_valid():
        return render(request, "incidents/accounts/change.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    asked = form.cleaned_data
    try:
        accounts.change_account(
            account_id=pk,
            name=asked["name"],
            note=asked["note"],
            expected_version=asked["version"],
            by=request.user,
            now=timezone.now(),
        )
    except Stale as stale:
        form = AccountForm(posted, account=stale.current)
        form.full_clean()
        form.take_version()
        context |= {"form": form, "stale": stale.words, "both": form.both_versions()}
        return render(request, "incidents/accounts/change.html", context, status=HTTPStatus.CONFLICT)
    except Refused as refused:
        form.add_error("name", str(refused.words))
        return render(request, "incidents/accounts/change.html", context, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Saved."))
    return redirect("account-show", pk=pk)


@desk
@require_POST
def mark_key(request: StaffRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk)
    answer = request.POST.get("is_key")
    if answer not in ("yes", "no"):
        return HttpResponse(_("Say whether it is a key account."), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    is_key = answer == "yes"
    accounts.mark_key_account(account_id=account.pk, is_key=is_key, by=request.user, now=timezone.now())
    messages.success(request, _("A key account from now on.") if is_key else _("No key account any more."))
    return redirect("account-show", pk=pk)
