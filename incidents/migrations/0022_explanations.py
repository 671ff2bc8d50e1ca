"""Regret and an explanation in the place of an apology.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("incidents", "0021_rounds_without_a_remedy")]
    operations = [
        migrations.AddField(
            model_name='apology',
            name='kind',
            field=models.CharField(choices=[('apology', 'An apology'), ('explanation', 'Regret and an explanation')], db_default='apology', default='apology', max_length=12),
        ),
        AddConstraintNotValid(
            model_name='apology',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['apology', 'explanation'])), name='apology_kind_known'),
        ),
    ]
