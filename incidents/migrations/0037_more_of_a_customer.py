"""What we know of a customer besides how to reach them, and that two records were one person.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import django.contrib.postgres.operations
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = ("adding-foreign-key-constraint",)  # the column is new and empty: there is nothing to check
    dependencies = [
        ('incidents', '0036_hours_and_targets'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='address',
            field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='postal address'),
        ),
        migrations.AddField(
            model_name='customer',
            name='language',
            field=models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='language they prefer'),
        ),
        migrations.AddField(
            model_name='customer',
            name='loyalty_key',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name='customer',
            name='loyalty_number',
            field=models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='loyalty or customer number'),
        ),
        migrations.AddField(
            model_name='customer',
            name='merged_into',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='incidents.customer'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='customer_merged_into_another'),
        ),
    ]
