"""Check the rows that were there before 0004."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("incidents", "0004_hold_more_rules")]
    operations = [
        ValidateConstraint(model_name="attachment", name="attachment_dates_2000_to_2100"),
        ValidateConstraint(model_name="attempt", name="attempt_channel_known"),
        ValidateConstraint(model_name="closure", name="closure_reason_known"),
        ValidateConstraint(model_name="event", name="event_dates_2000_to_2100"),
        ValidateConstraint(model_name="followup", name="followup_answered_or_cancelled"),
        ValidateConstraint(model_name="incident", name="incident_told_by_known"),
        ValidateConstraint(model_name="incident", name="incident_review_state_known"),
        ValidateConstraint(model_name="note", name="note_dates_2000_to_2100"),
        ValidateConstraint(model_name="notice", name="notice_dates_2000_to_2100"),
        ValidateConstraint(model_name="remedy", name="remedy_currency_iso"),
        ValidateConstraint(model_name="remedy", name="remedy_done_by_somebody"),
        ValidateConstraint(model_name="round", name="round_entry_known"),
        ValidateConstraint(model_name="staff", name="staff_theme_known"),
    ]
