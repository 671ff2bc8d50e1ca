"""Incidents by their words, by their order and by how their kind ended; customers by their number.

Built without holding anybody up.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


def build(model, index, sql):
    """The index for Django's eyes, and built concurrently."""
    name = index.name
    return migrations.SeparateDatabaseAndState(
        state_operations=[migrations.AddIndex(model_name=model, index=index)],
        database_operations=[
            migrations.RunSQL(
                f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{name}" ON "incidents_{model}" {sql}',
                f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"',
            )
        ],
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0046_words_without_accents")]
    operations = [
        build(
            "customer",
            django.contrib.postgres.indexes.GinIndex(
                fields=["loyalty_key"],
                opclasses=["gin_trgm_ops"],
                condition=~models.Q(loyalty_key=""),
                name="customer_loyalty_trgm",
            ),
            """USING gin ("loyalty_key" gin_trgm_ops) WHERE NOT ("loyalty_key" = '')""",
        ),
        build(
            "customer",
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="customer_by_merged_into"
            ),
            """("merged_into_id") WHERE "merged_into_id" IS NOT NULL""",
        ),
        build(
            "incident",
            django.contrib.postgres.indexes.GinIndex(
                fields=["order_reference"],
                opclasses=["gin_trgm_ops"],
                condition=~models.Q(order_reference=""),
                name="incident_order_trgm",
            ),
            """USING gin ("order_reference" gin_trgm_ops) WHERE NOT ("order_reference" = '')""",
        ),
        build(
            "incident",
            models.Index(fields=["order_reference"], condition=~models.Q(order_reference=""), name="incident_by_order"),
            """("order_reference") WHERE NOT ("order_reference" = '')""",
        ),
        build(
            "incident",
            models.Index(
                fields=["category", "severity", "-closed_at"],
                condition=models.Q(closed_at__isnull=False),
                name="incident_ended_alike",
            ),
            """("category_id", "severity", "closed_at" DESC) WHERE "closed_at" IS NOT NULL""",
        ),
        build(
            "incident",
            django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("what_happened", config="incidents_words"),
                name="incident_story_words",
            ),
            """USING gin ((to_tsvector('incidents_words'::regconfig, COALESCE("what_happened", ''))))""",
        ),
    ]
