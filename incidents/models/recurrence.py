"""Whether what a change is to prevent came back: the same category and cause at the same place, before and after."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, Q, When

from incidents.calendars import resolve_local
from incidents.models.incident import Incident, IncidentQuerySet
from incidents.models.meeting import ReviewOutcome
from incidents.models.prevention import CHECK_AFTER_DAYS, CheckVerdict, PreventionAction
from incidents.models.staff import Staff
from incidents.models.tally import countable

CHECK_AFTER = dt.timedelta(days=CHECK_AFTER_DAYS)
FEWEST_BEFORE = 5  # with fewer before, none after proves nothing
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Counted:
    """How many there were in so many days before a change took effect, and in as many after it."""

    days: int
    before: int
    after: int
    verdict: CheckVerdict


def check_moment(action: PreventionAction) -> dt.datetime:
    """90 days after it was done; or after the day on which it took effect began, where that is later. It is done."""
    if action.done_at is None:
        raise ValueError("nothing to check")
    starts_at = action.done_at
    if action.effective_on is not None:
        midnight = dt.datetime.combine(action.effective_on, dt.time.min)
        starts_at = max(starts_at, resolve_local(midnight, action.location.zone))
    return starts_at + CHECK_AFTER


def in_effect_from(action: PreventionAction) -> dt.datetime:
    """Of one that is done: from then on it should not happen again."""
    if action.check_at is None:
        raise ValueError("not in effect")
    return action.check_at - CHECK_AFTER


def counted_for(action: PreventionAction) -> IncidentQuerySet:
    """What it is to prevent, as far as whoever reads the change may hear of it: the count is shown to all of them.

    Restricted ones count where its own incident is restricted: then few read it.
    """
    found = aimed_at(action)
    return found if action.incident.is_restricted else found.filter(is_restricted=False)


def aimed_at(action: PreventionAction) -> IncidentQuerySet:
    """Whatever it is to prevent, restricted ones too; without what was entered by mistake or twice."""
    same = countable(Incident.objects.filter(location=action.location_id, category=action.category_id))
    return same.filter(root_cause=action.root_cause_id) if action.root_cause_id else same


def count_of(action: PreventionAction, now: dt.datetime) -> Counted:
    """By `now`. Windows of 90 days, of more whole days once those have passed, of what has passed before. One query."""
    since = in_effect_from(action)
    passed = max(now - since, dt.timedelta(0))
    days = passed // _DAY
    length = days * _DAY if passed >= CHECK_AFTER else passed
    found = counted_for(action).aggregate(
        before=Count("pk", filter=Q(reported_at__gte=since - length, reported_at__lt=since)),
        after=Count("pk", filter=Q(reported_at__gte=since, reported_at__lt=since + length)),
    )
    is_early = passed < CHECK_AFTER and not found["after"]  # what came back did, however early it is
    verdict = CheckVerdict.TOO_EARLY if is_early else verdict_on(found["before"], found["after"])
    return Counted(days, found["before"], found["after"], verdict)


def verdict_on(before: int, after: int) -> CheckVerdict:
    if after:
        return CheckVerdict.RECURRED
    return CheckVerdict.TOO_FEW if before < FEWEST_BEFORE else CheckVerdict.NOT_SEEN


def because_of(action: PreventionAction, staff: Staff) -> IncidentQuerySet:
    """Those it was made because of, of customers who may be told: seen by `staff`, one each, nobody told twice.

    Its own, those whose review it covers, and what it is to prevent from the 90 days before it was done.
    """
    since = (action.done_at or action.created_at) - CHECK_AFTER
    same = aimed_at(action).filter(reported_at__gte=since, reported_at__lte=action.done_at or action.created_at)
    covered = Q(reviews__outcome=ReviewOutcome.COVERED, reviews__covered_by=action)
    own = Incident.objects.filter(Q(pk=action.incident_id) | covered | Q(pk__in=same.values("pk")))
    told = Incident.objects.filter(promises__tells_of__action=action, customer__isnull=False)
    reachable = countable(own.visible_to(staff)).filter(customer__isnull=False, customer__no_contact_since=None)
    fresh = reachable.exclude(customer__in=told.values("customer"))
    # Of several of one customer its own, else the newest.
    first = fresh.order_by("customer", Case(When(pk=action.incident_id, then=0), default=1), "-reported_at", "-pk")
    return Incident.objects.filter(pk__in=first.distinct("customer").values("pk"))
