"""What the desk reckons with: hours, days, targets, who waits. Each constraint, and a write it refuses."""

from __future__ import annotations

import datetime as dt

from incidents.models import ClockTarget, OpenHours, Presence, SpecialDay
from tests.make import DAY, NOW
from tests.models.writes import TOO_EARLY, TOO_LATE, Write, change, change_closed, change_open, copy

DESK: list[tuple[str, Write]] = [
    ("openhours_once", copy(OpenHours, closes=dt.time(23))),
    ("openhours_weekday_known", change(OpenHours, weekday=7)),
    ("specialday_once", copy(SpecialDay, is_open=True)),
    ("specialday_dates_2000_to_2100", change(SpecialDay, date=TOO_EARLY.date())),
    ("specialday_dates_2000_to_2100", change(SpecialDay, date=TOO_LATE.date())),
    ("clocktarget_once", copy(ClockTarget)),
    ("clocktarget_once", copy(ClockTarget, minutes=None, days=1)),
    ("clocktarget_severity_known", change(ClockTarget, severity=5)),
    ("clocktarget_clock_known", change(ClockTarget, clock="lunch")),
    ("clocktarget_position_known", change(ClockTarget, position=2)),
    ("clocktarget_position_known", change(ClockTarget, clock="follow_up", position=3)),
    ("clocktarget_position_known", change(ClockTarget, position=0)),
    ("clocktarget_minutes_or_days", change(ClockTarget, minutes=None)),
    ("clocktarget_minutes_or_days", change(ClockTarget, days=1)),
    ("clocktarget_minutes_or_days", change(ClockTarget, minutes=0)),
    ("clocktarget_minutes_or_days", change(ClockTarget, minutes=86_401)),
    ("clocktarget_minutes_or_days", change(ClockTarget, minutes=None, days=61)),
    ("incident_waiting_from_and_until", change_open(waiting_since=NOW)),
    ("incident_waiting_from_and_until", change_open(waiting_until=NOW)),
    ("incident_waiting_from_and_until", change_open(waiting_since=NOW, waiting_until=NOW)),
    ("incident_waiting_from_and_until", change_closed(waiting_since=NOW, waiting_until=NOW + DAY)),
    ("incident_dates_2000_to_2100", change_open(waiting_since=TOO_EARLY, waiting_until=NOW)),
    ("incident_dates_2000_to_2100", change_open(waiting_since=NOW, waiting_until=TOO_LATE)),
    ("incident_raised_by_known", change_open(raised_by="a feeling")),
    ("presence_once", copy(Presence)),
    ("presence_dates_2000_to_2100", change(Presence, seen_at=TOO_EARLY)),
    ("presence_dates_2000_to_2100", change(Presence, seen_at=TOO_LATE)),
]
