"""Ladders for reminders, the outbox, jobs, working windows. New rules bind new rows at once; 0008 checks the old ones."""

import datetime
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = (
        "adding-foreign-key-constraint",  # all from tables made here, which are empty
        "adding-required-field",  # the same
        "ban-drop-constraint",  # each check is put back wider in the same transaction
        "disallowed-unique-constraint",  # staff and locations: tens of rows
    )

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('incidents', '0005_check_older_rows'),
    ]

    operations = [
        # New tables first, then the ones that people work with, the busiest last: a lock is held to the end.
        migrations.CreateModel(
            name='ClockGap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(unique=True)),
                ('ended_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('demo_incidents', 'Make demo incidents')], max_length=20)),
                ('asked_at', models.DateTimeField()),
                ('options', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('pending', 'Waiting'), ('claimed', 'At work'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='pending', max_length=12)),
                ('lease_until', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField()),
                ('cancel_asked_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('submit_key', models.UUIDField(editable=False, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Outbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('email', 'E-mail')], max_length=8)),
                ('dedupe_key', models.CharField(max_length=120, unique=True)),
                ('is_digest', models.BooleanField(default=True)),
                ('state', models.CharField(choices=[('pending', 'Waiting'), ('claimed', 'Being sent'), ('sent', 'Sent'), ('failed', 'Refused by the other side'), ('dead', 'Given up'), ('moot', 'No longer needed')], default='pending', max_length=8)),
                ('created_at', models.DateTimeField()),
                ('next_try_at', models.DateTimeField()),
                ('lease_until', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('last_error', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='OutboxHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_only', models.BooleanField(default=True, editable=False, unique=True)),
                ('since', models.DateTimeField()),
                ('reason', models.CharField(choices=[('restored', 'The data come from a backup'), ('paused', 'Paused by an administrator')], max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name='OutboxLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('email', 'E-mail')], max_length=8)),
            ],
        ),
        migrations.AddConstraint(
            model_name='clockgap',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__gt', models.F('started_at'))), name='gap_has_a_length'),
        ),
        migrations.AddField(
            model_name='job',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='outbox',
            name='recipient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='outboxhold',
            constraint=models.CheckConstraint(condition=models.Q(('is_only', True)), name='outboxhold_only_one'),
        ),
        migrations.AddConstraint(
            model_name='outboxhold',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['restored', 'paused'])), name='outboxhold_reason_known'),
        ),
        migrations.AddField(
            model_name='outboxline',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='incidents.outbox'),
        ),
        migrations.AddField(
            model_name='outboxline',
            name='notice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='incidents.notice'),
        ),
        migrations.AddField(
            model_name='outbox',
            name='notices',
            field=models.ManyToManyField(related_name='messages', through='incidents.OutboxLine', to='incidents.notice'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('state__in', ['claimed', 'pending'])), fields=['asked_at', 'id'], name='job_to_do'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['asked_by', '-id'], name='job_by_person'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['demo_incidents'])), name='job_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'claimed', 'done', 'failed', 'cancelled'])), name='job_state_known'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked_at__isnull', True), models.Q(('asked_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('asked_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('cancel_asked_at__isnull', True), models.Q(('cancel_asked_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('cancel_asked_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('started_at__isnull', True), models.Q(('started_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('started_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('finished_at__isnull', True), models.Q(('finished_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('finished_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='job_dates_2000_to_2100'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='job_done_within_total'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'claimed'), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='job_claim_has_lease'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('state__in', ['done', 'failed', 'cancelled'])), models.Q(('finished_at__isnull', True), ('state__in', ['pending', 'claimed'])), _connector='OR'), name='job_ended_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='outboxline',
            constraint=models.UniqueConstraint(fields=('notice', 'channel'), name='outboxline_notice_once'),
        ),
        migrations.AddConstraint(
            model_name='outboxline',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['email'])), name='outboxline_channel_known'),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('state__in', ['claimed', 'pending'])), fields=['next_try_at', 'id'], name='outbox_to_send'),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['recipient', 'channel'], name='outbox_waiting_by_person'),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(fields=['state', '-id'], name='outbox_by_state'),
        ),
        migrations.AddConstraint(
            model_name='outbox',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['email'])), name='outbox_channel_known'),
        ),
        migrations.AddConstraint(
            model_name='outbox',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'claimed', 'sent', 'failed', 'dead', 'moot'])), name='outbox_state_known'),
        ),
        migrations.AddConstraint(
            model_name='outbox',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('created_at__isnull', True), models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('next_try_at__isnull', True), models.Q(('next_try_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('next_try_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('sent_at__isnull', True), models.Q(('sent_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('sent_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='outbox_dates_2000_to_2100'),
        ),
        migrations.AddConstraint(
            model_name='outbox',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'claimed'), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='outbox_claim_has_lease'),
        ),
        migrations.AddConstraint(
            model_name='outbox',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(('state', 'sent'), _negated=True), _connector='OR'), name='outbox_sent_has_a_time'),
        ),
        migrations.RemoveConstraint(
            model_name='handover',
            name='handover_dates_2000_to_2100',
        ),
        migrations.AddField(
            model_name='handover',
            name='accepted_at',
            field=models.DateTimeField(null=True),
        ),
        AddConstraintNotValid(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('accepted_at__isnull', True), models.Q(('accepted_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('accepted_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='handover_dates_2000_to_2100'),
        ),
        migrations.AddField(
            model_name='location',
            name='submit_key',
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='staff',
            name='on_duty_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='staff',
            name='reachable_days',
            field=models.CharField(db_default='1111111', default='1111111', max_length=7),
        ),
        migrations.AddField(
            model_name='staff',
            name='reachable_from',
            field=models.TimeField(blank=True, null=True, verbose_name='mail from'),
        ),
        migrations.AddField(
            model_name='staff',
            name='reachable_until',
            field=models.TimeField(blank=True, null=True, verbose_name='mail until'),
        ),
        migrations.AddField(
            model_name='staff',
            name='submit_key',
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='staff',
            name='wants_mail',
            field=models.BooleanField(db_default=True, default=True, verbose_name='reminders by e-mail too'),
        ),
        AddConstraintNotValid(
            model_name='staff',
            constraint=models.CheckConstraint(condition=models.Q(('on_duty_until__isnull', True), models.Q(('on_duty_until__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('on_duty_until__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='staff_dates_2000_to_2100'),
        ),
        AddConstraintNotValid(
            model_name='staff',
            constraint=models.CheckConstraint(condition=models.Q(('reachable_days__regex', '^[01]{7}$'), ('reachable_days__contains', '1')), name='staff_reachable_some_day'),
        ),
        AddConstraintNotValid(
            model_name='staff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reachable_from__isnull', True), ('reachable_until__isnull', True)), models.Q(('reachable_from__isnull', False), ('reachable_until__isnull', False), models.Q(('reachable_from', models.F('reachable_until')), _negated=True)), _connector='OR'), name='staff_reachable_from_and_until'),
        ),
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_kind_known',
        ),
        migrations.AddField(
            model_name='notice',
            name='reason',
            field=models.CharField(choices=[('yours', 'You have it'), ('stand_in', 'You stand in for somebody'), ('giver', 'You handed it over'), ('manager', 'You manage this place'), ('administrator', 'You are an administrator')], db_default='yours', default='yours', max_length=16),
        ),
        migrations.AddField(
            model_name='notice',
            name='target_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='notice',
            name='urgency',
            field=models.CharField(choices=[('soon', 'Soon'), ('due', 'Due now'), ('late', 'Late')], db_default='due', default='due', max_length=4),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('follow_up_due', 'Call due'), ('promise_due', 'Promise due'), ('receipt_missing', 'Receipt missing'), ('apology_due', 'Apology due'), ('handover_open', 'Handover not taken'), ('assigned', 'Given to you'), ('unhappy', 'Still unhappy'), ('critical', 'Critical incident'), ('step_assigned', 'A step for you')], max_length=20),
        ),
        AddConstraintNotValid(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['follow_up_due', 'promise_due', 'receipt_missing', 'apology_due', 'handover_open', 'assigned', 'unhappy', 'critical', 'step_assigned'])), name='notice_kind_known'),
        ),
        AddConstraintNotValid(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['yours', 'stand_in', 'giver', 'manager', 'administrator'])), name='notice_reason_known'),
        ),
        AddConstraintNotValid(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('urgency__in', ['soon', 'due', 'late'])), name='notice_urgency_known'),
        ),
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminder_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminder_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminder_dates_2000_to_2100',
        ),
        migrations.AddField(
            model_name='reminder',
            name='rung',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='reminder',
            name='target_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('follow_up_due', 'Call due'), ('promise_due', 'Promise due'), ('receipt_missing', 'Receipt missing'), ('apology_due', 'Apology due'), ('handover_open', 'Handover not taken')], max_length=20),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='state',
            field=models.CharField(choices=[('pending', 'Waiting'), ('claimed', 'Being sent'), ('done', 'Sent'), ('moot', 'No longer needed'), ('dead', 'Given up')], default='pending', max_length=8),
        ),
        AddConstraintNotValid(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'claimed', 'done', 'moot', 'dead'])), name='reminder_state_known'),
        ),
        AddConstraintNotValid(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['follow_up_due', 'promise_due', 'receipt_missing', 'apology_due', 'handover_open'])), name='reminder_kind_known'),
        ),
        AddConstraintNotValid(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_at__isnull', True), models.Q(('due_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('due_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('target_at__isnull', True), models.Q(('target_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('target_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='reminder_dates_2000_to_2100'),
        ),
    ]
