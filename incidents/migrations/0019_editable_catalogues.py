"""Catalogues can be edited: two people are told apart, a form sent twice adds one row.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = ("disallowed-unique-constraint",)  # tens of rows
    dependencies = [("incidents", "0018_who_stands_in")]
    operations = [
        migrations.AddField(
            model_name='category',
            name='submit_key',
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='category',
            name='version',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='categoryfield',
            name='submit_key',
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='remedytype',
            name='submit_key',
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='remedytype',
            name='version',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
