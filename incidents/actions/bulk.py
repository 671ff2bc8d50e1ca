"""One act on many incidents as long work: each through its own action, with its gates, and each with what became of it.

A slice and its lines are one transaction (`actions/jobs`): a process that dies leaves nothing half done and nothing
twice. A row that is refused keeps its words, and the rest goes on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import structlog
from django.core.exceptions import EmptyResultSet
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from incidents.access import can_read_whole
from incidents.actions import jobs
from incidents.actions.advance import add_event, locked
from incidents.actions.endings import close_incident
from incidents.actions.handovers import hand_over
from incidents.actions.needs import nudge
from incidents.actions.refusals import NotYours, Refused
from incidents.actions.remind import database_now
from incidents.actions.review import add_to_next_meeting
from incidents.actions.undo import take_handover_back
from incidents.models import (
    BulkAct,
    Incident,
    Job,
    JobKind,
    JobLine,
    JobState,
    LineState,
    NeedKind,
    Staff,
)
from incidents.models.base import LINE
from incidents.models.incident import IncidentQuerySet, ReviewState
from incidents.vocabulary import CloseReason, Severity, Stage

log = structlog.get_logger(__name__)
MOST = 5000
SLICE = 25  # its incidents stay locked until it is done
UNDO_FOR = dt.timedelta(hours=1)
GAVE_BACK = "handed_over_with_many"  # the event of what a whole job gave back


class Nothing(Exception):
    """There is nothing to do: `words` say why."""

    def __init__(self, words: LazyText | str) -> None:
        super().__init__(str(words))
        self.words = words


def acts_open_to(staff: Staff) -> list[BulkAct]:
    """What they may do to many: what they may do to each; reminding others of many is for managers."""
    for_all = [BulkAct.REASSIGN, BulkAct.REMIND, BulkAct.MEETING, BulkAct.CLOSE]
    return [act for act in for_all if act != BulkAct.REMIND or staff.is_manager]


def may_do(staff: Staff, act: BulkAct) -> bool:
    """Whether it is theirs to do to many, as things stand now; giving back is whoever handed them over's."""
    return act == BulkAct.GIVE_BACK or act in acts_open_to(staff)


def ask_for_bulk(
    *, act: BulkAct, rows: IncidentQuerySet, by: Staff, now: dt.datetime, submit_key: UUID, to: Staff | None = None
) -> Job:
    """A job for `rows`, in their order, MOST at the most; the same job when it is asked for again with that key.

    Refused when nothing is among them. They are looked at again, one by one, when their turn comes.
    """
    if act not in acts_open_to(by):
        raise NotYours(_("A manager does this."))
    if act == BulkAct.REASSIGN and to is None:
        raise Refused(_("Choose to whom."))
    options: dict[str, object] = {"act": act.value} | ({"to": to.pk} if to else {})
    return _ask(options, rows.visible_to(by).values_list("pk")[:MOST], by=by, now=now, submit_key=submit_key)


def _ask(options: dict[str, object], rows: object, *, by: Staff, now: dt.datetime, submit_key: UUID) -> Job:
    """The job and its lines, or neither: nobody sees it before it knows how much there is to do."""
    with transaction.atomic():
        asked = {"kind": JobKind.BULK, "options": options, "total": 0, "by": by, "now": now}
        job = jobs.ask_for_job(**asked, submit_key=submit_key)  # type: ignore[arg-type]
        if job.total:
            return job
        job.total = _write_lines(job, rows)
        if not job.total:
            raise Refused(_("Nothing is left of what you chose."))
        job.save(update_fields=["total"])
        return job


def _write_lines(job: Job, rows: object) -> int:
    try:
        sql, params = rows.query.sql_with_params()  # type: ignore[attr-defined]
    except EmptyResultSet:  # somebody without a place
        return 0
    # The inner SQL is Django's own, with its values apart.
    chosen = f" SELECT %s, row_number() OVER () - 1, chosen.*, %s, '' FROM ({sql}) chosen"  # noqa: S608  # nosec B608
    written = f"INSERT INTO incidents_jobline (job_id, position, incident_id, state, said){chosen}"
    with connection.cursor() as cursor:
        cursor.execute(written, [job.pk, LineState.PENDING.value, *params])
        return int(cursor.rowcount)


