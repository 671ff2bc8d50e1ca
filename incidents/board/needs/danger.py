"""What is in danger at somebody's places, of every kind, found along indexes: one statement for all. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from incidents.access import visible_to
from incidents.board.approvals import REVIEW, WAITING, asked_of
from incidents.board.deliveries import mails_seen_by
from incidents.board.keyset import EPOCH
from incidents.ladder import ACCEPT_WITHIN, ACCEPT_WITHIN_CRITICAL, Kind
from incidents.models import (
    Attempt,
    FollowUp,
    Handled,
    Handover,
    Incident,
    NeedKind,
    OutboxLine,
    OutboxState,
    Remedy,
    Reminder,
    ReminderState,
    Round,
    Staff,
)
from incidents.models.base import OneOf
from incidents.models.followup import Deadline
from incidents.models.matching import unhappy
from incidents.models.need import row_column, stage_column
from incidents.models.nested import AsOne, InOrder
from incidents.models.prepared import ask
from incidents.targets import RECEIPT_REMINDER_AFTER, TRIES, TRYING_FOR, WAYS
from incidents.vocabulary import Clock, Outcome, RemedyState, Severity, Stage

MOST = 50  # of each kind; counting stops here
LOOKED = MOST + 1
SEVERAL = 2  # reopened so often
NONE = Value(None)
NEVER = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
GIVEN_UP_LATELY = dt.timedelta(days=7)  # older ones are with the reminders
# What a late step waits for: this settles it, and to remind somebody does not.
SAYS_WHY_LATE = frozenset({NeedKind.NEEDS_ASSIGNEE, NeedKind.RECEIPT_STUCK})
NOT_REACHED = (Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.WRONG_NUMBER)


@dataclass(frozen=True)
class Danger:
    """One thing that needs somebody. `about`: the row it hangs on, when it is not the incident itself."""

    kind: NeedKind
    incident_id: int
    occurrence: str
    due: dt.datetime | None = None
    about: int | None = None
    said: str = ""
    also: list[NeedKind] = field(default_factory=list)


def dangers(staff: Staff, now: dt.datetime) -> dict[NeedKind, list[Danger]]:
    """By kind, the gravest first; an incident is in one of them, with its other kinds in `also`. One statement."""
    found = ask(_all, staff=staff, now=now)
    kinds: dict[NeedKind, list[Danger]] = {kind: [] for kind in NeedKind}
    known: dict[int, Danger] = {}
    for kind in NeedKind:
        for name in _PARTS[kind]:
            for row in found[name] or ():
                danger = _danger(kind, row)
                if not _counts(danger, now):
                    continue
                if (graver := known.get(danger.incident_id)) is None:
                    known[danger.incident_id] = danger
                    kinds[kind].append(danger)
                elif graver.kind == NeedKind.STEP_LATE and kind in SAYS_WHY_LATE:
                    kinds[graver.kind].remove(graver)
                    known[danger.incident_id] = replace(danger, also=[graver.kind, *graver.also])
                    kinds[kind].append(known[danger.incident_id])
                elif kind != graver.kind and kind not in graver.also:
                    graver.also.append(kind)
    return kinds


def _danger(kind: NeedKind, row: list[Any]) -> Danger:
    incident, mark, due, about, said = row
    return Danger(kind, incident, mark, dt.datetime.fromisoformat(due) if due else None, about, str(said or ""))


def _counts(danger: Danger, now: dt.datetime) -> bool:
    """These come in the order of an index, and are cut here: the late ones first, those given up lately first."""
    if danger.kind == NeedKind.STEP_LATE:
        return danger.due is not None and danger.due < now
    if danger.kind == NeedKind.DEAD_DELIVERY:
        return danger.due is not None and danger.due > now - GIVEN_UP_LATELY
    return True


def _all(staff: Staff, now: dt.datetime) -> Any:
    parts = {
        "critical": _critical(staff, now),
        "apology": _without_apology(staff, now),
        "unhappy": _unhappy(staff, now),
        "approval": _questions(staff, WAITING, "proposed_at", now),
        "reopened": _reopened(staff, now),
        "late": _late(staff, now),
        "restricted": _restricted(staff, now),
        "gone": _of_people_gone(staff, now),
        "untaken": _not_taken(staff, now),
        "receipt": _receipts(staff, now),
        "unreachable": _unreachable(staff, now),
        "ahead": _questions(staff, REVIEW, "decided_at", now).exclude(Q(decided_by=staff) | Q(proposed_by=staff)),
        "reminder": _dead_reminders(staff, now),
        "mail": _dead_mails(staff, now),
    }
    return Staff.objects.filter(pk=staff.pk).values(**{name: AsOne(rows[:LOOKED]) for name, rows in parts.items()})


_PARTS: dict[NeedKind, tuple[str, ...]] = {
    NeedKind.CRITICAL: ("critical",),
    NeedKind.APOLOGY_LATE: ("apology",),
    NeedKind.UNHAPPY: ("unhappy",),
    NeedKind.APPROVAL: ("approval",),
    NeedKind.REOPENED_TWICE: ("reopened",),
    NeedKind.STEP_LATE: ("late",),
    NeedKind.RESTRICTED: ("restricted",),
    NeedKind.NEEDS_ASSIGNEE: ("gone", "untaken"),
    NeedKind.RECEIPT_STUCK: ("receipt",),
    NeedKind.UNREACHABLE: ("unreachable",),
    NeedKind.WENT_AHEAD: ("ahead",),
    NeedKind.DEAD_DELIVERY: ("reminder", "mail"),
}


def _unhandled(rows: Any, kind: NeedKind, now: dt.datetime, occurrence: Any, *, of: str = "pk") -> Any:
    """Without those that somebody has seen to; looked up for each row that is read."""
    seen = Handled.objects.filter(incident=OuterRef(of), kind=kind, occurrence=OuterRef("mark"))
    quiet_until: Any = Coalesce(Subquery(seen.values("until")[:1]), Value(EPOCH, DateTimeField()))
    return rows.annotate(mark=occurrence).alias(quiet_until=quiet_until).filter(quiet_until__lte=now)


def _open(staff: Staff, kind: NeedKind, now: dt.datetime) -> Any:
    """Open ones of theirs, the most urgent first."""
    return _unhandled(Incident.objects.visible_to(staff).open().by_urgency(), kind, now, stage_column())


def _told(rows: Any, *, incident: str = "pk", due: Any = "next_due_at", about: Any = NONE, said: Any = NONE) -> Any:
    """As `_danger()` reads them."""
    return rows.values(row=InOrder(incident, "mark", due, about, said))


def _critical(staff: Staff, now: dt.datetime) -> Any:
    return _told(_open(staff, NeedKind.CRITICAL, now).filter(severity=Severity.CRITICAL))


def _apology_due() -> Any:
    """When somebody should have apologized in this round; far ahead when nobody need to any more."""
    clocks = Deadline.objects.filter(
        incident=OuterRef("pk"),
        clock=Clock.APOLOGIZE,
        met_at__isnull=True,
        round__number=OuterRef("round_number"),
    )
    return Coalesce(Subquery(clocks.values("due_at")[:1]), Value(NEVER, DateTimeField()))


def _without_apology(staff: Staff, now: dt.datetime) -> Any:
    rows = _open(staff, NeedKind.APOLOGY_LATE, now).filter(stage=Stage.APOLOGIZE)
    return _told(rows.annotate(apology_due=_apology_due()).filter(apology_due__lt=now), due="apology_due")


def _unhappy(staff: Staff, now: dt.datetime) -> Any:
    return _told(_open(staff, NeedKind.UNHAPPY, now).filter(unhappy()))


def _reopened(staff: Staff, now: dt.datetime) -> Any:
    """Whatever was reopened is in another round."""
    return _told(_open(staff, NeedKind.REOPENED_TWICE, now).filter(round_number__gt=1, reopen_count__gte=SEVERAL))


def _late(staff: Staff, now: dt.datetime) -> Any:
    """The most urgent, without what is graver anyway; those that are not late yet are cut off afterwards."""
    rows = _open(staff, NeedKind.STEP_LATE, now).exclude(severity=Severity.CRITICAL).exclude(unhappy())
    rows = rows.alias(apology_due=_apology_due())
    return _told(rows.filter(~Q(stage=Stage.APOLOGIZE) | Q(apology_due__gte=now)))


def _restricted(staff: Staff, now: dt.datetime) -> Any:
    return _told(_open(staff, NeedKind.RESTRICTED, now).filter(is_restricted=True))


def _questions(staff: Staff, view: str, since: str, now: dt.datetime) -> Any:
    rows = asked_of(staff, view, now).order_by(since, "pk").annotate(mark=row_column("approval"))
    return _told(rows, incident="incident_id", due=since, about="pk")


def _of_people_gone(staff: Staff, now: dt.datetime) -> Any:
    """Those whom somebody has who is away just now, or works here no more."""
    gone = Staff.objects.filter(Q(is_active=False) | Q(away_until__gt=now)).exclude(pk=staff.pk)
    rows = Incident.objects.visible_to(staff).open().filter(OneOf("assignee", ArraySubquery(gone.values("pk"))))
    # The order of an expression, so that theirs are looked up: along what is due, all that is open would be read.
    rows = rows.order_by(Coalesce("next_due_at", Value(NEVER, DateTimeField())), "id")
    rows = _unhandled(rows, NeedKind.NEEDS_ASSIGNEE, now, row_column("staff", "assignee_id"))
    return _told(rows)


def _not_taken(staff: Staff, now: dt.datetime) -> Any:
    """Handed to somebody who has not said “I have it” in time. Of an incident only the newest counts."""
    newer = Handover.objects.filter(incident=OuterRef("incident"), pk__gt=OuterRef("pk"))
    waiting = Handover.objects.filter(accepted_at__isnull=True, returned_at__isnull=True, lapsed_at__isnull=True)
    is_critical = Q(incident__severity=Severity.CRITICAL)
    too_long = ExpressionWrapper(F("at") + Value(ACCEPT_WITHIN, DurationField()), DateTimeField())
    critical_too_long = ExpressionWrapper(F("at") + Value(ACCEPT_WITHIN_CRITICAL, DurationField()), DateTimeField())
    rows = (
        visible_to(waiting, staff, through="incident")
        .filter(incident__closed_at__isnull=True, incident__assignee=F("to_staff"))
        .alias(is_newer=ExpressionWrapper(Exists(newer), BooleanField()), due=too_long, sooner=critical_too_long)
        .filter(Q(due__lt=now) | (is_critical & Q(sooner__lt=now)), is_newer=False)
        .order_by("-at", "-pk")
    )
    rows = _unhandled(rows, NeedKind.NEEDS_ASSIGNEE, now, row_column("handover"), of="incident_id")
    return _told(rows, incident="incident_id", due="at", about="pk")


def _receipts(staff: Staff, now: dt.datetime) -> Any:
    """Their reminder has spoken, or would have."""
    spoken = Reminder.objects.filter(kind=Kind.RECEIPT_MISSING, subject_id=OuterRef("pk")).order_by("-target_at")
    usually = ExpressionWrapper(F("created_at") + Value(RECEIPT_REMINDER_AFTER, DurationField()), DateTimeField())
    rows = visible_to(Remedy.objects.filter(state=RemedyState.AWAITING_RECEIPT), staff, through="incident")
    rows = rows.filter(incident__closed_at__isnull=True).order_by("pk")
    rows = rows.annotate(since=Coalesce(Subquery(spoken.values("target_at")[:1]), usually)).filter(since__lte=now)
    rows = _unhandled(rows, NeedKind.RECEIPT_STUCK, now, row_column("remedy"), of="incident_id")
    return _told(rows, incident="incident_id", due="since", about="pk")


def _unreachable(staff: Staff, now: dt.datetime) -> Any:
    """Called in vain as often, as long and in as many ways as the ending asks; with the number of tries.

    Nobody tries in two ways without one that is no phone: only those (an index knows them) are looked at closely.
    """
    called = FollowUp.objects.planned().filter(tried_otherwise=True).order_by().values("incident")
    rows = _open(staff, NeedKind.UNREACHABLE, now).filter(OneOf("pk", ArraySubquery(called)), stage=Stage.FOLLOW_UP)
    began = Round.objects.filter(incident=OuterRef("pk"), number=OuterRef("round_number")).values("started_at")[:1]
    rows = rows.alias(began_at=Subquery(began)).annotate(tries=Coalesce(Subquery(_tries(now)), 0))
    return _told(rows.filter(tries__gte=TRIES), said="tries")


def _tries(now: dt.datetime) -> QuerySet[Attempt, Any]:
    """How often somebody tried since the round began and they were reached; nothing while more should be tried."""
    ours = Attempt.objects.filter(follow_up__incident=OuterRef("pk"), at__gte=OuterRef("began_at"))
    later = Attempt.objects.filter(follow_up__incident=OuterRef("follow_up__incident"), at__gt=OuterRef("at"))
    in_vain = ours.filter(~Exists(later.exclude(outcome__in=NOT_REACHED)), outcome__in=NOT_REACHED)
    long_enough = ExpressionWrapper(Min("at") + Value(TRYING_FOR, DurationField()), DateTimeField())
    found: Any = in_vain.order_by().values("follow_up__incident")
    found = found.annotate(
        tries=Count("pk"),
        ways=Count("channel", distinct=True),
        has_message=BoolOr(Q(outcome=Outcome.VOICEMAIL)),
        tried_until=long_enough,
    )
    found = found.filter(tries__gte=TRIES, ways__gte=WAYS, has_message=True, tried_until__lte=now)
    return found.values("tries")[:1]  # type: ignore[no-any-return]


def _dead_reminders(staff: Staff, now: dt.datetime) -> Any:
    rows = visible_to(Reminder.objects.filter(state=ReminderState.DEAD), staff, through="incident")
    rows = rows.order_by("-due_at", "-pk")
    rows = _unhandled(rows, NeedKind.DEAD_DELIVERY, now, row_column("reminder"), of="incident_id")
    return _told(rows, incident="incident_id", due="due_at", about="pk", said="kind")


def _dead_mails(staff: Staff, now: dt.datetime) -> Any:
    """Each with an incident that it tells of and that they see."""
    told_of = visible_to(OutboxLine.objects.filter(message=OuterRef("pk")), staff, through="notice__incident")
    rows = mails_seen_by(staff).filter(state__in=(OutboxState.DEAD, OutboxState.FAILED)).order_by("-pk")
    nothing = Value(0, BigIntegerField())
    of = Coalesce(Subquery(told_of.values("notice__incident")[:1]), nothing, output_field=BigIntegerField())
    rows = rows.annotate(told_of=of).filter(told_of__gt=0)
    rows = _unhandled(rows, NeedKind.DEAD_DELIVERY, now, row_column("mail"), of="told_of")
    return _told(rows, incident="told_of", due="created_at", about="pk", said="recipient__name")
