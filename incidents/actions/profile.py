"""What somebody says of themselves: name, colours, when mail may reach them, whether they are on duty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.mail_queue import mail_by_rule
from incidents.actions.refusals import Refused
from incidents.models import Staff


@transaction.atomic
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
    mail_rule: str,
    not_by_mail: Sequence[str],
    now: dt.datetime,
) -> None:
    """Times are local at their first location; both or neither. A mail that waits for them goes by the new ones."""
    staff.name, staff.phone = name, phone
    staff.theme, staff.has_letter_keys = theme, has_letter_keys
    staff.wants_mail, staff.reachable_days = wants_mail, reachable_days
    staff.reachable_from, staff.reachable_until = reachable_from, reachable_until
    staff.mail_rule, staff.not_by_mail = mail_rule, sorted(not_by_mail)
    mail = ["wants_mail", "reachable_days", "reachable_from", "reachable_until", "mail_rule", "not_by_mail"]
    staff.save(update_fields=["name", "sort_name", "phone", "theme", "has_letter_keys", *mail])
    mail_by_rule(person=staff, now=now)


def set_duty(*, staff: Staff, hours: int, now: dt.datetime) -> None:
    """On duty for so many hours from now; 0 ends it."""
    staff.on_duty_until = now + dt.timedelta(hours=hours) if hours else None
    staff.save(update_fields=["on_duty_until"])


def set_away(*, staff: Staff, until: dt.datetime | None, stand_in: Staff | None, now: dt.datetime) -> None:
    """Away until then; `stand_in` decides meanwhile what they would. Without `until` they are back."""
    if until is not None:
        if until <= now:
            raise Refused(_("That is over already. Choose a time to come."))
        if stand_in == staff:
            raise Refused(_("Choose somebody else: you cannot stand in for yourself."))
    staff.away_until, staff.stand_in = until, stand_in if until else None
    staff.save(update_fields=["away_until", "stand_in"])
