"""What was declined, who named the amount, receipts nobody waits for.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import datetime
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    squawk_ignores = (
        "ban-drop-constraint",  # put back wider in the same transaction
        "adding-foreign-key-constraint",  # the column is new and empty: there is nothing to check
    )
    dependencies = [("incidents", "0022_explanations")]
    operations = [
        migrations.RemoveConstraint(
            model_name='remedy',
            name='remedy_dates_2000_to_2100',
        ),
        migrations.AddField(
            model_name='remedy',
            name='declined_as',
            field=models.CharField(blank=True, choices=[('not_enough', 'Not enough'), ('wants_nothing', 'Wants nothing')], db_default='', max_length=16),
        ),
        migrations.AddField(
            model_name='remedy',
            name='proposed_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='remedy',
            name='receipt_waived_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='remedy',
            name='receipt_waived_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='remedy',
            name='receipt_waived_note',
            field=models.CharField(blank=True, db_default='', max_length=4000),
        ),
        AddConstraintNotValid(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_at__isnull', True), models.Q(('due_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('due_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('offered_at__isnull', True), models.Q(('offered_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('offered_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('delivered_at__isnull', True), models.Q(('delivered_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('delivered_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('created_at__isnull', True), models.Q(('created_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('created_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('receipt_waived_at__isnull', True), models.Q(('receipt_waived_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('receipt_waived_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), models.Q(('paid_on__isnull', True), models.Q(('paid_on__gte', datetime.date(2000, 1, 1)), ('paid_on__lt', datetime.date(2100, 1, 1))), _connector='OR')), name='remedy_dates_2000_to_2100'),
        ),
        AddConstraintNotValid(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('declined_as__in', ['not_enough', 'wants_nothing']), ('state', 'declined')), models.Q(models.Q(('state', 'declined'), _negated=True), ('declined_as', '')), _connector='OR'), name='remedy_declined_as_something'),
        ),
        AddConstraintNotValid(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('receipt_waived_at__isnull', True), ('receipt_waived_by__isnull', True)), models.Q(('receipt_waived_at__isnull', False), ('receipt_waived_by__isnull', False), models.Q(('receipt_waived_note', ''), _negated=True)), _connector='OR'), name='remedy_receipt_waived_with_a_reason'),
        ),
    ]
