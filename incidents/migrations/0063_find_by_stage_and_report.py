"""Open ones by their stage, all by when they were told, and those for the next meeting.

Built without holding anybody up.
"""

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
    dependencies = [("incidents", "0062_item_and_cause")]
    operations = [
        build(
            models.Index(
                fields=["stage", "next_due_at", "id"],
                condition=models.Q(closed_at__isnull=True),
                name="incident_open_by_stage",
            ),
            '("stage", "next_due_at", "id") WHERE "closed_at" IS NULL',
        ),
        build(
            models.Index(fields=["reported_at", "category"], name="incident_by_report"),
            '("reported_at", "category_id")',
        ),
        build(
            models.Index(fields=["-id"], condition=models.Q(review_state="to_review"), name="incident_to_review"),
            """("id" DESC) WHERE "review_state" = 'to_review'""",
        ),
    ]
