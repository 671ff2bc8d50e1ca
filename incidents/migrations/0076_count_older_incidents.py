"""Older incidents wait to be counted like any other; the sweep takes them in slices."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("incidents", "0075_facts")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO incidents_facttoreckon (incident_id) SELECT id FROM incidents_incident ORDER BY id DESC",
            migrations.RunSQL.noop,
        )
    ]
