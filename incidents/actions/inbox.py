"""Reading one's own notices."""

from __future__ import annotations

import datetime as dt

from incidents.models import Notice, Staff


def read_notice(*, notice: Notice, now: dt.datetime) -> None:
    """The first reading counts."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=now)


def read_notices(*, staff: Staff, up_to: int, now: dt.datetime) -> int:
    """Everything in the inbox up to the notice `up_to`; what came in since stays unread."""
    return Notice.objects.filter(recipient=staff, pk__lte=up_to, read_at__isnull=True).update(read_at=now)
