"""The words of a mail, built when it leaves: what was settled or taken from sight meanwhile is left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.actions.still import still_so
from incidents.channels import Message
from incidents.models import Business, Notice, NoticeKind, Outbox, Staff
from incidents.models.mail_times import unwanted
from incidents.models.notice_subjects import name_subjects
from incidents.models.notice_views import list_of, name_views
from incidents.models.notice_words import sentence, subject_of, why

MOST_LINES = 50
_AT_LAST = dt.datetime.max.replace(tzinfo=dt.UTC)


class _Told(NamedTuple):
    kind: str
    subject_id: int
    pk: int
    reason: str
    target_at: dt.datetime | None
    severity: int | None
    due_at: dt.datetime | None


@dataclass(frozen=True)
class _Line:
    words: str
    rows: list[str]
    why: str
    where: str
    url: str


def compose(message_id: int) -> tuple[str, Message] | None:
    """The channel and the message; None when there is nothing left to say.

    Five queries, one for each kind of what can be done meanwhile, more of views and learning.
    """
    row = Outbox.objects.select_related("recipient").get(pk=message_id)
    person = row.recipient
    if not person.is_active:
        return None
    seen = Notice.objects.for_inbox_of(person).filter(messages=row)
    if row.is_digest:
        seen = seen.exclude(kind__in=unwanted(person))  # they may have chosen otherwise since
    seen = seen.exclude(kind=NoticeKind.NUDGED, read_at__isnull=False)  # taken back, or seen in the inbox
    columns = ("kind", "subject_id", "pk", "reason", "target_at", "incident__severity", "incident__next_due_at")
    told = (_Told(*row) for row in seen.order_by("target_at", "at", "id").values_list(*columns))
    wanted = _newest(still_so(told, person))
    of_many = _one_kind_of_many(wanted, is_by_rule=row.is_digest and row.job_id is None)
    if of_many:
        wanted.sort(key=_gravest_first)
    with translation.override(settings.LANGUAGE_CODE):
        lines = [_line(notice, person) for notice in _read([told.pk for told in wanted[:MOST_LINES]], person)]
        if not lines:
            return None
        business = Business.objects.values_list("name", flat=True).first() or ""
        context = {
            "person": person,
            "lines": _why_once(lines) if of_many else lines,
            "more": len(wanted) - len(lines),
            "business": business,
            "inbox_url": settings.SITE_URL + reverse("notice-list"),
            "profile_url": settings.SITE_URL + reverse("profile"),
        }
        message = Message(
            key=f"outbox-{row.pk}-{row.created_at:%Y%m%d%H%M%S}",
            to=person.email,
            subject=_subject(lines[0].words, len(wanted), of_many),
            text=render_to_string("messages/notices.txt", context),
            html=render_to_string("messages/notices.html", context),
        )
    return row.channel, message


def _newest(rows: Iterable[_Told]) -> list[_Told]:
    """Of several rungs about the same thing the last one, in the place of the first. A digest may carry thousands."""
    last = {(told.kind, told.subject_id): told for told in rows}
    return list(last.values())


def _gravest_first(told: _Told) -> tuple[int, dt.datetime, int]:
    return told.severity or 0, told.due_at or _AT_LAST, told.pk


def _why_once(lines: list[_Line]) -> list[_Line]:
    """Of many that say the same reason one after the other, the last says it."""
    after = (line.why for line in lines[1:])
    return [replace(line, why="" if line.why == next_ else line.why) for line, next_ in zip_longest(lines, after)]


def _read(wanted: list[int], person: Staff) -> list[Notice]:
    rows = Notice.objects.select_related("incident__customer", "incident__category", "incident__location")
    found = rows.in_bulk(wanted)
    name_views(found.values(), person)
    name_subjects(found.values(), person)
    return [found[pk] for pk in wanted if pk in found]


def _line(notice: Notice, person: Staff) -> _Line:
    incident = notice.incident
    where = f"{incident.reference} · {incident.category} · {incident.location}" if incident else _place(notice, person)
    return _Line(
        words=sentence(notice, person),
        rows=list_of(notice, person),
        why=why(notice),
        where=where,
        url=settings.SITE_URL + reverse("notice-open", args=[notice.pk]),
    )


def _place(notice: Notice, person: Staff) -> str:
    return subject_of(notice, person).place


def _one_kind_of_many(wanted: Sequence[_Told], *, is_by_rule: bool) -> NoticeKind | None:
    """What all of them are, where the mail is about the same done to many; a digest of a day stays in its order."""
    kinds = {NoticeKind(told.kind) for told in wanted}
    if kinds == {NoticeKind.NUDGED} or (kinds == {NoticeKind.ASSIGNED} and not is_by_rule):
        return kinds.pop()
    return None


def _subject(first: str, number: int, of_many: NoticeKind | None) -> str:
    if number == 1:
        return first
    if of_many == NoticeKind.NUDGED:
        words = ngettext(
            "You are asked to see to %(number)d recovery", "You are asked to see to %(number)d recoveries", number
        )
        return words % {"number": number}
    if of_many == NoticeKind.ASSIGNED:
        words = ngettext("%(number)d recovery was given to you", "%(number)d recoveries were given to you", number)
        return words % {"number": number}
    said = ngettext("%(number)d thing is waiting for you", "%(number)d things are waiting for you", number)
    return _("%(said)s, the oldest: %(first)s") % {"said": said % {"number": number}, "first": first}
