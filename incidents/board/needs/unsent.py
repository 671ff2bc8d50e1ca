"""What did not get through and hangs on no recovery of the list: counted, with the way to it. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from incidents.board.deliveries import DEAD, FAILED, MAILS, REMINDERS, in_state, mails_seen_by, of_learning
from incidents.board.needs.danger import GIVEN_UP_LATELY
from incidents.counting import MOST, told
from incidents.models import OutboxLine, Reminder, Staff
from incidents.models.prepared import ask

KINDS = ((MAILS, DEAD), (MAILS, FAILED), (REMINDERS, DEAD))


@dataclass(frozen=True)
class Unsent:
    """So many of one kind in one state; `number` counts up to MOST + 1."""

    what: str
    state: str
    number: int

    @property
    def words(self) -> str:
        shown = {"n": told(self.number)}
        if self.what == REMINDERS:
            return ngettext("%(n)s reminder was given up.", "%(n)s reminders were given up.", self.number) % shown
        if self.state == FAILED:
            said = "%(n)s mail was refused by the other side.", "%(n)s mails were refused by the other side."
            return ngettext(*said, self.number) % shown
        return ngettext("%(n)s mail was given up.", "%(n)s mails were given up.", self.number) % shown

    @property
    def url(self) -> str:
        return f"{reverse('delivery-list')}?what={self.what}&state={self.state}"


def unsent_to(staff: Staff, now: dt.datetime) -> list[Unsent]:
    """Of the last days, of what we learn: meetings, procedures, changes, minutes. One statement, kept.

    A mail that tells of a recovery stands with that one, for whoever sees it.
    """
    numbers = ask(_numbers, staff=staff, now=now - GIVEN_UP_LATELY)
    each = [Unsent(what, state, len(numbers[f"{what}_{state}"])) for what, state in KINDS]
    return [one for one in each if one.number]


def _numbers(staff: Staff, since: dt.datetime) -> Any:
    told_of = OutboxLine.objects.filter(message=OuterRef("pk"), notice__incident__isnull=False)
    rows: dict[str, QuerySet[Any]] = {
        MAILS: mails_seen_by(staff).filter(~Exists(told_of), created_at__gt=since),
        REMINDERS: Reminder.objects.filter(of_learning(staff), due_at__gt=since),
    }
    columns = {f"{what}_{state}": _some(in_state(rows[what], what, state)) for what, state in KINDS}
    return Staff.objects.filter(pk=staff.pk).values(**columns)


def _some(rows: QuerySet[Any]) -> ArraySubquery:
    """No more of them than the page counts."""
    return ArraySubquery(rows.order_by().values("pk")[: MOST + 1])
