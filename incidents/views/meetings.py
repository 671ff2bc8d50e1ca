"""Learning: the hub, meetings and their agendas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from incidents import access

if TYPE_CHECKING:
    from incidents.access import StaffRequest


@access.desk
@require_safe
def learn(request: StaffRequest) -> HttpResponse:
    return render(request, "incidents/meetings/learn.html")


@access.desk
@require_safe
def meeting_list(request: StaffRequest) -> HttpResponse:
    return render(request, "incidents/meetings/meeting_list.html")
