"""What a manager's first page looks for among all that is open; built without holding anybody up."""

from django.db import migrations, models


def build(model, index, sql):
    """The index for Django's eyes, and built concurrently."""
    return migrations.SeparateDatabaseAndState(
        state_operations=[migrations.AddIndex(model_name=model, index=index)],
        database_operations=[
            migrations.RunSQL(
                f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{index.name}" ON "incidents_{model}" {sql}',
                f'DROP INDEX CONCURRENTLY IF EXISTS "{index.name}"',
            )
        ],
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0067_find_by_stage_who_waits")]
    operations = [
        build(
            "incident",
            models.Index(
                fields=["next_due_at", "id"],
                condition=models.Q(closed_at__isnull=True, is_restricted=True),
                name="incident_open_restricted",
            ),
            '("next_due_at", "id") WHERE "closed_at" IS NULL AND "is_restricted"',
        ),
        build(
            "handover",
            models.Index(
                fields=["-at", "-id"],
                condition=models.Q(accepted_at__isnull=True, returned_at__isnull=True, lapsed_at__isnull=True),
                name="handover_waiting",
            ),
            '("at" DESC, "id" DESC) WHERE "accepted_at" IS NULL AND "lapsed_at" IS NULL AND "returned_at" IS NULL',
        ),
        build(
            "attempt",
            models.Index(
                fields=["follow_up"],
                condition=models.Q(outcome__in=["no_answer", "voicemail", "wrong_number"])
                & ~models.Q(channel="phone"),
                name="attempt_in_another_way",
            ),
            """("follow_up_id") WHERE "outcome" IN ('no_answer', 'voicemail', 'wrong_number')
               AND NOT ("channel" = 'phone')""",
        ),
    ]
