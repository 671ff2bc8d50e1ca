"""Reminders that speak several times: what they aim at, and on which rung they stand.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import datetime
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = ("ban-drop-constraint",)  # put back wider in the same transaction
    dependencies = [("incidents", "0009_why_somebody_is_told")]
    operations = [
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminder_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminder_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminder_dates_2000_to_2100',
        ),
        migrations.AddField(
            model_name='reminder',
            name='rung',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='reminder',
            name='target_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('follow_up_due', 'Call due'), ('promise_due', 'Promise due'), ('receipt_missing', 'Receipt missing'), ('apology_due', 'Apology due'), ('handover_open', 'Handover not taken')], max_length=20),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='state',
            field=models.CharField(choices=[('pending', 'Waiting'), ('claimed', 'Being sent'), ('done', 'Sent'), ('moot', 'No longer needed'), ('dead', 'Given up')], default='pending', max_length=8),
        ),
        AddConstraintNotValid(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'claimed', 'done', 'moot', 'dead'])), name='reminder_state_known'),
        ),
        AddConstraintNotValid(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['follow_up_due', 'promise_due', 'receipt_missing', 'apology_due', 'handover_open'])), name='reminder_kind_known'),
        ),
        AddConstraintNotValid(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_at__isnull', True), models.Q(('due_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('due_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('target_at__isnull', True), models.Q(('target_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('target_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='reminder_dates_2000_to_2100'),
        ),
    ]
