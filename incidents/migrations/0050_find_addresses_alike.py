"""Customers by their address, as far as it is known. Built without holding anybody up."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0049_check_older_rows")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    model_name="customer",
                    index=django.contrib.postgres.indexes.GinIndex(
                        fields=["address"],
                        opclasses=["gin_trgm_ops"],
                        condition=~models.Q(address=""),
                        name="customer_address_trgm",
                    ),
                )
            ],
            database_operations=[
                migrations.RunSQL(
                    'CREATE INDEX CONCURRENTLY IF NOT EXISTS "customer_address_trgm" ON "incidents_customer"'
                    """ USING gin ("address" gin_trgm_ops) WHERE NOT ("address" = '')""",
                    'DROP INDEX CONCURRENTLY IF EXISTS "customer_address_trgm"',
                )
            ],
        )
    ]
