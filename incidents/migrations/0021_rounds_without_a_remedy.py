"""Rounds that need no remedy, and rounds that only ask again.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import datetime
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = (
        "ban-drop-constraint",  # put back wider in the same transaction
        "adding-foreign-key-constraint",  # the column is new and empty: there is nothing to check
    )
    dependencies = [("incidents", "0020_where_to_reach_them")]
    operations = [
        migrations.RemoveConstraint(
            model_name='round',
            name='round_dates_2000_to_2100',
        ),
        migrations.RemoveConstraint(
            model_name='round',
            name='round_entry_known',
        ),
        migrations.AddField(
            model_name='round',
            name='waived_as',
            field=models.CharField(blank=True, choices=[('wants_nothing', 'The customer wants nothing'), ('no_remedy_due', 'No remedy due')], db_default='', max_length=16),
        ),
        migrations.AddField(
            model_name='round',
            name='waived_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='round',
            name='waived_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='round',
            name='waived_note',
            field=models.CharField(blank=True, db_default='', max_length=4000),
        ),
        AddConstraintNotValid(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('entry__in', ['apologize', 'remedy', 'follow_up'])), name='round_entry_known'),
        ),
        AddConstraintNotValid(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('started_at__isnull', True), models.Q(('started_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('started_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('settled_at__isnull', True), models.Q(('settled_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('settled_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('waived_at__isnull', True), models.Q(('waived_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('waived_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='round_dates_2000_to_2100'),
        ),
        AddConstraintNotValid(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('waived_as', ''), ('waived_at__isnull', True), ('waived_by__isnull', True)), models.Q(('waived_as__in', ['wants_nothing', 'no_remedy_due']), ('waived_at__isnull', False), ('waived_by__isnull', False)), _connector='OR'), name='round_waived_by_somebody'),
        ),
    ]
