"""Who may be one person: found when a customer is added or changed, or by a job over all; dismissed by a manager."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.actions import jobs
from incidents.actions.advance import add_event
from incidents.actions.refusals import NotYours
from incidents.alike import SAME, likeness
from incidents.models import Customer, Job, JobKind, Resemblance, Staff
from incidents.models.lookalikes import candidates, people_of

SLICE = 200


def look_again(pks: Iterable[int], *, now: dt.datetime) -> None:
    """Write down whom these customers resemble, and forget what does not hold any more. What was dismissed stays."""
    wanted = sorted(pks)
    asked = people_of(Customer.objects.standing().filter(pk__in=wanted).values_list("pk", flat=True))
    near = candidates(asked) if asked else {}
    people = people_of({other for others in near.values() for other in others} - asked.keys()) | asked
    found = {}
    for pk, others in near.items():
        for other in others & people.keys():
            pair = (min(pk, other), max(pk, other))
            if pair not in found and (score := likeness(people[pk], people[other])) >= SAME:
                found[pair] = score
    _write(wanted, found, now=now)


def _write(looked_at: list[int], found: dict[tuple[int, int], int], *, now: dt.datetime) -> None:
    with transaction.atomic():
        known = Resemblance.objects.filter(Q(first__in=looked_at) | Q(second__in=looked_at))
        gone = [row.pk for row in known if row.dismissed_at is None and (row.first_id, row.second_id) not in found]
        if gone:
            Resemblance.objects.filter(pk__in=gone, dismissed_at__isnull=True).delete()
        rows = [
            Resemblance(first_id=first, second_id=second, score=score, found_at=now)
            for (first, second), score in sorted(found.items())
        ]
        if rows:
            Resemblance.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["first", "second"], update_fields=["score"]
            )


def say_two_people(*, resemblance_id: int, by: Staff, now: dt.datetime) -> Resemblance:
    """They are two: nobody proposes them again. Saying it twice is harmless."""
    if not by.is_manager:
        raise NotYours(_("A manager decides whether two records are one person."))
    with transaction.atomic():
        pair = Resemblance.objects.select_for_update().get(pk=resemblance_id)
        if pair.dismissed_at is None:
            pair.dismissed_at, pair.dismissed_by = now, by
            pair.save(update_fields=["dismissed_at", "dismissed_by"])
            add_event(None, "resemblance_dismissed", now=now, by=by, subject_id=pair.pk)
        return pair


def ask_to_look(*, by: Staff, now: dt.datetime, submit_key: UUID) -> Job:
    """All customers, compared with each other, as a job."""
    if not by.is_manager:
        raise NotYours(_("A manager decides whether two records are one person."))
    total = Customer.objects.count()
    return jobs.ask_for_job(
        kind=JobKind.FIND_RESEMBLANCES, options={}, total=total, by=by, now=now, submit_key=submit_key
    )


def look_at_all(job: Job, first: int, count: int) -> None:
    """The customers `first` to `first + count - 1` by age: their number grows only at the end."""
    pks = Customer.objects.order_by("pk").values_list("pk", flat=True)[first : first + count]
    look_again(list(pks), now=job.asked_at)


def connect() -> None:
    jobs.register(JobKind.FIND_RESEMBLANCES, jobs.Work(look_at_all, size=SLICE))
