"""A number somebody tried that is not theirs.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import datetime
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("incidents", "0016_what_a_customer_likes")]
    operations = [
        migrations.AddField(
            model_name='contactpoint',
            name='wrong_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddConstraintNotValid(
            model_name='contactpoint',
            constraint=models.CheckConstraint(condition=models.Q(('wrong_since__isnull', True), models.Q(('wrong_since__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('wrong_since__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='contactpoint_dates_2000_to_2100'),
        ),
    ]
