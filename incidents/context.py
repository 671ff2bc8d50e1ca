"""What every page's frame shows: navigation, counts, theme."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from incidents.models import Business, Staff
from incidents.views.frame import calls_due_count, unread_count

NAV = (
    ("log-new", "plus-lg", "n"),
    ("call-list", "telephone", "t"),
    ("incident-list", "list-task", "b"),
    ("customer-list", "people", ""),
)


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Lazy: a fragment that shows no frame costs no query."""
    staff = getattr(request, "user", None)
    if not isinstance(staff, Staff):
        return {"is_demo": settings.DEMO}
    return {
        "nav": SimpleLazyObject(lambda: _nav(request, staff)),
        "notice_count": SimpleLazyObject(lambda: unread_count(staff)),
        "business_name": SimpleLazyObject(_business_name),
        "theme": staff.theme,
        "has_letter_keys": staff.has_letter_keys,
        "is_demo": settings.DEMO,
    }


def _business_name() -> str:
    return Business.objects.values_list("name", flat=True).first() or ""


def _nav(request: HttpRequest, staff: Staff) -> list[dict[str, Any]]:
    words = {
        "log-new": _("Log a mistake"),
        "call-list": _("Calls"),
        "incident-list": _("Open recoveries"),
        "customer-list": _("Customers"),
    }
    short = {
        "log-new": _("Log"),
        "call-list": _("Calls"),
        "incident-list": _("Open"),
        "customer-list": _("Customers"),
    }
    return [
        {
            "label": words[name],
            "short": short[name],
            "url": reverse(name),
            "icon": icon,
            "key": key,
            "current": request.path == reverse(name),
            "count": calls_due_count(staff) if name == "call-list" else 0,
        }
        for name, icon, key in NAV
    ]
