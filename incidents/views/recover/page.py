"""The incident page and what its forms have in common: load, check, act, and go back to it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache, cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from incidents import access, search, story
from incidents.actions import endings, undo
from incidents.actions.access_log import note_restricted
from incidents.actions.drafts import drop_words
from incidents.actions.refusals import NotYours, Refused, Stale, StepRefused
from incidents.forms.care import ThinkOfForm
from incidents.forms.changes import PreventForm
from incidents.forms.desk import Choices, DeskForm
from incidents.forms.patterns import CauseForm, OthersForm
from incidents.forms.recover.apologies import ApologyForm, FindingForm
from incidents.forms.recover.calls import FollowUpForm
from incidents.forms.recover.endings import CloseForm, GoBackForm, SecondFailureForm, UndoForm
from incidents.forms.recover.handovers import GiveBackForm, HandOverForm
from incidents.forms.recover.notes import NoteForm
from incidents.forms.recover.promises import PromiseForm
from incidents.forms.recover.remedies import NoRemedyDueForm, RemedyForm, WantsNothingForm
from incidents.forms.recover.waiting import WaitForm
from incidents.models import Draft, Incident, PromiseMade, Staff
from incidents.models.base import STORY
from incidents.models.timeline import AT_INCIDENT
from incidents.views.recover.cards import Card, fold_of, told_of_types
from incidents.views.recover.drafts import DRAFTED
from incidents.views.recover.owing import PromiseCard
from incidents.views.way_back import next_of

FORMS: dict[str, type[DeskForm]] = {
    "apology": ApologyForm,
    "finding": FindingForm,
    "remedy": RemedyForm,
    "wants_nothing": WantsNothingForm,
    "no_remedy_due": NoRemedyDueForm,
    "promise": PromiseForm,
    "note": NoteForm,
    "call": FollowUpForm,
    "go_back": GoBackForm,
    "close": CloseForm,
    "second_failure": SecondFailureForm,
    "undo": UndoForm,
    "wait": WaitForm,
    "hand_over": HandOverForm,
    "give_back": GiveBackForm,
    "cause": CauseForm,
    "others": OthersForm,
    "prevent": PreventForm,
    "think_of": ThinkOfForm,
}
_EVENT = re.compile(r"[1-9][0-9]{0,17}")
P = ParamSpec("P")
Saved = TypeVar("Saved")


class Forms(dict[str, DeskForm]):
    """Each form of FORMS, made when the page first shows it; with what was typed in it and not sent."""

    def __init__(self, choices: Choices, drafts: dict[str, Draft]) -> None:
        super().__init__()
        self.choices, self.drafts = choices, drafts

    def __missing__(self, name: str) -> DeskForm:
        self[name] = made = FORMS[name](choices=self.choices, name=name)
        if draft := self.drafts.get(name):
            made.take_up(draft.values, draft.saved_at)
        return made


class DeskPage:
    """One incident as one person may see it, at one moment.

    `step` is the assignee of what they are about to do: of a restricted incident a person
    may do their own step, and nothing else unless they may read the whole. `before`: the
    timeline begins below that event.
    """

    def __init__(self, request: access.StaffRequest, reference: str, before: int | None = None) -> None:
        self.request = request
        self.staff: Staff = request.user
        self.now: dt.datetime = timezone.now()
        self.incident: Incident = story.find_incident(self.staff, reference)
        self.is_whole = access.can_read_whole(self.staff, self.incident)
        note_restricted(staff=self.staff, incidents=[self.incident], now=self.now)
        self.story = story.tell(self.incident, self.staff, self.now, before)
        self.choices = _choices(self.story)
        self.before = before

    @cached_property
    def drafts(self) -> dict[str, Draft]:
        """What they typed here and have not sent, by the form's name."""
        return {draft.form.removeprefix(AT_INCIDENT): draft for draft in self.story.rows.drafts}

    def check(self, assignee_id: int | None = None) -> None:
        """PermissionDenied for someone who may only do their own step, when this is not it."""
        if not self.is_whole and assignee_id != self.staff.pk:
            raise PermissionDenied

    def form(self, name: str) -> DeskForm:
        return FORMS[name](self.request.POST, choices=self.choices, name=name)

    def act(self, action: Callable[..., Saved], form: DeskForm, **which: int) -> Saved:
        """Do it with what the form asked, to the row that `which` names, by this person at this moment."""
        return action(**which, **form.cleaned_data, by=self.staff, now=self.now)

    def submit(
        self, form: DeskForm, action: Callable[..., Saved], said: Callable[[Saved], str], **which: int
    ) -> HttpResponse:
        """Do it; back to the page with what is `said` of it, or the page again saying why not."""
        if not form.is_valid():
            return self.show(bound=form, status=422)
        try:
            done = self.act(action, form, **which)
        except NotYours as refused:
            raise PermissionDenied(str(refused.words)) from refused
        except StepRefused as refused:
            return self.show(bound=form, refused=refused, opened="remedy", status=422)
        except Refused as refused:
            if isinstance(refused, Stale):
                form.catch_up(refused.current)
            return self.show(bound=form, refused=refused, status=409)
        if (name := _name_of(form)) in DRAFTED:
            drop_words(incident_id=self.incident.pk, form=name, by=self.staff)
        messages.success(self.request, said(done), extra_tags=self._undo_tag())
        return redirect(self.next_url())

    def _undo_tag(self) -> str:
        """What makes the message carry an Undo, when what was done just now can be undone. One query."""
        act = undo.newest_act(self.incident, by=self.staff, now=self.now)
        return f"undo {act.event.pk:019d} {self.incident.reference}" if act and act.event.at == self.now else ""

    def next_url(self) -> str:
        return next_of(self.request, self.incident.get_absolute_url())

    def show(
        self,
        *,
        bound: DeskForm | None = None,
        refused: Refused | None = None,
        opened: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """The whole page, or one's own part; a form that did not go through keeps what was typed.

        An act that a script sent from another page hears only why not.
        """
        if bound is not None and getattr(self.request, "htmx", False):
            raise refused or Refused(" ".join(str(error) for errors in bound.errors.values() for error in errors))
        if refused is not None:
            self.story = story.tell(story.find_incident(self.staff, self.incident.reference), self.staff, self.now)
            self.choices = _choices(self.story)
        template = "show" if self.is_whole else "limited"
        context = self._context(bound, opened) | {
            "refused": refused,
            "typed": _typed(bound) if refused else [],
            "gates": [gate.words for gate in refused.gates] if isinstance(refused, StepRefused) else [],
        }
        with timezone.override(self.incident.location.zone):
            return render(self.request, f"incidents/recover/{template}.html", context, status=status)

    def part(self, name: str, found: dict[str, Any]) -> HttpResponse:
        """What is inside one fold, and nothing else."""
        context = self._context(None, "") | found
        with timezone.override(self.incident.location.zone):
            return render(self.request, f"incidents/recover/parts/_{name}.html", context)

    def card(self, view: story.RemedyView, bound: DeskForm | None = None, name: str = "") -> Card:
        return Card(view, self.choices, bound, name)

    def promise_card(self, promise: PromiseMade, bound: DeskForm | None = None, name: str = "") -> PromiseCard:
        return PromiseCard(promise, self.choices, bound, name)

    def _context(self, bound: DeskForm | None, opened: str) -> dict[str, Any]:
        """What the templates read; what only some of them read is made when it is read."""
        name = _name_of(bound)
        forms = Forms(self.choices, self.drafts)
        if bound and name in FORMS:
            forms[name] = bound
        advice = story.advice(self.story.rows)
        before = cache(lambda: story.precedents(self.story.incident, self.story.rows.types))
        if bound is None and (wanted := self.request.GET.get("give", "")) and (usual := _usual(wanted, advice, before)):
            forms["remedy"].initial.update(usual)
            opened = "remedy"
        return {
            "story": self.story,
            "incident": self.story.incident,
            "now": self.now,
            "form": bound if bound and bound.errors else None,
            "forms": forms,
            "unfolded": {fold_of(opened), fold_of(name), *self.drafts, *self.request.GET.getlist("open")},
            "coach": cache(lambda: story.Help(self.story, _written(bound) if name == "apology" else "")),
            "advice": advice,
            "precedents": before,
            "alike": cache(self._alike),
            "undoable": None if self.before else undo.last_act(self.story.rows.events, by=self.staff, now=self.now),
            "before": self.before,
            "promises": [self.promise_card(promise, bound, name) for promise in self.story.open_promises],
            "remedies": [self.card(view, bound, name) for view in self.story.remedies],
            "fine_type": next((t for t in self.story.rows.types if t.key == "put_right" and t.is_active), None),
        }

    def _alike(self) -> list[search.Like]:
        return search.similar_to(self.incident.what_happened, staff=self.staff, exclude=self.incident.pk)


def act(view: Callable[Concatenate[DeskPage, P], HttpResponse]) -> Callable[..., HttpResponseBase]:
    """A view that only acts (POST): it is given the page, already loaded."""

    @access.desk
    @require_POST
    @wraps(view)
    def load(request: access.StaffRequest, reference: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(DeskPage(request, reference), *args, **kwargs)

    return load


def _name_of(form: DeskForm | None) -> str:
    return form.auto_id.removesuffix("_%s") if form and isinstance(form.auto_id, str) else ""


def _typed(form: DeskForm | None) -> list[str]:
    """The words of a form that may no longer be on the page, to copy."""
    if form is None:
        return []
    return [text for name in ("words", "what", "note") if (text := str(form.data.get(name, "")).strip())]


def _written(form: DeskForm | None) -> str:
    return str(form.data.get("words", ""))[:STORY] if form is not None else ""


def _choices(told: story.Story) -> Choices:
    return Choices(
        incident=told.incident,
        staff=told.staff,
        now=told.now,
        people=tuple(told.people) if told.staff in told.people else (told.staff, *told.people),
        types=tuple(told.rows.types),
        pending=tuple(told.pending_remedies),
        delivered=tuple(told.delivered),
        unreplaced=tuple(told.unreplaced),
        told_of_types=cache(lambda: told_of_types(told)),
        contacts=tuple(told.usable_contacts),
        endings=cache(lambda: _endings(told)),
    )


def _endings(told: story.Story) -> Any:
    """What the close form offers: asked of the action, with the rows that are at hand."""
    if not told.incident.is_open:
        return {}
    known = endings.Known(
        attempts=tuple(told.rows.attempts),
        began_at=told.round.started_at,
        last_answer=endings.last_answer_of(told.rows.calls),
        has_contact=any(contact.wrong_since is None for contact in told.rows.contacts),
        gates=told.missing,
    )
    return endings.endings_open_to(told.incident, by=told.staff, now=told.now, known=known)


@access.desk
@require_safe
def show(request: access.StaffRequest, reference: str) -> HttpResponse:
    before = request.GET.get("before", "")
    return DeskPage(request, reference, int(before) if _EVENT.fullmatch(before) else None).show()


def _usual(
    wanted: str, advice: story.Advice | None, before: Callable[[], tuple[story.Precedent, ...]]
) -> dict[str, Any] | None:
    """What the playbook or experience suggests and somebody tapped, where no script filled it in."""
    said = [(usual.type.pk, usual.amount) for usual in advice.usual] if advice else []
    pairs = said + [(row.type.pk, row.median) for row in before()]
    return next(({"type": pk, "estimated_amount": amount} for pk, amount in pairs if str(pk) == wanted), None)
