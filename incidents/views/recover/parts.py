"""What is inside a fold of the incident page, for whoever opens it; templatetags/folds.py makes the fold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from incidents import access
from incidents.views.recover.page import DeskPage
from incidents.vocabulary import RemedyState

Found = dict[str, Any]


def _remedy(page: DeskPage, pk: int) -> Found | None:
    """The card of one remedy, of a restricted incident only one's own."""
    view = next((view for view in page.story.remedies if view.remedy.pk == pk), None)
    if view is None:
        return None
    page.check(view.remedy.assignee_id)
    return {"remedy": view.remedy, "view": view, "card": page.card(view)}


def _promise(page: DeskPage, pk: int) -> Found | None:
    promise = next((promise for promise in page.story.open_promises if promise.pk == pk), None)
    if promise is None:
        return None
    page.check()
    return {"promise": promise, "card": page.promise_card(promise)}


def _is_open_remedy(page: DeskPage, found: Found) -> bool:
    return bool(page.incident.is_open and found["remedy"].is_pending)


def _is_proposed(found: Found) -> bool:
    return bool(found["remedy"].state == RemedyState.PROPOSED)


def _can_ask_again(found: Found) -> bool:
    asking = found["view"].asking
    return bool(asking and asking.can_ask_again)


# Whether the page as it stands has the fold, by the part's name.
PARTS: dict[str, Callable[[DeskPage], object]] = {
    "apology": lambda page: page.incident.is_open,
    "finding": lambda page: page.staff.is_manager,
    "remedy": lambda page: page.incident.is_open,
    "nothing": lambda page: page.incident.is_open and not page.story.round.waived_as,
    "call": lambda page: page.incident.is_open and page.story.call,
    "promise": lambda page: True,
    "files": lambda page: True,
    "give_back": lambda page: page.story.is_handed_to_me,
    "hand_over": lambda page: page.incident.is_open,
    "second_failure": lambda page: True,
    "times": lambda page: True,
    "wait": lambda page: page.incident.is_open,
    "close": lambda page: page.incident.is_open,
    "alike": lambda page: True,
    "cause": lambda page: page.staff.is_manager,
    "others": lambda page: True,
    "prevent": lambda page: page.story.is_one_to_learn_from,
    "care": lambda page: True,
}
# The same of those that each remedy or promise has.
ROWS: dict[str, tuple[Callable[[DeskPage, int], Found | None], Callable[[DeskPage, Found], object]]] = {
    "deliver": (_remedy, lambda page, found: _is_open_remedy(page, found) and not _is_proposed(found)),
    "more": (_remedy, _is_open_remedy),
    "evidence": (_remedy, lambda page, found: page.incident.is_open and not _is_proposed(found)),
    "again": (_remedy, lambda page, found: page.incident.is_open and _can_ask_again(found)),
    "move": (_promise, lambda page, found: True),
    "settle": (_promise, lambda page, found: True),
}
_STEPS = {"apology": "apologize", "remedy": "remedy"}


@access.desk
@require_safe
def part(request: access.StaffRequest, reference: str, name: str) -> HttpResponse:
    page = DeskPage(request, reference)
    if name not in PARTS:
        raise Http404
    page.check()
    if not PARTS[name](page):
        raise Http404
    stage = _STEPS.get(name)
    return page.part(name, {"step": next((step for step in page.story.steps if step.stage == stage), None)})


@access.desk
@require_safe
def row_part(request: access.StaffRequest, reference: str, name: str, pk: int) -> HttpResponse:
    if name == "older":
        page = DeskPage(request, reference, before=pk)
        page.check()
        return page.part(name, {"is_more": True})
    page = DeskPage(request, reference)
    if name not in ROWS:
        raise Http404
    find, is_there = ROWS[name]
    found = find(page, pk)
    if found is None or not is_there(page, found):
        raise Http404
    return page.part(name, found)
