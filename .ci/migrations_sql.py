"""`migrations_sql.py FOLDER` writes the SQL of every migration of ours into the folder, for squawk to read.

A migration may name rules that do not fit it, with its reasons beside them: `squawk_ignores = ("rule", …)`.
"""

import io
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery.settings")


def main(folder: Path) -> None:
    """One file per migration, named like it."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    migrations = MigrationLoader(connection).disk_migrations
    for app, name in sorted(migrations):
        if app == "incidents":
            sql = io.StringIO()
            if ignores := getattr(migrations[app, name], "squawk_ignores", ()):
                sql.write(f"-- squawk-ignore-file {', '.join(ignores)}\n")
            call_command("sqlmigrate", app, name, stdout=sql)
            (folder / f"{name}.sql").write_text(sql.getvalue())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
