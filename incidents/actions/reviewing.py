"""Talking about one mistake: what let it happen, what was missed, and the outcome with which it leaves the agenda."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.actions import agenda
from incidents.actions.advance import add_event, locked
from incidents.actions.change import change_incident
from incidents.actions.prevention import commit_change
from incidents.actions.prevention.held import must_manage
from incidents.actions.procedures import type_step
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.blame import blames_only
from incidents.models import (
    Category,
    Incident,
    Meeting,
    MissedStep,
    PreventionAction,
    Review,
    ReviewOutcome,
    RootCause,
    RoutineStep,
    Staff,
)
from incidents.vocabulary import NOT_AN_INCIDENT

MOST_WHYS = 5
OVER = _("This was talked about to its end. Take it up again to change something.")


@dataclass
class Held:
    """An open review with its incident locked, and the meeting in which it is talked about, locked too."""

    review: Review
    incident: Incident
    meeting: Meeting | None

    def save(self, *names: str) -> None:
        """Whatever shows it looks again."""
        self.review.version += 1
        self.review.save(update_fields=[*names, "version"])
        if self.meeting is not None:
            agenda.touch(self.meeting)


@contextmanager
def held(review_id: int, by: Staff, *, is_ended: bool = False) -> Iterator[Held]:
    """One transaction: the incident's lock, then the meeting's."""
    pk = Review.objects.values_list("incident_id", flat=True).get(pk=review_id)
    with locked(pk, must_be_open=False) as incident:
        review = Review.objects.select_related("root_cause", "covered_by").get(pk=review_id)
        meeting = _locked_meeting(review.meeting_id)
        _may_review(by, incident, meeting)
        if not is_ended and not review.is_open:
            raise Refused(OVER)
        yield Held(review, incident, meeting)


def _locked_meeting(meeting_id: int | None) -> Meeting | None:
    """While it runs; one that is over is not changed any more."""
    if meeting_id is None:
        return None
    Meeting.objects.select_for_update(no_key=True).values_list("pk").get(pk=meeting_id)
    meeting = Meeting.objects.select_related("location").get(pk=meeting_id)
    return meeting if meeting.is_running else None


def _may_review(by: Staff, incident: Incident, meeting: Meeting | None) -> None:
    if meeting is not None and access.can_run_meeting(by, meeting):
        return
    try:
        must_manage(by, incident.location_id)
    except NotYours:
        raise NotYours(_("A manager of this place talks about it, or a meeting does.")) from None


def open_review(*, incident_id: int, by: Staff, now: dt.datetime, meeting_id: int | None = None) -> Review:
    """The one that is open, or a new one; begun with what was written the last time it was put off."""
    with locked(incident_id, must_be_open=False) as incident:
        meeting = _locked_meeting(meeting_id)
        _may_review(by, incident, meeting)
        if incident.close_reason in NOT_AN_INCIDENT:
            raise Refused(_("This was taken out of the list: there is nothing to talk about."))
        if meeting is not None and incident.is_restricted:
            raise Refused(_("This is for few to know: managers talk about it by themselves, not in a meeting."))
        if meeting is not None and is_talked_about_elsewhere(incident.pk, meeting.pk):
            raise Refused(_("Another meeting is talking about this right now. Put it off here, or wait for that."))
        if known := Review.objects.filter(incident=incident, ended_at__isnull=True).first():
            return _taken_up(known, meeting)
        review = Review.objects.create(incident=incident, meeting=meeting, opened_at=now, opened_by=by)
        _carry_on(review)
        add_event(incident, "review_opened", now=now, by=by, subject_id=review.pk)
        if meeting is not None:
            agenda.touch(meeting)
        return review


def is_talked_about_elsewhere(incident_id: int, meeting_id: int) -> bool:
    """Two meetings of one place may run at once, with the same mistake on both agendas."""
    running = Review.objects.filter(ended_at__isnull=True, meeting__started_at__isnull=False, meeting__ended_at=None)
    return running.filter(incident=incident_id).exclude(meeting=meeting_id).exists()


def _taken_up(review: Review, meeting: Meeting | None) -> Review:
    """Begun by one manager alone, or left by a meeting that is over, and now before all."""
    if meeting is not None and review.meeting_id != meeting.pk:
        review.meeting = meeting
        review.save(update_fields=["meeting"])
        agenda.touch(meeting)
    return review


def _carry_on(review: Review) -> None:
    before = Review.objects.filter(incident=review.incident, outcome=ReviewOutcome.NEXT_TIME).order_by("-pk").first()
    if before is None:
        return
    review.known_first, review.whys, review.root_cause = before.known_first, before.whys, before.root_cause
    review.save(update_fields=["known_first", "whys", "root_cause"])
    review.factors.set(before.factors.all())


def open_on_the_wall(*, meeting_id: int, by: Staff, now: dt.datetime) -> Review | None:
    """Of the mistake that has just come on the wall, unless it has left the agenda or there is nothing to talk about.

    In a transaction of its own: it locks the incident first.
    """
    meeting = Meeting.objects.select_related("current__incident").get(pk=meeting_id)
    item = meeting.current
    if item is None or item.incident is None or item.outcome or item.incident.is_restricted:
        return None
    known = Review.objects.filter(incident=item.incident, meeting=meeting, ended_at__isnull=True).first()
    if known or item.incident.close_reason in NOT_AN_INCIDENT:
        return known
    if is_talked_about_elsewhere(item.incident.pk, meeting_id):
        return None  # the wall moves on all the same, and whoever presses "Write about it" is told
    return open_review(incident_id=item.incident.pk, meeting_id=meeting_id, by=by, now=now)


def save_review(
    *,
    review_id: int,
    expected_version: int,
    known_first: str,
    root_cause: RootCause | None,
    factors: Collection[RootCause],
    whys: Sequence[str],
    by: Staff,
    now: dt.datetime,
) -> Review:
    """What was said so far. Stale when somebody else saved meanwhile; the same again changes nothing."""
    with held(review_id, by) as mine:
        review = mine.review
        chosen = {cause.pk for cause in factors} - {root_cause.pk if root_cause else None}
        said = [why.strip() for why in whys if why.strip()][:MOST_WHYS]
        fields = {"known_first": known_first, "root_cause": root_cause, "whys": said}
        changed = [name for name, value in fields.items() if getattr(review, name) != value]
        has_other_factors = set(review.factors.values_list("pk", flat=True)) != chosen
        if not changed and not has_other_factors:
            return review
        if review.version != expected_version:
            raise Stale(_("Somebody else wrote here meanwhile."), review)
        if said and blames_only(said):
            raise Refused(
                _("That somebody made a mistake is not why. What let it happen: the form, the hand-over, the rush?")
            )
        for name in changed:
            setattr(review, name, fields[name])
        review.factors.set(chosen)
        mine.save(*changed)
        return review


def tick_step(*, review_id: int, step: RoutineStep, is_missed: bool, by: Staff, now: dt.datetime) -> Review:
    """A routine step was left out, or was not after all."""
    with held(review_id, by) as mine:
        _tick(mine, step, is_missed=is_missed, by=by, now=now)
        return mine.review


def type_missed_step(*, review_id: int, words: str, by: Staff, now: dt.datetime) -> Review:
    """A step that no routine has yet: it is one from now on, and was missed here."""
    with held(review_id, by) as mine:
        step = type_step(category=mine.incident.category, location=mine.incident.location, words=words, by=by, now=now)
        _tick(mine, step, is_missed=True, by=by, now=now)
        return mine.review


def _tick(mine: Held, step: RoutineStep, *, is_missed: bool, by: Staff, now: dt.datetime) -> None:
    missed = MissedStep.objects.filter(incident=mine.incident, step=step)
    if missed.exists() == is_missed:
        return
    if is_missed:
        MissedStep.objects.create(incident=mine.incident, step=step, at=now, by=by)
    else:
        missed.delete()
    add_event(mine.incident, "step_missed" if is_missed else "step_kept", now=now, by=by, subject_id=step.pk)
    mine.save()


def commit_in_review(
    *, review_id: int, by: Staff, now: dt.datetime, submit_key: UUID, **fields: Any
) -> PreventionAction:
    """What we change, who does it, by which day: as `commit_change`, seen on the wall at once."""
    with held(review_id, by) as mine:
        cause = mine.review.root_cause
        was = PreventionAction.objects.filter(submit_key=submit_key).exists()
        action = commit_change(
            incident_id=mine.incident.pk,
            review_id=mine.review.pk,
            root_cause=cause,
            by=by,
            now=now,
            submit_key=submit_key,
            **fields,
        )
        if not was:
            mine.save()
        return action


def refile(*, review_id: int, category: Category, by: Staff, now: dt.datetime) -> Review:
    """What kind of mistake it was after all."""
    with held(review_id, by) as mine:
        if category.pk != mine.incident.category_id:
            change_incident(
                incident_id=mine.incident.pk,
                expected_version=mine.incident.version,
                category=category,
                by=by,
                now=now,
            )
            mine.save()
        return mine.review
