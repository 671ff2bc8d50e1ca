"""A form that adds a customer, sent twice, adds one. The rule is built without holding anybody up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0050_find_addresses_alike")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    model_name="customer", name="submit_key", field=models.UUIDField(editable=False, null=True)
                )
            ],
            database_operations=[
                migrations.RunSQL(
                    'ALTER TABLE "incidents_customer" ADD COLUMN IF NOT EXISTS "submit_key" uuid NULL',
                    'ALTER TABLE "incidents_customer" DROP COLUMN IF EXISTS "submit_key"',
                )
            ],
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.UniqueConstraint(
                        fields=["submit_key"],
                        condition=models.Q(submit_key__isnull=False),
                        name="customer_added_once",
                    ),
                )
            ],
            database_operations=[
                migrations.RunSQL(
                    'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "customer_added_once" ON "incidents_customer"'
                    ' ("submit_key") WHERE "submit_key" IS NOT NULL',
                    'DROP INDEX CONCURRENTLY IF EXISTS "customer_added_once"',
                )
            ],
        ),
    ]
