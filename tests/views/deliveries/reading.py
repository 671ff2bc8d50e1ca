"""The Reminders page as text, the clock process at work, an incident with no reminder yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.test import Client
from django.utils import timezone

from incidents.models import Heartbeat, Staff
from tests import make

PAGE = "/reminders/"
SECOND = dt.timedelta(seconds=1)


def page(client: Client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def beat(ago: dt.timedelta = SECOND) -> None:
    Heartbeat.objects.create(name="worker_sweep", at=timezone.now() - ago)


def fresh(by: Staff, **over: Any) -> Any:
    """An incident whose own reminders are out of the way."""
    incident = make.make_incident(by, now=timezone.now(), **over)
    incident.reminders.all().delete()
    return incident
