"""Which question asks for the order it is about.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0044_waited_reminders'),
    ]

    operations = [
        migrations.AddField(
            model_name='categoryfield',
            name='is_order',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
