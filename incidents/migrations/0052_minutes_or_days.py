"""A target without minutes and without days says nothing: a comparison with nothing had let it through.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    squawk_ignores = ("ban-drop-constraint",)  # put back narrower in the same transaction
    dependencies = [("incidents", "0051_add_customers_once")]
    operations = [
        migrations.RemoveConstraint(model_name="clocktarget", name="clocktarget_minutes_or_days"),
        AddConstraintNotValid(
            model_name="clocktarget",
            constraint=models.CheckConstraint(
                condition=models.Q(minutes__isnull=False, minutes__range=(1, 86400), days__isnull=True)
                | models.Q(minutes__isnull=True, days__isnull=False, days__range=(0, 60)),
                name="clocktarget_minutes_or_days",
            ),
        ),
    ]
