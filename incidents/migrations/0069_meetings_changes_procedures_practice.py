"""Staff meetings, what they change, procedures, practice, thanks."""

import datetime
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # Tables that are made here and are empty; and ladders, of which there are few, and the kinds put back wider.
    squawk_ignores = ("adding-foreign-key-constraint", "constraint-missing-not-valid", "ban-drop-constraint")
    dependencies = [
        ('incidents', '0068_find_what_needs_somebody'),
    ]

    operations = [
        migrations.CreateModel(
            name='MeetingSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meeting_series', to='incidents.location')),
                ('starts_on', models.DateField()),
                ('at', models.TimeField()),
                ('every_weeks', models.PositiveSmallIntegerField(default=1)),
                ('minutes', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(240)])),
                ('facilitator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_on', models.DateField(null=True)),
                ('submit_key', models.UUIDField(editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('starts_on__isnull', True), models.Q(('starts_on__gte', datetime.date(2000, 1, 1)), ('starts_on__lt', datetime.date(2100, 1, 1))), _connector='OR'), models.Q(('ended_on__isnull', True), models.Q(('ended_on__gte', datetime.date(2000, 1, 1)), ('ended_on__lt', datetime.date(2100, 1, 1))), _connector='OR')), name='meetingseries_dates_2000_to_2100'), models.CheckConstraint(condition=models.Q(('every_weeks__gte', 1), ('every_weeks__lte', 12)), name='meetingseries_every_1_to_12_weeks'), models.CheckConstraint(condition=models.Q(('minutes__gte', 5), ('minutes__lte', 240)), name='meetingseries_5_to_240_minutes')],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='incidents.location')),
                ('series', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='meetings', to='incidents.meetingseries')),
                ('starts_at', models.DateTimeField()),
                ('minutes', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(240)])),
                ('facilitator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('writer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('screen', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('shows_names', models.BooleanField(db_default=False, default=False)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submit_key', models.UUIDField(editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['location', '-starts_at'], name='meeting_by_place'), models.Index(condition=models.Q(('cancelled_at__isnull', True), ('ended_at__isnull', True)), fields=['location', 'starts_at'], name='meeting_ahead')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('starts_at__isnull', True), models.Q(('starts_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('starts_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('started_at__isnull', True), models.Q(('started_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('started_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('ended_at__isnull', True), models.Q(('ended_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('ended_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('cancelled_at__isnull', True), models.Q(('cancelled_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('cancelled_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('created_at__isnull', True), models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='meeting_dates_2000_to_2100'), models.UniqueConstraint(fields=('series', 'starts_at'), name='meeting_of_series_once'), models.CheckConstraint(condition=models.Q(('minutes__gte', 5), ('minutes__lte', 240)), name='meeting_5_to_240_minutes'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), models.Q(('ended_at__gte', models.F('started_at')), ('started_at__isnull', False)), _connector='OR'), name='meeting_ended_after_it_began'), models.CheckConstraint(condition=models.Q(('cancelled_at__isnull', True), ('started_at__isnull', True), _connector='OR'), name='meeting_cancelled_before_it_began')],
            },
        ),
        migrations.CreateModel(
            name='MeetingPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='incidents.meeting')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to=settings.AUTH_USER_MODEL)),
                ('attendance', models.CharField(choices=[('invited', 'Invited'), ('present', 'Present'), ('absent', 'Absent')], default='invited', max_length=8)),
                ('read_version', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('read_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('meeting', 'staff'), name='meetingperson_once'), models.CheckConstraint(condition=models.Q(('attendance__in', ['invited', 'present', 'absent'])), name='meetingperson_attendance_known'), models.CheckConstraint(condition=models.Q(('read_at__isnull', True), models.Q(('read_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('read_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='meetingperson_dates_2000_to_2100')],
            },
        ),
        migrations.CreateModel(
            name='Scenario',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('incident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scenarios', to='incidents.incident')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scenarios', to='incidents.location')),
                ('category', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.category')),
                ('title', models.CharField(max_length=120)),
                ('story', models.CharField(max_length=4000)),
                ('question', models.CharField(max_length=4000)),
                ('ending', models.CharField(max_length=4000)),
                ('best_answer', models.CharField(blank=True, db_default='', default='', max_length=4000)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('submit_key', models.UUIDField(editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('created_at__isnull', True), models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('published_at__isnull', True), models.Q(('published_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('published_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('closed_at__isnull', True), models.Q(('closed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('closed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='scenario_dates_2000_to_2100'), models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('story', ''), _negated=True), models.Q(('ending', ''), _negated=True)), name='scenario_tells_all')],
            },
        ),
        migrations.CreateModel(
            name='PracticeAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scenario', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='incidents.scenario')),
                ('words', models.CharField(max_length=4000)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='practiceanswer_says_something')],
            },
        ),
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='incidents.meeting')),
                ('kind', models.CharField(choices=[('actions', 'What we said we would change'), ('incident', 'What went wrong'), ('practice', 'Practice'), ('thanks', 'Thanks'), ('numbers', 'Numbers'), ('topic', 'Something else')], max_length=8)),
                ('incident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agenda_items', to='incidents.incident')),
                ('scenario', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='incidents.scenario')),
                ('topic', models.CharField(blank=True, db_default='', default='', max_length=300)),
                ('position', models.PositiveSmallIntegerField()),
                ('minutes', models.PositiveSmallIntegerField(default=5)),
                ('notes', models.CharField(blank=True, db_default='', default='', max_length=4000)),
                ('outcome', models.CharField(blank=True, choices=[('action', 'We change something'), ('covered', 'A change that is under way covers it'), ('no_action', 'Nothing to change'), ('talked', 'Talked about'), ('next_time', 'Next time')], db_default='', default='', max_length=12)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('began_at', models.DateTimeField(null=True)),
                ('seconds', models.PositiveIntegerField(db_default=0, default=0)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['actions', 'incident', 'practice', 'thanks', 'numbers', 'topic'])), name='agendaitem_kind_known'), models.CheckConstraint(condition=models.Q(('began_at__isnull', True), models.Q(('began_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('began_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='agendaitem_dates_2000_to_2100'), models.UniqueConstraint(condition=models.Q(('incident__isnull', False)), fields=('meeting', 'incident'), name='agendaitem_once'), models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'action', 'covered', 'no_action', 'talked', 'next_time'])), name='agendaitem_outcome_known'), models.CheckConstraint(condition=models.Q(models.Q(('incident__isnull', False), ('kind', 'incident')), models.Q(models.Q(('kind', 'incident'), _negated=True), ('incident__isnull', True)), _connector='OR'), name='agendaitem_incident_named'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'topic'), models.Q(('topic', ''), _negated=True)), models.Q(('kind', 'topic'), _negated=True), _connector='OR'), name='agendaitem_topic_named')],
            },
        ),
        migrations.CreateModel(
            name='Minutes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='incidents.meeting')),
                ('number', models.PositiveSmallIntegerField()),
                ('body', models.JSONField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('meeting', 'number'), name='minutes_number_once'), models.CheckConstraint(condition=models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='minutes_dates_2000_to_2100'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='minutes_counted_from_one')],
            },
        ),
        migrations.CreateModel(
            name='Thanks',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.location')),
                ('incident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='thanks', to='incidents.incident')),
                ('meeting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='thanks', to='incidents.meeting')),
                ('staff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='thanked', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(blank=True, db_default='', default='', max_length=120)),
                ('words', models.CharField(max_length=300)),
                ('minutes', models.PositiveIntegerField(null=True)),
                ('consent', models.CharField(choices=[('asked', 'Asked'), ('named', 'With the name'), ('unnamed', 'Without the name'), ('no', 'Rather not')], default='asked', max_length=8)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
                ('submit_key', models.UUIDField(editable=False, unique=True)),
            ],
            options={
                'verbose_name_plural': 'thanks',
                'constraints': [models.CheckConstraint(condition=models.Q(('consent__in', ['asked', 'named', 'unnamed', 'no'])), name='thanks_consent_known'), models.CheckConstraint(condition=models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='thanks_dates_2000_to_2100'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), ('staff__isnull', False)), models.Q(('staff__isnull', True), models.Q(('name', ''), _negated=True)), _connector='OR'), name='thanks_to_somebody'), models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='thanks_for_something')],
            },
        ),
        migrations.CreateModel(
            name='Procedure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('location', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='procedures', to='incidents.location')),
                ('responsible', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='procedures', to=settings.AUTH_USER_MODEL)),
                ('review_every_days', models.PositiveSmallIntegerField(default=365)),
                ('looked_at_on', models.DateField(null=True)),
                ('looked_at_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review_on', models.DateField()),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('retired_at', models.DateTimeField(null=True)),
                ('submit_key', models.UUIDField(editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('categories', models.ManyToManyField(blank=True, related_name='procedures', to='incidents.category')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('retired_at__isnull', True)), fields=['review_on'], name='procedure_to_look_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='procedure_has_a_title'), models.CheckConstraint(condition=models.Q(('review_every_days__gte', 7), ('review_every_days__lte', 1100)), name='procedure_looked_at_within_3_years'), models.CheckConstraint(condition=models.Q(models.Q(('created_at__isnull', True), models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('retired_at__isnull', True), models.Q(('retired_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('retired_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('looked_at_on__isnull', True), models.Q(('looked_at_on__gte', datetime.date(2000, 1, 1)), ('looked_at_on__lt', datetime.date(2100, 1, 1))), _connector='OR'), models.Q(('review_on__isnull', True), models.Q(('review_on__gte', datetime.date(2000, 1, 1)), ('review_on__lt', datetime.date(2100, 1, 1))), _connector='OR')), name='procedure_dates_2000_to_2100')],
            },
        ),
        migrations.CreateModel(
            name='RoutineStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='incidents.procedure')),
                ('words', models.CharField(max_length=300)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='routinestep_has_words')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='incidents.incident')),
                ('meeting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reviews', to='incidents.meeting')),
                ('known_first', models.CharField(blank=True, db_default='', default='', max_length=4000)),
                ('root_cause', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.rootcause')),
                ('whys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), blank=True, db_default=[], default=list, size=None)),
                ('outcome', models.CharField(blank=True, choices=[('action', 'We change something'), ('covered', 'A change that is under way covers it'), ('no_action', 'Nothing to change'), ('talked', 'Talked about'), ('next_time', 'Next time')], db_default='', default='', max_length=12)),
                ('reason', models.CharField(blank=True, db_default='', default='', max_length=4000)),
                ('opened_at', models.DateTimeField()),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('factors', models.ManyToManyField(related_name='+', to='incidents.rootcause')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('opened_at__isnull', True), models.Q(('opened_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('opened_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('ended_at__isnull', True), models.Q(('ended_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('ended_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='review_dates_2000_to_2100'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('incident',), name='review_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('outcome', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('outcome__in', ['action', 'covered', 'no_action', 'talked', 'next_time'])), _connector='OR'), name='review_ends_with_an_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'no_action'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='review_no_action_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='MissedStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='missed_steps', to='incidents.incident')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='missed', to='incidents.routinestep')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('incident', 'step'), name='missedstep_once'), models.CheckConstraint(condition=models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='missedstep_dates_2000_to_2100')],
            },
        ),
        migrations.CreateModel(
            name='BlackedOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blacked_out', to='incidents.incident')),
                ('words', models.CharField(max_length=120)),
                ('instead', models.CharField(blank=True, db_default='', default='', max_length=120)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('incident', 'words'), name='blackedout_once'), models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='blackedout_some_words'), models.CheckConstraint(condition=models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='blackedout_dates_2000_to_2100')],
            },
        ),
        migrations.CreateModel(
            name='PreventionAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='preventions', to='incidents.incident')),
                ('review', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='preventions', to='incidents.review')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='preventions', to='incidents.location')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.category')),
                ('root_cause', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='preventions', to='incidents.rootcause')),
                ('kind', models.CharField(choices=[('remove', 'Remove or redesign the step'), ('automatic', 'Automatic check'), ('procedure', 'Change the procedure'), ('checklist', 'Checklist'), ('wording', 'Change the wording or the contract'), ('staffing', 'Staffing rule'), ('tool', 'Another supplier or tool'), ('training', 'Training or practice'), ('notice', 'A notice on the wall'), ('watch', 'Watch only')], max_length=12)),
                ('what', models.CharField(max_length=300)),
                ('assignee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='preventions', to=settings.AUTH_USER_MODEL)),
                ('due_on', models.DateField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('committed_at', models.DateTimeField(null=True)),
                ('old_text', models.CharField(blank=True, db_default='', default='', max_length=4000)),
                ('new_text', models.CharField(blank=True, db_default='', default='', max_length=4000)),
                ('effective_on', models.DateField(null=True)),
                ('procedure', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='preventions', to='incidents.procedure')),
                ('done_at', models.DateTimeField(null=True)),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('evidence', models.CharField(blank=True, db_default='', default='', max_length=4000)),
                ('check_at', models.DateTimeField(null=True)),
                ('verdict', models.CharField(blank=True, choices=[('not_seen', 'Not seen again'), ('recurred', 'Came back'), ('too_early', 'Too early to tell'), ('too_few', 'Too few to tell')], db_default='', default='', max_length=12)),
                ('reopened_count', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('dropped_at', models.DateTimeField(null=True)),
                ('dropped_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drop_reason', models.CharField(blank=True, db_default='', default='', max_length=300)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submit_key', models.UUIDField(editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
            ],
            options={
                'ordering': ['due_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('committed_at__isnull', False), ('done_at__isnull', True), ('dropped_at__isnull', True)), fields=['location', 'due_at'], name='prevention_open_by_place'), models.Index(fields=['category', 'root_cause'], name='prevention_by_cause')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['remove', 'automatic', 'procedure', 'checklist', 'wording', 'staffing', 'tool', 'training', 'notice', 'watch'])), name='preventionaction_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('due_at__isnull', True), models.Q(('due_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('due_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('committed_at__isnull', True), models.Q(('committed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('committed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('done_at__isnull', True), models.Q(('done_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('done_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('check_at__isnull', True), models.Q(('check_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('check_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('dropped_at__isnull', True), models.Q(('dropped_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('dropped_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('created_at__isnull', True), models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('due_on__isnull', True), models.Q(('due_on__gte', datetime.date(2000, 1, 1)), ('due_on__lt', datetime.date(2100, 1, 1))), _connector='OR'), models.Q(('effective_on__isnull', True), models.Q(('effective_on__gte', datetime.date(2000, 1, 1)), ('effective_on__lt', datetime.date(2100, 1, 1))), _connector='OR')), name='preventionaction_dates_2000_to_2100'), models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='preventionaction_says_what'), models.CheckConstraint(condition=models.Q(('committed_at__isnull', True), models.Q(('assignee__isnull', False), ('due_at__isnull', False), ('due_on__isnull', False)), _connector='OR'), name='preventionaction_commits_somebody'), models.CheckConstraint(condition=models.Q(('done_at__isnull', True), models.Q(('check_at__isnull', False), ('done_by__isnull', False), models.Q(('evidence', ''), _negated=True)), _connector='OR'), name='preventionaction_done_with_evidence'), models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('dropped_at__isnull', True), _connector='OR'), name='preventionaction_done_or_dropped'), models.CheckConstraint(condition=models.Q(('dropped_at__isnull', True), models.Q(('dropped_by__isnull', False), models.Q(('drop_reason', ''), _negated=True)), _connector='OR'), name='preventionaction_dropped_with_a_reason'), models.CheckConstraint(condition=models.Q(('verdict__in', ['', 'not_seen', 'recurred', 'too_early', 'too_few'])), name='preventionaction_verdict_known')],
            },
        ),
        migrations.CreateModel(
            name='ProcedureVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='incidents.procedure')),
                ('number', models.PositiveSmallIntegerField()),
                ('words', models.CharField(max_length=16000)),
                ('steps', models.JSONField(default=list)),
                ('why', models.CharField(blank=True, db_default='', default='', max_length=300)),
                ('action', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='incidents.preventionaction')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('procedure', 'number'), name='procedureversion_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='procedureversion_counted_from_one'), models.CheckConstraint(condition=models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='procedureversion_dates_2000_to_2100')],
            },
        ),
        migrations.CreateModel(
            name='ProcedureRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reads', to='incidents.procedureversion')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('of', 'staff'), name='procedureread_once'), models.CheckConstraint(condition=models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='procedureread_dates_2000_to_2100')],
            },
        ),
        migrations.CreateModel(
            name='PreventionCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='incidents.preventionaction')),
                ('at', models.DateTimeField()),
                ('days', models.PositiveSmallIntegerField()),
                ('before', models.PositiveIntegerField()),
                ('after', models.PositiveIntegerField()),
                ('verdict', models.CharField(choices=[('not_seen', 'Not seen again'), ('recurred', 'Came back'), ('too_early', 'Too early to tell'), ('too_few', 'Too few to tell')], max_length=12)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['not_seen', 'recurred', 'too_early', 'too_few'])), name='preventioncheck_verdict_known'), models.CheckConstraint(condition=models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='preventioncheck_dates_2000_to_2100')],
            },
        ),
        migrations.CreateModel(
            name='ToldPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='incidents.preventionaction')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='incidents.location')),
                ('skipped_because', models.CharField(blank=True, db_default='', default='', max_length=300)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('action', 'location'), name='toldplace_once'), models.CheckConstraint(condition=models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='toldplace_dates_2000_to_2100')],
            },
        ),
        migrations.CreateModel(
            name='WhatWeChanged',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tellings', to='incidents.preventionaction')),
                ('promise', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='tells_of', to='incidents.promisemade')),
            ],
        ),
        migrations.AddField(
            model_name='meeting',
            name='current',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='incidents.agendaitem'),
        ),
        migrations.AddField(
            model_name='review',
            name='covered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.preventionaction'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'covered'), _negated=True), ('covered_by__isnull', False), _connector='OR'), name='review_covered_by_something'),
        ),
        migrations.AddField(
            model_name='location',
            name='reviews_all',
            field=models.BooleanField(null=True, verbose_name='talk about every mistake'),
        ),
        migrations.RemoveConstraint(
            model_name='ladderrung',
            name='ladderrung_kind_known',
        ),
        migrations.AlterField(
            model_name='ladderrung',
            name='kind',
            field=models.CharField(choices=[('follow_up_due', 'Call due'), ('promise_due', 'Promise due'), ('receipt_missing', 'Receipt missing'), ('apology_due', 'Apology due'), ('handover_open', 'Handover not taken'), ('shift_ended', 'Not taken by the end of the shift'), ('approval_waiting', 'A question nobody has answered'), ('waited_long_enough', 'They have not answered us'), ('remedy_due', 'Remedy due'), ('prevention_due', 'A change is due'), ('procedure_due', 'A procedure wants looking at'), ('meeting_soon', 'A meeting is near')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='ladderrung',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['follow_up_due', 'promise_due', 'receipt_missing', 'apology_due', 'handover_open', 'shift_ended', 'approval_waiting', 'waited_long_enough', 'remedy_due', 'prevention_due', 'procedure_due', 'meeting_soon'])), name='ladderrung_kind_known'),
        ),
    ]
