"""Check the rows that were there before 0037 to 0044."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("incidents", "0048_orders_of_older_incidents")]
    operations = [
        ValidateConstraint(model_name="customer", name="customer_merged_into_another"),
        ValidateConstraint(model_name="incident", name="incident_dates_2000_to_2100"),
        ValidateConstraint(model_name="incident", name="incident_waiting_from_and_until"),
        ValidateConstraint(model_name="incident", name="incident_raised_by_known"),
        ValidateConstraint(model_name="job", name="job_kind_known"),
        ValidateConstraint(model_name="notice", name="notice_kind_known"),
        ValidateConstraint(model_name="reminder", name="reminder_kind_known"),
    ]
