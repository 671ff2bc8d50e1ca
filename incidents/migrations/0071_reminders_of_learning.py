"""Reminders of changes, procedures and meetings.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import django.contrib.postgres.operations
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    # The constraint is put back wider in the same transaction; no row is without an incident until the code that comes with it writes one.
    squawk_ignores = ("ban-drop-constraint", "ban-drop-not-null")
    dependencies = [
        ('incidents', '0070_notices_of_learning'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminder_kind_known',
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                # As Django writes it the foreign key would be checked anew, for as long as the table is large.
                migrations.RunSQL(
                    "ALTER TABLE incidents_reminder ALTER COLUMN incident_id DROP NOT NULL",
                    "ALTER TABLE incidents_reminder ALTER COLUMN incident_id SET NOT NULL",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='reminder',
                    name='incident',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='incidents.incident'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('follow_up_due', 'Call due'), ('promise_due', 'Promise due'), ('receipt_missing', 'Receipt missing'), ('apology_due', 'Apology due'), ('handover_open', 'Handover not taken'), ('shift_ended', 'Not taken by the end of the shift'), ('approval_waiting', 'A question nobody has answered'), ('waited_long_enough', 'They have not answered us'), ('remedy_due', 'Remedy due'), ('prevention_due', 'A change is due'), ('procedure_due', 'A procedure wants looking at'), ('meeting_soon', 'A meeting is near')], max_length=20),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['follow_up_due', 'promise_due', 'receipt_missing', 'apology_due', 'handover_open', 'shift_ended', 'approval_waiting', 'waited_long_enough', 'remedy_due', 'prevention_due', 'procedure_due', 'meeting_soon'])), name='reminder_kind_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('incident__isnull', False), ('kind__in', ['procedure_due', 'meeting_soon']), _connector='OR'), name='reminder_of_an_incident'),
        ),
    ]
