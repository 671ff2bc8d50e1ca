"""What was sent and what was given up, newest first, for the Reminders page; built without holding up the sweep."""

from django.db import migrations, models

COLUMNS = """("state", "due_at" DESC, "id" DESC) WHERE "state" IN ('dead', 'done')"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0012_check_older_rows")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    model_name="reminder",
                    index=models.Index(
                        fields=["state", "-due_at", "-id"],
                        condition=models.Q(state__in=["dead", "done"]),
                        name="reminder_ended",
                    ),
                ),
            ],
            # Django's own operation cannot say IF NOT EXISTS: started again after a failure it would not go on.
            database_operations=[
                migrations.RunSQL(
                    f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "reminder_ended" ON "incidents_reminder" {COLUMNS}',
                    'DROP INDEX CONCURRENTLY IF EXISTS "reminder_ended"',
                )
            ],
        ),
    ]
