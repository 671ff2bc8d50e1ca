"""What waits for the customer by its step: the foot of each column of the board. Built without holding anybody up."""

from django.db import migrations, models

INDEX = models.Index(
    fields=["stage", "next_due_at", "id"],
    condition=models.Q(waiting_until__isnull=False),
    name="incident_waiting_by_stage",
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0066_items_of_older_incidents")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddIndex(model_name="incident", index=INDEX)],
            database_operations=[
                migrations.RunSQL(
                    'CREATE INDEX CONCURRENTLY IF NOT EXISTS "incident_waiting_by_stage" ON "incidents_incident" '
                    '("stage", "next_due_at", "id") WHERE "waiting_until" IS NOT NULL',
                    'DROP INDEX CONCURRENTLY IF EXISTS "incident_waiting_by_stage"',
                )
            ],
        )
    ]
