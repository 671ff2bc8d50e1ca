"""Where and until when somebody can be reached, and what came up in which call.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import datetime
import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = (
        "ban-drop-constraint",  # put back wider in the same transaction
        "adding-foreign-key-constraint",  # the column is new and empty: there is nothing to check
    )
    dependencies = [("incidents", "0019_editable_catalogues")]
    operations = [
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_dates_2000_to_2100',
        ),
        migrations.AddField(
            model_name='incident',
            name='arose_from',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='brought_up', to='incidents.incident'),
        ),
        migrations.AddField(
            model_name='incident',
            name='reach_at',
            field=models.CharField(blank=True, db_default='', max_length=300),
        ),
        migrations.AddField(
            model_name='incident',
            name='reach_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('occurred_at__isnull', True), models.Q(('occurred_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('occurred_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('reported_at__isnull', True), models.Q(('reported_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('reported_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('created_at__isnull', True), models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('next_due_at__isnull', True), models.Q(('next_due_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('next_due_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('closed_at__isnull', True), models.Q(('closed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('closed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('reach_until__isnull', True), models.Q(('reach_until__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('reach_until__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('occurred_on__isnull', True), models.Q(('occurred_on__gte', datetime.date(2000, 1, 1)), ('occurred_on__lt', datetime.date(2100, 1, 1))), _connector='OR')), name='incident_dates_2000_to_2100'),
        ),
    ]
