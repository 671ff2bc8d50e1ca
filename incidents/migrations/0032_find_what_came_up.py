"""What came up in a call about another incident is found from there; built without holding anybody up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0031_ask_somebody_else")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    model_name="incident",
                    index=models.Index(
                        fields=["arose_from"],
                        condition=models.Q(arose_from__isnull=False),
                        name="incident_by_its_origin",
                    ),
                )
            ],
            database_operations=[
                migrations.RunSQL(
                    'CREATE INDEX CONCURRENTLY IF NOT EXISTS "incident_by_its_origin"'
                    ' ON "incidents_incident" ("arose_from_id") WHERE "arose_from_id" IS NOT NULL',
                    'DROP INDEX CONCURRENTLY IF EXISTS "incident_by_its_origin"',
                )
            ],
        )
    ]
