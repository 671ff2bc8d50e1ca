"""Check the rows that were there before 0052 and 0053."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("incidents", "0053_wait_until_some_time")]
    operations = [
        ValidateConstraint(model_name="clocktarget", name="clocktarget_minutes_or_days"),
        ValidateConstraint(model_name="incident", name="incident_waiting_from_and_until"),
    ]
