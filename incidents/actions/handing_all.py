"""Everything of somebody to somebody else: recoveries as long work, the rest at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.bulk import ask_for_bulk
from incidents.actions.prevention.doing import pass_on_change
from incidents.actions.procedures.keeping import pass_on_procedure
from incidents.actions.refusals import NotYours, Refused
from incidents.models import BulkAct, Job, Staff
from incidents.models.holding import CHANGES, MEETINGS, PROCEDURES, RECOVERIES, SERIES, holding_of


@dataclass(frozen=True)
class Handed:
    """The job of the recoveries, when there are any, and how much else went."""

    job: Job | None
    others: int


def hand_over_everything(
    *, of: Staff, to: Staff, by: Staff, now: dt.datetime, submit_key: UUID, place: int | None = None
) -> Handed:
    """What `to` may get of what `by` sees; the rest stays. Asked again with the same key nothing happens twice.

    Each change and procedure is a transaction of its own: what a process that died left, the same form hands over.
    """
    if not by.is_manager:
        raise NotYours(_("A manager does this."))
    if of.pk == to.pk:
        raise Refused(_("%(who)s has it already.") % {"who": to})
    if not to.is_active:
        raise Refused(_("%(who)s cannot sign in any more.") % {"who": to})
    theirs = holding_of(of, by, place=place)
    recoveries = theirs.for_(RECOVERIES, to)
    job = None
    if recoveries.exists() or Job.objects.filter(submit_key=submit_key).exists():
        job = ask_for_bulk(act=BulkAct.REASSIGN, rows=recoveries, by=by, now=now, submit_key=submit_key, to=to)
    others = 0
    for pk in list(theirs.for_(CHANGES, to).values_list("pk", flat=True)):
        others += pass_on_change(pk, from_staff=of, to_staff=to, by=by, now=now)
    for pk in list(theirs.for_(PROCEDURES, to).values_list("pk", flat=True)):
        pass_on_procedure(pk, to_staff=to, by=by, now=now)
        others += 1
    with transaction.atomic():
        for kind in (SERIES, MEETINGS):
            others += theirs.for_(kind, to).order_by().update(facilitator=to)
    return Handed(job, others)
