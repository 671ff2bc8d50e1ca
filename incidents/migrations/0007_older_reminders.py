"""Rows from before: a reminder's target was its own instant, and a handover was taken as it was given."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("incidents", "0006_reminders_ladders_and_outbox")]
    operations = [
        migrations.RunSQL(
            "UPDATE incidents_reminder SET target_at = due_at WHERE target_at IS NULL", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "UPDATE incidents_handover SET accepted_at = at WHERE accepted_at IS NULL", migrations.RunSQL.noop
        ),
    ]
