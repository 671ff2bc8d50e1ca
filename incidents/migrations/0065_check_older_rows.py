"""Check the rows that were there before 0057 to 0062."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("incidents", "0064_shipped_views_and_causes")]
    operations = [
        ValidateConstraint(model_name="staff", name="staff_mail_rule_known"),
        ValidateConstraint(model_name="job", name="job_kind_known"),
        ValidateConstraint(model_name="notice", name="notice_kind_known"),
        ValidateConstraint(model_name="notice", name="notice_reason_known"),
        ValidateConstraint(model_name="reminder", name="reminder_kind_known"),
    ]
