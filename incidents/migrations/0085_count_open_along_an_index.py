"""What is open at a place, with what says who may see it; built without holding anybody up."""

from django.db import migrations, models

IS_OPEN = models.Q(closed_at__isnull=True)
NEW = models.Index(
    fields=["location", "next_due_at", "id"],
    include=["is_restricted", "logged_by", "assignee"],
    condition=IS_OPEN,
    name="incident_open_with_who",
)
OLD = "incident_open_by_place"
BUILD = (
    'CREATE INDEX CONCURRENTLY IF NOT EXISTS "incident_open_with_who" ON "incidents_incident"'
    ' ("location_id", "next_due_at", "id") INCLUDE ("is_restricted", "logged_by_id", "assignee_id")'
    ' WHERE "closed_at" IS NULL'
)
BUILD_OLD = (
    f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{OLD}" ON "incidents_incident"'
    ' ("location_id", "next_due_at", "id") WHERE "closed_at" IS NULL'
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0080_counts_of_days")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddIndex(model_name="incident", index=NEW)],
            database_operations=[
                migrations.RunSQL(BUILD, 'DROP INDEX CONCURRENTLY IF EXISTS "incident_open_with_who"')
            ],
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveIndex(model_name="incident", name=OLD)],
            database_operations=[migrations.RunSQL(f'DROP INDEX CONCURRENTLY IF EXISTS "{OLD}"', BUILD_OLD)],
        ),
    ]
