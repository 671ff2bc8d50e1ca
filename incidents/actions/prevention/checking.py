"""Did it help? Counted 90 days after a change, and whenever somebody asks; what came back is open again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import structlog
from django.core.cache import cache
from django.db import OperationalError
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event
from incidents.actions.prevention import news
from incidents.actions.prevention.held import Held, end_of, held, must_be_theirs, today_at
from incidents.actions.refusals import Refused
from incidents.actions.remind import database_now
from incidents.models import (
    CheckVerdict,
    Incident,
    NoticeKind,
    PreventionAction,
    PreventionCheck,
    Review,
    ReviewOutcome,
    Staff,
)
from incidents.models.recurrence import CHECK_AFTER, count_of, counted_for, in_effect_from
from incidents.models.tally import countable

log = structlog.get_logger(__name__)
NEXT_TRY = dt.timedelta(days=14)  # what came back is due anew by then, until somebody says another day
CHECKED = "changes-checked"  # the key in the cache while it need not be done again
HOUR = 3600


def keep_checking() -> int:
    """What is due, at most once an hour however often it is rung. How many were checked."""
    if not cache.add(CHECKED, True, HOUR):
        return 0
    try:
        return check_due(now=database_now())
    except Exception:
        cache.delete(CHECKED)
        raise


def check_due(now: dt.datetime) -> int:
    """Each in a transaction of its own: one that cannot be counted does not stop the others."""
    waiting = PreventionAction.objects.to_check(now).order_by("check_at", "pk").values_list("pk", flat=True)
    checked = _each(list(waiting), now)
    return checked + came_back_since(now=now)


def _each(pks: Iterable[int], now: dt.datetime) -> int:
    checked = 0
    for pk in pks:
        try:
            with held(pk) as mine:
                if not mine.action.waits_for_check(now):
                    continue  # another sweep was faster, or it is open again
                _check(mine, by=None, now=now)
                checked += 1
        except OperationalError:
            raise  # the database is away: the next ring tries again
        except Exception:
            log.exception("change_not_checked", action=pk)
    return checked


def check_now(*, action_id: int, by: Staff, now: dt.datetime) -> PreventionCheck:
    """Count at once. Before the 90 days are over it came back, or it is too early to tell."""
    with held(action_id) as mine:
        must_be_theirs(by, mine.action)
        if mine.action.done_at is None:
            raise Refused(_("This is not done yet: there is nothing to check."))
        return _check(mine, by=by, now=now)


def _check(mine: Held, *, by: Staff | None, now: dt.datetime) -> PreventionCheck:
    action, last = mine.action, mine.action.checks.order_by("-pk").first()
    count = count_of(action, now)
    counted = (count.days, count.before, count.after, count.verdict)
    if last and last.at >= (action.done_at or now) and counted == (last.days, last.before, last.after, last.verdict):
        return last
    check = PreventionCheck.objects.create(
        action=action, at=now, days=count.days, before=count.before, after=count.after, verdict=count.verdict
    )
    if count.verdict == CheckVerdict.RECURRED:
        _reopen(mine, by=by, now=now)
        return check
    was, action.verdict = action.verdict, count.verdict.value
    if was != action.verdict:
        mine.save("verdict")
        add_event(mine.incident, "prevention_checked", now=now, by=by, subject_id=action.pk, verdict=action.verdict)
        mine.settle(by=by, now=now)
        if action.verdict != CheckVerdict.TOO_EARLY:
            news.tell_verdict(action, NoticeKind.PREVENTION_HELD, now=now)
    return check


def _reopen(mine: Held, *, by: Staff | None, now: dt.datetime) -> None:
    """Not done after all. What was said to show it stays to be read; somebody says by when we try again."""
    action = mine.action
    action.verdict, action.done_at, action.done_by, action.check_at = CheckVerdict.RECURRED, None, None, None
    action.reopened_count += 1
    due_on = today_at(action.location, now) + NEXT_TRY
    action.due_on, action.due_at = due_on, end_of(due_on, action.location)
    mine.save("verdict", "done_at", "done_by", "check_at", "reopened_count", "due_on", "due_at")
    add_event(mine.incident, "prevention_back", now=now, by=by, subject_id=action.pk, times=action.reopened_count)
    mine.settle(by=by, now=now)
    news.remind(action, now=now)
    news.tell_verdict(action, NoticeKind.PREVENTION_BACK, now=now)


def came_back(*, incident_id: int, by: Staff | None, now: dt.datetime) -> list[PreventionAction]:
    """An incident was reviewed: the changes that were to prevent it and are done are open again.

    Call it after the transaction that ended the review: it locks other incidents. What is missed here, the hourly
    check finds.
    """
    incident = Incident.objects.get(pk=incident_id)
    found = []
    for pk in PreventionAction.objects.done().meant_to_prevent(incident).order_by("pk").values_list("pk", flat=True):
        with held(pk) as mine:
            if _is_again(mine.action, incident):
                _write_down(mine.action, now)
                _reopen(mine, by=by, now=now)
                found.append(mine.action)
    return found


def came_back_since(*, now: dt.datetime) -> int:
    """The same for every incident that was reviewed after such a change was done. One query when there is none."""
    again = countable(Incident.objects.filter(location=OuterRef("location"), category=OuterRef("category")))
    again = again.filter(
        Q(root_cause=OuterRef("root_cause")) | Q(IsNull(OuterRef("root_cause"), True)),
        Exists(
            Review.objects.filter(incident=OuterRef("pk"), ended_at__gte=OuterRef(OuterRef("done_at"))).exclude(
                outcome=ReviewOutcome.NEXT_TIME
            )
        ),
        Q(is_restricted=False) | Q(is_restricted=OuterRef("incident__is_restricted")),
        reported_at__gte=OuterRef("check_at") - CHECK_AFTER,
    )
    first = again.order_by("reported_at", "pk").values("pk")[:1]
    found = PreventionAction.objects.done().annotate(again=Subquery(first)).filter(again__isnull=False)
    incidents = sorted(set(found.values_list("again", flat=True)))
    return sum(len(came_back(incident_id=pk, by=None, now=now)) for pk in incidents)


def _is_again(action: PreventionAction, incident: Incident) -> bool:
    if action.done_at is None:
        return False
    again = counted_for(action).filter(pk=incident.pk, reported_at__gte=in_effect_from(action))
    return incident.pk != action.incident_id and again.exists()


def _write_down(action: PreventionAction, now: dt.datetime) -> None:
    """What was counted when it came back."""
    count = count_of(action, now)
    PreventionCheck.objects.create(
        action=action, at=now, days=count.days, before=count.before, after=count.after, verdict=CheckVerdict.RECURRED
    )
