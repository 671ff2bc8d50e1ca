"""What every page's frame shows: navigation, counts, theme."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.counting import told
from incidents.models import Staff
from incidents.views.frame import Frame, frame_of

NAV = (
    ("log-new", "plus-lg", "n"),
    ("call-list", "telephone", "t"),
    ("incident-list", "list-task", "b"),
    ("customer-list", "people", ""),
    ("approval-list", "question-circle", "q"),
    ("learn", "lightbulb", ""),
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
        "nav": SimpleLazyObject(lambda: _nav(request.path, staff, frame())),
        "nav_keys": tuple((way.key, way.label) for way in _ways(get_language()) if way.key),
        "notice_count": SimpleLazyObject(lambda: frame().unread),
        "approvals_waiting": SimpleLazyObject(lambda: frame().to_decide),
        "approvals_to_review": SimpleLazyObject(lambda: frame().to_review),
        "business_name": SimpleLazyObject(lambda: frame().business),
        "clock_alarm": SimpleLazyObject(lambda: frame().alarm),
        "theme": staff.theme,
        "has_letter_keys": staff.has_letter_keys,
        "is_demo": settings.DEMO,
    }


@dataclass(frozen=True)
class Way:
    """Somewhere the navigation leads: the same for everybody."""

    name: str
    icon: str
    key: str
    label: str
    short: str
    url: str


@cache
def _ways(language: str | None) -> tuple[Way, ...]:
    words = {
        "log-new": (_("Log a mistake"), _("Log")),
        "call-list": (_("Calls"), _("Calls")),
        "incident-list": (_("Open recoveries"), _("Open")),
        "customer-list": (_("Customers"), _("Customers")),
        "learn": (_("Learn"), _("Learn")),
        "approval-list": (_("Approvals"), _("Approve")),
    }
    return tuple(Way(name, icon, key, *words[name], reverse(name)) for name, icon, key in NAV)


@cache
def _board(language: str | None) -> str:
    """Where managers look at what is open."""
    return reverse("board")


def _nav(path: str, staff: Staff, frame: Frame) -> list[dict[str, Any]]:
    """Approvals are in it for managers, and for whoever stands in for one while something waits."""
    counts = {"call-list": frame.calls_due, "approval-list": frame.to_decide}
    return [
        {
            "label": way.label,
            "short": way.short,
            "url": _board(get_language()) if way.name == "incident-list" and staff.is_manager else way.url,
            "icon": way.icon,
            "key": way.key,
            "current": path == way.url or (way.name == "incident-list" and path == _board(get_language())),
            "count": told(counts.get(way.name, 0)),
        }
        for way in _ways(get_language())
        if way.name != "approval-list" or staff.is_manager or frame.to_decide
    ]
