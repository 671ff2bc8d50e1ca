"""Indexes for what the lists ask, built without holding anybody up; started again after a failure it goes on."""

from django.db import migrations, models


def build(model: str, index: models.Index, columns: str, condition: str) -> migrations.SeparateDatabaseAndState:
    """Django's own operation cannot say IF NOT EXISTS."""
    table = f'"incidents_{model}"'
    return migrations.SeparateDatabaseAndState(
        state_operations=[migrations.AddIndex(model_name=model, index=index)],
        database_operations=[
            migrations.RunSQL(
                f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{index.name}" ON {table} ({columns}) WHERE {condition}',
                f'DROP INDEX CONCURRENTLY IF EXISTS "{index.name}"',
            )
        ],
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0013_find_ended_reminders")]
    operations = [
        build(
            "incident",
            models.Index(
                fields=["customer"],
                condition=models.Q(closed_at__isnull=True),
                name="incident_open_by_customer",
            ),
            '"customer_id"',
            '"closed_at" IS NULL',
        ),
        build(
            "incident",
            models.Index(
                fields=["next_due_at", "id"],
                condition=models.Q(closed_at__isnull=True, round_number__gt=1),
                name="incident_open_again",
            ),
            '"next_due_at", "id"',
            '"closed_at" IS NULL AND "round_number" > 1',
        ),
        build(
            "incident",
            models.Index(
                fields=["-closed_at", "-id"],
                condition=models.Q(closed_at__isnull=False),
                name="incident_closed_newest",
            ),
            '"closed_at" DESC, "id" DESC',
            '"closed_at" IS NOT NULL',
        ),
        build(
            "followup",
            models.Index(
                fields=["answered_at"],
                condition=models.Q(answered_at__isnull=False),
                name="followup_answered",
            ),
            '"answered_at"',
            '"answered_at" IS NOT NULL',
        ),
    ]
