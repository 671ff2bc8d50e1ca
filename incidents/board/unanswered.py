"""Minor mistakes that were put right and whose message nobody answered: what may be closed together."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from incidents.models import Attempt, Incident, Round, Staff
from incidents.models.incident import IncidentQuerySet
from incidents.vocabulary import Outcome, Severity, Stage

MOST = 50
# What leaves a message unanswered.
NOT_REACHED = (Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.WRONG_NUMBER)


def unanswered(staff: Staff, before: dt.datetime) -> list[Any]:
    """Each with `message_at`, the first message since the round began and since they were reached; oldest first.

    `before`: so long ago it was left. Of a desk their own, of a manager all of their places. One query, and a
    proposal: the action looks again.
    """
    page = unanswered_among(Incident.objects.visible_to(staff), staff, before).order_by("message_at", "id")
    return list(page.select_related("customer__account", "category", "location", "assignee")[:MOST])


def unanswered_among(incidents: IncidentQuerySet, staff: Staff, before: dt.datetime) -> IncidentQuerySet:
    """Those of `incidents`, each with its `message_at`."""
    found = incidents.open().filter(severity=Severity.MINOR, stage=Stage.FOLLOW_UP)
    mine = found if staff.is_manager else found.filter(assignee=staff)
    began = Round.objects.filter(incident=OuterRef("pk"), number=OuterRef("round_number")).values("started_at")
    told = mine.annotate(began_at=Subquery(began[:1])).annotate(message_at=Subquery(_messages().values("at")[:1]))
    return told.filter(message_at__lte=before)


def _messages() -> QuerySet[Attempt]:
    """Oldest first, of the incident around it: none that came before they were reached."""
    of_incident = Attempt.objects.filter(follow_up__incident=OuterRef("pk"), at__gte=OuterRef("began_at"))
    later = Attempt.objects.filter(follow_up__incident=OuterRef("follow_up__incident"), at__gt=OuterRef("at"))
    reached = later.filter(~Q(outcome__in=NOT_REACHED))
    left = of_incident.filter(~Exists(reached), outcome=Outcome.VOICEMAIL)
    return left.order_by(F("at").asc(), "id")
