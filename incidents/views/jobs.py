"""Long work: what was asked for, how far it is, stop it, try it again."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents import access
from incidents.actions import bulk, bulk_rest, jobs
from incidents.actions.refusals import Refused
from incidents.board import jobs as board
from incidents.board.bulk import lines_of, tally, to_whom
from incidents.forms.jobs import DemoForm
from incidents.models import Job, JobKind, JobState, LineState

if TYPE_CHECKING:
    from incidents.access import StaffRequest


def _find(request: StaffRequest, pk: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user).select_related("asked_by", "export"), pk=pk)


def _can_make_demo(request: StaffRequest) -> bool:
    return settings.DEMO and access.can_administer(request.user)


@access.desk
@require_safe
def job_list(request: StaffRequest) -> HttpResponse:
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = board.jobs_of(request.user, now=timezone.now(), after=after, before=before)
    context = {
        "lines": page.lines,
        "can_make_demo": _can_make_demo(request),
        "newer_url": f"?before={page.newer}" if page.newer else "",
        "older_url": f"?after={page.older}" if page.older else "",
    }
    return render(request, "incidents/jobs/job_list.html", context)


@access.desk
@require_safe
def show(request: StaffRequest, pk: int) -> HttpResponse:
    job, now = _find(request, pk), timezone.now()
    return render(request, "incidents/jobs/show.html", _told(request, job, now))


def _told(request: StaffRequest, job: Job, now: dt.datetime) -> dict[str, Any]:
    if job.kind != JobKind.BULK:
        return {"view": board.view_of(job, now=now)}
    context = _of_many(request, job, now) if job.is_over else {}
    view = board.view_of(job, now=now, counts=tally(job), is_given_back=bulk_rest.is_given_back(job))
    return context | {"view": view}


def _of_many(request: StaffRequest, job: Job, now: dt.datetime) -> dict[str, Any]:
    """What became of each incident, and the way back."""
    state = request.GET.get("state", "")
    results = lines_of(job, request.user, state=state, after=request.GET.get("after", ""))
    return {
        "results": results,
        "state": state if state in LineState.values else "",
        "more_url": f"?{urlencode({'state': state, 'after': results.after})}" if results.after else "",
        "to": to_whom(job) if "to" in job.options else "",
        "can_give_back": bulk.can_give_back(job, now=now),
    }


@access.desk
@require_safe
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """How far it is; 304 when the page that asks shows that already."""
    job, now = _find(request, pk), timezone.now()
    view = board.view_of(job, now=now)
    tag = f'"{view.tag}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if tag == request.headers.get("If-None-Match") or view.tag == request.headers.get("HX-PTag"):
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    context = _told(request, job, now) | {"is_small": "small" in request.GET}
    answer = render(request, "incidents/jobs/_job.html", context)
    for name, value in headers.items():
        answer[name] = value
    return answer


@access.desk
@require_POST
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    _find(request, pk)
    job = jobs.cancel_job(job_id=pk, by=request.user, now=timezone.now())
    if not job.is_over:
        messages.success(request, _("It stops after the piece under way."))
    elif job.state != JobState.CANCELLED:
        messages.info(request, _("It had ended already."))
    return redirect(job)


@access.desk
@require_POST
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    found, now = _find(request, pk), timezone.now()
    act = bulk_rest.go_on if found.kind == JobKind.BULK else jobs.retry_job
    try:
        job = act(job_id=pk, by=request.user, now=now)
    except Refused as refused:
        context = _told(request, found, now) | {"refused": refused.words}
        return render(request, "incidents/jobs/show.html", context, status=HTTPStatus.CONFLICT)
    if job.state == JobState.PENDING:
        messages.success(request, _("It goes on from where it stopped."))
    return redirect(job)


@access.administrators
@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: StaffRequest) -> HttpResponse:
    """More demo incidents; where real customers are there is no such page."""
    if not settings.DEMO:
        raise Http404
    form = DemoForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                job = jobs.ask_for_job(
                    kind=JobKind.DEMO_INCIDENTS,
                    options={},
                    total=form.cleaned_data["number"],
                    by=request.user,
                    now=timezone.now(),
                    submit_key=form.cleaned_data["submit_key"],
                )
            except Refused as refusal:
                form.add_error(None, str(refusal.words))
                status = HTTPStatus.CONFLICT
            else:
                return redirect(job)
    return render(request, "incidents/jobs/demo.html", {"form": form}, status=status)
