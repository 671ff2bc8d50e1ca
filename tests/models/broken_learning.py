"""What is learnt: meetings, reviews, changes, procedures, practice, thanks. A write that each constraint refuses."""

from __future__ import annotations

from uuid import uuid4

from incidents.models import (
    AgendaItem,
    BlackedOut,
    FactMonth,
    FactState,
    Meeting,
    MeetingPerson,
    MeetingSeries,
    Minutes,
    MissedStep,
    Notice,
    PracticeAnswer,
    PreventionAction,
    PreventionCheck,
    Procedure,
    ProcedureRead,
    ProcedureVersion,
    Reminder,
    Review,
    RoutineStep,
    Scenario,
    Thanks,
    ToldPlace,
    WhatWeChanged,
)
from tests.make import DAY, NOW
from tests.models.writes import TOO_EARLY, TOO_LATE, World, Write, change, copy


def _of_no_incident(kind: str) -> Write:
    return lambda world: Notice.objects.create(
        recipient=world.cast.desk, kind=kind, subject_id=1, occurrence="x", at=NOW
    )


def _end(outcome: str) -> Write:
    return lambda world: Review.objects.update(ended_at=NOW, ended_by=world.cast.manager, outcome=outcome)


def _drop_what_is_done(world: World) -> object:
    done = {"done_at": NOW, "done_by": world.cast.desk, "check_at": NOW, "evidence": "It hangs there"}
    return PreventionAction.objects.update(
        **done, dropped_at=NOW, dropped_by=world.cast.manager, drop_reason="Too dear"
    )


