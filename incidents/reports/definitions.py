"""What each figure is called, how it is counted, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    """What `Figure.value` is in."""

    COUNT = "count"
    PERCENT = "percent"  # 0 to 100
    SECONDS = "seconds"
    DAYS = "days"
    MONEY = "money"  # of the currency of its part
    MINUTES = "minutes"


class Better(TextChoices):
    UP = "up"
    DOWN = "down"
    NEITHER = ""


class Rows(TextChoices):
    """What is counted, and what stands behind the figure."""

    INCIDENTS = "incidents"
    CALLS = "calls"
    PROMISES = "promises"
    SCORES = "scores"
    CUSTOMERS = "customers"
    ACTIONS = "actions"


@dataclass(frozen=True)
class Definition:
    key: str
    title: LazyText
    words: LazyText
    unit: Unit
    better: Better
    rows: Rows = Rows.INCIDENTS


FIGURES: tuple[Definition, ...] = (
    Definition(
        "incidents",
        _("Mistakes"),
        _("All reported in the period. What was logged by mistake or twice is not counted, here and in every figure."),
        Unit.COUNT,
        Better.NEITHER,
    ),
    Definition(
        "apologized_in_time",
        _("Apologized in time"),
        _(
            "Of those whose apology was made or is overdue: the first apology was made by the time it was due."
            " Overdue and not made counts as late; one that travels with a delivery counts when it arrives."
        ),
        Unit.PERCENT,
        Better.UP,
    ),
    Definition(
        "time_to_remedy",
        _("Time until it was put right"),
        _("From the report until the first thing we did or gave arrived: the middle one, and nine of ten."),
        Unit.SECONDS,
        Better.DOWN,
    ),
    Definition(
        "recovery_time",
        _("Time until recovered"),
        _("From the report until it was closed as recovered, the last time: the middle one, and nine of ten."),
        Unit.SECONDS,
        Better.DOWN,
    ),
    Definition(
        "first_try",
        _("Recovered at the first try"),
        _(
            "Of those that are closed, had a second try or have an overdue step:"
            " recovered without a second try and never reopened."
        ),
        Unit.PERCENT,
        Better.UP,
    ),
    Definition(
        "calls_kept",
        _("Calls kept"),
        _(
            "Of the calls back that were answered or whose day is over: answered at the latest on the day for which the"
            " call was last planned. Calls that were called off are not counted."
        ),
        Unit.PERCENT,
        Better.UP,
        Rows.CALLS,
    ),
    Definition(
        "satisfaction",
        _("Satisfied with how we put it right"),
        _("Scores of 4 and 5, of all scores that customers gave when we asked them afterwards."),
        Unit.PERCENT,
        Better.UP,
        Rows.SCORES,
    ),
    Definition(
        "coverage",
        _("How many gave a score"),
        _("Mistakes with at least one score, of all."),
        Unit.PERCENT,
        Better.UP,
    ),
    Definition(
        "recovered",
        _("Recovered"),
        _("Of those that are closed or have an overdue step: closed as recovered, the customer satisfied or better."),
        Unit.PERCENT,
        Better.UP,
    ),
    Definition(
        "reopened",
        _("Reopened"),
        _("Of those first closed in the period, whenever they were reported: opened again since."),
        Unit.PERCENT,
        Better.DOWN,
    ),
    Definition(
        "repeats",
        _("Customers hit again"),
        _("Of the customers hit in the period: it was not their first time within 90 days."),
        Unit.PERCENT,
        Better.DOWN,
        Rows.CUSTOMERS,
    ),
    Definition(
        "cost",
        _("Cost of a mistake"),
        _(
            "What was given that has arrived, at what it came to or else was thought to come to, in each currency:"
            " the middle one of those that cost something, their average, and the sum."
        ),
        Unit.MONEY,
        Better.DOWN,
    ),
    Definition(
        "minutes",
        _("Our time for a mistake"),
        _("Minutes spent on what has arrived: the middle one of those for which minutes are written down."),
        Unit.MINUTES,
        Better.DOWN,
    ),
    Definition(
        "found_by_us",
        _("Found first by us"),
        _("We noticed it, or we asked: of all."),
        Unit.PERCENT,
        Better.UP,
    ),
    Definition(
        "detection_lag",
        _("Days until we knew"),
        _(
            "From the day on which it happened to the day on which we heard of it, where that day is known:"
            " the middle one, and nine of ten."
        ),
        Unit.DAYS,
        Better.DOWN,
    ),
    Definition(
        "made_worse",
        _("We made it worse"),
        _("We went about the complaint itself badly: of all."),
        Unit.PERCENT,
        Better.DOWN,
    ),
    Definition(
        "reviewed_in_time",
        _("Talked about in time"),
        _(
            "Of those on the list for a meeting that were talked about or are overdue: critical ones within 48 hours,"
            " the others by the end of the next meeting of their place."
        ),
        Unit.PERCENT,
        Better.UP,
    ),
    Definition(
        "prevention_on_time",
        _("Changes made on time"),
        _("Of what we said we would change by a day of the period, and which is done or overdue: done by that day."),
        Unit.PERCENT,
        Better.UP,
        Rows.ACTIONS,
    ),
    Definition(
        "recurrence",
        _("Came back after a change"),
        _(
            "Of changes whose 90 days ended in the period: mistakes of the same category and cause at the place"
            " in the 90 days after, for each hundred in the 90 days before."
        ),
        Unit.PERCENT,
        Better.DOWN,
        Rows.ACTIONS,
    ),
    Definition(
        "promises_kept",
        _("Promises kept"),
        _(
            "Of the promises made to these customers that are kept, broken or overdue: kept by the time they were due,"
            " moved with the customer's word or not."
        ),
        Unit.PERCENT,
        Better.UP,
        Rows.PROMISES,
    ),
    Definition(
        "apology_only",
        _("Closed with an apology alone"),
        _(
            "Closed as recovered though nothing was given, offered or waived. This must be 0:"
            " an apology alone is not a recovery."
        ),
        Unit.COUNT,
        Better.DOWN,
    ),
)
DEFINITION_OF = {each.key: each for each in FIGURES}
