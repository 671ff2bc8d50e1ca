"""Whether somebody has taken over what was handed to them.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import datetime
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = ("ban-drop-constraint",)  # put back wider in the same transaction
    dependencies = [("incidents", "0007_when_to_reach_people")]
    operations = [
        migrations.RemoveConstraint(
            model_name='handover',
            name='handover_dates_2000_to_2100',
        ),
        migrations.AddField(
            model_name='handover',
            name='accepted_at',
            field=models.DateTimeField(null=True),
        ),
        AddConstraintNotValid(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('accepted_at__isnull', True), models.Q(('accepted_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('accepted_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='handover_dates_2000_to_2100'),
        ),
    ]
