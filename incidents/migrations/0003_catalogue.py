"""The catalogues as shipped."""

from django.db import migrations

from incidents.catalogue import CATEGORIES, REMEDIES


def ship(apps, schema_editor):
    category_model = apps.get_model("incidents", "Category")
    field_model = apps.get_model("incidents", "CategoryField")
    for position, row in enumerate(CATEGORIES, 1):
        category = category_model.objects.create(
            key=row["key"],
            name=row["name"],
            icon=row["icon"],
            severity=row["severity"],
            is_restricted=row.get("is_restricted", False),
            is_second_failure=row.get("is_second_failure", False),
            position=position,
        )
        made = {}
        for place, (key, name, kind, *operands) in enumerate(row.get("fields", ()), 1):
            made[key] = field_model.objects.create(
                category=category,
                key=key,
                name=name,
                kind=kind,
                position=place,
                is_private=key in row.get("private", ()),
                minuend=made[operands[0]] if operands else None,
                subtrahend=made[operands[1]] if operands else None,
            )
    remedy_model = apps.get_model("incidents", "RemedyType")
    for position, (key, name, nature, cost_kind, needs_receipt) in enumerate(REMEDIES, 1):
        remedy_model.objects.create(
            key=key,
            name=name,
            nature=nature,
            cost_kind=cost_kind,
            needs_receipt=needs_receipt,
            position=position,
        )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_append_only")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
