"""Who waits, waits until some time: a comparison with nothing had let that through.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    squawk_ignores = ("ban-drop-constraint",)  # put back narrower in the same transaction
    dependencies = [("incidents", "0052_minutes_or_days")]
    operations = [
        migrations.RemoveConstraint(model_name="incident", name="incident_waiting_from_and_until"),
        AddConstraintNotValid(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(waiting_since__isnull=True, waiting_until__isnull=True)
                | models.Q(
                    waiting_since__isnull=False,
                    waiting_until__isnull=False,
                    waiting_until__gt=models.F("waiting_since"),
                    closed_at__isnull=True,
                ),
                name="incident_waiting_from_and_until",
            ),
        ),
    ]
