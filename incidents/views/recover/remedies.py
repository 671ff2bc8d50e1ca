"""What we do and give."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _

from incidents import story
from incidents.actions import money, remedies
from incidents.models import ApprovalRequest, Remedy
from incidents.models.money import newest_request
from incidents.views.recover.cards import form_of
from incidents.views.recover.page import DeskPage, act
from incidents.vocabulary import RemedyState


@act
def remedy(page: DeskPage) -> HttpResponse:
    page.check()

    def said(saved: Remedy) -> str:
        if saved.state == RemedyState.PROPOSED:
            return _("Asked: %(what)s. You will be told the answer.") % {"what": saved}
        return _("Saved: %(what)s.") % {"what": saved}

    return page.submit(page.form("remedy"), remedies.add_remedy, said, incident_id=page.incident.pk)


def _do(
    page: DeskPage, pk: int, name: str, action: Callable[..., Remedy], said: Callable[[Remedy], LazyText | str]
) -> HttpResponse:
    """One act on one remedy, with the form of that name."""
    found = story.find_remedy(page.incident, pk)
    page.check(found.assignee_id)
    form = form_of(name, found, page.choices, page.request.POST)
    return page.submit(form, action, lambda done: str(said(done)), remedy_id=pk)


@act
def deliver(page: DeskPage, pk: int) -> HttpResponse:
    return _do(page, pk, "deliver", remedies.deliver_remedy, lambda done: _("Delivered: %(what)s.") % {"what": done})


@act
def offer(page: DeskPage, pk: int) -> HttpResponse:
    return _do(page, pk, "tap", remedies.offer_remedy, lambda done: _("Offered: %(what)s.") % {"what": done})


@act
def take(page: DeskPage, pk: int) -> HttpResponse:
    return _do(page, pk, "tap", remedies.accept_remedy, lambda done: _("They take it: %(what)s.") % {"what": done})


@act
def start(page: DeskPage, pk: int) -> HttpResponse:
    return _do(page, pk, "tap", remedies.start_remedy, lambda done: _("Under way: %(what)s.") % {"what": done})


@act
def decline(page: DeskPage, pk: int) -> HttpResponse:
    def said(done: Remedy) -> str:
        if done.declined_as == "wants_nothing":
            return _("Noted: they want nothing.")
        return _("Noted: not enough. Offer something else in its place.")

    return _do(page, pk, "decline", remedies.decline_remedy, said)


@act
def change_remedy(page: DeskPage, pk: int) -> HttpResponse:
    def said(done: Remedy) -> str:
        if done.state == RemedyState.PROPOSED:
            return _("Changed. This amount needs a yes: the question was asked anew.")
        return _("Changed: %(what)s.") % {"what": done}

    return _do(page, pk, "change", remedies.change_remedy, said)


@act
def end_remedy(page: DeskPage, pk: int) -> HttpResponse:
    return _do(page, pk, "end", remedies.end_remedy, lambda done: _("Noted. Say what takes its place."))


@act
def waive_receipt(page: DeskPage, pk: int) -> HttpResponse:
    return _do(page, pk, "waive", remedies.waive_receipt, lambda done: _("It goes without a receipt now."))


@act
def let_go(page: DeskPage, pk: int) -> HttpResponse:
    return _do(page, pk, "letgo", remedies.let_go, lambda done: _("Noted: the customer let it go."))


@act
def ask_again(page: DeskPage, pk: int) -> HttpResponse:
    found = story.find_remedy(page.incident, pk)
    page.check(found.assignee_id)
    form = form_of("again", found, page.choices, page.request.POST)
    return page.submit(form, money.ask_again, lambda asked: _("Asked again."), remedy_id=pk)


@act
def go_ahead(page: DeskPage, pk: int) -> HttpResponse:
    found = story.find_remedy(page.incident, pk)
    page.check(found.assignee_id)
    asked = newest_request(found, page.story.rows.approvals)
    if asked is None:
        raise Http404

    def said(done: ApprovalRequest) -> str:
        return _("Go ahead. A manager looks at it afterwards.")

    form = form_of("ahead", found, page.choices, page.request.POST)
    return page.submit(form, money.go_ahead, said, request_id=asked.pk)


@act
def wants_nothing(page: DeskPage) -> HttpResponse:
    page.check()
    form = page.form("wants_nothing")
    return page.submit(
        form, remedies.waive_remedy, lambda done: _("Noted: they want nothing."), incident_id=page.incident.pk
    )


@act
def no_remedy_due(page: DeskPage) -> HttpResponse:
    page.check()
    form = page.form("no_remedy_due")
    said = _("Noted: nothing is due.")
    return page.submit(form, remedies.waive_remedy, lambda done: said, incident_id=page.incident.pk)
