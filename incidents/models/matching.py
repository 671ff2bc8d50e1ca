"""The incidents that match what was chosen: the same rows for list, board, saved views, bulk changes and files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, LessThan

from incidents.ladder import ACCEPT_WITHIN
from incidents.models import chosen as asked
from incidents.models.chosen import Filters
from incidents.models.followup import FollowUp
from incidents.models.handover import Handover
from incidents.models.incident import Incident, IncidentQuerySet, ReviewState
from incidents.models.looking import with_names as with_names  # noqa: PLC0414 - whoever matches names them first
from incidents.models.money import ApprovalRequest
from incidents.models.pattern import PatternLink
from incidents.models.recovery import Remedy, Round
from incidents.models.staff import Staff
from incidents.models.terms import Terms, called, listed, matching
from incidents.models.timeline import Event
from incidents.models.wording import may_read
from incidents.vocabulary import RemedyState, RoundReason, Stage

HALF_A_DAY = dt.timedelta(hours=12)


def filtered(staff: Staff, chosen: Filters, now: dt.datetime) -> IncidentQuerySet:
    """What `staff` may see of what was chosen, in every view."""
    found = _among(Incident.objects.visible_to(staff), staff, chosen)
    if chosen.overdue:
        found = found.overdue(now)
    elif chosen.is_open_only:
        found = found.open()  # says the same, and keeps the search away from all that is closed
    for condition in _conditions(staff, chosen, now):
        found = found.filter(condition)
    return _with_words(found, staff, chosen)


def rows_of(staff: Staff, chosen: Filters, now: dt.datetime) -> IncidentQuerySet:
    """The rows of the view that was chosen, in the order of the screen. One statement now when words are looked for."""
    chosen = with_names(chosen)
    rows = in_view(filtered(staff, chosen, now), chosen.view, staff=staff, now=now)
    return rows.order_by("-closed_at", "-id") if chosen.view == asked.CLOSED else rows.by_urgency()


def urgent_first(staff: Staff, chosen: Filters, now: dt.datetime) -> tuple[IncidentQuerySet, bool]:
    """The same in the same order; True when of these only the late ones belong, which come first.

    Asked for late ones only, PostgreSQL would collect and sort all of them; so it reads what is open, up to a page.
    """
    is_late_only = chosen.view == asked.LATE or (chosen.overdue and chosen.view != asked.CLOSED)
    if is_late_only:
        view = asked.ALL if chosen.view == asked.LATE else chosen.view
        chosen = replace(chosen, overdue=False, view=view)
    rows = in_view(filtered(staff, chosen, now), chosen.view, staff=staff, now=now)
    return (rows.order_by("-closed_at", "-id") if chosen.view == asked.CLOSED else rows.by_urgency()), is_late_only


def in_view(incidents: IncidentQuerySet, view: str, *, staff: Staff, now: dt.datetime) -> IncidentQuerySet:
    if view == asked.CLOSED:
        return incidents.filter(closed_at__isnull=False)
    if view == asked.MINE:
        return incidents.open().assigned_to(staff)
    if view == asked.LATE:
        return incidents.overdue(now)
    if view == asked.UNHAPPY:
        return incidents.open().filter(unhappy())
    return incidents.open()


def unhappy() -> Q:
    """The round began because the customer was not happy yet; the first one never did.

    Its reason is looked up for each row that is read: for an EXISTS PostgreSQL collects all unhappy rounds there are.
    What it cannot see into (COALESCE) it takes to hold for every other row, and stops once a page is full.
    """
    rounds = Round.objects.filter(incident=OuterRef("pk"), number=OuterRef("round_number"))
    is_unhappy: Any = Exact(Subquery(rounds.values("reason")), RoundReason.UNHAPPY)
    return Q(round_number__gt=1) & Q(_seen(is_unhappy))


def _among(found: IncidentQuerySet, staff: Staff, chosen: Filters) -> IncidentQuerySet:
    """By the columns of the incident of which several values may be chosen."""
    if chosen.location:
        found = found.filter(location__in=[int(pk) for pk in chosen.location])
    if chosen.assignee:
        found = found.filter(assignee__in=[staff.pk if who == asked.ME else int(who) for who in chosen.assignee])
    if chosen.category:
        found = found.filter(category__key__in=chosen.category)
    if chosen.severity:
        found = found.filter(severity__in=chosen.severity)
    if chosen.stage:
        found = found.filter(stage__in=chosen.stage)
    if chosen.source:
        found = found.filter(source__in=chosen.source)
    return found


def _conditions(staff: Staff, chosen: Filters, now: dt.datetime) -> list[Any]:
    """What more was asked for. `now` goes in as it is: the statement is kept, and only the instant is another."""
    wanted = [condition(chosen, now) for name, condition in _CONDITIONS.items() if getattr(chosen, name)]
    if chosen.lacks:
        any_of = Q()
        for what in chosen.lacks:
            any_of |= _LACKING[what](staff, now)
        wanted.append(any_of)
    return wanted


def _quiet(chosen: Filters, now: dt.datetime) -> Any:
    newest = Event.objects.filter(incident=OuterRef("pk")).order_by("-id").values("at")[:1]
    at: Any = Subquery(newest)
    return _seen(LessThan(at, _later(_at(now), -dt.timedelta(hours=int(chosen.quiet)))))


def _to_be_called(chosen: Filters, now: dt.datetime) -> Any:
    """Before the day ends, or since an earlier one."""
    tomorrow = _midnight(_later(_midnight(_at(now), chosen.zone), 3 * HALF_A_DAY), chosen.zone)
    return among(FollowUp.objects.planned().filter(due_at__lt=tomorrow).values("incident"))


def _reported(chosen: Filters, now: dt.datetime) -> Any:
    """Since a day began: today, or the first of so many days of which today is the last."""
    today = _midnight(_at(now), chosen.zone)
    if chosen.reported == asked.TODAY:
        return Q(reported_at__gte=today)
    before = dt.timedelta(days=int(chosen.reported) - 1)
    return Q(reported_at__gte=_midnight(_later(today, HALF_A_DAY - before), chosen.zone))


def _linked(chosen: Filters, now: dt.datetime) -> Any:
    return among(PatternLink.objects.filter(pattern=int(chosen.pattern)).values("incident"))


_CONDITIONS: dict[str, Callable[[Filters, dt.datetime], Any]] = {
    "unhappy": lambda chosen, now: unhappy(),
    "key": lambda chosen, now: Q(customer__account__is_key=True),
    "restricted": lambda chosen, now: Q(is_restricted=True),
    "round": lambda chosen, now: Q(round_number__gte=int(chosen.round)),
    "review": lambda chosen, now: Q(review_state=ReviewState.TO_REVIEW),
    "pattern": _linked,
    "reported": _reported,
    "quiet": _quiet,
    "call": _to_be_called,
}


def _no_receipt(staff: Staff, now: dt.datetime) -> Q:
    waited_for = Remedy.objects.filter(state=RemedyState.AWAITING_RECEIPT)
    return Q(among(waited_for.values("incident"))) & may_read(staff)


def _no_answer(staff: Staff, now: dt.datetime) -> Q:
    return Q(among(ApprovalRequest.objects.waiting().values("incident"))) & may_read(staff)


def _no_apology(staff: Staff, now: dt.datetime) -> Q:
    return Q(stage=Stage.APOLOGIZE)


def _no_call(staff: Staff, now: dt.datetime) -> Q:
    return Q(_seen(Exists(FollowUp.objects.planned().filter(incident=OuterRef("pk")))))


def _nobody(staff: Staff, now: dt.datetime) -> Q:
    """Whoever has it left or is away, or was given it a while ago and has not said a word."""
    gone = Staff.objects.filter(Q(is_active=False) | Q(away_until__gt=now)).values("pk")
    newest = Handover.objects.filter(incident=OuterRef("pk")).order_by("-id")
    told = Q(accepted_at__isnull=True, returned_at__isnull=True, lapsed_at__isnull=True)
    is_silent: Any = ExpressionWrapper(told, BooleanField())
    at: Any = Subquery(newest.values("at")[:1])
    silent: Any = Exact(Subquery(newest.values(silent=is_silent)[:1]), True)
    long_ago: Any = LessThan(at, _later(_at(now), -ACCEPT_WITHIN))
    return Q(among(gone, column="assignee")) | (Q(_seen(silent)) & Q(_seen(long_ago)))


_LACKING: dict[str, Callable[[Staff, dt.datetime], Q]] = {
    asked.RECEIPT: _no_receipt,
    asked.APPROVAL: _no_answer,
    asked.APOLOGY: _no_apology,
    asked.CALL: _no_call,
    asked.PERSON: _nobody,
}


def among(rows: QuerySet[Any, Any], column: str = "pk") -> Any:
    """Whether it is one of these few, which are collected first: the index of `column` then finds the rest."""
    return Func(
        F(column),
        ArraySubquery(rows),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


def _seen(condition: Any) -> Any:
    """The same looked up for each row that is read, in whatever order they come."""
    return Coalesce(condition, False, output_field=BooleanField())


def _at(now: dt.datetime) -> Any:
    return Value(now, output_field=DateTimeField())


def _later(moment: Any, by: dt.timedelta) -> Any:
    return Func(
        moment, Value(by, DurationField()), template="(%(expressions)s)", arg_joiner=" + ", output_field=DateTimeField()
    )


def _midnight(moment: Any, zone: str) -> Any:
    """Before that moment on the clocks of `zone`."""
    return Func(Value("day"), moment, Value(zone), function="date_trunc", output_field=DateTimeField())


def _with_words(found: IncidentQuerySet, staff: Staff, chosen: Filters) -> IncidentQuerySet:
    """What was looked for: by the keys that were found, or beside whatever else is asked."""
    if chosen.found is not None and not (chosen.found.is_cut and chosen.view == asked.CLOSED):
        is_closed = chosen.view == asked.CLOSED
        return found.filter(listed("pk", chosen.found.closed if is_closed else chosen.found.open))
    if chosen.terms is not None:
        is_meant: Any = ExpressionWrapper(
            matching(staff, chosen.terms, listed("customer", chosen.terms.customers)), BooleanField()
        )
        return found.filter(_seen(is_meant))
    if not chosen.q:
        return found
    terms = Terms.of(chosen.q)
    named = called(terms.name) if chosen.called is None or not chosen.has_names else chosen.called
    return found.filter(matching(staff, terms, Q(customer__in=named)))
