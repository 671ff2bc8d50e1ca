"""Practice: stories to answer without a name, and the library of those that were told.

What only reads or answers leaves no line in the log, no message in a session, no draft: docs/practice.md says why.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from incidents.access import StaffRequest, desk, managers, without_a_trace
from incidents.actions import practice as acts
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.board import practice as board
from incidents.forms.practice import AnswerForm, BestForm, RemoveForm, ScenarioForm
from incidents.models import Incident, Scenario
from incidents.views.log import form_page

GIVEN = "given"  # the part of the page that says so: servers are not told what stands behind the `#` of an address


@without_a_trace
@desk
@require_safe
def practice(request: StaffRequest) -> HttpResponse:
    context = {"page": board.overview(request.user), "is_untraced": True}
    return render(request, "incidents/practice/practice.html", context)


@without_a_trace
@desk
@require_safe
def library(request: StaffRequest) -> HttpResponse:
    chosen = request.GET.get("category", "")
    shelves, shown = board.library(request.user, chosen)
    context = {"shelves": shelves, "shown": shown, "is_all": shown is shelves, "is_untraced": True}
    return render(request, "incidents/practice/library.html", context)


@without_a_trace
@desk
@never_cache
@require_safe
def show(request: StaffRequest, pk: int) -> HttpResponse:
    return _show(request, _scenario(request, pk))


def _scenario(request: StaffRequest, pk: int) -> Scenario:
    found: Scenario = get_object_or_404(board.scenarios_of(request.user), pk=pk)
    return found


def _show(
    request: StaffRequest,
    scenario: Scenario,
    status: HTTPStatus = HTTPStatus.OK,
    **over: AnswerForm | BestForm | Refused,
) -> HttpResponse:
    page = board.page(request.user, scenario)
    context: dict[str, Any] = {"page": page, "scenario": scenario, "form": AnswerForm(), "is_untraced": True}
    if page.may_manage and scenario.published_at:
        context["best"] = BestForm(place=scenario.location, staff=request.user, words=scenario.best_answer)
    return render(request, "incidents/practice/show.html", context | over, status=status)


@without_a_trace
@desk
@never_cache
@require_POST
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """The person who asks is looked at once, for whether they may read the story, and then no more."""
    scenario, form = _scenario(request, pk), AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, scenario, HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    try:
        acts.answer(scenario_id=pk, words=form.cleaned_data["words"])
    except Refused as refused:
        return _show(request, _scenario(request, pk), HTTPStatus.CONFLICT, form=form, refused=refused)
    return redirect(f"{scenario.get_absolute_url()}#{GIVEN}")


@managers
@form_page
def new(request: StaffRequest) -> HttpResponse:
    """Of a recovery that is over (`?from=R-…`), or from nothing."""
    source = _source(request)
    if request.method != "POST":
        form = ScenarioForm(staff=request.user, initial=board.draft_of(source) if source else None)
        return _form(request, form, source=source)
    form = ScenarioForm(request.POST, staff=request.user)
    if not form.is_valid():
        return _form(request, form, HTTPStatus.UNPROCESSABLE_ENTITY, source=source)
    try:
        scenario = acts.make_scenario(
            incident=source,
            location=form.cleaned_data["place"],
            by=request.user,
            now=timezone.now(),
            submit_key=form.cleaned_data["submit_key"],
            **form.said(),
        )
    except NotYours:
        raise
    except Refused as refused:
        return _form(request, form, HTTPStatus.CONFLICT, source=source, refused=refused)
    return redirect(scenario)


def _source(request: StaffRequest) -> Incident | None:
    if not (reference := request.GET.get("from", "")):
        return None
    if (found := board.closed_incident(request.user, reference)) is None:
        raise Http404
    return found


def _form(
    request: StaffRequest, form: ScenarioForm, status: HTTPStatus = HTTPStatus.OK, **more: object
) -> HttpResponse:
    return render(request, "incidents/practice/scenario.html", {"form": form, **more}, status=status)


@managers
@form_page
def change(request: StaffRequest, pk: int) -> HttpResponse:
    scenario = _scenario(request, pk)
    acts.must_not_be_out(scenario)
    if request.method != "POST":
        names = ("title", "story", "question", "ending", "version")
        initial = {name: getattr(scenario, name) for name in names} | {"category": scenario.category_id}
        return _form(request, ScenarioForm(staff=request.user, is_new=False, initial=initial), scenario=scenario)
    form = ScenarioForm(request.POST, staff=request.user, is_new=False)
    if not form.is_valid():
        return _form(request, form, HTTPStatus.UNPROCESSABLE_ENTITY, scenario=scenario)
    version = form.cleaned_data["version"] or 0
    try:
        acts.change_scenario(
            scenario_id=pk, expected_version=version, by=request.user, now=timezone.now(), **form.said()
        )
    except Stale as stale:
        form.renew("version", stale.current.version)
        return _form(request, form, HTTPStatus.CONFLICT, scenario=_scenario(request, pk), refused=stale)
    messages.success(request, _("Saved."))
    return redirect(scenario)


@managers
@require_POST
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    acts.publish(scenario_id=_scenario(request, pk).pk, by=request.user, now=timezone.now())
    messages.success(request, _("The story is out. Everybody of the place is told."))
    return redirect("scenario-show", pk=pk)


@managers
@require_POST
def close(request: StaffRequest, pk: int) -> HttpResponse:
    acts.close(scenario_id=_scenario(request, pk).pk, by=request.user, now=timezone.now())
    messages.success(request, _("No more answers are taken."))
    return redirect("scenario-show", pk=pk)


@managers
@require_POST
def open_again(request: StaffRequest, pk: int) -> HttpResponse:
    acts.open_again(scenario_id=_scenario(request, pk).pk, by=request.user, now=timezone.now())
    messages.success(request, _("Answers are taken again."))
    return redirect("scenario-show", pk=pk)


@managers
@require_POST
def best(request: StaffRequest, pk: int) -> HttpResponse:
    scenario = _scenario(request, pk)
    form = BestForm(request.POST, place=scenario.location, staff=request.user)
    if not form.is_valid():
        return _show(request, scenario, HTTPStatus.UNPROCESSABLE_ENTITY, best=form)
    is_everywhere = form.cleaned_data["where"] == "everywhere"
    try:
        acts.keep_best(
            scenario_id=pk,
            words=form.cleaned_data["words"],
            is_everywhere=is_everywhere,
            by=request.user,
            now=timezone.now(),
        )
    except NotYours:
        raise
    except Refused as refused:
        return _show(request, scenario, HTTPStatus.CONFLICT, best=form, refused=refused)
    messages.success(request, _("It stands in the playbook now."))
    return redirect("scenario-show", pk=pk)


@managers
@require_POST
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """An answer that names or hurts somebody."""
    scenario, form = _scenario(request, pk), RemoveForm(request.POST)
    if not form.is_valid():
        return _show(request, scenario, HTTPStatus.UNPROCESSABLE_ENTITY)
    acts.remove_answer(scenario_id=pk, answer_id=form.cleaned_data["answer"], by=request.user, now=timezone.now())
    messages.success(request, _("That answer is gone."))
    return redirect("scenario-show", pk=pk)
