"""When to call: in the hours the customer likes, and before they leave. Reads no row beside those at hand."""

from __future__ import annotations

import datetime as dt

from incidents.calendars import Window
from incidents.models import Incident

# So long before they leave the call is made, and so long before their hours end.
BEFORE_THE_END = dt.timedelta(minutes=30)
# Nobody dials again sooner than this.
SHORTEST_WAIT = dt.timedelta(minutes=10)
# How long a message about something minor may go unanswered before it can end there.
SILENT_FOR = dt.timedelta(days=7)
EVERY_DAY = "1111111"


def plan_time(incident: Incident, due: dt.datetime, now: dt.datetime, *, is_before_leaving: bool = True) -> dt.datetime:
    """`due`, moved into the customer's hours (the clock of the incident's place), never before `now`.

    A guest who can be reached until some moment is called half an hour before it at the latest; when no hour of
    theirs is left until then, leaving counts more. Somebody who has left is called in their hours again.
    """
    due = max(due, now)
    hours = hours_of(incident)
    at = hours.next_open(due) if hours else due
    leaves = incident.reach_until
    if not is_before_leaving or leaves is None or leaves <= now:
        return at
    last = leaves - BEFORE_THE_END
    if at <= last:
        return at
    in_hours = hours.last_open(last, since=now, margin=BEFORE_THE_END) if hours else last
    return max(in_hours or last, now)


def hours_of(incident: Incident) -> Window | None:
    """When this customer likes to be called; None at any time."""
    customer = incident.customer
    if customer is None or customer.reach_from is None or customer.reach_until is None:
        return None
    return Window(customer.reach_from, customer.reach_until, EVERY_DAY, incident.location.zone)
