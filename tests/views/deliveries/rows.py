"""Reminders and mails in the states that the sweep leaves behind."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from django.utils import timezone

from incidents.models import Incident, Notice, Outbox, OutboxLine, Reminder, Staff

MINUTE = dt.timedelta(minutes=1)


def reminder(incident: Incident, **over: Any) -> Reminder:
    """Of a call, due a minute ago; rung 1 is the time itself."""
    due = over.pop("due_at", timezone.now() - MINUTE)
    fields: dict[str, Any] = {
        "incident": incident,
        "kind": "follow_up_due",
        "subject_id": 0,
        "occurrence": uuid4().hex,
        "target_at": due,
        "due_at": due,
        "rung": 1,
    }
    return Reminder.objects.create(**fields | over)


def dead(incident: Incident, **over: Any) -> Reminder:
    return reminder(incident, **{"state": "dead", "tries": 5, "last_error": "KeyError"} | over)


def mail(to: Staff, *notices: Notice, **over: Any) -> Outbox:
    """Waiting, due a minute ago."""
    then = over.pop("next_try_at", timezone.now() - MINUTE)
    fields: dict[str, Any] = {
        "channel": "email",
        "recipient": to,
        "dedupe_key": uuid4().hex,
        "created_at": then,
        "next_try_at": then,
    }
    row = Outbox.objects.create(**fields | over)
    for notice in notices:
        OutboxLine.objects.create(message=row, notice=notice, channel="email")
    return row
