"""Receipts waited for, the oldest first; built without holding anybody up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0033_find_the_gravest")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    model_name="remedy",
                    index=models.Index(
                        fields=["id"],
                        condition=models.Q(state="awaiting_receipt"),
                        name="remedy_awaiting_receipt",
                    ),
                )
            ],
            database_operations=[
                migrations.RunSQL(
                    'CREATE INDEX CONCURRENTLY IF NOT EXISTS "remedy_awaiting_receipt"'
                    """ ON "incidents_remedy" ("id") WHERE "state" = 'awaiting_receipt'""",
                    'DROP INDEX CONCURRENTLY IF EXISTS "remedy_awaiting_receipt"',
                )
            ],
        )
    ]
