"""The outcome with which a mistake leaves the agenda, and what follows from it."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from incidents.actions import agenda
from incidents.actions.advance import add_event, locked
from incidents.actions.prevention import came_back
from incidents.actions.prevention.following import follow_cause
from incidents.actions.refusals import Refused, Stale
from incidents.actions.review import ADDED
from incidents.actions.review_state import settle_review_state
from incidents.actions.reviewing import OVER, Held, held, is_talked_about_elsewhere, open_review
from incidents.models import AgendaItem, Incident, PreventionAction, Review, ReviewOutcome, Staff
from incidents.models.incident import ReviewState
from incidents.models.prevention import PreventionQuerySet
from incidents.vocabulary import NOT_AN_INCIDENT

MUST_BE_FILED = "other"  # the category that says nothing yet


def changes_of(review: Review) -> PreventionQuerySet:
    """What somebody committed to in it."""
    return PreventionAction.objects.filter(review=review).committed()


def end_review(
    *,
    review_id: int,
    outcome: ReviewOutcome,
    by: Staff,
    now: dt.datetime,
    reason: str = "",
    covered_by: PreventionAction | None = None,
    expected_version: int | None = None,
) -> Review:
    """It leaves the agenda with an outcome. Refused without what that outcome needs; said twice it is said once."""
    with held(review_id, by, is_ended=True) as mine:
        review = mine.review
        if not review.is_open:
            if review.outcome == outcome:
                return review
            raise Stale(OVER, review)
        if expected_version is not None and review.version != expected_version:
            raise Stale(_("Somebody else wrote here meanwhile."), review)
        _must_be_complete(mine, outcome, reason or review.reason, covered_by)
        review.outcome, review.ended_at, review.ended_by = outcome, now, by
        review.reason = reason or review.reason
        review.covered_by = covered_by if outcome == ReviewOutcome.COVERED else None
        mine.save("outcome", "ended_at", "ended_by", "reason", "covered_by")
        _leave_agenda(mine, outcome, now=now)
        if outcome != ReviewOutcome.NEXT_TIME:
            _say_cause(mine, by=by, now=now)
            agenda.take_off_others(mine.incident, mine.meeting, by=by, now=now)
            settle_review_state(mine.incident, by=by, now=now, is_reviewed=True)
        add_event(mine.incident, "review_ended", now=now, by=by, subject_id=review.pk, outcome=outcome.value)
    if outcome != ReviewOutcome.NEXT_TIME:
        came_back(incident_id=review.incident_id, by=by, now=now)
    return review


def put_off_review(*, item_id: int, by: Staff, now: dt.datetime) -> Review | None:
    """Next time: what was written so far stands there again. What no meeting talks about any more just leaves."""
    incident_id = AgendaItem.objects.values_list("incident_id", flat=True).get(pk=item_id)
    if incident_id is None:
        raise Refused(_("It has left the agenda already."))
    with locked(incident_id, must_be_open=False) as incident:
        item = AgendaItem.objects.filter(pk=item_id).first()
        if item is not None and item.outcome == ReviewOutcome.NEXT_TIME:
            return None
        if item is None or item.outcome:
            raise Refused(_("It has left the agenda already."))
        is_none = incident.is_restricted or incident.close_reason in NOT_AN_INCIDENT
        if is_none or is_talked_about_elsewhere(incident_id, item.meeting_id):
            _let_go(item, by=by)
            return None
        review = open_review(incident_id=incident_id, meeting_id=item.meeting_id, by=by, now=now)
        return end_review(review_id=review.pk, outcome=ReviewOutcome.NEXT_TIME, by=by, now=now)


def _let_go(item: AgendaItem, *, by: Staff) -> None:
    with agenda.held(item.meeting_id) as meeting:
        agenda.must_run(meeting, by)
        item.outcome = ReviewOutcome.NEXT_TIME
        item.version += 1
        item.save(update_fields=["outcome", "version"])
        agenda.touch(meeting)


def _must_be_complete(mine: Held, outcome: ReviewOutcome, reason: str, covered_by: PreventionAction | None) -> None:
    if outcome == ReviewOutcome.TALKED:
        raise Refused(_("Say what it comes to: something changes, is under way, or does not need to."))
    if outcome == ReviewOutcome.NEXT_TIME:
        if mine.meeting is None:
            raise Refused(_("There is no meeting from which it could be put off."))
        return
    if mine.incident.category.key == MUST_BE_FILED:
        raise Refused(_("It stands under “Something else”. Say what kind of mistake it was, so that it counts there."))
    if outcome == ReviewOutcome.ACTION and not changes_of(mine.review):
        raise Refused(_("Say what we change, who does it and by which day."))
    if outcome == ReviewOutcome.COVERED:
        _must_cover(mine.incident, covered_by)
    if outcome == ReviewOutcome.NO_ACTION and not reason.strip():
        raise Refused(_("Say why nothing is to change."))


def _must_cover(incident: Incident, change: PreventionAction | None) -> None:
    if change is None:
        raise Refused(_("Say which change covers it."))
    if change.committed_at is None or change.dropped_at is not None or change.location_id != incident.location_id:
        raise Refused(_("Nobody does that any more. Choose another change."))


def _leave_agenda(mine: Held, outcome: ReviewOutcome, *, now: dt.datetime) -> None:
    item = mine.meeting.items.filter(incident=mine.incident).first() if mine.meeting else None
    if item is None or mine.meeting is None:
        return
    item.outcome = outcome
    item.version += 1
    item.save(update_fields=["outcome", "version"])
    if outcome == ReviewOutcome.NEXT_TIME:
        agenda.carry(mine.meeting, item, now=now)


def _say_cause(mine: Held, *, by: Staff, now: dt.datetime) -> None:
    """What the review found is what caused it; without a cause it stays as it was."""
    cause, before = mine.review.root_cause, mine.incident.root_cause_id
    if cause is None or cause.pk == before:
        return
    mine.incident.root_cause = cause
    mine.incident.version += 1
    mine.incident.save(update_fields=["root_cause", "version"])
    follow_cause(mine.incident, before)
    add_event(mine.incident, "cause_set", now=now, by=by, subject_id=cause.pk, before=before)


def take_up_again(*, review_id: int, by: Staff, now: dt.datetime) -> Review:
    """The outcome was said too soon; while the meeting runs, or by a manager alone."""
    with held(review_id, by, is_ended=True) as mine:
        review = mine.review
        if review.is_open:
            return review
        if review.meeting_id is not None and mine.meeting is None:
            raise Refused(_("That meeting is over. Put it on the list of the next one."))
        if Review.objects.filter(incident=mine.incident, ended_at__isnull=True).exists():
            raise Refused(_("It is being talked about already."))
        was = review.outcome
        review.outcome, review.ended_at, review.ended_by, review.covered_by = "", None, None, None
        mine.save("outcome", "ended_at", "ended_by", "covered_by")
        if mine.meeting is not None:
            mine.meeting.items.filter(incident=mine.incident).update(outcome="")
        state, mine.incident.review_state = mine.incident.review_state, ReviewState.TO_REVIEW
        mine.incident.save(update_fields=["review_state"])
        add_event(mine.incident, ADDED, now=now, by=by, subject_id=review.pk, was=state, taken_up=was)
        return review
