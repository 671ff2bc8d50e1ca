"""A note on an account, and which of two saves came first.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0037_more_of_a_customer'),
    ]

    operations = [
        migrations.AddField(
            model_name='account',
            name='note',
            field=models.CharField(blank=True, db_default='', default='', max_length=4000, verbose_name='note'),
        ),
        migrations.AddField(
            model_name='account',
            name='version',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
