"""Which shipped questions ask for the order, and what was answered to them so far."""

from django.db import migrations

ASKS = ("order_ref", "confirmation")


def mark(apps, schema_editor):
    apps.get_model("incidents", "CategoryField").objects.filter(key__in=ASKS).update(is_order=True)
    schema_editor.execute(
        """
        UPDATE incidents_incident
        SET order_reference = left(upper(regexp_replace(
            coalesce(nullif(field_values ->> 'order_ref', ''), field_values ->> 'confirmation'),
            '[^[:alnum:]]', '', 'g')), 120)
        WHERE order_reference = '' AND field_values ?| array['order_ref', 'confirmation']
        """
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0047_find_alike")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
