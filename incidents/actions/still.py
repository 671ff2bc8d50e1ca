"""Which notices are still true when they are told: not done, moved or given to somebody else meanwhile.

The same questions as `standing`, asked of many at once: a mail may carry thousands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple, Protocol, TypeVar

from django.db.models import F, Min
from django.db.models.functions import Coalesce

from incidents.actions.standing import only_receipts
from incidents.models import (
    ApprovalRequest,
    Deadline,
    FollowUp,
    Handover,
    Incident,
    Meeting,
    NoticeKind,
    NoticeReason,
    PreventionAction,
    Procedure,
    PromiseMade,
    Remedy,
    Staff,
)
from incidents.vocabulary import NOT_AN_INCIDENT, PENDING_REMEDY, Clock, CloseReason, RemedyState


class Told(Protocol):
    """What has to be known of a notice."""

    @property
    def kind(self) -> str: ...
    @property
    def subject_id(self) -> int: ...
    @property
    def reason(self) -> str: ...
    @property
    def target_at(self) -> dt.datetime | None: ...


Line = TypeVar("Line", bound=Told)


class Now(NamedTuple):
    """What is still to be done. None: at no time of its own, and by nobody in particular."""

    subject_id: int
    target_at: dt.datetime | None
    doer: int | None


def still_so(lines: Iterable[Line], person: Staff) -> list[Line]:
    """Those that `person` may be told now. A query or two for each kind of what can be done."""
    lines = list(lines)
    wanted: dict[str, set[int]] = {}
    for line in lines:
        wanted.setdefault(line.kind, set()).add(line.subject_id)
    known = {kind: {row.subject_id: row for row in _READ[kind](pks)} for kind, pks in wanted.items() if kind in _READ}
    return [line for line in lines if line.kind not in known or _is_so(line, known[line.kind], person)]


def _is_so(line: Told, known: Mapping[int, Now], person: Staff) -> bool:
    """Whoever has it now was told when it was given to them; managers hear of it whoever has it."""
    now = known.get(line.subject_id)
    if now is None or (now.target_at and line.target_at and now.target_at != line.target_at):
        return False
    return line.reason != NoticeReason.YOURS or now.doer in (None, person.pk)


def _calls(pks: Collection[int]) -> Iterable[Now]:
    return map(Now._make, FollowUp.objects.planned().filter(pk__in=pks).values_list("pk", "due_at", "assignee"))


def _promises(pks: Collection[int]) -> Iterable[Now]:
    rows = PromiseMade.objects.filter(pk__in=pks, kept_at__isnull=True, broken_at__isnull=True)
    return map(Now._make, rows.exclude(incident__close_reason=CloseReason.VOID).values_list("pk", "due_at", "assignee"))


def _steps(rounds: Collection[int], *clocks: Clock) -> Iterable[Now]:
    """Of the rounds that run; the earliest of what is still to come."""
    rows = Deadline.objects.filter(round__in=rounds, clock__in=clocks, met_at__isnull=True)
    running = rows.filter(incident__closed_at__isnull=True, round__number=F("incident__round_number"))
    first = running.values("round").annotate(first=Min("due_at")).order_by()
    return map(Now._make, first.values_list("round", "first", "incident__assignee"))


def _apologies(pks: Collection[int]) -> Iterable[Now]:
    return _steps(pks, Clock.APOLOGIZE)


def _remedies(pks: Collection[int]) -> Iterable[Now]:
    """Not while only receipts are still to come."""
    pending: dict[int, list[Remedy]] = {}
    for remedy in Remedy.objects.filter(round__in=pks, state__in=PENDING_REMEDY).only("round", "state"):
        pending.setdefault(remedy.round_id, []).append(remedy)
    steps = _steps(pks, Clock.OFFER, Clock.DELIVER)
    return (step for step in steps if not only_receipts(pending.get(step.subject_id, [])))


def _receipts(pks: Collection[int]) -> Iterable[Now]:
    rows = Remedy.objects.filter(pk__in=pks, state=RemedyState.AWAITING_RECEIPT, incident__closed_at__isnull=True)
    doer = Coalesce("assignee", "incident__assignee")
    return (Now(pk, None, who) for pk, who in rows.annotate(doer=doer).values_list("pk", "doer"))


def _handovers(pks: Collection[int]) -> Iterable[Now]:
    rows = Handover.objects.filter(pk__in=pks, accepted_at=None, returned_at=None, lapsed_at=None)
    with_them = rows.filter(incident__closed_at__isnull=True, incident__assignee=F("to_staff"))
    return (Now(pk, None, who) for pk, who in with_them.values_list("pk", "to_staff"))


def _given(pks: Collection[int]) -> Iterable[Now]:
    rows = Incident.objects.filter(pk__in=pks).values_list("pk", "assignee")
    return (Now(pk, None, who) for pk, who in rows)


def _questions(pks: Collection[int]) -> Iterable[Now]:
    rows = ApprovalRequest.objects.filter(pk__in=pks).waiting().values_list("pk", flat=True)
    return (Now(pk, None, None) for pk in rows)


def _waits(pks: Collection[int]) -> Iterable[Now]:
    rows = Incident.objects.filter(pk__in=pks, waiting_until__isnull=False)
    return map(Now._make, rows.values_list("pk", "waiting_until", "assignee"))


def _changes(pks: Collection[int]) -> Iterable[Now]:
    rows = PreventionAction.objects.open().filter(pk__in=pks).exclude(incident__close_reason__in=NOT_AN_INCIDENT)
    return map(Now._make, rows.values_list("pk", "due_at", "assignee"))


def _procedures(pks: Collection[int]) -> Iterable[Now]:
    rows = Procedure.objects.standing().filter(pk__in=pks).values_list("pk", "responsible")
    return (Now(pk, None, who) for pk, who in rows)


def _meetings(pks: Collection[int]) -> Iterable[Now]:
    rows = Meeting.objects.ahead().filter(pk__in=pks, started_at=None).values_list("pk", "starts_at")
    return (Now(pk, at, None) for pk, at in rows)


_READ: Mapping[str, Callable[[Collection[int]], Iterable[Now]]] = {
    NoticeKind.FOLLOW_UP_DUE: _calls,
    NoticeKind.PROMISE_DUE: _promises,
    NoticeKind.APOLOGY_DUE: _apologies,
    NoticeKind.REMEDY_DUE: _remedies,
    NoticeKind.RECEIPT_MISSING: _receipts,
    NoticeKind.HANDOVER_OPEN: _handovers,
    NoticeKind.ASSIGNED: _given,
    NoticeKind.APPROVAL_WAITING: _questions,
    NoticeKind.APPROVAL_ASKED: _questions,
    NoticeKind.WAITED_LONG_ENOUGH: _waits,
    NoticeKind.PREVENTION_DUE: _changes,
    NoticeKind.PROCEDURE_DUE: _procedures,
    NoticeKind.MEETING_SOON: _meetings,
}
