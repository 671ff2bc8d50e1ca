"""How an incident begins: its number, its first round and clocks, all of it saved at once."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from incidents.actions import clocks
from incidents.actions.advance import TO_COME, targets_of
from incidents.actions.due import first_rows
from incidents.actions.together import insert
from incidents.models import Apology, Customer, FollowUp, Incident, ReferenceCounter, Remedy, Round, Staff
from incidents.vocabulary import RoundReason, Stage
from incidents.workflow import next_step


class Taken(NamedTuple):
    """What one that is being logged is called, the keys of its rows, and whom its customer stands for since."""

    reference: str
    incident: int
    round: int
    merged_into: int | None


# The counter's row lock keeps references unique and gapless. The customer is held, see `hold()`.
_TAKE = """
    WITH sent AS (DELETE FROM incidents_draft WHERE staff_id = %(staff)s AND form = %(form)s AND key = %(draft)s)
    UPDATE incidents_referencecounter SET last = last + 1
    WHERE year = %(year)s AND NOT EXISTS (SELECT FROM incidents_incident WHERE submit_key = %(submit_key)s)
    RETURNING last, nextval(pg_get_serial_sequence('incidents_incident', 'id')),
        nextval(pg_get_serial_sequence('incidents_round', 'id')),
        (SELECT merged_into_id FROM incidents_customer WHERE id = %(customer)s FOR KEY SHARE)
"""


def take(
    year: int, *, submit_key: UUID, customer: Customer | None, draft: tuple[int, str, UUID | None]
) -> Taken | None:
    """The next reference of the year; None when an incident with this key is saved. The draft goes, and is no more.

    `draft`: whose, of which form, and its key.
    """
    staff, form, key = draft
    values: dict[str, Any] = {"year": year, "submit_key": submit_key, "customer": customer and customer.pk}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values | {"staff": staff, "form": form, "draft": key})
        row = cursor.fetchone()
    if row is not None:
        number, *keys = row
        return Taken(f"R-{year}-{number:05d}", *keys)
    if Incident.objects.filter(submit_key=submit_key).exists():
        return None
    ReferenceCounter.objects.get_or_create(year=year)
    return take(year, submit_key=submit_key, customer=customer, draft=draft)


def begin(incident: Incident, round_id: int, *, by: Staff, now: dt.datetime) -> None:
    """Save what is being logged: with its first round, its clocks, what reminds of them and the events so far.

    All of it in one statement. The caller holds the counter.
    """
    round_ = _first_round(incident, round_id, by=by)
    incident.stage = next_step(round_.facts(incident.finding))
    deadlines, times = clocks.first(incident, round_)
    incident.next_due_at = times.next_due_at
    incident.version += 1
    reminders = first_rows(incident, round_.pk, targets_of(round_, times.running), now=now)
    insert(incident, round_, *vars(incident).pop(TO_COME, ()), *deadlines, *reminders)


def _first_round(incident: Incident, pk: int, *, by: Staff) -> Round:
    """On which nothing hangs yet: nothing is looked up."""
    round_ = Round(
        pk=pk,
        incident=incident,
        number=1,
        reason=RoundReason.FIRST,
        entry=Stage.APOLOGIZE,
        started_at=incident.reported_at,
        started_by=by,
        waived_as="",
    )
    vars(round_)["_prefetched_objects_cache"] = {
        "remedies": Remedy.objects.none(),
        "apologies": Apology.objects.none(),
        "follow_ups": FollowUp.objects.none(),
    }
    return round_
