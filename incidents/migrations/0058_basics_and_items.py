"""Which kinds are basics, and which question asks for the item.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("incidents", "0057_how_often_mail_comes")]

    operations = [
        migrations.AddField(
            model_name='category',
            name='is_basics',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='categoryfield',
            name='is_item',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
