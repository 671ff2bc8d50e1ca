"""Rules that the first migration left to the code. New rows obey at once; 0005 checks the old ones without a long lock."""

import datetime
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0003_catalogue'),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(('created_at__isnull', True), models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='attachment_dates_2000_to_2100'),
        ),
        AddConstraintNotValid(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['in_person', 'phone', 'video', 'note', 'letter', 'email', 'chat', 'public'])), name='attempt_channel_known'),
        ),
        AddConstraintNotValid(
            model_name='closure',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['recovered', 'content_to_leave', 'unreachable', 'no_contact_known', 'no_contact_wanted', 'no_answer', 'withdrawn', 'unresolved', 'void', 'duplicate'])), name='closure_reason_known'),
        ),
        AddConstraintNotValid(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='event_dates_2000_to_2100'),
        ),
        AddConstraintNotValid(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), ('cancelled_at__isnull', True), _connector='OR'), name='followup_answered_or_cancelled'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('told_by__in', ['in_person', 'phone', 'video', 'note', 'letter', 'email', 'chat', 'public'])), name='incident_told_by_known'),
        ),
        AddConstraintNotValid(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('review_state__in', ['not_required', 'to_review', 'reviewed', 'preventing', 'verified', 'no_action'])), name='incident_review_state_known'),
        ),
        AddConstraintNotValid(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='note_dates_2000_to_2100'),
        ),
        AddConstraintNotValid(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), models.Q(('at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('read_at__isnull', True), models.Q(('read_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('read_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR')), name='notice_dates_2000_to_2100'),
        ),
        AddConstraintNotValid(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='remedy_currency_iso'),
        ),
        AddConstraintNotValid(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(('assignee__isnull', False), models.Q(('done_by_name', ''), _negated=True), _connector='OR'), name='remedy_done_by_somebody'),
        ),
        AddConstraintNotValid(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('entry__in', ['apologize', 'remedy'])), name='round_entry_known'),
        ),
        AddConstraintNotValid(
            model_name='staff',
            constraint=models.CheckConstraint(condition=models.Q(('theme__in', ['auto', 'light', 'dark', 'contrast'])), name='staff_theme_known'),
        ),
    ]
