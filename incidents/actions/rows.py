"""What every act of a round has in common: who did it, and the row saved once per form."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from incidents.models import (
    Apology,
    Incident,
    Remedy,
    Staff,
)


def who_did_it(staff: Staff | None, name: str, by: Staff) -> tuple[Staff | None, str]:
    """Someone of the staff, else someone named, else whoever records it."""
    return (staff or (None if name else by), "" if staff else name)


def save_in_round(new: Apology | Remedy, incident: Incident, *, by: Staff, now: dt.datetime, submit_key: UUID) -> None:
    """Save what is new of this incident's round, once per form."""
    new.incident, new.round = incident, incident.current_round()
    new.created_at, new.created_by, new.submit_key = now, by, submit_key
    new.save()
