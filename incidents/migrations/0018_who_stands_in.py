"""Who stands in for whom, and when a shift ends.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = (
        "ban-drop-constraint",  # put back wider in the same transaction
        "adding-foreign-key-constraint",  # the column is new and empty: there is nothing to check
    )
    dependencies = [("incidents", "0017_numbers_that_are_wrong")]
    operations = [
        migrations.RemoveConstraint(
            model_name='staff',
            name='staff_dates_2000_to_2100',
        ),
        migrations.AddField(
            model_name='staff',
            name='away_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='staff',
            name='stand_in',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='stands_in_for', to=settings.AUTH_USER_MODEL),
        ),
        AddConstraintNotValid(
            model_name='staff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('on_duty_until__isnull', True), models.Q(('on_duty_until__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('on_duty_until__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('away_until__isnull', True), models.Q(('away_until__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('away_until__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='staff_dates_2000_to_2100'),
        ),
        migrations.AddField(
            model_name='location',
            name='shift_ends',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TimeField(), blank=True, db_default=[], default=list, size=None),
        ),
    ]
