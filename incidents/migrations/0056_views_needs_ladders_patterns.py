"""Saved views, what managers have seen to, ladders of places, bulk changes, files, patterns, care."""

import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0055_find_what_did_not_satisfy'),
    ]

    operations = [
        migrations.CreateModel(
            name='RootCause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True)),
                ('submit_key', models.UUIDField(editable=False, null=True, unique=True)),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('key',), name='rootcause_key_once')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Pattern',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('category', 'The same kind of mistake'), ('cause', 'The same cause'), ('place', 'The same place'), ('item', 'The same item'), ('customer', 'The same customer'), ('event', 'The same event hit several')], max_length=12)),
                ('place', models.CharField(blank=True, db_default='', default='', max_length=120)),
                ('item', models.CharField(blank=True, db_default='', default='', max_length=120)),
                ('note', models.CharField(blank=True, db_default='', default='', max_length=4000)),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('submit_key', models.UUIDField(editable=False, unique=True)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.category')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='patterns', to='incidents.customer')),
                ('location', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='patterns', to='incidents.location')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('root_cause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.rootcause')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['-opened_at'], name='pattern_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['category', 'cause', 'place', 'item', 'customer', 'event'])), name='pattern_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('opened_at__isnull', True), models.Q(('opened_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('opened_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('closed_at__isnull', True), models.Q(('closed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('closed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='pattern_dates_2000_to_2100'), models.CheckConstraint(condition=models.Q(models.Q(('category__isnull', False), ('kind', 'category')), models.Q(('kind', 'cause'), ('root_cause__isnull', False)), models.Q(('customer__isnull', False), ('kind', 'customer')), models.Q(('kind', 'place'), models.Q(('place', ''), _negated=True)), models.Q(('kind', 'item'), models.Q(('item', ''), _negated=True)), ('kind', 'event'), _connector='OR'), name='pattern_names_what_is_shared'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='pattern_closed_by_someone')],
            },
        ),
        migrations.CreateModel(
            name='PatternLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('linked_at', models.DateTimeField()),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pattern_links', to='incidents.incident')),
                ('linked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pattern', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='incidents.pattern')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('pattern', 'incident'), name='patternlink_once'), models.CheckConstraint(condition=models.Q(('linked_at__isnull', True), models.Q(('linked_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('linked_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='patternlink_dates_2000_to_2100')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(blank=True, db_default='', default='', max_length=40)),
                ('name', models.CharField(max_length=120)),
                ('is_shared', models.BooleanField(db_default=False, default=False)),
                ('query', models.CharField(blank=True, max_length=2000)),
                ('position', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('created_at', models.DateTimeField()),
                ('submit_key', models.UUIDField(editable=False, null=True, unique=True)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('key',), name='savedview_key_once'), models.CheckConstraint(condition=models.Q(models.Q(('key', ''), ('owner__isnull', False)), models.Q(models.Q(('key', ''), _negated=True), ('is_shared', True), ('owner__isnull', True)), _connector='OR'), name='savedview_shipped_or_owned'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='savedview_has_a_name'), models.CheckConstraint(condition=models.Q(('created_at__isnull', True), models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='savedview_dates_2000_to_2100')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='ViewChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_pinned', models.BooleanField(default=True)),
                ('is_default', models.BooleanField(default=False)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('tell_above', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('mails_at', models.TimeField(blank=True, null=True)),
                ('next_mail_at', models.DateTimeField(null=True)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='view_choices', to=settings.AUTH_USER_MODEL)),
                ('view', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='choices', to='incidents.savedview')),
            ],
            options={
                'ordering': ['position', 'id'],
                'indexes': [models.Index(condition=models.Q(('next_mail_at__isnull', False)), fields=['next_mail_at'], name='viewchoice_to_mail'), models.Index(condition=models.Q(('tell_above__isnull', False)), fields=['id'], name='viewchoice_to_tell')],
                'constraints': [models.UniqueConstraint(fields=('staff', 'view'), name='viewchoice_once'), models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('staff',), name='viewchoice_one_default'), models.CheckConstraint(condition=models.Q(models.Q(('mails_at__isnull', True), ('next_mail_at__isnull', True)), models.Q(('mails_at__isnull', False), ('next_mail_at__isnull', False)), _connector='OR'), name='viewchoice_mail_has_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('told_at__isnull', True), models.Q(('told_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('told_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('next_mail_at__isnull', True), models.Q(('next_mail_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('next_mail_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='viewchoice_dates_2000_to_2100')],
            },
        ),
        migrations.CreateModel(
            name='CheckIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('grave', 'It was a grave incident'), ('abuse', 'Somebody was abusive'), ('asked', 'A colleague thought of you')], max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, choices=[('fine', 'I am fine'), ('talk', 'I would like to talk'), ('not_now', 'Not now')], db_default='', default='', max_length=8)),
                ('answered_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='check_ins', to='incidents.incident')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='check_ins', to=settings.AUTH_USER_MODEL)),
                ('talk_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('incident', 'staff'), name='checkin_once'), models.CheckConstraint(condition=models.Q(('reason__in', ['grave', 'abuse', 'asked'])), name='checkin_reason_known'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True)), models.Q(('answer__in', ['fine', 'talk', 'not_now']), ('answered_at__isnull', False)), _connector='OR'), name='checkin_answer_known'), models.CheckConstraint(condition=models.Q(models.Q(('asked_at__isnull', True), models.Q(('asked_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('asked_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('answered_at__isnull', True), models.Q(('answered_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('answered_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='checkin_dates_2000_to_2100')],
                'indexes': [models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['staff', '-asked_at'], name='checkin_unanswered')],
            },
        ),
        migrations.CreateModel(
            name='ExportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(choices=[('csv', 'CSV'), ('xlsx', 'Excel')], max_length=4)),
                ('stored_name', models.CharField(max_length=80, unique=True)),
                ('file_name', models.CharField(max_length=120)),
                ('rows', models.PositiveIntegerField()),
                ('size', models.PositiveBigIntegerField()),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='export', to='incidents.job')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('form__in', ['csv', 'xlsx'])), name='exportfile_form_known'), models.CheckConstraint(condition=models.Q(models.Q(('made_at__isnull', True), models.Q(('made_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('made_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('expires_at__isnull', True), models.Q(('expires_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('expires_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('removed_at__isnull', True), models.Q(('removed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('removed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='exportfile_dates_2000_to_2100'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='exportfile_expires_later')],
                'indexes': [models.Index(condition=models.Q(('removed_at__isnull', True)), fields=['expires_at'], name='exportfile_to_remove')],
            },
        ),
        migrations.CreateModel(
            name='Handled',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('critical', 'Critical'), ('apology_late', 'Nobody has apologized'), ('unhappy', 'Still unhappy'), ('approval', 'May they give it?'), ('reopened_twice', 'Reopened again'), ('step_late', 'Late'), ('restricted', 'Restricted'), ('needs_assignee', 'Nobody is on it'), ('receipt_stuck', 'No receipt yet'), ('unreachable', 'Cannot be reached'), ('went_ahead', 'Went ahead without an answer'), ('dead_delivery', 'A reminder did not get through')], max_length=16)),
                ('occurrence', models.CharField(max_length=60)),
                ('how', models.CharField(choices=[('nudged', 'Reminded whoever has it'), ('looked_at', 'Looked at it'), ('later', 'Comes back later')], max_length=12)),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handled', to='incidents.incident')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('incident', 'kind', 'occurrence'), name='handled_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['critical', 'apology_late', 'unhappy', 'approval', 'reopened_twice', 'step_late', 'restricted', 'needs_assignee', 'receipt_stuck', 'unreachable', 'went_ahead', 'dead_delivery'])), name='handled_kind_known'), models.CheckConstraint(condition=models.Q(('how__in', ['nudged', 'looked_at', 'later'])), name='handled_how_known'), models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('until__isnull', True), models.Q(('until__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('until__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='handled_dates_2000_to_2100'), models.CheckConstraint(condition=models.Q(('until__gte', models.F('at'))), name='handled_until_later')],
                'indexes': [models.Index(fields=['-at', '-id'], name='handled_newest')],
            },
        ),
        migrations.CreateModel(
            name='JobLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('pending', 'Waiting'), ('done', 'Done'), ('refused', 'Refused'), ('skipped', 'Nothing to do')], default='pending', max_length=8)),
                ('said', models.CharField(blank=True, db_default='', default='', max_length=300)),
                ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incident')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='incidents.job')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('job', 'position'), name='jobline_position_once'), models.UniqueConstraint(fields=('job', 'incident'), name='jobline_incident_once'), models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'done', 'refused', 'skipped'])), name='jobline_state_known')],
                'indexes': [models.Index(fields=['job', 'state', 'position'], name='jobline_by_state')],
            },
        ),
        migrations.CreateModel(
            name='LadderRung',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('severity', models.PositiveSmallIntegerField(choices=[(1, 'Critical'), (2, 'Major'), (3, 'Moderate'), (4, 'Minor')])),
                ('kind', models.CharField(choices=[('follow_up_due', 'Call due'), ('promise_due', 'Promise due'), ('receipt_missing', 'Receipt missing'), ('apology_due', 'Apology due'), ('handover_open', 'Handover not taken'), ('shift_ended', 'Not taken by the end of the shift'), ('approval_waiting', 'A question nobody has answered'), ('waited_long_enough', 'They have not answered us'), ('remedy_due', 'Remedy due')], max_length=20)),
                ('after_minutes', models.IntegerField()),
                ('audience', models.CharField(choices=[('assignee', 'The person who has it'), ('managers', 'Managers of the place'), ('administrators', 'Administrators')], default='assignee', max_length=16)),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('location', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='ladder_rungs', to='incidents.location')),
            ],
            options={
                'ordering': ['after_minutes', 'id'],
                'constraints': [models.UniqueConstraint(fields=('severity', 'kind', 'after_minutes', 'location'), name='ladderrung_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('kind__in', ['follow_up_due', 'promise_due', 'receipt_missing', 'apology_due', 'handover_open', 'shift_ended', 'approval_waiting', 'waited_long_enough', 'remedy_due'])), name='ladderrung_kind_known'), models.CheckConstraint(condition=models.Q(('audience__in', ['assignee', 'managers', 'administrators'])), name='ladderrung_audience_known'), models.CheckConstraint(condition=models.Q(('severity__in', [1, 2, 3, 4])), name='ladderrung_severity_known'), models.CheckConstraint(condition=models.Q(('after_minutes__range', (-10080, 43200))), name='ladderrung_within_a_month')],
                'indexes': [],
            },
        ),
        migrations.AddField(
            model_name='pattern',
            name='incidents',
            field=models.ManyToManyField(related_name='patterns', through='incidents.PatternLink', to='incidents.incident'),
        ),
    ]
