"""Who may what, as the rules themselves answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from incidents import access
from incidents.board import permissions as board

if TYPE_CHECKING:
    from incidents.access import StaffRequest


@access.desk
@require_safe
def permissions(request: StaffRequest) -> HttpResponse:
    return render(request, "incidents/permissions/permissions.html", {"tables": board.tables()})
