"""What the role that Recovery works as may do, when another role owns the tables.

The owner migrates. The role that serves people reads and writes rows; it cannot change a table, cannot rewrite what
was told in events, and cannot pretend that a migration ran.
"""

from __future__ import annotations

from psycopg import sql

READ_ONLY = ("django_migrations",)
ADD_ONLY = ("incidents_event",)  # what happened stays: the trigger of migration 0002 forbids it, here it is no right


def statements(role: str, present: set[str]) -> list[sql.Composed]:
    """SQL that gives `role` its rights on the tables that are there, and takes every other. May run again."""
    name = sql.Identifier(role)
    found = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(name),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(name),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
    ]
    taken = dict.fromkeys(ADD_ONLY, "UPDATE, DELETE") | dict.fromkeys(READ_ONLY, "INSERT, UPDATE, DELETE")
    found += [
        sql.SQL("REVOKE {} ON public.{} FROM {}").format(sql.SQL(rights), sql.Identifier(table), name)
        for table, rights in taken.items()
        if table in present
    ]
    return found
