"""What is open, by the day it was reported, and what was reopened several times; built without holding anybody up."""

from django.db import migrations, models


def build(index, sql):
    """The index for Django's eyes, and built concurrently."""
    return migrations.SeparateDatabaseAndState(
        state_operations=[migrations.AddIndex(model_name="incident", index=index)],
        database_operations=[
            migrations.RunSQL(
                f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{index.name}" ON "incidents_incident" {sql}',
                f'DROP INDEX CONCURRENTLY IF EXISTS "{index.name}"',
            )
        ],
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0072_check_older_rows")]
    operations = [
        build(
            models.Index(
                fields=["reported_at", "id"],
                condition=models.Q(closed_at__isnull=True),
                name="incident_open_by_report",
            ),
            '("reported_at", "id") WHERE "closed_at" IS NULL',
        ),
        build(
            models.Index(
                fields=["next_due_at", "id"],
                condition=models.Q(closed_at__isnull=True, reopen_count__gte=2),
                name="incident_reopened_often",
            ),
            '("next_due_at", "id") WHERE "closed_at" IS NULL AND "reopen_count" >= 2',
        ),
    ]
