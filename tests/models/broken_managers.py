"""What managers lead by: views, needs, ladders, bulk changes, patterns, care. A write that each constraint refuses."""

from __future__ import annotations

import datetime as dt

from incidents.models import (
    CheckIn,
    ExportFile,
    Handled,
    Job,
    JobLine,
    LadderRung,
    Pattern,
    PatternLink,
    RootCause,
    SavedView,
    Staff,
    ViewChoice,
)
from tests.make import DAY, NOW
from tests.models.writes import TOO_EARLY, TOO_LATE, Write, change, copy, same_key

MANAGERS: list[tuple[str, Write]] = [
    ("staff_mail_rule_known", change(Staff, mail_rule="never")),
    ("savedview_key_once", lambda world: SavedView.objects.filter(owner=None).update(key="overdue")),
    ("savedview_shipped_or_owned", lambda world: SavedView.objects.filter(owner=None).update(key="")),
    ("savedview_shipped_or_owned", lambda world: SavedView.objects.exclude(owner=None).update(key="mine-too")),
    ("savedview_shipped_or_owned", lambda world: SavedView.objects.filter(owner=None).update(is_shared=False)),
    ("savedview_has_a_name", change(SavedView, name="")),
    ("savedview_dates_2000_to_2100", change(SavedView, created_at=TOO_LATE)),
    ("incidents_savedview_submit_key_key", same_key(SavedView)),
    ("viewchoice_once", copy(ViewChoice, is_default=False)),
    (
        "viewchoice_one_default",
        lambda world: ViewChoice.objects.create(
            staff=world.cast.desk, view=SavedView.objects.get(key="mine"), is_default=True
        ),
    ),
    ("viewchoice_mail_has_a_time", change(ViewChoice, mails_at=dt.time(8))),
    ("viewchoice_mail_has_a_time", change(ViewChoice, next_mail_at=NOW)),
    ("viewchoice_dates_2000_to_2100", change(ViewChoice, told_at=TOO_EARLY)),
    ("handled_once", copy(Handled)),
    ("handled_kind_known", change(Handled, kind="boredom")),
    ("handled_how_known", change(Handled, how="somehow")),
    ("handled_dates_2000_to_2100", change(Handled, until=TOO_LATE)),
    ("handled_until_later", change(Handled, until=NOW - DAY)),
    ("ladderrung_once", copy(LadderRung)),
    ("ladderrung_kind_known", change(LadderRung, kind="lunch_due")),
    ("ladderrung_audience_known", change(LadderRung, audience="everybody")),
    ("ladderrung_severity_known", change(LadderRung, severity=0)),
    ("ladderrung_within_a_month", change(LadderRung, after_minutes=43_201)),
    ("ladderrung_within_a_month", change(LadderRung, after_minutes=-10_081)),
    ("jobline_position_once", copy(JobLine, incident_id=lambda: JobLine.objects.get().incident_id + 1)),
    ("jobline_incident_once", copy(JobLine, position=2)),
    ("jobline_state_known", change(JobLine, state="lost")),
    ("exportfile_form_known", change(ExportFile, form="doc")),
    ("exportfile_dates_2000_to_2100", change(ExportFile, removed_at=TOO_LATE)),
    ("exportfile_expires_later", change(ExportFile, expires_at=NOW)),
    ("incidents_exportfile_job_id_key", copy(ExportFile, stored_name="b")),
    ("incidents_exportfile_stored_name_key", copy(ExportFile, job_id=lambda: Job.objects.latest("pk").pk)),
    ("rootcause_key_once", copy(RootCause)),
    ("incidents_rootcause_submit_key_key", same_key(RootCause)),
    ("pattern_kind_known", change(Pattern, kind="weather")),
    ("pattern_dates_2000_to_2100", change(Pattern, opened_at=TOO_EARLY)),
    ("pattern_names_what_is_shared", change(Pattern, kind="category", category=None)),
    ("pattern_names_what_is_shared", change(Pattern, kind="place")),
    ("pattern_names_what_is_shared", change(Pattern, kind="item")),
    ("pattern_names_what_is_shared", change(Pattern, kind="cause")),
    ("pattern_names_what_is_shared", change(Pattern, kind="customer")),
    ("pattern_closed_by_someone", change(Pattern, closed_at=NOW)),
    ("incidents_pattern_submit_key_key", copy(Pattern)),
    ("patternlink_once", copy(PatternLink)),
    ("patternlink_dates_2000_to_2100", change(PatternLink, linked_at=TOO_LATE)),
    ("checkin_once", copy(CheckIn)),
    ("checkin_reason_known", change(CheckIn, reason="gossip")),
    ("checkin_answer_known", change(CheckIn, answer="fine")),
    ("checkin_answer_known", change(CheckIn, answered_at=NOW)),
    ("checkin_answer_known", change(CheckIn, answer="great", answered_at=NOW)),
    ("checkin_dates_2000_to_2100", change(CheckIn, asked_at=TOO_EARLY)),
]