MEETINGS: list[tuple[str, Write]] = [
    ("meetingseries_5_to_240_minutes", change(MeetingSeries, minutes=4)),
    ("meetingseries_every_1_to_12_weeks", change(MeetingSeries, every_weeks=0)),
    ("meetingseries_dates_2000_to_2100", change(MeetingSeries, starts_on=TOO_EARLY.date())),
    ("incidents_meetingseries_submit_key_key", copy(MeetingSeries)),
    ("meeting_5_to_240_minutes", change(Meeting, minutes=241)),
    ("meeting_cancelled_before_it_began", change(Meeting, started_at=NOW, cancelled_at=NOW)),
    ("meeting_ended_after_it_began", change(Meeting, ended_at=NOW)),
    ("meeting_ended_after_it_began", change(Meeting, started_at=NOW, ended_at=NOW - DAY)),
    ("meeting_dates_2000_to_2100", change(Meeting, starts_at=TOO_LATE)),
    ("meeting_of_series_once", copy(Meeting, submit_key=uuid4)),
    ("incidents_meeting_submit_key_key", copy(Meeting, series=None)),
    ("meetingperson_once", copy(MeetingPerson)),
    ("meetingperson_attendance_known", change(MeetingPerson, attendance="asleep")),
    ("meetingperson_dates_2000_to_2100", change(MeetingPerson, read_at=TOO_LATE)),
    ("agendaitem_once", copy(AgendaItem)),
    ("agendaitem_kind_known", change(AgendaItem, kind="lunch", incident=None)),
    ("agendaitem_outcome_known", change(AgendaItem, outcome="shrugged")),
    ("agendaitem_incident_named", change(AgendaItem, incident=None)),
    ("agendaitem_incident_named", change(AgendaItem, kind="numbers")),
    ("agendaitem_topic_named", change(AgendaItem, kind="topic", incident=None)),
    ("agendaitem_dates_2000_to_2100", change(AgendaItem, began_at=TOO_EARLY)),
    ("minutes_number_once", copy(Minutes)),
    ("minutes_counted_from_one", change(Minutes, number=0)),
    ("minutes_dates_2000_to_2100", change(Minutes, at=TOO_LATE)),
    ("notice_of_an_incident_or_of_learning", change(Notice, kind="minutes")),
    ("notice_of_an_incident_or_of_learning", _of_no_incident("unhappy")),
    ("reminder_of_an_incident", change(Reminder, incident=None)),
]
REVIEWS: list[tuple[str, Write]] = [
    ("review_one_open", copy(Review)),
    ("review_ends_with_an_outcome", change(Review, ended_at=NOW)),
    ("review_ends_with_an_outcome", change(Review, outcome="talked")),
    ("review_no_action_has_a_reason", _end("no_action")),
    ("review_covered_by_something", _end("covered")),
    ("review_dates_2000_to_2100", change(Review, opened_at=TOO_LATE)),
    ("missedstep_once", copy(MissedStep)),
    ("missedstep_dates_2000_to_2100", change(MissedStep, at=TOO_EARLY)),
    ("blackedout_once", copy(BlackedOut)),
    ("blackedout_some_words", change(BlackedOut, words="")),
    ("blackedout_dates_2000_to_2100", change(BlackedOut, at=TOO_LATE)),
]
CHANGES: list[tuple[str, Write]] = [
    ("preventionaction_kind_known", change(PreventionAction, kind="prayer")),
    ("preventionaction_says_what", change(PreventionAction, what="")),
    ("preventionaction_commits_somebody", change(PreventionAction, assignee=None)),
    ("preventionaction_commits_somebody", change(PreventionAction, due_on=None)),
    ("preventionaction_done_with_evidence", change(PreventionAction, done_at=NOW)),
    ("preventionaction_done_or_dropped", _drop_what_is_done),
    ("preventionaction_dropped_with_a_reason", change(PreventionAction, dropped_at=NOW)),
    ("preventionaction_verdict_known", change(PreventionAction, verdict="lovely")),
    ("preventionaction_dates_2000_to_2100", change(PreventionAction, effective_on=TOO_LATE.date())),
    ("incidents_preventionaction_submit_key_key", copy(PreventionAction)),
    ("preventioncheck_verdict_known", change(PreventionCheck, verdict="lovely")),
    ("preventioncheck_dates_2000_to_2100", change(PreventionCheck, at=TOO_LATE)),
    ("toldplace_once", copy(ToldPlace)),
    ("toldplace_dates_2000_to_2100", change(ToldPlace, at=TOO_EARLY)),
    ("incidents_whatwechanged_promise_id_key", copy(WhatWeChanged)),
]
PROCEDURES: list[tuple[str, Write]] = [
    ("procedure_has_a_title", change(Procedure, title="")),
    ("procedure_looked_at_within_3_years", change(Procedure, review_every_days=6)),
    ("procedure_dates_2000_to_2100", change(Procedure, review_on=TOO_LATE.date())),
    ("incidents_procedure_submit_key_key", copy(Procedure)),
    ("procedureversion_once", copy(ProcedureVersion)),
    ("procedureversion_counted_from_one", change(ProcedureVersion, number=0)),
    ("procedureversion_dates_2000_to_2100", change(ProcedureVersion, at=TOO_LATE)),
    ("procedureread_once", copy(ProcedureRead)),
    ("procedureread_dates_2000_to_2100", change(ProcedureRead, at=TOO_EARLY)),
    ("routinestep_has_words", change(RoutineStep, words="")),
]
PRACTICE: list[tuple[str, Write]] = [
    ("scenario_tells_all", change(Scenario, ending="")),
    ("scenario_dates_2000_to_2100", change(Scenario, closed_at=TOO_LATE)),
    ("incidents_scenario_submit_key_key", copy(Scenario)),
    ("practiceanswer_says_something", change(PracticeAnswer, words="")),
    ("thanks_consent_known", change(Thanks, consent="maybe")),
    ("thanks_for_something", change(Thanks, words="")),
    ("thanks_to_somebody", change(Thanks, staff=None)),
    ("thanks_to_somebody", change(Thanks, name="Sam too")),
    ("thanks_dates_2000_to_2100", change(Thanks, at=TOO_EARLY)),
    ("incidents_thanks_submit_key_key", copy(Thanks)),
]
NUMBERS: list[tuple[str, Write]] = [
    ("factmonth_once", copy(FactMonth)),
    ("factstate_only_one", change(FactState, is_only=False)),
    ("incidents_factstate_is_only_key", copy(FactState)),
]
LEARNING = [*MEETINGS, *REVIEWS, *CHANGES, *PROCEDURES, *PRACTICE, *NUMBERS]
