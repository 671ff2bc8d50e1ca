"""Indexes for what the lists ask, built without holding anybody up."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0009_find_ended_reminders")]
    operations = [
        AddIndexConcurrently(
            model_name="incident",
            index=models.Index(
                fields=["customer"],
                condition=models.Q(closed_at__isnull=True),
                name="incident_open_by_customer",
            ),
        ),
        AddIndexConcurrently(
            model_name="incident",
            index=models.Index(
                fields=["next_due_at", "id"],
                condition=models.Q(closed_at__isnull=True, round_number__gt=1),
                name="incident_open_again",
            ),
        ),
        AddIndexConcurrently(
            model_name="incident",
            index=models.Index(
                fields=["-closed_at", "-id"],
                condition=models.Q(closed_at__isnull=False),
                name="incident_closed_newest",
            ),
        ),
        AddIndexConcurrently(
            model_name="followup",
            index=models.Index(
                fields=["answered_at"],
                condition=models.Q(answered_at__isnull=False),
                name="followup_answered",
            ),
        ),
    ]
