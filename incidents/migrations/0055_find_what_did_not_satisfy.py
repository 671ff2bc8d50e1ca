"""Those that were raised because their customer was still unhappy, as they ended; built without holding anybody up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0054_check_older_rows")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    model_name="incident",
                    index=models.Index(
                        fields=["category", "severity", "-closed_at"],
                        condition=models.Q(closed_at__isnull=False, raised_by="unhappy"),
                        name="incident_ended_after_unhappy",
                    ),
                )
            ],
            database_operations=[
                migrations.RunSQL(
                    'CREATE INDEX CONCURRENTLY IF NOT EXISTS "incident_ended_after_unhappy" ON "incidents_incident"'
                    """ ("category_id", "severity", "closed_at" DESC)"""
                    """ WHERE "closed_at" IS NOT NULL AND "raised_by" = 'unhappy'""",
                    'DROP INDEX CONCURRENTLY IF EXISTS "incident_ended_after_unhappy"',
                )
            ],
        )
    ]
