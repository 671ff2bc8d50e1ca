"""Check the rows that were there before 0007."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("incidents", "0011_older_reminders")]
    operations = [
        ValidateConstraint(model_name="handover", name="handover_dates_2000_to_2100"),
        ValidateConstraint(model_name="notice", name="notice_kind_known"),
        ValidateConstraint(model_name="notice", name="notice_reason_known"),
        ValidateConstraint(model_name="notice", name="notice_urgency_known"),
        ValidateConstraint(model_name="reminder", name="reminder_state_known"),
        ValidateConstraint(model_name="reminder", name="reminder_kind_known"),
        ValidateConstraint(model_name="reminder", name="reminder_dates_2000_to_2100"),
        ValidateConstraint(model_name="staff", name="staff_dates_2000_to_2100"),
        ValidateConstraint(model_name="staff", name="staff_reachable_some_day"),
        ValidateConstraint(model_name="staff", name="staff_reachable_from_and_until"),
    ]
