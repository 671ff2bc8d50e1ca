"""Promises."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from incidents import story
from incidents.actions import promises
from incidents.forms.recover.promises import MovePromiseForm, SettlePromiseForm
from incidents.models import PromiseMade
from incidents.views.recover.page import DeskPage, act


@act
def promise(page: DeskPage) -> HttpResponse:
    page.check()
    words = _("Promise noted. We will remind you.")
    return page.submit(page.form("promise"), promises.make_promise, lambda made: words, incident_id=page.incident.pk)


@act
def settle_promise(page: DeskPage, pk: int) -> HttpResponse:
    page.check(story.find_promise(page.incident, pk).assignee_id)
    form = SettlePromiseForm(page.request.POST, choices=page.choices, name=f"promise{pk}")

    def said(done: PromiseMade) -> str:
        if done.kept_late_by:
            return _("Promise kept, though late.")
        return _("Promise kept.") if done.kept_at else _("Noted: it was not kept.")

    return page.submit(form, promises.settle_promise, said, promise_id=pk)


@act
def move_promise(page: DeskPage, pk: int) -> HttpResponse:
    """Agreed anew with the customer; 409 with both times when somebody moved it meanwhile."""
    found = story.find_promise(page.incident, pk)
    page.check(found.assignee_id)
    form = MovePromiseForm(page.request.POST, choices=page.choices, promise=found)
    words = _("Agreed anew. We will remind %(who)s then.")
    return page.submit(form, promises.move_promise, lambda done: words % {"who": done.assignee}, promise_id=pk)
