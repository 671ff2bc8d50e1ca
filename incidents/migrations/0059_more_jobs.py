"""Yet more that takes a while.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import django.contrib.postgres.operations


from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = ("ban-drop-constraint",)  # put back wider in the same transaction
    dependencies = [("incidents", "0058_basics_and_items")]

    operations = [
        migrations.RemoveConstraint(
            model_name='job',
            name='job_kind_known',
        ),
        migrations.AlterField(
            model_name='job',
            name='kind',
            field=models.CharField(choices=[('demo_incidents', 'Make demo incidents'), ('reckon_clocks', 'Work out the deadlines anew'), ('find_resemblances', 'Look for customers entered twice'), ('bulk', 'Change many recoveries'), ('export', 'Write a list into a file'), ('relay_ladders', 'Set the reminders anew')], max_length=20),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['demo_incidents', 'reckon_clocks', 'find_resemblances', 'bulk', 'export', 'relay_ladders'])), name='job_kind_known'),
        ),
    ]
