"""What the tests of the job pages share: jobs in every state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone

from incidents.models import Job, Staff
from tests import make

SignIn = Callable[[Staff], Client]
NOT_ENDED = {"pending", "claimed"}


def make_job(by: Staff, state: str = "pending", **over: Any) -> Job:
    """As the sweep would have left it: half done, unless told otherwise."""
    now = timezone.now()
    fields: dict[str, Any] = {"state": state, "done": 5 if state != "pending" else 0}
    if state == "claimed":
        fields["lease_until"] = now + dt.timedelta(minutes=1)
    if state not in NOT_ENDED:
        fields |= {"finished_at": now, "started_at": now - dt.timedelta(minutes=3)}
    if state == "done":
        fields["done"] = 10
    job = make.make_job(by, now=now - dt.timedelta(minutes=5))
    Job.objects.filter(pk=job.pk).update(**fields | over)
    job.refresh_from_db()
    return job


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()
