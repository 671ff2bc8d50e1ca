"""Mail that was tried again and again, along an index of its own; nobody is held up by it."""

from django.db import migrations, models

NEW = models.Index(
    fields=["next_try_at"],
    condition=models.Q(state__in=["claimed", "pending"], tries__gte=4),
    name="outbox_tried_often",
)
BUILD = (
    'CREATE INDEX CONCURRENTLY IF NOT EXISTS "outbox_tried_often" ON "incidents_outbox" ("next_try_at")'
    " WHERE \"state\" IN ('claimed', 'pending') AND \"tries\" >= 4"
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0088_find_calls_tried_otherwise")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddIndex(model_name="outbox", index=NEW)],
            database_operations=[migrations.RunSQL(BUILD, 'DROP INDEX CONCURRENTLY IF EXISTS "outbox_tried_often"')],
        ),
    ]
