"""Facts along their customers, for who came again; nobody is held up by it."""

from django.db import migrations, models

INDEX = models.Index(
    fields=["customer_id", "reported_at"],
    condition=models.Q(customer_id__isnull=False),
    name="fact_of_customer",
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0077_count_along_indexes")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddIndex(model_name="fact", index=INDEX)],
            database_operations=[
                migrations.RunSQL(
                    'CREATE INDEX CONCURRENTLY IF NOT EXISTS "fact_of_customer"'
                    ' ON "incidents_fact" ("customer_id", "reported_at") WHERE "customer_id" IS NOT NULL',
                    'DROP INDEX CONCURRENTLY IF EXISTS "fact_of_customer"',
                )
            ],
        )
    ]
