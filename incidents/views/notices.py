"""The inbox, and the bell that says how much of it is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from incidents import access, board
from incidents.actions import inbox
from incidents.models import Notice, NoticeKind
from incidents.models.notice import PRIVATE
from incidents.models.notice_subjects import page_of
from incidents.models.notice_views import find_view_told
from incidents.models.notice_words import step_of
from incidents.views.frame import unread_count

if TYPE_CHECKING:
    from incidents.access import StaffRequest

MOST_DIGITS = 18
# What somebody is asked, or asked to look at: it has a page of its own.
QUESTIONS = (NoticeKind.APPROVAL_ASKED, NoticeKind.WENT_AHEAD)
VIEWS = (NoticeKind.VIEW_PASSED, NoticeKind.VIEW_DIGEST)
PATTERNS = (NoticeKind.RISING, NoticeKind.BASICS)


@access.desk
@require_safe
def notice_list(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = board.inbox(request.user, now=now, after=after, before=before)
    context = {
        "lines": page.lines,
        "has_unread": any(line.notice.read_at is None for line in page.lines),
        "newest": page.lines[0].notice.pk if page.lines else 0,
        "now": now,
        "newer_url": f"?before={page.newer}" if page.newer else "",
        "older_url": f"?after={page.older}" if page.older else "",
    }
    return render(request, "incidents/manage/notice_list.html", context)


@access.desk
@require_safe
def bell(request: StaffRequest) -> HttpResponse:
    """The bell with its number; 304 when the page that asks shows that number already."""
    count = unread_count(request.user)
    tag = f'"{count}"'
    known = (request.headers.get("If-None-Match", ""), request.headers.get("HX-PTag", ""))
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if tag in known or str(count) in known:
        return HttpResponse(status=304, headers=headers)
    answer = render(request, "components/_bell.html", {"notice_count": count})
    for name, value in headers.items():
        answer[name] = value
    return answer


@access.desk
@never_cache
@require_safe
def open_notice(request: StaffRequest, pk: int) -> HttpResponse:
    mine = Notice.objects.for_inbox_of(request.user).select_related("incident")
    notice = get_object_or_404(mine, pk=pk)
    inbox.read_notice(notice=notice, now=timezone.now())
    incident = notice.incident
    if (
        notice.kind == NoticeKind.PRACTICE_OPEN
    ):  # a line about this, and none about a page, would be one about that page
        access.leave_no_line(request)
    if incident is None:
        return redirect(page_of(notice.kind), notice.subject_id)
    if notice.kind in QUESTIONS:
        return redirect("approval-show", pk=notice.subject_id)
    if notice.kind in PATTERNS:
        return redirect(f"{reverse('pattern-list')}?place={incident.location_id}")
    if notice.kind in PRIVATE:
        return redirect("care-show", pk=notice.subject_id)
    if notice.kind in VIEWS:
        view = find_view_told(request.user, notice.subject_id)
        return redirect(f"{reverse('incident-list')}?{view.query or 'view=all'}" if view else "view-list")
    step = step_of(notice)
    return redirect(incident.get_absolute_url() + (f"#{step}" if step else ""))


@access.desk
@require_POST
def read_all(request: StaffRequest) -> HttpResponse:
    """Everything up to the newest notice on the page; what came in since stays new."""
    up_to = request.POST.get("up_to", "")
    if not (up_to.isascii() and up_to.isdecimal() and len(up_to) <= MOST_DIGITS):
        raise Http404
    inbox.read_notices(staff=request.user, up_to=int(up_to), now=timezone.now())
    return redirect("notice-list")
