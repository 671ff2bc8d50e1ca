"""What somebody says of themselves: name, colours, when mail may reach them, whether they are on duty."""

from __future__ import annotations

import datetime as dt

from incidents.models import Staff


def change_profile(
    *,
    staff: Staff,
    name: str,
    phone: str,
    theme: str,
    has_letter_keys: bool,
    wants_mail: bool,
    reachable_from: dt.time | None,
    reachable_until: dt.time | None,
    reachable_days: str,
) -> None:
    """Times are local at their first location; both or neither."""
    staff.name, staff.phone = name, phone
    staff.theme, staff.has_letter_keys = theme, has_letter_keys
    staff.wants_mail, staff.reachable_days = wants_mail, reachable_days
    staff.reachable_from, staff.reachable_until = reachable_from, reachable_until
    mail = ["wants_mail", "reachable_days", "reachable_from", "reachable_until"]
    staff.save(update_fields=["name", "sort_name", "phone", "theme", "has_letter_keys", *mail])


def set_duty(*, staff: Staff, hours: int, now: dt.datetime) -> None:
    """On duty for so many hours from now; 0 ends it."""
    staff.on_duty_until = now + dt.timedelta(hours=hours) if hours else None
    staff.save(update_fields=["on_duty_until"])
