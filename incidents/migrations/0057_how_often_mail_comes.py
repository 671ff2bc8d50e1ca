"""How often mail comes, and about what.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.operations


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("incidents", "0056_views_needs_ladders_patterns")]

    operations = [
        migrations.AddField(
            model_name='staff',
            name='mail_rule',
            field=models.CharField(choices=[('gathered', 'As it happens, gathered for some minutes'), ('hourly', 'At most once an hour'), ('twice', 'Twice a day, at 8:00 and 16:00'), ('daily', 'Once a day, at 8:00')], db_default='gathered', default='gathered', max_length=8),
        ),
        migrations.AddField(
            model_name='staff',
            name='not_by_mail',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='staff',
            name='wants_check_ins',
            field=models.BooleanField(db_default=True, default=True),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='staff',
            constraint=models.CheckConstraint(condition=models.Q(('mail_rule__in', ['gathered', 'hourly', 'twice', 'daily'])), name='staff_mail_rule_known'),
        ),
    ]