def give_all_back(*, job_id: int, by: Staff, now: dt.datetime) -> Job:
    """What was handed over together goes back to whoever had it; for an hour. Asking twice makes one job.

    Refused while it goes on, later, and for what was no handing over.
    """
    with transaction.atomic():
        job = Job.objects.visible_to(by).select_for_update(of=("self",)).get(pk=job_id)
        if found := giving_back(job):
            return found
        if not can_give_back(job, now=now):
            raise Refused(_("This can no longer be given back: it goes on still, or more than an hour has passed."))
        done = job.lines.filter(state=LineState.DONE).order_by("position").values_list("incident")
        options = {"act": BulkAct.GIVE_BACK.value, "of": job.pk}
        return _ask(options, done, by=by, now=now, submit_key=uuid4())


def giving_back(job: Job) -> Job | None:
    """The job that gives these back already; one that was stopped may be asked for again."""
    asked = Job.objects.filter(kind=JobKind.BULK, options__contains={"of": job.pk})
    return asked.exclude(state=JobState.CANCELLED).first()


def can_give_back(job: Job, *, now: dt.datetime) -> bool:
    is_reassigned = job.kind == JobKind.BULK and job.options.get("act") == BulkAct.REASSIGN
    is_over = job.finished_at is not None and now - job.finished_at <= UNDO_FOR
    return is_reassigned and is_over and giving_back(job) is None


@dataclass(frozen=True)
class Order:
    """What is to be done, by whom, and now."""

    job: Job
    by: Staff
    now: dt.datetime
    to: Staff | None
    of: Job | None  # the job that is undone


def change_many(job: Job, first: int, count: int) -> None:
    """The lines `first` to `first + count - 1` that nobody has done yet, as everybody locks them: by their numbers."""
    order = _order_of(job)
    slice_ = job.lines.filter(position__gte=first, position__lt=first + count, state=LineState.PENDING)
    lines = list(slice_.order_by("incident"))
    for line in lines:
        line.state, said = _change(line, order)
        line.said = said[:LINE]
    JobLine.objects.bulk_update(lines, ["state", "said"])


def _order_of(job: Job) -> Order:
    """Read anew for each slice: who asked may have left meanwhile, or work elsewhere now."""
    options = job.options
    to = Staff.objects.filter(pk=options["to"]).first() if "to" in options else None
    of = Job.objects.filter(pk=options["of"]).first() if "of" in options else None
    return Order(job, Staff.objects.get(pk=job.asked_by_id), database_now(), to, of)


def _change(line: JobLine, order: Order) -> tuple[LineState, str]:
    """What became of one. What nobody foresaw stops that one, not the others; a lost connection stops the slice."""
    act = BulkAct(order.job.options["act"])
    try:
        with transaction.atomic():
            _DO[act](_seen(line.incident_id, act, order), order)
    except Nothing as nothing:
        return LineState.SKIPPED, str(nothing.words)
    except Refused as refused:
        return LineState.REFUSED, str(refused.words)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("bulk_line_failed", job=line.job_id, position=line.position)
        return LineState.REFUSED, _now("That did not work. Try this one by itself.")
    return LineState.DONE, ""


def _seen(incident_id: int, act: BulkAct, order: Order) -> Incident:
    """With its row locked, as whoever asked may see it at this moment and do this to it."""
    if not may_do(order.by, act):
        raise NotYours(_("A manager does this."))
    seen = Incident.objects.visible_to(order.by).filter(pk=incident_id)
    found = seen.select_for_update(no_key=True, of=("self",)).first() if order.by.is_active else None
    if found is None:
        raise Refused(_("Not for you to see any more."))
    return found


def _must_be_whole(incident: Incident, order: Order) -> None:
    if not can_read_whole(order.by, incident):
        raise Refused(_("It is restricted: only your own part of it is yours."))


