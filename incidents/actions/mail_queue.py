"""What is told by mail: which message carries a notice, and when that may leave."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from incidents.models import Incident, Job, Notice, NoticeKind, Outbox, OutboxChannel, OutboxLine, OutboxState, Staff
from incidents.models.mail_times import MOST_A_DAY, Way, leaves_at, next_mail_at, way_of_mail
from incidents.vocabulary import Severity


def not_queued(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Those that no mail carries yet."""
    return notices.exclude(pk__in=OutboxLine.objects.filter(channel=OutboxChannel.EMAIL).values("notice"))


def queue_mail(
    notice: Notice, person: Staff, incident: Incident | None, *, now: dt.datetime, job: Job | None = None
) -> None:
    """Put the notice into the mail that already waits for this person, else into a new one; of a `job` into its own.

    Nothing when no mail server is set up or they want no mail of this. A critical one leaves without the rest, together
    with others that still wait for their hours. For somebody on duty each is sent at once, whatever they chose, as is
    what somebody asks of them; all that they were given at one moment is one. The rest waits for their rule.
    """
    if settings.MAIL == "off":
        return
    is_critical = incident is not None and incident.severity == Severity.CRITICAL
    way = way_of_mail(notice.kind, person, is_critical=is_critical, now=now)
    if way is None:
        return
    message = _joined(notice, person, job, way, now=now)
    if message is None:
        message = Outbox.objects.create(
            channel=OutboxChannel.EMAIL,
            recipient=person,
            dedupe_key=f"{OutboxChannel.EMAIL}:{notice.pk}",
            is_digest=not way.is_alone,
            job=job,
            created_at=now,
            next_try_at=leaves_at(person, now, way, () if way.is_alone else recent_digests(person)),
        )
    elif way.is_alone:  # what must not wait takes the rest of its job along
        message.is_digest, message.next_try_at = False, min(message.next_try_at, leaves_at(person, now, way))
        message.save(update_fields=["is_digest", "next_try_at"])
    OutboxLine.objects.create(message=message, notice=notice, channel=OutboxChannel.EMAIL)


def _joined(notice: Notice, person: Staff, job: Job | None, way: Way, *, now: dt.datetime) -> Outbox | None:
    """The mail that carries this one, too; None when it gets one of its own."""
    if job:
        return _of_job(job, person)
    if not way.is_alone:
        return _waiting_for(person)
    if not way.is_urgent:
        return _oldest(_untried(person).filter(is_digest=False, job=None))
    return _given_with(person, now) if notice.kind == NoticeKind.ASSIGNED else None


def recent_digests(person: Staff, *, but: int = 0) -> list[dt.datetime]:
    """When the last digests reached them, or are about to; the newest first."""
    rows = Outbox.objects.filter(recipient=person, channel=OutboxChannel.EMAIL, is_digest=True).exclude(pk=but)
    gone = rows.exclude(state__in=[OutboxState.MOOT, OutboxState.FAILED]).exclude(state=OutboxState.PENDING, tries=0)
    times = gone.annotate(came=Coalesce("sent_at", "next_try_at")).order_by("-id").values_list("came", flat=True)
    return sorted(times[:MOST_A_DAY], reverse=True)


def mail_by_rule(*, person: Staff, now: dt.datetime) -> None:
    """They chose other hours, or another rule: what waits for them already goes by it."""
    waiting = _untried(person).filter(is_digest=True)
    if waiting.exists():
        waiting.update(next_try_at=next_mail_at(person, now, recent_digests(person)))


def _of_job(job: Job, person: Staff) -> Outbox | None:
    """What they are told of this long work so far; none once it has left, and the work went on after that."""
    return _untried(person).filter(job=job).select_for_update(no_key=True).order_by("id").first()


def _given_with(person: Staff, now: dt.datetime) -> Outbox | None:
    """What else was given to them at this very moment: all that somebody had who leaves is one mail, not sixty."""
    of_now = _untried(person).filter(is_digest=False, job=None, created_at=now)
    waiting = of_now.filter(notices__kind=NoticeKind.ASSIGNED)
    return Outbox.objects.filter(pk__in=waiting.values("pk")).select_for_update(no_key=True).order_by("id").first()


def _waiting_for(person: Staff) -> Outbox | None:
    """A mail to them that nobody has tried to send."""
    return _oldest(_untried(person).filter(is_digest=True, job=None))


def _untried(person: Staff) -> QuerySet[Outbox]:
    return Outbox.objects.filter(recipient=person, channel=OutboxChannel.EMAIL, state=OutboxState.PENDING, tries=0)


def _oldest(waiting: QuerySet[Outbox]) -> Outbox | None:
    """Locked, so that it cannot leave before we added ours."""
    return waiting.select_for_update(skip_locked=True, no_key=True).order_by("id").first()
