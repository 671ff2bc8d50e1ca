"""Who else is told of a change: other places, and the customers it was made because of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event
from incidents.actions.prevention import news
from incidents.actions.prevention.held import Held, held, must_manage, today_at
from incidents.actions.promises import make_promise
from incidents.actions.refusals import Refused
from incidents.calendars import resolve_local
from incidents.models import Incident, Location, PreventionAction, PromiseMade, Staff, ToldPlace, WhatWeChanged
from incidents.models.base import LINE
from incidents.models.prevention import telling_key
from incidents.models.recurrence import because_of

BY_FIVE = dt.time(17, 0)


def tell_place(*, action_id: int, location: Location, by: Staff, now: dt.datetime) -> ToldPlace:
    """The managers of another place hear of it and may read it. Once; also where it was left out before."""
    with _ours(action_id, location, by) as mine:
        known = mine.action.told.filter(location=location).first()
        if known and not known.skipped_because:
            return known
        told = _keep(mine.action, location, "", by=by, now=now)
        add_event(mine.incident, "prevention_told", now=now, by=by, subject_id=mine.action.pk, location=location.pk)
        news.tell_elsewhere(mine.action, location, by=by, now=now)
        return told


def skip_place(*, action_id: int, location: Location, reason: str, by: Staff, now: dt.datetime) -> ToldPlace:
    """It is nothing for that place, and why. Refused once it has been told."""
    with _ours(action_id, location, by) as mine:
        if not reason.strip():
            raise Refused(_("Say why it is nothing for them."))
        known = mine.action.told.filter(location=location).first()
        if known and not known.skipped_because:
            raise Refused(_("They have been told already."))
        return _keep(mine.action, location, reason.strip(), by=by, now=now)


def tell_customers(
    *,
    action_id: int,
    incident_ids: Collection[int],
    words: str,
    due_on: dt.date,
    assignee: Staff,
    by: Staff,
    now: dt.datetime,
    submit_key: UUID,
) -> list[PromiseMade]:
    """A promise for each of these customers, to tell them what changed because of them. Nothing is reopened.

    Refused before it is done, and for whom nobody may or can call. Once per form and customer.
    """
    with held(action_id, also=incident_ids) as mine:
        action = mine.action
        must_manage(by, action.location_id)
        if action.done_at is None:
            raise Refused(_("Tell them once it is done."))
        if not incident_ids or not words.strip():
            raise Refused(_("Say whom you tell, and what."))
        if due_on < today_at(action.location, now):
            raise Refused(_("That day has passed. Choose one that is still to come."))
        if sent := _sent(action, submit_key, incident_ids):
            return sent
        incidents = list(because_of(action, by).filter(pk__in=incident_ids).order_by("pk"))
        if len(incidents) < len(set(incident_ids)):
            raise Refused(_("Somebody of these cannot be told, or was told meanwhile. Look again."))
        what = _now("Tell them what we changed because of them: %(words)s") % {"words": words.strip()}
        due_at = max(resolve_local(dt.datetime.combine(due_on, BY_FIVE), action.location.zone), now)
        return [
            _promise(action, incident, what[:LINE], due_at, assignee, by=by, now=now, key=submit_key)
            for incident in incidents
        ]


def _sent(action: PreventionAction, submit_key: UUID, incident_ids: Collection[int]) -> list[PromiseMade]:
    """What this form made before."""
    keys = [telling_key(submit_key, pk) for pk in incident_ids]
    return list(PromiseMade.objects.filter(submit_key__in=keys, tells_of__action=action).order_by("incident"))


def _promise(
    action: PreventionAction,
    incident: Incident,
    what: str,
    due_at: dt.datetime,
    assignee: Staff,
    *,
    by: Staff,
    now: dt.datetime,
    key: UUID,
) -> PromiseMade:
    promise = make_promise(
        incident_id=incident.pk,
        what=what,
        due_at=due_at,
        assignee=assignee,
        by=by,
        now=now,
        submit_key=telling_key(key, incident.pk),
    )
    WhatWeChanged.objects.create(action=action, promise=promise)
    return promise


@contextmanager
def _ours(action_id: int, location: Location, by: Staff) -> Iterator[Held]:
    """A committed change of ours, and a place that is not its own."""
    with held(action_id) as mine:
        must_manage(by, mine.action.location_id)
        if mine.action.committed_at is None or mine.action.dropped_at is not None:
            raise Refused(_("There is nothing to tell: nobody does it."))
        if location.pk == mine.action.location_id or not location.is_active:
            raise Refused(_("That is not another place."))
        yield mine


def _keep(action: PreventionAction, location: Location, reason: str, *, by: Staff, now: dt.datetime) -> ToldPlace:
    told, _is_new = ToldPlace.objects.update_or_create(
        action=action, location=location, defaults={"skipped_because": reason, "at": now, "by": by}
    )
    return told
