"""Undo, offered with the message and on the page, for a minute."""

from __future__ import annotations

import datetime as dt
import re

from django.utils import timezone

from incidents.models import Incident
from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


def offered(page: str, incident: Incident) -> list[str]:
    """The events that the page offers to undo: in the message, and in the panel of acts."""
    there = re.escape(url("recover-undo-last", incident))
    return re.findall(rf'action="{there}".*?name="event" value="(\d+)"', page, re.DOTALL)


def test_handed_over_by_mistake(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    client = sign_in(cast.desk)
    page = text_of(client.post(url("recover-hand-over", incident), {"to": cast.colleague.pk}, follow=True))
    event = incident.events.latest("id")
    assert [int(number) for number in offered(page, incident)] == [event.pk, event.pk]
    page = text_of(client.post(url("recover-undo-last", incident), {"event": event.pk}, follow=True))
    assert "Undone." in page
    assert "it was not handed over" in page
    assert offered(page, incident) == []
    incident.refresh_from_db()
    assert incident.assignee == cast.desk


def test_nobody_else_is_offered_it(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    sign_in(cast.desk).post(url("recover-close", incident), {"reason": "withdrawn", "note": "x"})
    client = sign_in(cast.manager)
    assert offered(text_of(client.get(incident.get_absolute_url())), incident) == []
    answer = client.post(url("recover-undo-last", incident))
    assert answer.status_code == 409
    assert "This can no longer be undone" in text_of(answer)


def test_not_after_a_minute(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    make.close(incident, cast.desk, "withdrawn", now=timezone.now() - dt.timedelta(seconds=61))
    client = sign_in(cast.desk)
    assert offered(text_of(client.get(incident.get_absolute_url())), incident) == []
    assert client.post(url("recover-undo-last", incident)).status_code == 409


def test_another_act_is_not_undone_in_its_place(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    make.close(incident, cast.desk, "withdrawn", now=timezone.now())
    client, event = sign_in(cast.desk), incident.events.latest("id")
    assert client.post(url("recover-undo-last", incident), {"event": event.pk - 1}).status_code == 409
    assert client.post(url("recover-undo-last", incident), {"event": "nonsense"}).status_code == 422
    assert client.post(url("recover-undo-last", incident), {"event": event.pk}).status_code == 302
    incident.refresh_from_db()
    assert incident.is_open


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    hold(cast, sign_in, "recover-undo-last", make.make_incident(cast.desk))
    restricted = make.make_incident(cast.desk, category="safety")
    assert sign_in(cast.desk).post(url("recover-undo-last", restricted)).status_code == 403
