"""Check the rows that were there before 0070 and 0071."""

import django.contrib.postgres.operations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0071_reminders_of_learning'),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='notice',
            name='notice_kind_known',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='notice',
            name='notice_of_an_incident_or_of_learning',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='reminder',
            name='reminder_kind_known',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='reminder',
            name='reminder_of_an_incident',
        ),
    ]
