"""What an incident was about, and why it happened.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = ("adding-foreign-key-constraint",)  # a new column: there is nothing to check, and it is quick
    dependencies = [("incidents", "0061_reminders_of_remedies")]

    operations = [
        migrations.AddField(
            model_name='incident',
            name='item',
            field=models.CharField(blank=True, db_default='', default='', max_length=120),
        ),
        migrations.AddField(
            model_name='incident',
            name='root_cause',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.rootcause'),
        ),
    ]
