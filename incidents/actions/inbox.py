"""Reading one's own notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from incidents.ladder import Kind
from incidents.models import Incident, Notice, NoticeKind, NoticeReason, Staff

# That somebody has it now.
OF_HAVING = (NoticeKind.ASSIGNED, NoticeKind.HANDED_BACK, NoticeKind.SHIFT_ENDED)


def read_notice(*, notice: Notice, now: dt.datetime) -> None:
    """The first reading counts."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=now)


def read_notices(*, staff: Staff, up_to: int, now: dt.datetime) -> int:
    """Everything in the inbox up to the notice `up_to`; what came in since stays unread."""
    return Notice.objects.filter(recipient=staff, pk__lte=up_to, read_at__isnull=True).update(read_at=now)


def overtake(
    *, kind: NoticeKind, subject_id: int, occurrence: str, recipients: Iterable[Staff], now: dt.datetime
) -> None:
    """What an earlier rung said of the same thing is not new any more: the newest one says it for all."""
    same = Notice.objects.filter(kind=kind, subject_id=subject_id, recipient__in=[person.pk for person in recipients])
    same.filter(read_at__isnull=True).exclude(occurrence=occurrence).update(read_at=now)


def settle_notices(
    incident: Incident | None, kinds: Iterable[Kind | NoticeKind], *, now: dt.datetime, subject_id: int | None = None
) -> None:
    """What was done or moved is not new any more, for nobody who was told of it. Of what we learn, of no incident."""
    told = Notice.objects.filter(incident=incident, kind__in=list(kinds), read_at__isnull=True)
    (told.filter(subject_id=subject_id) if subject_id is not None else told).update(read_at=now)


def settle_for(staff: Staff, kind: NoticeKind, subject_id: int, *, now: dt.datetime) -> None:
    """They did what they were asked: it is not new any more for them."""
    Notice.objects.filter(recipient=staff, kind=kind, subject_id=subject_id, read_at__isnull=True).update(read_at=now)


def settle_having(incident: Incident, staff: Staff, *, now: dt.datetime) -> None:
    """Somebody else has it from now on: that it is theirs is not new any more for `staff`."""
    told = Notice.objects.filter(incident=incident, recipient=staff, kind__in=OF_HAVING, reason=NoticeReason.YOURS)
    told.filter(read_at__isnull=True).update(read_at=now)
