"""When a place is open, and how long each step may take there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.base import SHORT, within_bounds
from incidents.models.staff import Location
from incidents.vocabulary import Clock, Severity

LONGEST_MINUTES = 60 * 24 * 60
LONGEST_DAYS = 60


class OpenHours(models.Model):
    """One interval of one day of the week, in local time; a place without any is always open.

    Ends when or before it begins: it runs past midnight. Overlapping ones count once.
    """

    location = models.ForeignKey(Location, models.CASCADE, related_name="open_hours")
    weekday = models.PositiveSmallIntegerField()  # Monday is 0
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        ordering: ClassVar = ["weekday", "opens"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["location", "weekday", "opens"], name="openhours_once"),
            models.CheckConstraint(condition=models.Q(weekday__range=(0, 6)), name="openhours_weekday_known"),
        ]

    def __str__(self) -> str:
        return f"{self.location_id}: {self.weekday} {self.opens:%H:%M} to {self.closes:%H:%M}"


class SpecialDay(models.Model):
    """A day on which a place is closed though the week says open, or open as usual though it is a holiday."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="special_days")
    date = models.DateField(_("day"))
    name = models.CharField(_("what for"), max_length=SHORT, blank=True)
    is_open = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["date"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["location", "date"], name="specialday_once"),
            within_bounds("specialday", dates=("date",)),
        ]

    def __str__(self) -> str:
        return f"{self.location_id}: {self.date}"


class ClockTarget(models.Model):
    """How long a step may take. A row with `location` null is the business default; without a row, as shipped.

    One of `minutes` and `days`; *same day* is `days=0`. `is_business` counts open time only. `position` tells
    the follow-ups of one severity apart: 1, then 2. A follow-up counts from when the round was settled.
    """

    location = models.ForeignKey(Location, models.CASCADE, null=True, blank=True, related_name="clock_targets")
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    clock = models.CharField(max_length=12, choices=Clock.choices)
    position = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    is_business = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["severity", "clock", "position", "location"], nulls_distinct=False, name="clocktarget_once"
            ),
            models.CheckConstraint(condition=models.Q(severity__in=Severity.values), name="clocktarget_severity_known"),
            models.CheckConstraint(condition=models.Q(clock__in=Clock.values), name="clocktarget_clock_known"),
            models.CheckConstraint(
                condition=models.Q(position=1) | models.Q(position=2, clock=Clock.FOLLOW_UP),
                name="clocktarget_position_known",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__range=(1, LONGEST_MINUTES), days__isnull=True)
                | models.Q(minutes__isnull=True, days__range=(0, LONGEST_DAYS)),
                name="clocktarget_minutes_or_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.severity} at {self.location_id or 'all'}"
