"""A mail may be of long work on many recoveries: it carries all that somebody is told of it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    squawk_ignores = ("adding-foreign-key-constraint",)  # the column is new and empty: there is nothing to check
    dependencies = [("incidents", "0078_facts_of_customers")]
    operations = [
        migrations.AddField(
            model_name="outbox",
            name="job",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="incidents.job",
            ),
        ),
    ]
