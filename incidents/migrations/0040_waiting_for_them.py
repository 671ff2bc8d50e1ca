"""Pauses while the customer owes us an answer, what raised the severity, and which order it is about.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import datetime
import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = ("ban-drop-constraint",)  # put back wider in the same transaction
    dependencies = [
        ('incidents', '0039_customers_put_together'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_dates_2000_to_2100',
        ),
        migrations.AddField(
            model_name='incident',
            name='is_first_order',
            field=models.BooleanField(db_default=False, default=False, verbose_name='their first order'),
        ),
        migrations.AddField(
            model_name='incident',
            name='order_reference',
            field=models.CharField(blank=True, db_default='', default='', max_length=120),
        ),
        migrations.AddField(
            model_name='incident',
            name='raised_by',
            field=models.CharField(blank=True, choices=[('first_order', 'Their first order'), ('key_account', 'A key account'), ('second_failure', 'We made it worse'), ('repeat', 'It happened again within 90 days'), ('unhappy', 'Still unhappy when we called')], db_default='', default='', max_length=16),
        ),
        migrations.AddField(
            model_name='incident',
            name='waiting_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='waiting_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('occurred_at__isnull', True), models.Q(('occurred_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('occurred_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('reported_at__isnull', True), models.Q(('reported_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('reported_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('created_at__isnull', True), models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('next_due_at__isnull', True), models.Q(('next_due_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('next_due_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('closed_at__isnull', True), models.Q(('closed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('closed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('reach_until__isnull', True), models.Q(('reach_until__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('reach_until__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('waiting_since__isnull', True), models.Q(('waiting_since__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('waiting_since__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('waiting_until__isnull', True), models.Q(('waiting_until__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('waiting_until__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('occurred_on__isnull', True), models.Q(('occurred_on__gte', datetime.date(2000, 1, 1)), ('occurred_on__lt', datetime.date(2100, 1, 1))), _connector='OR')), name='incident_dates_2000_to_2100'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('waiting_since__isnull', True), ('waiting_until__isnull', True)), models.Q(('closed_at__isnull', True), ('waiting_since__isnull', False), ('waiting_until__gt', models.F('waiting_since'))), _connector='OR'), name='incident_waiting_from_and_until'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('raised_by__in', ['', 'first_order', 'key_account', 'second_failure', 'repeat', 'unhappy'])), name='incident_raised_by_known'),
        ),
    ]
