"""Check the rows that were there before 0016 to 0028."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("incidents", "0029_limits_and_playbooks")]
    operations = [
        ValidateConstraint(model_name="customer", name="customer_channel_known"),
        ValidateConstraint(model_name="customer", name="customer_reach_from_and_until"),
        ValidateConstraint(model_name="customer", name="customer_dates_2000_to_2100"),
        ValidateConstraint(model_name="contactpoint", name="contactpoint_dates_2000_to_2100"),
        ValidateConstraint(model_name="staff", name="staff_dates_2000_to_2100"),
        ValidateConstraint(model_name="incident", name="incident_dates_2000_to_2100"),
        ValidateConstraint(model_name="round", name="round_entry_known"),
        ValidateConstraint(model_name="round", name="round_dates_2000_to_2100"),
        ValidateConstraint(model_name="round", name="round_waived_by_somebody"),
        ValidateConstraint(model_name="apology", name="apology_kind_known"),
        ValidateConstraint(model_name="remedy", name="remedy_dates_2000_to_2100"),
        ValidateConstraint(model_name="remedy", name="remedy_declined_as_something"),
        ValidateConstraint(model_name="remedy", name="remedy_receipt_waived_with_a_reason"),
        ValidateConstraint(model_name="attachment", name="attachment_kind_known"),
        ValidateConstraint(model_name="promisemade", name="promise_dates_2000_to_2100"),
        ValidateConstraint(model_name="handover", name="handover_dates_2000_to_2100"),
        ValidateConstraint(model_name="handover", name="handover_ended_in_one_way"),
        ValidateConstraint(model_name="notice", name="notice_kind_known"),
        ValidateConstraint(model_name="reminder", name="reminder_kind_known"),
    ]
