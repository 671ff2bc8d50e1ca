"""Why somebody is told, how urgent it is, and of what time it speaks.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = ("ban-drop-constraint",)  # put back wider in the same transaction
    dependencies = [("incidents", "0008_take_over")]
    operations = [
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_kind_known',
        ),
        migrations.AddField(
            model_name='notice',
            name='reason',
            field=models.CharField(choices=[('yours', 'You have it'), ('stand_in', 'You stand in for somebody'), ('giver', 'You handed it over'), ('manager', 'You manage this place'), ('administrator', 'You are an administrator')], db_default='yours', default='yours', max_length=16),
        ),
        migrations.AddField(
            model_name='notice',
            name='target_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='notice',
            name='urgency',
            field=models.CharField(choices=[('soon', 'Soon'), ('due', 'Due now'), ('late', 'Late')], db_default='due', default='due', max_length=4),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('follow_up_due', 'Call due'), ('promise_due', 'Promise due'), ('receipt_missing', 'Receipt missing'), ('apology_due', 'Apology due'), ('handover_open', 'Handover not taken'), ('assigned', 'Given to you'), ('unhappy', 'Still unhappy'), ('critical', 'Critical incident'), ('step_assigned', 'A step for you')], max_length=20),
        ),
        AddConstraintNotValid(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['follow_up_due', 'promise_due', 'receipt_missing', 'apology_due', 'handover_open', 'assigned', 'unhappy', 'critical', 'step_assigned'])), name='notice_kind_known'),
        ),
        AddConstraintNotValid(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['yours', 'stand_in', 'giver', 'manager', 'administrator'])), name='notice_reason_known'),
        ),
        AddConstraintNotValid(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('urgency__in', ['soon', 'due', 'late'])), name='notice_urgency_known'),
        ),
    ]
