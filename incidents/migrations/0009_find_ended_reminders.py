"""What was sent and what was given up, newest first, for the Reminders page; built without holding up the sweep."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0008_check_older_rows")]
    operations = [
        AddIndexConcurrently(
            model_name="reminder",
            index=models.Index(
                fields=["state", "-due_at", "-id"],
                condition=models.Q(state__in=["dead", "done"]),
                name="reminder_ended",
            ),
        ),
    ]
