"""Who else was hit and said nothing: we noticed, so each of them gets a recovery of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.actions.advance import add_event, locked
from incidents.actions.log import log_incident
from incidents.actions.patterns import event_of, link_one
from incidents.actions.refusals import NotYours, Refused
from incidents.models import Customer, Incident, Pattern, Staff
from incidents.vocabulary import CloseReason, Source

MOST_AT_ONCE = 20


@dataclass
class Others:
    """What became of it: each who has a recovery now, and each who has not, with the words why."""

    event: Pattern
    logged: list[Incident] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def log_others(
    *,
    incident_id: int,
    customers: Iterable[Customer] = (),
    hints: Iterable[str] = (),
    what_happened: str,
    by: Staff,
    now: dt.datetime,
    submit_key: UUID,
) -> Others:
    """One incident for each customer and for each guest nobody can name: the same kind, place and time as this one.

    Each is saved by itself: what cannot be is told, the rest is there. Sending the same form again saves nobody twice.
    """
    with locked(incident_id, must_be_open=False) as first:
        if not access.can_read_whole(by, first):
            raise NotYours(_("Only who may read all of it can say who else was hit."))
        event = event_of(first, by=by, now=now, submit_key=uuid5(submit_key, "event"))
    others = Others(event)
    of_it = Incident.objects.filter(pattern_links__pattern=event).exclude(close_reason=CloseReason.VOID)
    known = set(of_it.values_list("customer", "submit_key"))
    sent_before = {sent for _pk, sent in known}
    new = 0
    whose: list[tuple[Customer | None, str]] = [*((each, "") for each in customers), *((None, each) for each in hints)]
    for customer, hint in whose[:MOST_AT_ONCE]:
        name = customer.name if customer else hint
        key = uuid5(submit_key, f"customer {customer.pk}" if customer else f"guest {hint}")
        if customer and any(pk == customer.pk and sent != key for pk, sent in known):
            others.refused.append((name, str(_("They have one for this already."))))
            continue
        try:
            made = _log_one(first, customer, hint, what_happened=what_happened, by=by, now=now, submit_key=key)
        except (Refused, ValidationError) as problem:
            words = problem.words if isinstance(problem, Refused) else " ".join(problem.messages)
            others.refused.append((name, str(words)))
            continue
        link_one(event, made, by=by, now=now)
        others.logged.append(made)
        new += key not in sent_before
    if new:
        with locked(incident_id, must_be_open=False) as first:
            add_event(first, "others_hit", now=now, by=by, subject_id=event.pk, number=new)
    return others


def _log_one(
    first: Incident,
    customer: Customer | None,
    hint: str,
    *,
    what_happened: str,
    by: Staff,
    now: dt.datetime,
    submit_key: UUID,
) -> Incident:
    return log_incident(
        by=by,
        now=now,
        location=first.location,
        category=first.category,
        what_happened=what_happened,
        submit_key=submit_key,
        customer=customer,
        customer_hint=hint,
        source=Source.NOTICED,
        place=first.place,
        occurred_on=first.occurred_on,
        occurred_at=first.occurred_at,
        as_close_as=first,  # it tells of the same event
    )
