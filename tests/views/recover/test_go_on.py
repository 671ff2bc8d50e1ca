"""They answered: one tap."""

from __future__ import annotations

from django.utils import timezone

from incidents.actions import waiting
from tests import make
from tests.make import DAY, HOUR, Cast
from tests.views.recover.rules import SignIn, text_of, url


def test_it_works_and_a_second_tap_changes_nothing(cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    incident = make.make_incident(cast.desk, now=now - 2 * HOUR)
    waiting.wait_for_customer(incident_id=incident.pk, by=cast.desk, now=now - HOUR, until=now + DAY)
    client = sign_in(cast.colleague)
    page = text_of(client.post(url("recover-go-on", incident), follow=True))
    assert "They answered: the clocks run again." in page
    assert "Waiting for them until" not in page
    assert "They answered us" in page
    assert client.post(url("recover-go-on", incident)).status_code == 302
    assert incident.events.filter(kind="waiting_ended").count() == 1


def test_undo_waits_again(cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    incident = make.make_incident(cast.desk, now=now - 2 * HOUR)
    waiting.wait_for_customer(incident_id=incident.pk, by=cast.desk, now=now - HOUR, until=now + DAY)
    client = sign_in(cast.desk)
    client.post(url("recover-go-on", incident))
    page = text_of(client.post(url("recover-undo-last", incident), follow=True))
    assert "Waiting for them until" in page
    assert make.fresh(incident).waiting_since == now - HOUR


def test_of_a_closed_one(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    make.close(incident, cast.desk, "withdrawn")
    assert sign_in(cast.desk).post(url("recover-go-on", incident)).status_code == 409