def _reassign(incident: Incident, order: Order) -> None:
    _must_be_whole(incident, order)
    if order.to is None:
        raise Refused(_("Nobody to give it to."))
    if incident.is_open and incident.assignee_id == order.to.pk:
        raise Nothing(_("%(who)s has it already.") % {"who": order.to})
    if _was_passed_on(incident, since=order.job.asked_at):
        raise Refused(_("Handed over meanwhile: %(who)s has it.") % {"who": incident.assignee})
    hand_over(incident_id=incident.pk, to=order.to, by=order.by, now=order.now, job=order.job)


def _was_passed_on(incident: Incident, *, since: dt.datetime) -> bool:
    """Whether it went to somebody else after the list was made."""
    later = Q(at__gt=since) | Q(returned_at__gt=since) | Q(lapsed_at__gt=since)
    return incident.handovers.filter(later).exists()


def _remind(incident: Incident, order: Order) -> None:
    _must_be_whole(incident, order)
    if incident.is_open and incident.assignee_id == order.by.pk:
        raise Nothing(_("It is yours."))
    kind = _why(incident, order.now)
    handled = nudge(incident_id=incident.pk, kind=kind, by=order.by, now=order.now, job=order.job)
    if handled.at != order.now:
        raise Nothing(_("You reminded them a short while ago."))


def _why(incident: Incident, now: dt.datetime) -> NeedKind:
    """What they are reminded of: the gravest that the incident itself says."""
    if incident.severity == Severity.CRITICAL:
        return NeedKind.CRITICAL
    is_late = incident.next_due_at is not None and incident.next_due_at < now
    return NeedKind.APOLOGY_LATE if is_late and incident.stage == Stage.APOLOGIZE else NeedKind.STEP_LATE


def _for_the_meeting(incident: Incident, order: Order) -> None:
    if incident.review_state == ReviewState.TO_REVIEW:
        raise Nothing(_("It is on the list already."))
    add_to_next_meeting(incident_id=incident.pk, by=order.by, now=order.now)


def _close(incident: Incident, order: Order) -> None:
    _must_be_whole(incident, order)
    note = _now("No answer to our message for a week.")
    close_incident(incident_id=incident.pk, reason=CloseReason.NO_ANSWER, note=note, by=order.by, now=order.now)


def _give_back(incident: Incident, order: Order) -> None:
    """Only what this very job handed over, and nobody has taken over or passed on since."""
    _must_be_whole(incident, order)
    with locked(incident.pk) as fresh:
        job, handover = order.of, fresh.handovers.select_related("from_staff", "to_staff").order_by("-pk").first()
        if job is None or handover is None or not _is_of(job, handover.by_id, handover.to_staff_id, handover.at):
            raise Refused(_("Handed over meanwhile: %(who)s has it.") % {"who": fresh.assignee})
        if not handover.is_waiting and handover.accepted_at != handover.at:
            raise Refused(_("%(who)s has it already and works on it.") % {"who": fresh.assignee})
        event = fresh.events.get(kind="handed_over", subject_id=handover.pk)
        if "steps" in event.codes and "handed_on" not in event.codes:
            take_handover_back(fresh, event, order.now)
            fresh.version += 1
            fresh.save(update_fields=["version"])
            add_event(fresh, "undone", now=order.now, by=order.by, subject_id=event.pk, act=GAVE_BACK)
        else:  # whoever had it had been asked, and is asked anew
            hand_over(incident_id=fresh.pk, to=handover.from_staff, by=order.by, now=order.now, job=order.job)


def _is_of(job: Job, by: int, to: int, at: dt.datetime) -> bool:
    if job.started_at is None or job.finished_at is None:
        return False
    return by == job.asked_by_id and to == job.options.get("to") and job.started_at <= at <= job.finished_at


_DO: dict[BulkAct, Callable[[Incident, Order], None]] = {
    BulkAct.REASSIGN: _reassign,
    BulkAct.REMIND: _remind,
    BulkAct.MEETING: _for_the_meeting,
    BulkAct.CLOSE: _close,
    BulkAct.GIVE_BACK: _give_back,
}


def connect() -> None:
    jobs.register(JobKind.BULK, jobs.Work(change_many, size=SLICE))
