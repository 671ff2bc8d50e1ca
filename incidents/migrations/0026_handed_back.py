"""Handovers given back, or not taken in time.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import datetime
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = ("ban-drop-constraint",)  # put back wider in the same transaction
    dependencies = [("incidents", "0025_promises_that_move")]
    operations = [
        migrations.RemoveConstraint(
            model_name='handover',
            name='handover_dates_2000_to_2100',
        ),
        migrations.AddField(
            model_name='handover',
            name='lapsed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='handover',
            name='return_note',
            field=models.CharField(blank=True, db_default='', max_length=4000),
        ),
        migrations.AddField(
            model_name='handover',
            name='returned_at',
            field=models.DateTimeField(null=True),
        ),
        AddConstraintNotValid(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('accepted_at__isnull', True), models.Q(('accepted_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('accepted_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('returned_at__isnull', True), models.Q(('returned_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('returned_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('lapsed_at__isnull', True), models.Q(('lapsed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('lapsed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='handover_dates_2000_to_2100'),
        ),
        AddConstraintNotValid(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('returned_at__isnull', True)), models.Q(('accepted_at__isnull', True), ('lapsed_at__isnull', True)), models.Q(('lapsed_at__isnull', True), ('returned_at__isnull', True)), _connector='OR'), name='handover_ended_in_one_way'),
        ),
    ]
