"""The desk of one review: its forms, the page on which they stand, and how whatever is pressed is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from incidents import access
from incidents.access import StaffRequest
from incidents.actions import reviewing as acts
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.forms.reviewing import AgreeForm, BesideForm, MissedForm, OutcomeForm, RefileForm, ReviewForm
from incidents.models import Review
from incidents.story.reviewing import Reviewed, reviews_of
from incidents.story.room import Room
from incidents.story.told import ByName, tell_in_meeting


class ReviewDesk:
    """The forms of one review, and the page on which they stand."""

    def __init__(self, request: StaffRequest, reviewed: Reviewed, review: Review) -> None:
        self.request, self.reviewed, self.review = request, reviewed, review
        self.said: ReviewForm | None = self._bound("form") if "known_first" in request.POST else None

    @property
    def meeting_id(self) -> int | None:
        """Of the meeting in which it is talked about right now."""
        meeting = self.review.meeting
        return meeting.pk if meeting is not None and meeting.is_running else None

    @property
    def url(self) -> str:
        if self.meeting_id:
            return reverse("meeting-write", args=[self.meeting_id])
        return reverse("review-now", args=[self.reviewed.incident.reference])

    def _bound(self, name: str) -> Any:
        return self.form(name, self.request.POST)

    def form(self, name: str, data: Any = None) -> Any:
        made: dict[str, Callable[[], Form]] = {
            "form": lambda: ReviewForm(
                data, review=self.review, causes=[*self.reviewed.causes.used, *self.reviewed.causes.rest]
            ),
            "outcome": lambda: OutcomeForm(data, review=self.review, covers=self.reviewed.covers),
            "agree": lambda: AgreeForm(data, people=self.reviewed.people, today=self.today),
            "missed": lambda: MissedForm(data, steps=[each.step for each in self.reviewed.steps]),
            "refile": lambda: RefileForm(data, kinds=self.reviewed.kinds if self.reviewed.must_be_filed else []),
        }
        return made[name]()

    @cached_property
    def today(self) -> Any:
        return self.reviewed.now.astimezone(self.reviewed.incident.location.zone).date()

    def unsent(self, name: str) -> Any:
        """The form without what is wrong with it, and with what was typed in it while something else was pressed."""
        form = self.form(name)
        if isinstance(form, BesideForm):
            form.keep(self.request.POST)
        return form

    def typed(self, *names: str) -> bool:
        """Whether words stand in one of these fields that nobody has sent on their own."""
        return any(self.request.POST.get(name, "").strip() for name in names)

    def save_words(self, now: dt.datetime) -> int | None:
        """What was said so far goes with whatever is pressed. The version from which the rest goes on, if there is one.

        Raises Stale and Refused as `save_review`.
        """
        if self.said is None:
            return None
        saved = acts.save_review(review_id=self.review.pk, by=self.request.user, now=now, **self.said.facts())
        return None if saved.version == self.review.version else saved.version

    def context(self, **bound: Any) -> dict[str, Any]:
        forms = {name: bound.pop(name) if name in bound else self.unsent(name) for name in _NAMES}
        return {"reviewed": self.reviewed, "review": self.review, "forms": forms, "form": forms["form"], **bound}

    def show(self, status: int, **bound: Any) -> HttpResponse:
        """The page again, with what was typed."""
        context = self.context(**bound)
        meeting = self.review.meeting
        if self.meeting_id is None or meeting is None:
            return show_alone(self.request, self.reviewed, context, status)
        room = Room(meeting, self.request.user, self.reviewed.now)
        context |= {"room": room, "meeting": meeting}
        return render(self.request, "incidents/room/write.html", context, status=status)


_NAMES = ("form", "outcome", "agree", "missed", "refile")


def show_alone(request: StaffRequest, reviewed: Reviewed, context: dict[str, Any], status: int) -> HttpResponse:
    told = tell_in_meeting(reviewed.incident, ByName())
    context = {"told": told, "incident": reviewed.incident, "reviewed": reviewed, **context}
    return render(request, "incidents/room/review.html", context, status=status)


def desk_of(request: StaffRequest, pk: int) -> ReviewDesk:
    found: Any = reviews_of(request.user)
    review: Review = get_object_or_404(found, pk=pk)
    desk = ReviewDesk(request, Reviewed(review.incident, review, request.user, timezone.now()), review)
    meeting = review.meeting if desk.meeting_id else None
    may = access.can_run_meeting(request.user, meeting) if meeting else False
    if not may and not access.can_set_up(request.user, review.incident.location_id):
        raise PermissionDenied
    return desk


def submit(desk: ReviewDesk, name: str, do: Callable[[Any, int | None], Any]) -> HttpResponse:
    """Save what was said, and do it with what the form asked: both or neither. Back to the page, or why not."""
    bound = {name: desk.form(name, desk.request.POST)} | ({"form": desk.said} if desk.said else {})
    if not all(form.is_valid() for form in bound.values()):
        return desk.show(HTTPStatus.UNPROCESSABLE_ENTITY, **bound)
    where = "form"
    try:
        with transaction.atomic():
            version = desk.save_words(timezone.now())
            where = name
            do(bound[name], version)
    except NotYours as refused:
        raise PermissionDenied(str(refused.words)) from refused
    except Refused as refused:
        return refused_by(desk, refused, where, bound)
    return go_on(desk, name)


def refused_by(desk: ReviewDesk, refused: Refused, where: str, bound: dict[str, Any]) -> HttpResponse:
    if not isinstance(refused, Stale):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if where == "form" else HTTPStatus.CONFLICT
        return desk.show(status, **bound, refused=refused, refused_in=where)
    for form in bound.values():
        if "version" in form.fields:
            form.renew("version", refused.current.version)
    theirs = {"theirs": refused.current} if where == "form" else {}
    return desk.show(HTTPStatus.CONFLICT, **bound, refused=refused, refused_in=where, **theirs)


def save_first(request: StaffRequest) -> HttpResponse | None:
    """What was said goes with "On" and "Back" too. The page, when it cannot be saved."""
    pk = request.POST.get("review", "")
    if not (pk.isascii() and pk.isdigit()):
        return None
    desk = desk_of(request, int(pk))
    if desk.said is None or not desk.review.is_open:
        return None
    bound = {"form": desk.said}
    if not desk.said.is_valid():
        return desk.show(HTTPStatus.UNPROCESSABLE_ENTITY, **bound)
    try:
        desk.save_words(timezone.now())
    except NotYours as refused:
        raise PermissionDenied(str(refused.words)) from refused
    except Refused as refused:
        return refused_by(desk, refused, "form", bound)
    return None


# Words that are sent by a button of their own.
_OWN_WORDS = {"missed": ("words",), "agree": ("what", "old_text", "new_text"), "outcome": ("why_not",)}


def go_on(desk: ReviewDesk, done: str) -> HttpResponse:
    """Back to the page; not before its reader has seen what is typed there and was not sent by this."""
    others = [field for name, fields in _OWN_WORDS.items() if name != done for field in fields]
    if done == "outcome" or not desk.typed(*others):
        return redirect(desk.url)
    fresh = desk_of(desk.request, desk.review.pk)
    fresh.said = None
    return fresh.show(HTTPStatus.OK, **({done: fresh.form(done)} if done != "form" else {}))
