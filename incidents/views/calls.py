"""Calls: late, in the next 24 hours, done today."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from incidents import access, story


@access.desk
@require_safe
def call_list(request: access.StaffRequest) -> HttpResponse:
    """Mine first; `?who=everyone` shows all that this person may see."""
    is_everyone = request.GET.get("who") == "everyone"
    now = timezone.now()
    after, owed_after = (request.GET.get(name, "").replace(" ", "+") for name in ("after", "owed_after"))
    book = story.call_book(request.user, now, is_everyone=is_everyone, after=after, owed_after=owed_after)
    who = {"who": "everyone"} if is_everyone else {}
    context = {
        "book": book,
        "now": now,
        "next": request.get_full_path(),
        "more_url": f"?{urlencode(who | {'after': book.after})}" if book.after else "",
        "more_owed_url": f"?{urlencode(who | {'owed_after': book.owed_after})}" if book.owed_after else "",
    }
    return render(request, "incidents/calls/call_list.html", context)
