"""Check the rows that were there before 0083."""

import django.contrib.postgres.operations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0083_notices_of_lists"),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(
            model_name="notice",
            name="notice_kind_known",
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name="notice",
            name="notice_of_an_incident_or_of_learning",
        ),
    ]
