"""What older incidents were about, as the answers to the questions for it say.

Slice after slice, each in a transaction of its own that holds its rows for as long as it takes to write them.
Doing it again does nothing.
"""

import json

from django.db import connection, migrations, transaction

from incidents.models.values import item_key

SLICE = 1000


def fill(apps, schema_editor):
    fields = apps.get_model("incidents", "CategoryField").objects.filter(is_item=True, is_private=False)
    asked = {}
    for category, key in fields.order_by("-is_active", "position", "id").values_list("category", "key"):
        asked.setdefault(category, []).append(key)
    keys = sorted({key for each in asked.values() for key in each})
    after = 0
    while keys:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, category_id, field_values FROM incidents_incident"
                " WHERE id > %s AND item = '' AND field_values ?| %s ORDER BY id LIMIT %s FOR NO KEY UPDATE",
                [after, keys, SLICE],
            )
            rows = cursor.fetchall()
            named = [(pk, item) for pk, category, values in rows if (item := _item(asked.get(category, ()), values))]
            if named:
                pks, items = zip(*named, strict=True)
                cursor.execute(
                    "UPDATE incidents_incident SET item = found.item"
                    " FROM unnest(%s::bigint[], %s::text[]) AS found (pk, item) WHERE id = found.pk",
                    [list(pks), list(items)],
                )
        if len(rows) < SLICE:
            return
        after = rows[-1][0]


def _item(keys, values):
    values = json.loads(values) if isinstance(values, str) else values  # as the driver gives it
    return next((item for key in keys if (item := item_key(values.get(key) or ""))), "")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0065_check_older_rows")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
