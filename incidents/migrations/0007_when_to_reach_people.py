"""When mail may reach somebody, and keys that add people and places once.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import datetime
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = ("disallowed-unique-constraint",)  # tens of rows
    dependencies = [("incidents", "0006_outbox_and_jobs")]
    operations = [
        migrations.AddField(
            model_name='location',
            name='submit_key',
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='staff',
            name='on_duty_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='staff',
            name='reachable_days',
            field=models.CharField(db_default='1111111', default='1111111', max_length=7),
        ),
        migrations.AddField(
            model_name='staff',
            name='reachable_from',
            field=models.TimeField(blank=True, null=True, verbose_name='mail from'),
        ),
        migrations.AddField(
            model_name='staff',
            name='reachable_until',
            field=models.TimeField(blank=True, null=True, verbose_name='mail until'),
        ),
        migrations.AddField(
            model_name='staff',
            name='submit_key',
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='staff',
            name='wants_mail',
            field=models.BooleanField(db_default=True, default=True, verbose_name='reminders by e-mail too'),
        ),
        AddConstraintNotValid(
            model_name='staff',
            constraint=models.CheckConstraint(condition=models.Q(('on_duty_until__isnull', True), models.Q(('on_duty_until__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('on_duty_until__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='staff_dates_2000_to_2100'),
        ),
        AddConstraintNotValid(
            model_name='staff',
            constraint=models.CheckConstraint(condition=models.Q(('reachable_days__regex', '^[01]{7}$'), ('reachable_days__contains', '1')), name='staff_reachable_some_day'),
        ),
        AddConstraintNotValid(
            model_name='staff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reachable_from__isnull', True), ('reachable_until__isnull', True)), models.Q(('reachable_from__isnull', False), ('reachable_until__isnull', False), models.Q(('reachable_from', models.F('reachable_until')), _negated=True)), _connector='OR'), name='staff_reachable_from_and_until'),
        ),
    ]
