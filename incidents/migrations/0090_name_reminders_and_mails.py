"""In words only: mails stand among what did not get through too. No SQL."""

from django.db import migrations, models

KINDS = [
    ("critical", "Critical"),
    ("apology_late", "Nobody has apologized"),
    ("unhappy", "Still unhappy"),
    ("approval", "May they give it?"),
    ("reopened_twice", "Reopened again"),
    ("step_late", "Late"),
    ("restricted", "Restricted"),
    ("needs_assignee", "Nobody is on it"),
    ("receipt_stuck", "No receipt yet"),
    ("unreachable", "Cannot be reached"),
    ("went_ahead", "Went ahead without an answer"),
    ("dead_delivery", "A reminder or mail did not get through"),
]


class Migration(migrations.Migration):
    dependencies = [("incidents", "0089_find_mail_tried_often")]
    operations = [
        migrations.AlterField("handled", "kind", models.CharField(choices=KINDS, max_length=16)),
    ]
