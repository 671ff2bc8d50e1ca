"""Yet more that somebody is told, and why.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import django.contrib.postgres.operations


from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = ("ban-drop-constraint",)  # put back wider in the same transaction
    dependencies = [("incidents", "0059_more_jobs")]

    operations = [
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_reason_known',
        ),
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_kind_known',
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('follow_up_due', 'Call due'), ('promise_due', 'Promise due'), ('receipt_missing', 'Receipt missing'), ('apology_due', 'Apology due'), ('handover_open', 'Handover not taken'), ('assigned', 'Given to you'), ('unhappy', 'Still unhappy'), ('critical', 'Critical incident'), ('step_assigned', 'A step for you'), ('approval_waiting', 'A question nobody has answered'), ('shift_ended', 'Not taken by the end of the shift'), ('approval_asked', 'May they give it?'), ('approval_decided', 'Your question was answered'), ('went_ahead', 'Went ahead without an answer'), ('handed_back', 'Given back to you'), ('reopened_twice', 'Reopened again'), ('waited_long_enough', 'They have not answered us'), ('remedy_due', 'Remedy due'), ('nudged', 'Somebody asks you to see to it'), ('view_passed', 'A view has grown'), ('view_digest', 'A view of yours'), ('rising', 'It happens more often'), ('basics', 'Back to basics'), ('check_in', 'How are you?'), ('wants_to_talk', 'Somebody would like to talk')], max_length=20),
        ),
        migrations.AlterField(
            model_name='notice',
            name='reason',
            field=models.CharField(choices=[('yours', 'You have it'), ('stand_in', 'You stand in for somebody'), ('giver', 'You handed it over'), ('manager', 'You manage this place'), ('administrator', 'You are an administrator'), ('asked', 'You asked to be told')], db_default='yours', default='yours', max_length=16),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['follow_up_due', 'promise_due', 'receipt_missing', 'apology_due', 'handover_open', 'assigned', 'unhappy', 'critical', 'step_assigned', 'approval_waiting', 'shift_ended', 'approval_asked', 'approval_decided', 'went_ahead', 'handed_back', 'reopened_twice', 'waited_long_enough', 'remedy_due', 'nudged', 'view_passed', 'view_digest', 'rising', 'basics', 'check_in', 'wants_to_talk'])), name='notice_kind_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['yours', 'stand_in', 'giver', 'manager', 'administrator', 'asked'])), name='notice_reason_known'),
        ),
    ]
