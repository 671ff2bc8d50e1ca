"""What was written since an index of words was last tidied is read from end to end by every search: keep that short.

PostgreSQL lets 4 MB gather first. With a hundred thousand incidents a rare word took 27 ms of a page with a full list, and 4 without.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations

NAMES = ("incident_story_trgm", "incident_words_trgm", "incident_story_words")
LIMIT = {"gin_pending_list_limit": 256}  # kB


def told(index):
    """Django knows the index as it is from here on; the database only changes one of its settings."""
    return [migrations.RemoveIndex("incident", index.name), migrations.AddIndex("incident", index)]


class Migration(migrations.Migration):
    dependencies = [("incidents", "0073_find_newest_open")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [f"ALTER INDEX {name} SET (gin_pending_list_limit = 256)" for name in NAMES],
                    [f"ALTER INDEX {name} RESET (gin_pending_list_limit)" for name in NAMES],
                )
            ],
            state_operations=[
                *told(
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["what_happened"], opclasses=["gin_trgm_ops"], name=NAMES[0], **LIMIT
                    )
                ),
                *told(
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["customer_hint", "reference"],
                        opclasses=["gin_trgm_ops", "gin_trgm_ops"],
                        name=NAMES[1],
                        **LIMIT,
                    )
                ),
                *told(
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector("what_happened", config="incidents_words"),
                        name=NAMES[2],
                        **LIMIT,
                    )
                ),
            ],
        ),
    ]
