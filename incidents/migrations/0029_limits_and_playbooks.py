"""What may be given without asking, every answer to more than that, and playbooks."""

import datetime
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import incidents.models.base
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # The tables are new: nobody reads them yet.
    squawk_ignores = ("adding-foreign-key-constraint", "adding-required-field")
    dependencies = [("incidents", "0028_more_reminders")]
    operations = [
        migrations.CreateModel(
            name='ApprovalRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', incidents.models.base.MoneyField(decimal_places=2, max_digits=10, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(9999999)])),
                ('total', incidents.models.base.MoneyField(decimal_places=2, max_digits=10, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(9999999)])),
                ('currency', models.CharField(max_length=3)),
                ('limit', incidents.models.base.MoneyField(decimal_places=2, max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(9999999)])),
                ('proposed_at', models.DateTimeField()),
                ('words', models.CharField(blank=True, max_length=4000)),
                ('verdict', models.CharField(blank=True, choices=[('approved', 'Approved'), ('declined', 'Declined'), ('went_ahead', 'Went ahead without an answer')], max_length=12)),
                ('decided_at', models.DateTimeField(null=True)),
                ('is_sole_approver', models.BooleanField(db_default=False, default=False)),
                ('reason', models.CharField(blank=True, max_length=4000)),
                ('voided_at', models.DateTimeField(null=True)),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('was_right', models.BooleanField(null=True)),
                ('review_note', models.CharField(blank=True, max_length=4000)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='CategoryHere',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_offered', models.BooleanField(null=True)),
                ('severity', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Critical'), (2, 'Major'), (3, 'Moderate'), (4, 'Minor')], null=True)),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='Limit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('front_desk', 'Front desk'), ('manager', 'Manager'), ('administrator', 'Administrator')], max_length=16)),
                ('amount', incidents.models.base.MoneyField(blank=True, decimal_places=2, max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(9999999)])),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='Playbook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(blank=True, max_length=4000)),
                ('steps', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), blank=True, default=list, size=None)),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='PlaybookRemedy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pre_approved_up_to', incidents.models.base.MoneyField(blank=True, decimal_places=2, max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(9999999)])),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RemedyTypeHere',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_offered', models.BooleanField(null=True)),
                ('needs_receipt', models.BooleanField(null=True)),
                ('typical_amount', incidents.models.base.MoneyField(blank=True, decimal_places=2, max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(9999999)])),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='RetryDelay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('no_answer', 'No answer'), ('voicemail', 'Left a message'), ('wrong_number', 'Wrong number'), ('new_problem', 'A new problem')], max_length=20)),
                ('minutes', models.PositiveIntegerField()),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
            ],
        ),
        migrations.AddField(
            model_name='approvalrequest',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approvalrequest',
            name='decided_for',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approvalrequest',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='incidents.incident'),
        ),
        migrations.AddField(
            model_name='approvalrequest',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approvalrequest',
            name='remedy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='incidents.remedy'),
        ),
        migrations.AddField(
            model_name='approvalrequest',
            name='reviewed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='categoryhere',
            name='category',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='here', to='incidents.category'),
        ),
        migrations.AddField(
            model_name='categoryhere',
            name='location',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='categories_here', to='incidents.location'),
        ),
        migrations.AddField(
            model_name='limit',
            name='location',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='limits', to='incidents.location'),
        ),
        migrations.AddField(
            model_name='limit',
            name='type',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='limits', to='incidents.remedytype'),
        ),
        migrations.AddField(
            model_name='playbook',
            name='category',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='playbooks', to='incidents.category'),
        ),
        migrations.AddField(
            model_name='playbook',
            name='location',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='playbooks', to='incidents.location'),
        ),
        migrations.AddField(
            model_name='playbookremedy',
            name='playbook',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remedies', to='incidents.playbook'),
        ),
        migrations.AddField(
            model_name='playbookremedy',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='incidents.remedytype'),
        ),
        migrations.AddField(
            model_name='remedytypehere',
            name='location',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remedies_here', to='incidents.location'),
        ),
        migrations.AddField(
            model_name='remedytypehere',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='here', to='incidents.remedytype'),
        ),
        migrations.AddField(
            model_name='retrydelay',
            name='location',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='retry_delays', to='incidents.location'),
        ),
        migrations.AddIndex(
            model_name='approvalrequest',
            index=models.Index(condition=models.Q(('verdict', ''), ('voided_at__isnull', True)), fields=['proposed_at', 'id'], name='approval_waiting'),
        ),
        migrations.AddIndex(
            model_name='approvalrequest',
            index=models.Index(condition=models.Q(('reviewed_at__isnull', True), ('verdict', 'went_ahead')), fields=['decided_at', 'id'], name='approval_to_review'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['', 'approved', 'declined', 'went_ahead'])), name='approvalrequest_verdict_known'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('verdict', '')), models.Q(models.Q(('verdict', ''), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='approvalrequest_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'approved'), _negated=True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), ('is_sole_approver', True), _connector='OR'), name='approvalrequest_not_by_its_proposer'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['', 'approved']), models.Q(('reason', ''), _negated=True), _connector='OR'), name='approvalrequest_no_without_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reviewed_at__isnull', True), ('reviewed_by__isnull', True), ('was_right__isnull', True)), models.Q(('reviewed_at__isnull', False), ('reviewed_by__isnull', False), ('verdict', 'went_ahead'), ('was_right__isnull', False)), _connector='OR'), name='approvalrequest_reviewed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('voided_at__isnull', True), models.Q(('verdict', 'declined'), _negated=True)), fields=('remedy',), name='approvalrequest_one_standing'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', True), ('amount__gte', 0), _connector='OR'), models.Q(('total__isnull', True), ('total__gte', 0), _connector='OR'), models.Q(('limit__isnull', True), ('limit__gte', 0), _connector='OR')), name='approvalrequest_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='approvalrequest_currency_iso'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proposed_at__isnull', True), models.Q(('proposed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('proposed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('decided_at__isnull', True), models.Q(('decided_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('decided_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('voided_at__isnull', True), models.Q(('voided_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('voided_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('reviewed_at__isnull', True), models.Q(('reviewed_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('reviewed_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='approvalrequest_dates_2000_to_2100'),
        ),
        migrations.AddConstraint(
            model_name='categoryhere',
            constraint=models.UniqueConstraint(fields=('category', 'location'), name='categoryhere_once'),
        ),
        migrations.AddConstraint(
            model_name='categoryhere',
            constraint=models.CheckConstraint(condition=models.Q(('severity__isnull', True), ('severity__in', [1, 2, 3, 4]), _connector='OR'), name='categoryhere_severity_known'),
        ),
        migrations.AddConstraint(
            model_name='limit',
            constraint=models.UniqueConstraint(fields=('role', 'type', 'location'), name='limit_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='limit',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['front_desk', 'manager', 'administrator'])), name='limit_role_known'),
        ),
        migrations.AddConstraint(
            model_name='limit',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', True), ('amount__gte', 0), _connector='OR'), name='limit_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='playbook',
            constraint=models.UniqueConstraint(fields=('category', 'location'), name='playbook_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='playbookremedy',
            constraint=models.UniqueConstraint(fields=('playbook', 'type'), name='playbookremedy_once'),
        ),
        migrations.AddConstraint(
            model_name='playbookremedy',
            constraint=models.CheckConstraint(condition=models.Q(('pre_approved_up_to__isnull', True), ('pre_approved_up_to__gte', 0), _connector='OR'), name='playbookremedy_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='remedytypehere',
            constraint=models.UniqueConstraint(fields=('type', 'location'), name='remedytypehere_once'),
        ),
        migrations.AddConstraint(
            model_name='remedytypehere',
            constraint=models.CheckConstraint(condition=models.Q(('typical_amount__isnull', True), ('typical_amount__gte', 0), _connector='OR'), name='remedytypehere_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='retrydelay',
            constraint=models.UniqueConstraint(fields=('outcome', 'location'), name='retrydelay_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='retrydelay',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['no_answer', 'voicemail', 'wrong_number', 'new_problem'])), name='retrydelay_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='retrydelay',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__range', (1, 43200))), name='retrydelay_minutes_bounded'),
        ),
    ]
