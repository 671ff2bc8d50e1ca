"""How our stories are cut into words: no accents, no case, and no language of its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("incidents", "0045_questions_for_the_order")]
    operations = [
        migrations.RunSQL(
            [
                "CREATE TEXT SEARCH CONFIGURATION incidents_words (COPY = simple)",
                "ALTER TEXT SEARCH CONFIGURATION incidents_words ALTER MAPPING"
                " FOR asciihword, asciiword, hword, hword_asciipart, hword_part, word WITH unaccent, simple",
            ],
            "DROP TEXT SEARCH CONFIGURATION IF EXISTS incidents_words",
        )
    ]
