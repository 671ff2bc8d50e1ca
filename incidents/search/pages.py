"""Where the app leads, by the words people have for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.access import can_administer
from incidents.models import Staff
from incidents.models.base import sort_key

MOST = 5


@dataclass(frozen=True)
class Way:
    """A page or an act; `words` are others for it."""

    label: str
    url: str
    icon: str
    words: str
    is_for: Callable[[Staff], bool]


def _everybody(staff: Staff) -> bool:
    return True


def _managers(staff: Staff) -> bool:
    return staff.is_manager


@cache
def _ways(language: str | None) -> tuple[Way, ...]:
    recoveries = reverse("incident-list")
    told = (
        (_("Log a mistake"), reverse("log-new"), "plus-lg", _("new complaint incident write down"), _everybody),
        (_("Today"), reverse("home"), "cup-hot", _("home start needs you"), _everybody),
        (_("Calls"), reverse("call-list"), "telephone", _("call back follow up phone"), _everybody),
        (_("Open recoveries"), recoveries, "list-task", _("incidents list board"), _everybody),
        (_("What you look after"), f"{recoveries}?view=mine", "list-task", _("mine my recoveries"), _everybody),
        (_("Late recoveries"), f"{recoveries}?view=late", "list-task", _("overdue"), _everybody),
        (_("Still unhappy"), f"{recoveries}?view=unhappy", "list-task", _("not happy"), _everybody),
        (_("Closed recoveries"), f"{recoveries}?view=closed", "list-task", _("done finished ended"), _everybody),
        (_("Customers"), reverse("customer-list"), "people", _("guests people"), _everybody),
        (_("Approvals"), reverse("approval-list"), "question-circle", _("ask amount limit"), _everybody),
        (_("Learn"), reverse("learn"), "lightbulb", _("meetings reviews changes practice numbers"), _everybody),
        (_("Meetings"), reverse("meeting-list"), "calendar-event", _("agenda staff meeting review"), _everybody),
        (_("What we change"), reverse("prevention-list"), "wrench", _("prevention actions improve check"), _everybody),
        (_("How we do things"), reverse("procedure-list"), "journal-text", _("procedures routine steps"), _everybody),
        (_("Notices"), reverse("notice-list"), "bell", _("inbox bell news"), _everybody),
        (_("Your profile"), reverse("profile"), "person-circle", _("theme keys dark language me"), _everybody),
        (_("Long work"), reverse("job-list"), "arrow-right", _("jobs progress"), _everybody),
        (_("Messages nobody answered"), reverse("call-unanswered"), "telephone", _("no answer"), _everybody),
        (_("Reminders and mail"), reverse("delivery-list"), "bell", _("delivery clock"), _managers),
        (_("Staff"), reverse("staff-list"), "people", _("colleagues roles users"), can_administer),
        (_("Locations"), reverse("location-list"), "geo-alt", _("places hours zone currency"), can_administer),
        (_("Catalogue"), reverse("catalogue"), "list-task", _("settings categories remedies"), _managers),
        (_("Why it happens"), reverse("cause-list"), "question-circle", _("settings root causes"), _managers),
        (_("Limits"), reverse("limits"), "list-task", _("settings money amounts may give"), _managers),
        (_("Playbooks"), reverse("playbook-list"), "list-task", _("settings advice usual"), _managers),
    )
    return tuple(Way(*each) for each in told)


def ways_to(term: str, staff: Staff) -> list[Way]:
    """Those whose words begin like all that was typed; nothing was typed: the first ones. No query."""
    typed = sort_key(term).split()
    found = [way for way in _ways(get_language()) if way.is_for(staff) and _fits(way, typed)]
    return sorted(found, key=lambda way: not sort_key(way.label).startswith(sort_key(term)))[:MOST]


def _fits(way: Way, typed: list[str]) -> bool:
    known = sort_key(f"{way.label} {way.words}").split()
    return all(any(word.startswith(each) for word in known) for each in typed)
