"""When a place is open, and how long each step may take there.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import datetime
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0035_know_stages_of_open_ones'),
    ]

    operations = [
        migrations.CreateModel(
            name='OpenHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField()),
                ('opens', models.TimeField(verbose_name='opens')),
                ('closes', models.TimeField(verbose_name='closes')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='open_hours', to='incidents.location')),
            ],
            options={
                'ordering': ['weekday', 'opens'],
                'constraints': [models.UniqueConstraint(fields=('location', 'weekday', 'opens'), name='openhours_once'), models.CheckConstraint(condition=models.Q(('weekday__range', (0, 6))), name='openhours_weekday_known')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='SpecialDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='day')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='what for')),
                ('is_open', models.BooleanField(default=False)),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='special_days', to='incidents.location')),
            ],
            options={
                'ordering': ['date'],
                'constraints': [models.UniqueConstraint(fields=('location', 'date'), name='specialday_once'), models.CheckConstraint(condition=models.Q(('date__isnull', True), models.Q(('date__gte', datetime.date(2000, 1, 1)), ('date__lt', datetime.date(2100, 1, 1))), _connector='OR'), name='specialday_dates_2000_to_2100')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='ClockTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('severity', models.PositiveSmallIntegerField(choices=[(1, 'Critical'), (2, 'Major'), (3, 'Moderate'), (4, 'Minor')])),
                ('clock', models.CharField(choices=[('acknowledge', 'Answer them'), ('apologize', 'Apologize'), ('offer', 'Offer something'), ('deliver', 'Deliver it'), ('follow_up', 'Call back')], max_length=12)),
                ('position', models.PositiveSmallIntegerField(default=1)),
                ('minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('is_business', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('location', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='clock_targets', to='incidents.location')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('severity', 'clock', 'position', 'location'), name='clocktarget_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('severity__in', [1, 2, 3, 4])), name='clocktarget_severity_known'), models.CheckConstraint(condition=models.Q(('clock__in', ['acknowledge', 'apologize', 'offer', 'deliver', 'follow_up'])), name='clocktarget_clock_known'), models.CheckConstraint(condition=models.Q(('position', 1), models.Q(('clock', 'follow_up'), ('position', 2)), _connector='OR'), name='clocktarget_position_known'), models.CheckConstraint(condition=models.Q(models.Q(('days__isnull', True), ('minutes__range', (1, 86400))), models.Q(('days__range', (0, 60)), ('minutes__isnull', True)), _connector='OR'), name='clocktarget_minutes_or_days')],
                'indexes': [],
            },
        ),
        migrations.AddField(
            model_name='location',
            name='holiday_region',
            field=models.CharField(blank=True, db_default='', default='', max_length=12, verbose_name='public holidays'),
        ),
    ]
