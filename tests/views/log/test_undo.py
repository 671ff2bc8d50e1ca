"""Take back what was just logged."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from incidents.models import Incident
from tests import make


def url(incident: Incident) -> str:
    return f"/incidents/{incident.reference}/undo/"


def test_taken_back(cast: make.Cast, sign_in: Any) -> None:
    incident = make.make_incident(cast.desk, now=timezone.now())
    answer = sign_in(cast.desk).post(url(incident), follow=True)
    incident.refresh_from_db()
    assert incident.close_reason == "void"
    assert f"Taken back: {incident.reference}" in answer.content.decode()


def test_twice_is_said_not_done(cast: make.Cast, sign_in: Any) -> None:
    incident, client = make.make_incident(cast.desk, now=timezone.now()), sign_in(cast.desk)
    client.post(url(incident))
    assert client.post(url(incident)).status_code == 409


def test_only_for_whoever_logged_it_and_not_for_long(cast: make.Cast, sign_in: Any) -> None:
    fresh = make.make_incident(cast.desk, now=timezone.now())
    old = make.make_incident(cast.desk, now=timezone.now() - dt.timedelta(minutes=6))
    assert sign_in(cast.colleague).post(url(fresh)).status_code == 403
    assert sign_in(cast.desk).post(url(old)).status_code == 403
    assert Incident.objects.open().count() == 2


def test_a_stranger_and_a_bad_reference_get_404(cast: make.Cast, sign_in: Any) -> None:
    incident = make.make_incident(cast.desk, now=timezone.now())
    assert sign_in(cast.outsider).post(url(incident)).status_code == 404
    assert sign_in(cast.desk).post("/incidents/R-1999-99999/undo/").status_code == 404


def test_get_is_405(cast: make.Cast, sign_in: Any) -> None:
    incident = make.make_incident(cast.desk)
    assert sign_in(cast.desk).get(url(incident)).status_code == 405
