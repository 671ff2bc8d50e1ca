"""How the clock process is doing: read in one statement, said alike by banner, Reminders page and /health/ready."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, Func, OuterRef, Q, Subquery, Value, When

from incidents.models.outbox import OFTEN, WAIT, Outbox, OutboxHold, OutboxState
from incidents.models.reminder import SWEEP, Heartbeat, Reminder
from incidents.models.staff import Business

PERIOD = dt.timedelta(seconds=10)
LATE_AFTER = 3 * PERIOD
SILENT_AFTER = dt.timedelta(seconds=60)  # a deployment takes less; every page says so from here on
BEHIND_AFTER = dt.timedelta(minutes=5)
GRACE = dt.timedelta(minutes=2)  # in which the clock process of a fresh installation may still be starting
TO_DELIVER = ("pending", "claimed")
LATELY = 100  # mails: whether one of the newest that were sent was sent since
OF_RUNNING_WORK = Q(job__isnull=False, job__finished_at__isnull=True)  # a mail that waits for its end


@dataclass(frozen=True)
class Pulse:
    """`now` is the database's clock. `mail_due` and `mail_stuck` are nothing while mail is on hold.

    `mail_stuck`: the first try of a mail that was tried often, when no mail has got through since its last one.
    """

    now: dt.datetime
    business_since: dt.datetime | None
    beat: dt.datetime | None
    reminder_due: dt.datetime | None
    mail_due: dt.datetime | None
    mail_stuck: dt.datetime | None
    held_since: dt.datetime | None

    @property
    def age(self) -> dt.timedelta | None:
        """Since the clock process last ran; None when it never did. A clock that was set back is no age."""
        return max(self.now - self.beat, dt.timedelta(0)) if self.beat else None

    @property
    def is_late(self) -> bool:
        return self._is_quiet_for(LATE_AFTER)

    @property
    def is_silent(self) -> bool:
        return self._is_quiet_for(SILENT_AFTER)

    def _is_quiet_for(self, limit: dt.timedelta) -> bool:
        if self.age is not None:
            return self.age > limit
        return self.business_since is not None and self.now - self.business_since > GRACE

    @property
    def oldest_due(self) -> dt.datetime | None:
        """When the oldest of what has not gone out was due, be that to come."""
        return min((at for at in (self.reminder_due, self.mail_due, self.mail_stuck) if at), default=None)

    @property
    def is_behind(self) -> bool:
        return self.oldest_due is not None and self.now - self.oldest_due > BEHIND_AFTER

    @property
    def is_only_mail(self) -> bool:
        """What is late is mail that its host does not take: everything else goes on."""
        return self.mail_stuck is not None and not replace(self, mail_stuck=None).is_behind

    @property
    def is_in_trouble(self) -> bool:
        return self.is_silent or self.is_behind


def pulse_columns() -> dict[str, Any]:
    """The fields of a Pulse as columns of any one row; each is one step into an index."""
    waiting = Reminder.objects.filter(state__in=TO_DELIVER).order_by("due_at", "id")
    mails = Outbox.objects.filter(state__in=TO_DELIVER).exclude(OF_RUNNING_WORK).order_by("next_try_at", "id")
    return {
        "now": Func(function="clock_timestamp", output_field=DateTimeField()),
        "business_since": Subquery(Business.objects.values("created_at")[:1]),
        "beat": Subquery(Heartbeat.objects.filter(name=SWEEP).values("at")[:1]),
        "reminder_due": Subquery(waiting.values("due_at")[:1]),
        "mail_due": Subquery(mails.values("next_try_at")[:1]),
        "mail_stuck": Subquery(_stuck().values("first")[:1]),
        "held_since": Subquery(OutboxHold.objects.values("since")[:1]),
    }


def _stuck() -> Any:
    """Waiting mails that were tried often, those to be tried next first, with the instant of their first try."""
    waited = {tries: dt.timedelta(seconds=sum(WAIT[:tries])) for tries in range(OFTEN, len(WAIT) + 1)}
    newest = Outbox.objects.filter(state=OutboxState.SENT).order_by("-id").values("pk")[:LATELY]
    since = Outbox.objects.filter(pk__in=newest, sent_at__gte=OuterRef("last"))
    tried = Outbox.objects.filter(state__in=TO_DELIVER, tries__gte=OFTEN).annotate(
        first=_before_next(waited), last=_before_next({n: dt.timedelta(seconds=WAIT[n - 1]) for n in waited})
    )
    return tried.filter(~Exists(since)).order_by("next_try_at")


def _before_next(lengths: dict[int, dt.timedelta]) -> Case:
    """So long before its next try, by the number of its tries."""
    whens = (When(tries=tries, then=F("next_try_at") - Value(length)) for tries, length in lengths.items())
    return Case(*whens, output_field=DateTimeField())


def pulse_of(row: dict[str, Any]) -> Pulse:
    """From the columns above, whatever else is in the row."""
    held = row["held_since"]
    found = {name: row[name] for name in ("now", "business_since", "beat", "reminder_due")}
    found |= {name: None if held else row[name] for name in ("mail_due", "mail_stuck")}
    return Pulse(**found, held_since=held)


def read_pulse() -> Pulse | None:
    """One statement; None while there is neither a business nor a heartbeat."""
    for rows in (Heartbeat.objects.filter(name=SWEEP), Business.objects.order_by("pk")):
        found: Any = rows.values(**pulse_columns())
        if row := found.first():
            return pulse_of(row)
    return None
