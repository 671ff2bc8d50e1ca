"""Calls that were tried in more than one way, along an index of their own; nobody is held up by it."""

from django.db import migrations, models

NEW = models.Index(
    fields=["incident"],
    condition=models.Q(answered_at__isnull=True, cancelled_at__isnull=True, tried_otherwise=True),
    name="followup_tried_otherwise",
)
BUILD = (
    'CREATE INDEX CONCURRENTLY IF NOT EXISTS "followup_tried_otherwise" ON "incidents_followup" ("incident_id")'
    ' WHERE "answered_at" IS NULL AND "cancelled_at" IS NULL AND "tried_otherwise"'
)
BUILD_OLD = (
    'CREATE INDEX CONCURRENTLY IF NOT EXISTS "attempt_in_another_way" ON "incidents_attempt" ("follow_up_id")'
    " WHERE \"outcome\" IN ('no_answer', 'voicemail', 'wrong_number') AND NOT (\"channel\" = 'phone')"
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0087_calls_tried_otherwise")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddIndex(model_name="followup", index=NEW)],
            database_operations=[
                migrations.RunSQL(BUILD, 'DROP INDEX CONCURRENTLY IF EXISTS "followup_tried_otherwise"')
            ],
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveIndex(model_name="attempt", name="attempt_in_another_way")],
            database_operations=[
                migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS "attempt_in_another_way"', BUILD_OLD)
            ],
        ),
    ]
