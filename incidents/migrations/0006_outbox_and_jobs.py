"""Mail that waits, work that takes long, and the times at which the clock stood still: new tables only."""

import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = (
        "adding-foreign-key-constraint",  # all from tables made here, which are empty
        "adding-required-field",  # the same
    )
    dependencies = [("incidents", "0005_check_older_rows")]
    operations = [
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
    ]
