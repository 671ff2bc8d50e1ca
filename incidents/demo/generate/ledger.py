"""The rows of one slice, and how they get into the database: one COPY per table.

Rows that others point to get their ids beforehand, from the same sequences that the app uses; foreign keys are
checked when the transaction ends, so the tables can be filled in any order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection

COLUMNS: dict[str, str] = {
    "customer": "id name sort_name account_id job_title note created_at version",
    "contactpoint": "customer_id kind value normalized created_at",
    "round": "id incident_id number reason entry started_at started_by_id settled_at",
    "remedy": (
        "id incident_id round_id type_id what state assignee_id done_by_name due_at currency estimated_amount "
        "actual_amount minutes needs_receipt paid_on offered_at delivered_at ended_note replaces_id created_at "
        "created_by_id submit_key version declined_as receipt_waived_at receipt_waived_by_id receipt_waived_note"
    ),
    "apology": (
        "id incident_id round_id author_id author_name to_whom channel words made_at travels_with_id created_at "
        "created_by_id submit_key"
    ),
    "promisemade": (
        "id incident_id what assignee_id due_at kept_at broken_at note created_at created_by_id submit_key"
    ),
    "followup": "id incident_id round_id assignee_id due_at answered_at outcome cancelled_at created_at version",
    "attempt": "id follow_up_id at by_id channel outcome score words submit_key",
    "deadline": "incident_id round_id clock due_at met_at",
    "closure": "incident_id round_id reason note closed_at closed_by_id reopened_at",
    "handover": "id incident_id from_staff_id to_staff_id note at by_id accepted_at",
    "note": "id incident_id words at by_id submit_key",
    "event": "incident_id kind at by_id round_number subject_id codes",
    "notice": "recipient_id incident_id kind subject_id occurrence at read_at target_at",
    "reminder": "incident_id kind subject_id occurrence target_at rung due_at state tries last_error",
    "incident": (
        "reference id location_id category_id customer_id customer_hint what_happened remedy_sought place source "
        "told_by severity finding is_restricted is_second_failure field_values private_values occurred_on occurred_at "
        "reported_at created_at logged_by_id assignee_id stage round_number next_due_at closed_at close_reason "
        "reopen_count review_state repeat_of_id duplicate_of_id told_with_id submit_key version item"
    ),
}


class Ledger:
    """`rows` are ready to send; `incidents` wait for their references: (year, the rest of the line)."""

    def __init__(self, count: int) -> None:
        self.rows: dict[str, list[str]] = {table: [] for table in COLUMNS}
        self.incidents: list[tuple[int, str]] = []
        self._ids = {table: _ids(table, max(50, count)) for table, names in COLUMNS.items() if "id" in names.split()}

    def new_id(self, table: str) -> int:
        return next(self._ids[table])

    def add(self, table: str, *values: Any) -> None:
        self.rows[table].append("\t".join(map(_text, values)))

    def add_incident(self, year: int, *values: Any) -> None:
        """All columns but the reference."""
        self.incidents.append((year, "\t".join(map(_text, values))))

    def refer(self, counters: dict[int, int]) -> None:
        """Give the incidents the numbers that follow `counters`, which move on."""
        for year, line in self.incidents:
            counters[year] += 1
            self.rows["incident"].append(f"R-{year}-{counters[year]:05d}\t{line}")

    def write(self, *tables: str) -> None:
        with connection.cursor() as cursor:
            for table in tables:
                lines = self.rows[table]
                if not lines:
                    continue
                names = ", ".join(COLUMNS[table].split())
                with cursor.copy(f"COPY incidents_{table} ({names}) FROM STDIN") as copy:
                    copy.write("\n".join(lines) + "\n")
                lines.clear()


def _ids(table: str, batch: int) -> Iterator[int]:
    """Fresh ids for ever; those that are never used leave a gap, as a rolled-back insert does."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [f"incidents_{table}", batch],
            )
            found = cursor.fetchall()
        for (pk,) in found:
            yield pk


def _text(value: Any) -> str:
    """`value` as COPY reads it."""
    if value is None:
        return "\\N"
    if value.__class__ is not str:
        return str(value)
    if value.isprintable() and "\\" not in value:
        return value
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
