"""Reminders of what was to be put right.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import django.contrib.postgres.operations


from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = ("ban-drop-constraint",)  # put back wider in the same transaction
    dependencies = [("incidents", "0060_more_notices")]

    operations = [
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminder_kind_known',
        ),
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('follow_up_due', 'Call due'), ('promise_due', 'Promise due'), ('receipt_missing', 'Receipt missing'), ('apology_due', 'Apology due'), ('handover_open', 'Handover not taken'), ('shift_ended', 'Not taken by the end of the shift'), ('approval_waiting', 'A question nobody has answered'), ('waited_long_enough', 'They have not answered us'), ('remedy_due', 'Remedy due')], max_length=20),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['follow_up_due', 'promise_due', 'receipt_missing', 'apology_due', 'handover_open', 'shift_ended', 'approval_waiting', 'waited_long_enough', 'remedy_due'])), name='reminder_kind_known'),
        ),
    ]
