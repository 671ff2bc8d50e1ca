"""Before and after each change."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import connection

from incidents.models import CheckVerdict, PreventionAction, Staff
from incidents.models.prevention import PreventionQuerySet
from incidents.models.recurrence import CHECK_AFTER, verdict_on
from incidents.reports.scope import DAY, Scope
from incidents.reports.seen import facts_near, named_sql, restricted_ids
from incidents.reports.slots import Slots


@dataclass(frozen=True)
class BeforeAfter:
    """So many of its category and cause at the place in the days before it took effect, and in as many after."""

    action: PreventionAction
    days: int  # that have passed, 90 at most
    before: int
    after: int
    verdict: CheckVerdict


def changes_of(staff: Staff, scope: Scope) -> PreventionQuerySet:
    """What was committed and not dropped, of incidents that count for them, whenever."""
    actions = PreventionAction.objects.committed()
    if scope.is_shared or not staff.is_manager:
        actions = actions.filter(incident__is_restricted=False)
        actions = actions if staff.sees_all else actions.filter(location__in=staff.location_ids)
    else:
        actions = actions.of_incidents_seen_by(staff)
    asked = {"location": scope.location_id, "category": scope.category_id, "root_cause": scope.cause_id}
    asked["incident__severity"] = scope.severity
    return actions.filter(**{name: value for name, value in asked.items() if value is not None})


def on_time(staff: Staff, scope: Scope, now: dt.datetime, slots: Slots) -> dict[int, list[bool]]:
    """Of each that is done or overdue, whether it was done by its day. One statement."""
    rows = changes_of(staff, scope).filter(due_on__gte=slots.first, due_on__lte=slots.last).order_by()
    found: dict[int, list[bool]] = defaultdict(list)
    for due_on, due_at, done_at in rows.values_list("due_on", "due_at", "done_at"):
        if due_on and due_at and (done_at is not None or due_at < now):
            found[slots.of(due_on)].append(done_at is not None and done_at <= due_at)
    return found


def ended_between(staff: Staff, scope: Scope, now: dt.datetime, slots: Slots) -> list[tuple[PreventionAction, dt.date]]:
    """Whose 90 days are over, and ended on such a day of their place. One statement."""
    first, last = (dt.datetime.combine(day, dt.time.min, dt.UTC) for day in (slots.first - DAY, slots.last + 2 * DAY))
    rows = changes_of(staff, scope).done().filter(check_at__gte=first, check_at__lt=last, check_at__lte=now)
    days = [(each, _day(each.check_at, each.location.time_zone)) for each in rows.select_related("location")]
    return [(each, day) for each, day in days if slots.first <= day <= slots.last]


def _day(moment: dt.datetime | None, zone: str) -> dt.date:
    if moment is None:
        raise ValueError("not done")
    return moment.astimezone(ZoneInfo(zone)).date()


def recurrences(staff: Staff, scope: Scope, now: dt.datetime, slots: Slots) -> dict[int, list[tuple[int, int]]]:
    """(before, after) of each whose 90 days ended. Three statements at most."""
    ended = ended_between(staff, scope, now, slots)
    counts = counts_around(staff, scope, [each for each, _day in ended], now)
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for each, day in ended:
        found[slots.of(day)].append(counts[each.pk])
    return found


def before_after(staff: Staff, scope: Scope, now: dt.datetime) -> list[BeforeAfter]:
    """Of changes that were in effect at some time of the scope, newest first. Four statements at most."""
    end = dt.datetime.combine(scope.end + 2 * DAY, dt.time.min, dt.UTC)
    rows = changes_of(staff, scope).done().filter(check_at__lt=min(end, now) + CHECK_AFTER)
    actions = [
        each
        for each in rows.select_related("location", "category", "root_cause", "incident").order_by("-check_at", "-pk")
        if each.check_at
        and _day(each.check_at - CHECK_AFTER, each.location.time_zone) <= scope.end
        and _day(each.check_at, each.location.time_zone) >= scope.start
    ]
    counts = counts_around(staff, scope, actions, now)
    return [_judged(each, counts[each.pk], now) for each in actions]


def _judged(action: PreventionAction, counted: tuple[int, int], now: dt.datetime) -> BeforeAfter:
    if action.check_at is None:
        raise ValueError("not done")
    passed = min(now - (action.check_at - CHECK_AFTER), CHECK_AFTER)
    before, after = counted
    is_early = passed < CHECK_AFTER and not after
    verdict = CheckVerdict.TOO_EARLY if is_early else verdict_on(before, after)
    return BeforeAfter(action, passed // DAY, before, after, verdict)


_COUNT = """
    WITH near AS NOT MATERIALIZED ({near})
    SELECT a.id, count(n.incident_id) FILTER (WHERE n.reported_at < w.since),
        count(n.incident_id) FILTER (WHERE n.reported_at >= w.since)
    FROM incidents_preventionaction a
    CROSS JOIN LATERAL (SELECT a.check_at - %(window)s AS since,
        least(%(now)s - (a.check_at - %(window)s), %(window)s) AS length) w
    LEFT JOIN near n ON n.location_id = a.location_id AND n.category_id = a.category_id
        AND (a.root_cause_id IS NULL OR n.cause_id = a.root_cause_id)
        AND n.day >= (w.since - w.length)::date - 1 AND n.day <= (w.since + w.length)::date + 1
        AND n.reported_at >= w.since - w.length AND n.reported_at < w.since + w.length
    WHERE a.id = ANY(%(ids)s) GROUP BY a.id
"""
_COLUMNS = ("incident_id", "location_id", "category_id", "cause_id", "day", "reported_at")


def counts_around(
    staff: Staff, scope: Scope, actions: Sequence[PreventionAction], now: dt.datetime
) -> dict[int, tuple[int, int]]:
    """Of each, (before, after) in windows of 90 days, or of what has passed. Two statements, none without actions."""
    if not actions:
        return {}
    wide = Scope(scope.start, scope.end, is_shared=scope.is_shared)
    sql, values = named_sql(facts_near(staff, wide, restricted_ids(staff, wide)).order_by().values(*_COLUMNS), "near_")
    values |= {"ids": [each.pk for each in actions], "window": CHECK_AFTER, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(near=sql), values)
        return {pk: (before, after) for pk, before, after in cursor.fetchall()}
