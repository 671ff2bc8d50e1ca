"""Who is looking at an incident, and which words our stories use."""

import datetime
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0040_waiting_for_them'),
    ]

    operations = [
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='incidents.incident')),
                ('staff', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('incident', 'staff'), name='presence_once'), models.CheckConstraint(condition=models.Q(('seen_at__isnull', True), models.Q(('seen_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('seen_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='presence_dates_2000_to_2100')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('word', models.CharField(max_length=120, primary_key=True, serialize=False)),
                ('stories', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['word'], name='word_trgm', opclasses=['gin_trgm_ops'])],
            },
        ),
    ]
