"""Open ones by how grave they are, for first pages and filters; built without holding anybody up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0032_find_what_came_up")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    model_name="incident",
                    index=models.Index(
                        fields=["severity", "next_due_at", "id"],
                        condition=models.Q(closed_at__isnull=True),
                        name="incident_open_by_severity",
                    ),
                )
            ],
            database_operations=[
                migrations.RunSQL(
                    'CREATE INDEX CONCURRENTLY IF NOT EXISTS "incident_open_by_severity"'
                    ' ON "incidents_incident" ("severity", "next_due_at", "id") WHERE "closed_at" IS NULL',
                    'DROP INDEX CONCURRENTLY IF EXISTS "incident_open_by_severity"',
                )
            ],
        )
    ]
