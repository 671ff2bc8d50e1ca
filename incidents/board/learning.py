"""The page that leads to all we learn from: the next meeting, what waits, what we change. And thanks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from incidents.board.keyset import page_by
from incidents.board.meeting_list import Row, counted, meetings_of, rows_of
from incidents.models import Consent, Meeting, PreventionAction, Staff, Thanks
from incidents.models.agenda import coming
from incidents.models.base import EARLIEST
from incidents.models.prepared import find

MOST = 99
PAGE = 20


@dataclass(frozen=True)
class Hub:
    """`changes`: open ones that are theirs, of which `late` are."""

    following: list[Row]
    mine: int
    late: int
    asked: list[Thanks]


def hub(staff: Staff, *, now: dt.datetime) -> Hub:
    """Three statements."""
    rows = find(_following, staff=staff, now=now)
    due = [action.due_at for action in find(_theirs, staff=staff, now=now) if action.due_at is not None]
    return Hub(rows_of(rows, staff, now=now), len(due), sum(moment < now for moment in due), thanks_asked(staff))


def _following(staff: Staff, now: dt.datetime) -> QuerySet[Meeting]:
    return coming(counted(meetings_of(staff)), now).order_by("starts_at", "pk")[:3]


def _theirs(staff: Staff, now: dt.datetime) -> QuerySet[PreventionAction]:
    """No part of it depends on the clock."""
    return PreventionAction.objects.open().filter(assignee=staff).only("due_at")[:MOST]


def thanks_asked(staff: Staff) -> list[Thanks]:
    """Thanks to them that wait for their word. One statement."""
    return find(_asked, staff=staff, now=EARLIEST)


def _asked(staff: Staff, now: dt.datetime) -> QuerySet[Thanks]:
    """No part of it depends on the clock."""
    rows = Thanks.objects.filter(staff=staff, consent="asked").select_related("by", "location")
    return rows.order_by("-at", "-pk")[:PAGE]


@dataclass(frozen=True)
class Said:
    """Thanks as somebody reads them: `who` as it may be said, or to themselves."""

    thanks: Thanks
    who: str
    day: str
    is_theirs: bool


@dataclass(frozen=True)
class ThanksPage:
    rows: list[Said]
    newer: str
    older: str
    asked: list[Thanks]


def thanks_page(staff: Staff, *, after: str = "", before: str = "") -> ThanksPage:
    """Two statements."""
    rows = Thanks.objects.visible_to(staff).select_related("staff", "by", "location", "meeting")
    found, newer, older = page_by(rows, "at", is_down=True, size=PAGE, after=after, before=before)
    said = [_said(each, staff) for each in found if not (each.staff_id == staff.pk and each.consent == Consent.ASKED)]
    return ThanksPage(said, newer, older, thanks_asked(staff))


def _said(thanks: Thanks, staff: Staff) -> Said:
    """Whoever gave them knows to whom; the others read a name only where it may be said."""
    is_theirs = thanks.staff_id == staff.pk
    who = thanks.who
    if is_theirs:
        who = _("You")
    elif thanks.by_id == staff.pk:
        who = str(thanks.staff) if thanks.staff else thanks.name
    day = formats.date_format(thanks.at.astimezone(thanks.location.zone), "j M Y")
    return Said(thanks, who, day, is_theirs)
