"""Evidence of what was done.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = ("ban-drop-constraint",)  # put back wider in the same transaction
    dependencies = [("incidents", "0023_declined_and_waived")]
    operations = [
        migrations.RemoveConstraint(
            model_name='attachment',
            name='attachment_kind_known',
        ),
        migrations.AlterField(
            model_name='attachment',
            name='kind',
            field=models.CharField(choices=[('photo', 'Photo'), ('receipt', 'Receipt'), ('evidence', 'Evidence')], max_length=8),
        ),
        AddConstraintNotValid(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['photo', 'receipt', 'evidence'])), name='attachment_kind_known'),
        ),
    ]
