"""What incidents are counted along: one for what is not restricted, one for what is; nobody is held up by it."""

from django.db import migrations, models

COUNTED = models.Q(is_restricted=False) & ~models.Q(close_reason__in=("void", "duplicate"))
IS_COUNTED = "NOT \"is_restricted\" AND NOT (\"close_reason\" IN ('void', 'duplicate'))"


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
    dependencies = [("incidents", "0076_count_older_incidents")]
    operations = [
        build(
            models.Index(
                fields=["reported_at"],
                include=["id", "location", "category", "root_cause", "customer", "item", "place"],
                condition=COUNTED,
                name="incident_counted",
            ),
            '("reported_at")'
            ' INCLUDE ("id", "location_id", "category_id", "root_cause_id", "customer_id", "item", "place")'
            f" WHERE {IS_COUNTED}",
        ),
        build(
            models.Index(
                fields=["category", "reported_at"],
                include=["location"],
                condition=COUNTED,
                name="incident_counted_category",
            ),
            f'("category_id", "reported_at") INCLUDE ("location_id") WHERE {IS_COUNTED}',
        ),
        build(
            models.Index(
                fields=["root_cause", "reported_at"],
                include=["location"],
                condition=COUNTED & models.Q(root_cause__isnull=False),
                name="incident_counted_cause",
            ),
            '("root_cause_id", "reported_at") INCLUDE ("location_id")'
            f' WHERE {IS_COUNTED} AND "root_cause_id" IS NOT NULL',
        ),
        build(
            models.Index(
                fields=["item", "reported_at"],
                include=["location"],
                condition=COUNTED & ~models.Q(item=""),
                name="incident_counted_item",
            ),
            f"""("item", "reported_at") INCLUDE ("location_id") WHERE {IS_COUNTED} AND NOT ("item" = '')""",
        ),
        build(
            models.Index(
                fields=["place", "reported_at"],
                include=["location"],
                condition=COUNTED & ~models.Q(place=""),
                name="incident_counted_place",
            ),
            f"""("place", "reported_at") INCLUDE ("location_id") WHERE {IS_COUNTED} AND NOT ("place" = '')""",
        ),
        build(
            models.Index(
                fields=["location", "reported_at"],
                condition=models.Q(is_restricted=True),
                name="incident_restricted_when",
            ),
            '("location_id", "reported_at") WHERE "is_restricted"',
        ),
    ]
