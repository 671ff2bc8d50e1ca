"""Who else has an incident open, and whether it has changed since somebody opened it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from incidents.models import Event, Incident, Presence, Staff
from incidents.models.timeline import RESTRICTED_READ

# A browser gives a sign of life each 15 seconds, or each minute when nobody touches it.
STILL_THERE = dt.timedelta(seconds=75)


@dataclass(frozen=True)
class Looking:
    """`others` by name; `changed` is the newest event that the page does not show yet."""

    incident: Incident
    since: int
    newest: int
    others: tuple[Staff, ...] = ()
    changed: Event | None = None

    @property
    def tag(self) -> str:
        """The same as long as there is nothing new to say."""
        return f"{self.newest}.{'-'.join(str(person.pk) for person in self.others)}"

    @cached_property
    def names(self) -> str:
        """ "Cole, Mona and 3 more"."""
        first = [person.get_short_name() for person in self.others[:2]]
        if more := len(self.others) - len(first):
            first.append(_("%(number)d more") % {"number": more})
        return get_text_list(first, _("and"))


def looking_at(incident: Incident, *, staff: Staff, since: int, now: dt.datetime) -> Looking:
    """Two statements. `since` is the newest event that `staff` has on their page."""
    seen = Presence.objects.filter(incident=incident, seen_at__gt=now - STILL_THERE, staff__is_active=True)
    others = [row.staff for row in seen.exclude(staff=staff).select_related("staff").order_by("staff__sort_name")]
    happened = Event.objects.filter(incident=incident).exclude(kind=RESTRICTED_READ)
    newest = happened.select_related("by").order_by("-pk").first()
    at = newest.pk if newest else since
    return Looking(incident, since, at, tuple(others), newest if at > since else None)
