"""What goes out by itself: reminders and mails, how the clock process is doing, what got stuck. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from incidents.board.delivery_words import ICONS, fault_words, hearer_words, rung_of, rung_words, tries_words
from incidents.board.keyset import page_by
from incidents.board.reminded import what_it_is_about
from incidents.counting import MOST
from incidents.ladder import Kind
from incidents.models import (
    ClockGap,
    FollowUp,
    Handover,
    Incident,
    Meeting,
    Membership,
    Outbox,
    OutboxHold,
    OutboxState,
    PreventionAction,
    Procedure,
    PromiseMade,
    Remedy,
    Reminder,
    ReminderState,
    Staff,
)
from incidents.models.notice_subjects import name_subjects
from incidents.models.pulse import TO_DELIVER, Pulse, pulse_columns, pulse_of

PAGE = 25
RETRY_AT_ONCE = 200
GAPS_SHOWN_FOR = dt.timedelta(days=7)
REMINDERS, MAILS = "reminders", "mails"
QUEUED, SENT, FAILED, DEAD = "queued", "sent", "failed", "dead"
WHAT: dict[str, LazyText] = {REMINDERS: _("Reminders"), MAILS: _("Mails")}
STATES: dict[str, LazyText] = {
    QUEUED: _("Waiting"),
    SENT: _("Sent"),
    FAILED: _("Failed"),
    DEAD: _("Given up"),
}


@dataclass(frozen=True)
class Wanted:
    """What was chosen; values nobody offered never get here."""

    what: str = REMINDERS
    state: str = QUEUED
    kind: str = ""
    place: int = 0


@dataclass(frozen=True)
class Line:
    """One reminder or one mail. `due` is when it rings, or is tried next."""

    pk: int
    icon: str
    title: str
    note: str
    hearer: str
    rung: str
    due: dt.datetime
    zone: str
    elsewhere: str
    state: str
    tries: str
    fault: str
    url: str = ""
    target: dt.datetime | None = None
    can_retry: bool = False


@dataclass(frozen=True)
class DeliveryPage:
    """`due` is how many are due now: everybody's mails, and the reminders that the reader may know of.

    `waiting` are the mails that a hold keeps; counts up to MOST + 1.
    """

    lines: list[Line]
    newer: str
    older: str
    counts: dict[str, int]
    stuck: dict[str, int]
    pulse: Pulse
    due: int
    waiting: int
    hold_reason: str
    gaps: list[ClockGap] = field(default_factory=list)


def reminders_seen_by(staff: Staff) -> QuerySet[Reminder]:
    """Of the incidents, meetings and procedures they may see."""
    return Reminder.objects.filter(Q(incident__in=Incident.objects.visible_to(staff)) | of_learning(staff))


def of_learning(staff: Staff) -> Q:
    """Reminders of meetings and procedures alone: no incident is looked at."""
    seen = Q()
    for kind, rows in ((Kind.MEETING_SOON, Meeting.objects), (Kind.PROCEDURE_DUE, Procedure.objects)):
        seen |= Q(incident__isnull=True, kind=kind, subject_id__in=rows.visible_to(staff).values("pk"))
    return seen


def mails_seen_by(staff: Staff) -> QuerySet[Outbox]:
    """To people who work where they do; administrators, all. A mail shows no word of what is in it."""
    if staff.sees_all:
        return Outbox.objects.all()
    near = Membership.objects.filter(location__in=staff.location_ids).values("staff")
    return Outbox.objects.filter(Q(recipient=staff) | Q(recipient__in=near))


def delivery_page(staff: Staff, wanted: Wanted, *, now: dt.datetime, after: str = "", before: str = "") -> DeliveryPage:
    """Three statements: the rows, the numbers with the pulse, the gaps; one more for meetings and procedures."""
    of = {REMINDERS: _reminders(staff, wanted), MAILS: _mails(staff, wanted)}
    rows: QuerySet[Any] = in_state(of[wanted.what], wanted.what, wanted.state)
    column, is_down = order_of(wanted.what, wanted.state)
    if wanted.what == REMINDERS:
        rows = rows.select_related("incident__customer", "incident__location").annotate(person=_person())
    else:
        rows = rows.select_related("recipient").annotate(number=Count("lines"))
    found, newer, older = page_by(rows, column, is_down=is_down, size=PAGE, after=after, before=before)
    if wanted.what == REMINDERS:
        name_subjects(found, staff)
    numbers = _numbers(staff, of, wanted)
    pulse = pulse_of(numbers)
    return DeliveryPage(
        lines=[_reminder_line(row, staff) if wanted.what == REMINDERS else _mail_line(row) for row in found],
        newer=newer,
        older=older,
        counts={state: len(numbers[f"{wanted.what}_{state}"]) for state in STATES},
        stuck={what: len(numbers[f"{what}_{FAILED}"] + numbers[f"{what}_{DEAD}"]) for what in WHAT},
        pulse=pulse,
        due=(numbers["reminders_due"] or 0) + (0 if pulse.held_since else numbers["mails_due"] or 0),
        waiting=numbers["waiting"] or 0,
        hold_reason=numbers["hold_reason"] or "",
        gaps=list(ClockGap.objects.filter(ended_at__gt=now - GAPS_SHOWN_FOR).order_by("-started_at")[:5]),
    )


def stuck(staff: Staff, what: str, state: str) -> list[int]:
    """The oldest of what failed or was given up, as many as one request may put back."""
    rows: QuerySet[Any] = reminders_seen_by(staff) if what == REMINDERS else mails_seen_by(staff)
    return list(in_state(rows, what, state).order_by("pk").values_list("pk", flat=True)[:RETRY_AT_ONCE])


def waiting_mails() -> QuerySet[Outbox]:
    """What a release lets out, oldest first."""
    rows = Outbox.objects.filter(state__in=TO_DELIVER).select_related("recipient").annotate(number=Count("lines"))
    return rows.order_by("next_try_at", "id")


def in_state(rows: QuerySet[Any], what: str, state: str) -> QuerySet[Any]:
    """Queued, sent, failed or dead. A reminder has no state of failure: it is tried on until it is dead."""
    if what == REMINDERS:
        waits = rows.filter(state__in=TO_DELIVER)
        return {
            QUEUED: waits.filter(last_error=""),
            FAILED: waits.exclude(last_error=""),
            SENT: rows.filter(state=ReminderState.DONE),
            DEAD: rows.filter(state=ReminderState.DEAD),
        }[state]
    return {
        QUEUED: rows.filter(state__in=TO_DELIVER),
        FAILED: rows.filter(state=OutboxState.FAILED),
        SENT: rows.filter(state=OutboxState.SENT),
        DEAD: rows.filter(state=OutboxState.DEAD),
    }[state]


def order_of(what: str, state: str) -> tuple[str, bool]:
    """(column, is it the last first): what is still to come, the next first; what is over, the newest first."""
    if what == REMINDERS:
        return "due_at", state in (SENT, DEAD)
    return ("next_try_at", False) if state == QUEUED else ("id", True)


def _reminders(staff: Staff, wanted: Wanted) -> QuerySet[Reminder]:
    rows = reminders_seen_by(staff)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    return rows.filter(at_place(wanted.place)) if wanted.place else rows


def at_place(place: int) -> Q:
    """What hangs on an incident there, the meetings there and how things are done there."""
    here = Q(incident__location=place)
    for kind, model in ((Kind.MEETING_SOON, Meeting), (Kind.PROCEDURE_DUE, Procedure)):
        here |= Q(incident__isnull=True, kind=kind, subject_id__in=model.objects.filter(location=place).values("pk"))
    return here


def _mails(staff: Staff, wanted: Wanted) -> QuerySet[Outbox]:
    rows = mails_seen_by(staff)
    if not wanted.place:
        return rows
    return rows.filter(recipient__in=Membership.objects.filter(location=wanted.place).values("staff"))


def _numbers(staff: Staff, of: dict[str, QuerySet[Any]], wanted: Wanted) -> dict[str, Any]:
    """Counts, and the columns of the pulse; one statement."""
    columns: dict[str, Any] = pulse_columns()
    for what, rows in of.items():
        for state in STATES if what == wanted.what else (FAILED, DEAD):
            columns[f"{what}_{state}"] = _some(in_state(rows, what, state), *order_of(what, state))
    open_reminders = reminders_seen_by(staff).filter(state__in=TO_DELIVER, due_at__lte=columns["now"])
    open_mails = Outbox.objects.filter(state__in=TO_DELIVER)
    columns["reminders_due"] = _count(open_reminders)
    columns["mails_due"] = _count(open_mails.filter(next_try_at__lte=columns["now"]))
    columns["waiting"] = _count(open_mails)
    columns["hold_reason"] = Subquery(OutboxHold.objects.values("reason")[:1])
    found: Any = Staff.objects.filter(pk=staff.pk).values(**columns)
    row: dict[str, Any] = found.get()
    return row


def _some(rows: QuerySet[Any], column: str, is_down: bool) -> ArraySubquery:
    """Their ids, in an order that an index has, so that no more of them is read."""
    return ArraySubquery(rows.order_by(f"-{column}" if is_down else column).values("pk")[: MOST + 1])


def _count(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.order_by().annotate(one=Value(1)).values("one").annotate(number=Count("*")).values("number"))


def _person() -> Combinable:
    """The name of whoever has to act; of the one who has the incident, when the step names nobody."""

    def of(rows: QuerySet[Any], name: str) -> Subquery:
        return Subquery(rows.filter(pk=OuterRef("subject_id")).values(name)[:1])

    named = Case(
        When(kind=Kind.FOLLOW_UP_DUE, then=of(FollowUp.objects.all(), "assignee__name")),
        When(kind=Kind.PROMISE_DUE, then=of(PromiseMade.objects.all(), "assignee__name")),
        When(kind=Kind.RECEIPT_MISSING, then=of(Remedy.objects.all(), "assignee__name")),
        When(kind=Kind.PREVENTION_DUE, then=of(PreventionAction.objects.all(), "assignee__name")),
        When(kind=Kind.PROCEDURE_DUE, then=of(Procedure.objects.all(), "responsible__name")),
        When(kind=Kind.MEETING_SOON, then=Value(str(_("Everybody who is asked to come")))),
        When(kind__in=[Kind.HANDOVER_OPEN, Kind.SHIFT_ENDED], then=of(Handover.objects.all(), "to_staff__name")),
        output_field=CharField(),
    )
    return Coalesce(named, F("incident__assignee__name"))


def _reminder_line(row: Any, staff: Staff) -> Line:
    rung, kind = rung_of(row), Kind(row.kind)
    of = what_it_is_about(row, staff)
    return Line(
        pk=row.pk,
        icon=ICONS[kind],
        title=f"{kind.label}: {of.name}" if of.name else str(kind.label),
        note=of.note,
        hearer=hearer_words(rung, row.person or ""),
        rung=rung_words(rung),
        due=row.due_at,
        target=row.target_at,
        zone=of.zone,
        elsewhere=of.elsewhere,
        state=row.state,
        tries=tries_words(row.tries),
        fault=fault_words(row.last_error, is_dead=row.state == ReminderState.DEAD),
        url=of.url,
        can_retry=row.state == ReminderState.DEAD,
    )


def _mail_line(row: Any) -> Line:
    is_over = row.state in (OutboxState.FAILED, OutboxState.DEAD)
    return Line(
        pk=row.pk,
        icon="envelope",
        title=row.recipient.name,
        note=ngettext("%(n)d notice", "%(n)d notices", row.number) % {"n": row.number},
        hearer="",
        rung="",
        due=row.sent_at or (row.created_at if is_over else row.next_try_at),
        zone="",
        elsewhere="",
        state=row.state,
        tries=tries_words(row.tries),
        fault=fault_words(row.last_error, is_dead=row.state == OutboxState.DEAD),
        can_retry=is_over,
    )
