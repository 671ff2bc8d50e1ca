"""Rows from before: a reminder's target was its own instant, and a handover was taken as it was given.

A thousand at a time, each committed: nobody waits for a row of theirs.
"""

from django.db import migrations

REMINDERS = """
    UPDATE incidents_reminder SET target_at = due_at
    WHERE id IN (SELECT id FROM incidents_reminder WHERE target_at IS NULL LIMIT 1000)
"""
HANDOVERS = """
    UPDATE incidents_handover SET accepted_at = at
    WHERE id IN (SELECT id FROM incidents_handover WHERE accepted_at IS NULL LIMIT 1000)
"""


def bring_up_to_date(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for statement in (REMINDERS, HANDOVERS):
            cursor.execute(statement)
            while cursor.rowcount:
                cursor.execute(statement)


class Migration(migrations.Migration):

    atomic = False
    dependencies = [("incidents", "0010_ladders")]
    operations = [migrations.RunPython(bring_up_to_date, migrations.RunPython.noop)]
