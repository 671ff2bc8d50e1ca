"""The index for what a search compares beside the story, built without holding anybody up."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0014_keep_lists_quick")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    model_name="incident",
                    index=django.contrib.postgres.indexes.GinIndex(
                        fields=["customer_hint", "reference"],
                        opclasses=["gin_trgm_ops", "gin_trgm_ops"],
                        name="incident_words_trgm",
                    ),
                )
            ],
            database_operations=[
                migrations.RunSQL(
                    'CREATE INDEX CONCURRENTLY IF NOT EXISTS "incident_words_trgm" ON "incidents_incident" '
                    'USING gin ("customer_hint" gin_trgm_ops, "reference" gin_trgm_ops)',
                    'DROP INDEX CONCURRENTLY IF EXISTS "incident_words_trgm"',
                )
            ],
        )
    ]
