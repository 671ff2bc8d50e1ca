"""What every page's frame shows: navigation, counts, theme."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from incidents.models import Staff
from incidents.views.frame import Frame, frame_of

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

    @cache
    def frame() -> Frame:
        return frame_of(staff)

    return {
        "nav": SimpleLazyObject(lambda: _nav(request, frame().calls_due)),
        "notice_count": SimpleLazyObject(lambda: frame().unread),
        "business_name": SimpleLazyObject(lambda: frame().business),
        "clock_alarm": SimpleLazyObject(lambda: frame().alarm),
        "theme": staff.theme,
        "has_letter_keys": staff.has_letter_keys,
        "is_demo": settings.DEMO,
    }


def _nav(request: HttpRequest, calls_due: int) -> list[dict[str, Any]]:
    words = {
        "log-new": (_("Log a mistake"), _("Log")),
        "call-list": (_("Calls"), _("Calls")),
        "incident-list": (_("Open recoveries"), _("Open")),
        "customer-list": (_("Customers"), _("Customers")),
    }
    return [
        {
            "label": words[name][0],
            "short": words[name][1],
            "url": reverse(name),
            "icon": icon,
            "key": key,
            "current": request.path == reverse(name),
            "count": calls_due if name == "call-list" else 0,
        }
        for name, icon, key in NAV
    ]
