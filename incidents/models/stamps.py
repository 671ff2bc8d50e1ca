"""What a settings page was made from, in a few letters: nobody saves over what they never saw.

Rows of these pages come and go, so a counter of their own would begin anew.
"""

from __future__ import annotations

from hashlib import blake2b

from incidents.models.money import Limit
from incidents.models.playbook import Playbook, RetryDelay


def _stamp(rows: object) -> str:
    return blake2b(repr(rows).encode(), digest_size=8).hexdigest()


def stamp_of_limits(location_id: int | None) -> str:
    """One query."""
    rows = Limit.objects.filter(location=location_id).order_by("role", "type")
    return _stamp(
        [(role, type_id, str(amount)) for role, type_id, amount in rows.values_list("role", "type", "amount")]
    )


def stamp_of_delays(location_id: int | None) -> str:
    """One query."""
    rows = RetryDelay.objects.filter(location=location_id).order_by("outcome")
    return _stamp(list(rows.values_list("outcome", "minutes")))


def stamp_of_playbook(book: Playbook | None) -> str:
    return f"{book.pk}-{book.version}" if book else "none"
