"""The notices inbox, as sentences."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from incidents.board.approvals import WAITING, asked_of
from incidents.board.keyset import EPOCH
from incidents.models import ApprovalRequest, Notice, NoticeKind, Staff
from incidents.models.notice import NoticeQuerySet
from incidents.models.notice_subjects import name_subjects
from incidents.models.notice_views import name_views
from incidents.models.notice_words import sentence, subject_of, why
from incidents.models.prepared import find

PAGE = 25
MOST_DIGITS = 18
ICONS = {
    NoticeKind.FOLLOW_UP_DUE: "telephone",
    NoticeKind.PROMISE_DUE: "flag",
    NoticeKind.RECEIPT_MISSING: "receipt",
    NoticeKind.APOLOGY_DUE: "chat-quote",
    NoticeKind.HANDOVER_OPEN: "person",
    NoticeKind.ASSIGNED: "person",
    NoticeKind.UNHAPPY: "emoji-frown",
    NoticeKind.CRITICAL: "exclamation-diamond",
    NoticeKind.STEP_ASSIGNED: "list-check",
    NoticeKind.APPROVAL_WAITING: "question-circle",
    NoticeKind.APPROVAL_ASKED: "question-circle",
    NoticeKind.APPROVAL_DECIDED: "check-lg",
    NoticeKind.WENT_AHEAD: "exclamation-triangle",
    NoticeKind.SHIFT_ENDED: "person",
    NoticeKind.HANDED_BACK: "person",
    NoticeKind.REOPENED_TWICE: "exclamation-diamond",
    NoticeKind.NUDGED: "bell",
    NoticeKind.WAITED_LONG_ENOUGH: "hourglass-split",
    NoticeKind.REMEDY_DUE: "gift",
    NoticeKind.CHECK_IN: "heart",
    NoticeKind.WANTS_TO_TALK: "heart",
    NoticeKind.VIEW_PASSED: "bell",
    NoticeKind.VIEW_DIGEST: "list-ul",
    NoticeKind.RISING: "bar-chart",
    NoticeKind.BASICS: "list-check",
    NoticeKind.PREVENTION_DUE: "tools",
    NoticeKind.PROCEDURE_DUE: "journal-text",
    NoticeKind.MEETING_SOON: "calendar-event",
    NoticeKind.PREVENTION_YOURS: "tools",
    NoticeKind.PREVENTION_HELD: "check-circle",
    NoticeKind.PREVENTION_BACK: "arrow-repeat",
    NoticeKind.CHANGE_ELSEWHERE: "megaphone",
    NoticeKind.MINUTES: "file-earmark-text",
    NoticeKind.PROCEDURE_NEW: "journal-text",
    NoticeKind.THANKS_ASKED: "heart",
    NoticeKind.PRACTICE_OPEN: "lightbulb",
    NoticeKind.EXPORT_READY: "download",
    NoticeKind.EXPORT_FAILED: "exclamation-triangle",
}


# What a line says; the rest of the rows stays in the database.
IN_A_LINE = (
    *("kind", "subject_id", "occurrence", "reason", "urgency", "target_at", "at", "read_at"),
    *("incident__reference", "incident__is_restricted", "incident__customer_hint"),
    *("incident__customer__name", "incident__category__name"),
    *("incident__location__name", "incident__location__time_zone"),
)


@dataclass(frozen=True)
class Line:
    """`where`: of which incident, or of which place. `zone` is that place's."""

    notice: Notice
    sentence: str
    why: str
    icon: str
    where: str
    zone: dt.tzinfo
    asked: ApprovalRequest | None = None  # a question the reader may answer now


@dataclass(frozen=True)
class NoticePage:
    """`newest` is the last notice that the reader has been shown: what "mark all" reaches up to."""

    lines: list[Line]
    newer: str = ""
    older: str = ""


def inbox(staff: Staff, *, now: dt.datetime, after: str = "", before: str = "") -> NoticePage:
    """Up to PAGE notices of incidents that `staff` still sees, the newest first; one statement.

    One more where somebody was asked for an approval, one where they are told of a view, one where of learning.
    """
    back, on = _number(before), _number(after)
    if back:
        found = list(_of(staff).filter(pk__gt=back).order_by("pk")[: PAGE + 1])
    elif on:
        found = list(_of(staff).filter(pk__lt=on).order_by("-pk")[: PAGE + 1])
    else:
        found = find(_Newest(PAGE + 1), staff=staff, now=EPOCH)
    has_more, found = len(found) > PAGE, found[:PAGE]
    if back:
        found.reverse()
    asked = _asked(staff, found, now)
    name_views(found, staff)
    name_subjects(found, staff)
    return NoticePage(
        lines=[_line(notice, staff, asked.get(notice.pk)) for notice in found],
        newer=str(found[0].pk) if found and (has_more if back else on) else "",
        older=str(found[-1].pk) if found and (back or has_more) else "",
    )


def _line(notice: Notice, reader: Staff, asked: ApprovalRequest | None) -> Line:
    incident, icon = notice.incident, ICONS[NoticeKind(notice.kind)]
    if incident is None:
        subject = subject_of(notice, reader)
        where, zone = subject.place, subject.zone
    else:
        # Who would like to talk after what is told by that person, and not by a line in a list.
        of_what = () if notice.kind == NoticeKind.WANTS_TO_TALK else (incident.reference, incident.category)
        where, zone = " · ".join(str(each) for each in (*of_what, incident.location)), incident.location.zone
    return Line(notice, sentence(notice, reader), why(notice), icon, where, zone, asked)


def _asked(staff: Staff, notices: list[Notice], now: dt.datetime) -> dict[int, ApprovalRequest]:
    """By notice, the question it tells of, while `staff` may answer it."""
    named = {notice.subject_id: notice.pk for notice in notices if notice.kind == NoticeKind.APPROVAL_ASKED}
    if not named:
        return {}
    waiting = asked_of(staff, WAITING, now).filter(pk__in=named).select_related("remedy__type", "proposed_by")
    return {named[request.pk]: request for request in waiting}


def _of(staff: Staff) -> NoticeQuerySet:
    rows = Notice.objects.for_inbox_of(staff)
    return rows.select_related("incident__customer", "incident__category", "incident__location").only(*IN_A_LINE)


@dataclass(frozen=True)
class _Newest:
    """Called: the newest notices of somebody. No part of it depends on the clock."""

    number: int

    def __call__(self, staff: Staff, now: dt.datetime) -> NoticeQuerySet:
        return _of(staff).order_by("-pk")[: self.number]


def _number(cursor: str) -> int:
    """0 for what is no number of ours: the list begins at the first page."""
    return int(cursor) if cursor.isascii() and cursor.isdecimal() and len(cursor) <= MOST_DIGITS else 0
