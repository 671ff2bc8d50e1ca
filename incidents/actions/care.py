""" "That was a hard one. How are you?" Asked in the inbox and nowhere else: no event, no mail, no word to others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.refusals import NotYours, Refused
from incidents.models import (
    CareAnswer,
    CareReason,
    CheckIn,
    Incident,
    Membership,
    Notice,
    NoticeKind,
    Staff,
)
from incidents.models.care import who_may_know
from incidents.vocabulary import NOT_AN_INCIDENT, CloseReason, Severity

GRAVE = frozenset({Severity.CRITICAL, Severity.MAJOR})


def ask_after(*, incident: Incident, why: CloseReason, now: dt.datetime) -> None:
    """It has ended and was grave: whoever has it and whoever logged it are asked how they are, each once.

    In the caller's transaction. Nothing is asked of the database when it was not grave.
    """
    if incident.severity not in GRAVE or why in NOT_AN_INCIDENT:
        return
    people = {person.pk: person for person in (incident.assignee, incident.logged_by)}.values()
    _ask(incident, people, CareReason.GRAVE, by=None, now=now)


def think_of(*, incident_id: int, to: Staff, by: Staff, now: dt.datetime) -> None:
    """A manager asks after somebody. They do not learn whether it was asked before, nor whether it is welcome."""
    if not by.is_manager:
        raise NotYours(_("A manager may think of somebody."))
    incident = Incident.objects.get(pk=incident_id)
    if not _belongs(to, incident) or not who_may_know(incident, [to]):
        raise Refused(_("They may not know of this one, so it cannot be asked."))
    with transaction.atomic():
        _ask(incident, [to], CareReason.ASKED, by=by, now=now)


def note_abuse(*, incident_id: int, by: Staff, now: dt.datetime) -> CheckIn:
    """Somebody was abusive to `by`: for themselves alone. What they answered before stays."""
    asked: dict[str, Any] = {"reason": CareReason.ABUSE, "asked_at": now}
    return CheckIn.objects.get_or_create(incident_id=incident_id, staff=by, defaults=asked)[0]


def answer_check_in(
    *, check_in_id: int, answer: str, by: Staff, now: dt.datetime, talk_to: Staff | None = None
) -> None:
    """What they say themselves; the last answer counts. Whom they would like to talk to is told that, and no more."""
    if answer not in CareAnswer.values:
        raise Refused(_("Choose one of the answers."))
    with transaction.atomic():
        check_in = (
            CheckIn.objects.own(by).select_for_update(of=("self",)).select_related("incident").get(pk=check_in_id)
        )
        listener = talk_to if answer == CareAnswer.TALK else None
        if answer == CareAnswer.TALK:
            _may_listen(listener, check_in)
        if check_in.talk_to_id and (listener is None or check_in.talk_to_id != listener.pk):
            _wants_to_talk(check_in).filter(recipient=check_in.talk_to_id).delete()
        check_in.answer, check_in.answered_at, check_in.talk_to = answer, now, listener
        check_in.save(update_fields=["answer", "answered_at", "talk_to"])
        asked = Notice.objects.filter(kind=NoticeKind.CHECK_IN, subject_id=check_in.pk, recipient=by)
        asked.filter(read_at__isnull=True).update(read_at=now)
        if listener is not None:
            _tell(NoticeKind.WANTS_TO_TALK, [(check_in, listener)], now)


def set_check_ins(*, staff: Staff, wants: bool) -> None:
    """Whether they want to be asked at all."""
    staff.wants_check_ins = wants
    staff.save(update_fields=["wants_check_ins"])


def _may_listen(listener: Staff | None, check_in: CheckIn) -> None:
    if listener is None:
        raise Refused(_("Choose whom you would like to talk to."))
    is_somebody_else = listener.is_active and listener.pk != check_in.staff_id
    if not is_somebody_else or not _belongs(listener, check_in.incident):
        raise Refused(_("They do not work here. Choose somebody else."))
    if not who_may_know(check_in.incident, [listener]):
        raise Refused(_("They may not know of this one. Choose somebody else."))


def _belongs(person: Staff, incident: Incident) -> bool:
    if not person.is_active:
        return False
    return person.sees_all or Membership.objects.filter(staff=person, location=incident.location_id).exists()


def _ask(
    incident: Incident, people: Iterable[Staff], reason: CareReason, *, by: Staff | None, now: dt.datetime
) -> None:
    """Once per person and incident, only those who want to be asked and may know of it."""
    willing = [person for person in people if person.wants_check_ins and _belongs(person, incident)]
    willing = who_may_know(incident, willing)
    CheckIn.objects.bulk_create(
        [CheckIn(incident=incident, staff=p, reason=reason, asked_by=by, asked_at=now) for p in willing],
        ignore_conflicts=True,
    )
    unanswered = CheckIn.objects.filter(incident=incident, staff__in=willing, answered_at__isnull=True)
    _tell(NoticeKind.CHECK_IN, [(each, each.staff) for each in unanswered.select_related("staff")], now)


def _tell(kind: NoticeKind, whom: Iterable[tuple[CheckIn, Staff]], now: dt.datetime) -> None:
    """A line in the inbox, and no mail: `notify()` would queue one."""
    told = [
        Notice(
            recipient=person,
            incident_id=check_in.incident_id,
            kind=kind,
            subject_id=check_in.pk,
            occurrence="1",
            at=now,
        )
        for check_in, person in whom
    ]
    Notice.objects.bulk_create(told, ignore_conflicts=True)


def _wants_to_talk(check_in: CheckIn) -> Any:
    return Notice.objects.filter(kind=NoticeKind.WANTS_TO_TALK, subject_id=check_in.pk)
