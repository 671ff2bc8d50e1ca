"""What to have at hand while calling: what happened, what we did, what we promised, how they like to be reached."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _

from incidents.models import Customer, PromiseMade, Remedy
from incidents.story.page import Story
from incidents.story.walk import Line, try_line
from incidents.story.words import day_and_time
from incidents.vocabulary import RemedyState, Source


@dataclass(frozen=True)
class Promised:
    """A promise, and whether it was kept: the customer will ask."""

    promise: PromiseMade

    @property
    def words(self) -> str:
        if self.promise.kept_at:
            return _("Kept")
        return _("Broken: say so before they do") if self.promise.broken_at else ""


@dataclass(frozen=True)
class Script:
    """`opening` is a first sentence to say in one's own words."""

    opening: str
    given: list[Remedy]
    pending: list[Remedy]
    promised: list[Promised]
    tries: list[Line]
    hours: str
    until: str
    left_alone: str


def script_of(story: Story) -> Script:
    """From what the story has read: no query."""
    incident, customer = story.incident, story.incident.customer
    zone = incident.location.zone
    remedies = story.rows.remedies
    return Script(
        opening=_opening(story),
        given=[r for r in remedies if r.state == RemedyState.DELIVERED],
        pending=[r for r in remedies if r.is_pending],
        promised=[Promised(promise) for promise in story.rows.promises],
        tries=[try_line(attempt, story.rows, zone) for attempt in story.rows.attempts],
        hours=hours_words(customer),
        until=day_and_time(incident.reach_until, zone) if incident.reach_until else "",
        left_alone=_since(customer, zone),
    )


def _opening(story: Story) -> str:
    if story.incident.round_number > 1:
        return _("Thank them for giving us another chance. Then ask whether it is all right now.")
    if story.incident.source in (Source.CUSTOMER, Source.FORM):
        return _("Thank them for telling us. Then ask whether it is all right now.")
    return _("Thank them for their patience. Then ask whether it is all right now.")


def hours_words(customer: Customer | None) -> str:
    """ "between 09:00 and 17:00"; nothing when any time will do."""
    if customer is None or customer.reach_from is None or customer.reach_until is None:
        return ""
    hours = {"from": _hour(customer.reach_from), "until": _hour(customer.reach_until)}
    return _("between %(from)s and %(until)s") % hours


def _hour(time: dt.time) -> str:
    return formats.time_format(time, "H:i")


def _since(customer: Customer | None, zone: dt.tzinfo) -> str:
    if customer is None or customer.no_contact_since is None:
        return ""
    return day_and_time(customer.no_contact_since, zone)
