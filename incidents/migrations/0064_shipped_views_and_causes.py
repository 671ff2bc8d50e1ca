"""The views and causes as shipped, which kinds are basics, and what older incidents were about."""

from django.db import migrations
from django.utils import timezone

from incidents.catalogue import BASICS, CAUSES, ITEMS, SAVED_VIEWS


def ship(apps, schema_editor):
    views, causes = apps.get_model("incidents", "SavedView"), apps.get_model("incidents", "RootCause")
    for position, (key, name, query) in enumerate(SAVED_VIEWS, 1):
        fields = {"name": name, "query": query, "position": position, "is_shared": True, "created_at": timezone.now()}
        views.objects.get_or_create(key=key, defaults=fields)
    for position, (key, name) in enumerate(CAUSES, 1):
        causes.objects.get_or_create(key=key, defaults={"name": name, "position": position})
    apps.get_model("incidents", "Category").objects.filter(key__in=BASICS).update(is_basics=True)
    fields = apps.get_model("incidents", "CategoryField").objects
    fields.filter(key__in=ITEMS, is_private=False).update(is_item=True)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0063_find_by_stage_and_report")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
