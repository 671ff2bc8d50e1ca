"""How and when a customer likes to be reached, and whether at all.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import datetime
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("incidents", "0015_find_words_quick")]
    operations = [
        migrations.AddField(
            model_name='customer',
            name='no_contact_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='preferred_channel',
            field=models.CharField(blank=True, choices=[('in_person', 'In person'), ('phone', 'By phone'), ('video', 'By video'), ('note', 'Handwritten note'), ('letter', 'Letter'), ('email', 'E-mail'), ('chat', 'Chat'), ('public', 'Public reply')], db_default='', max_length=12, verbose_name='how they like to hear from us'),
        ),
        migrations.AddField(
            model_name='customer',
            name='reach_from',
            field=models.TimeField(blank=True, null=True, verbose_name='reach them from'),
        ),
        migrations.AddField(
            model_name='customer',
            name='reach_until',
            field=models.TimeField(blank=True, null=True, verbose_name='reach them until'),
        ),
        AddConstraintNotValid(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('preferred_channel__in', ['', 'in_person', 'phone', 'video', 'note', 'letter', 'email', 'chat', 'public'])), name='customer_channel_known'),
        ),
        AddConstraintNotValid(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reach_from__isnull', True), ('reach_until__isnull', True)), models.Q(('reach_from__isnull', False), ('reach_until__isnull', False), models.Q(('reach_from', models.F('reach_until')), _negated=True)), _connector='OR'), name='customer_reach_from_and_until'),
        ),
        AddConstraintNotValid(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('no_contact_since__isnull', True), models.Q(('no_contact_since__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('no_contact_since__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='customer_dates_2000_to_2100'),
        ),
    ]
