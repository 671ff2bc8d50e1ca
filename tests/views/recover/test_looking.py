"""Who else has an incident open, and that it changed meanwhile."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from incidents.actions import notes, presence
from incidents.models import Concern, Event, Incident, Presence
from incidents.story import looking_at
from incidents.story.looking import STILL_THERE
from tests import make
from tests.make import NOW, Cast
from tests.views.recover.rules import SignIn, hold, text_of, url

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk, now=timezone.now())


def newest(incident: Incident) -> int:
    return Event.objects.filter(incident=incident).latest("pk").pk


def look(client: Client, incident: Incident, since: int | None = None, tag: str = "") -> Any:
    since = newest(incident) if since is None else since
    return client.get(url("recover-looking", incident), {"since": since}, headers={"HX-PTag": tag} if tag else {})


def tag_of(answer: Any) -> str:
    found = re.search(r'data-poll="([^"]*)"', text_of(answer))
    assert found
    return found[1]


def note(incident: Incident, by: Any) -> None:
    notes.add_note(incident_id=incident.pk, by=by, now=timezone.now(), words="They rang again.", submit_key=uuid4())


def test_the_rules(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    hold(cast, sign_in, "recover-looking", incident, wants="get")


def test_names_the_others_and_not_oneself(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    desk = sign_in(cast.desk)
    assert "open too" not in text_of(look(desk, incident))
    look(sign_in(cast.manager), incident)
    assert "Mona has this open too." in text_of(look(desk, incident))
    look(sign_in(cast.colleague), incident)
    assert "Cole and Mona have this open too." in text_of(look(desk, incident))


def test_somebody_who_left_is_no_longer_there(cast: Cast, incident: Incident) -> None:
    presence.note_presence(incident_id=incident.pk, by=cast.manager, now=NOW)

    def others(now: dt.datetime) -> tuple[Any, ...]:
        return looking_at(incident, staff=cast.desk, since=0, now=now).others

    assert others(NOW + STILL_THERE - SECOND) == (cast.manager,)
    assert others(NOW + STILL_THERE) == ()


def test_a_clock_that_runs_behind_moves_nothing_back(cast: Cast, incident: Incident) -> None:
    for at in (NOW, NOW - SECOND):
        presence.note_presence(incident_id=incident.pk, by=cast.desk, now=at)
    assert Presence.objects.get().seen_at == NOW


def test_yesterdays_are_forgotten(cast: Cast, incident: Incident) -> None:
    presence.note_presence(incident_id=incident.pk, by=cast.desk, now=NOW - dt.timedelta(days=2))
    presence.note_presence(incident_id=incident.pk, by=cast.manager, now=NOW)
    assert presence.forget_presences(now=NOW) == 1
    assert Presence.objects.get().staff == cast.manager


def test_says_who_changed_it_since_the_page_was_opened(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    since = newest(incident)
    desk = sign_in(cast.desk)
    assert "changed something" not in text_of(look(desk, incident, since))
    note(incident, cast.manager)
    page = text_of(look(desk, incident, since))
    assert "Mona Manager changed something at" in page
    assert "Show it" in page
    assert "changed something" not in text_of(look(desk, incident))


def test_nothing_new_is_a_304(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    desk = sign_in(cast.desk)
    since, tag = newest(incident), tag_of(look(desk, incident))
    assert look(desk, incident, since, tag).status_code == 304
    look(sign_in(cast.manager), incident)
    assert look(desk, incident, since, tag).status_code == 200
    tag = tag_of(look(desk, incident, since))
    assert look(desk, incident, since, tag).status_code == 304
    note(incident, cast.manager)
    assert look(desk, incident, since, tag).status_code == 200


def test_the_page_begins_with_the_same_tag(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    desk = sign_in(cast.desk)
    page = text_of(desk.get(url("recover-show", incident)))
    found = re.search(r'id="looking"[^>]*hx-get="([^"]*)"[^>]*data-poll="([^"]*)"', page)
    assert found
    assert desk.get(found[1], headers={"HX-PTag": found[2]}).status_code == 304


@pytest.mark.parametrize("since", ["x", "-1", "9" * 19, "٣"])
def test_what_is_no_event_is_no_address(cast: Cast, sign_in: SignIn, incident: Incident, since: str) -> None:
    assert sign_in(cast.desk).get(url("recover-looking", incident), {"since": since}).status_code == 404


def test_a_restricted_one_tells_only_who_may_read_it(cast: Cast, sign_in: SignIn) -> None:
    hidden = make.make_incident(cast.desk, category="safety", now=timezone.now())
    look(sign_in(cast.manager), hidden)
    assert look(sign_in(cast.colleague), hidden).status_code == 404
    assert look(sign_in(cast.desk), hidden).status_code == 403
    Concern.objects.create(incident=hidden, staff=cast.manager)
    assert look(sign_in(cast.manager), hidden).status_code == 404


@pytest.mark.parametrize("others", [1, 3])
def test_statements(
    cast: Cast, sign_in: SignIn, incident: Incident, django_assert_num_queries: Any, others: int
) -> None:
    for person in (cast.manager, cast.colleague, cast.owner)[:others]:
        look(sign_in(person), incident)
        note(incident, person)
    desk, since = sign_in(cast.desk), newest(incident)
    look(desk, incident, since)
    with django_assert_num_queries(7):
        look(desk, incident, since)
