"""Promises that were moved with the customer's word for it.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import datetime
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = ("ban-drop-constraint",)  # put back wider in the same transaction
    dependencies = [("incidents", "0024_evidence")]
    operations = [
        migrations.RemoveConstraint(
            model_name='promisemade',
            name='promise_dates_2000_to_2100',
        ),
        migrations.AddField(
            model_name='promisemade',
            name='first_due_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='promisemade',
            name='moved_count',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        AddConstraintNotValid(
            model_name='promisemade',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_at__isnull', True), models.Q(('due_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('due_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('first_due_at__isnull', True), models.Q(('first_due_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('first_due_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('kept_at__isnull', True), models.Q(('kept_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('kept_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('broken_at__isnull', True), models.Q(('broken_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('broken_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('created_at__isnull', True), models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='promise_dates_2000_to_2100'),
        ),
    ]
