"""A story is made of a recovery that is over: names, days, places and the ending taken out, then read once more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from incidents.models import Incident, Scenario, Staff
from tests import make
from tests.make import Cast

SignIn = Callable[[Staff], Client]
TOLD = "Nora Novak stood at the Harbour Hotel on Friday at 23:00, room 1204 was given away, Dora called R-2026-00001."


def over(cast: Cast, **more: Any) -> Incident:
    fields = {"what_happened": TOLD, "place": "Room 1204"} | more
    incident = make.settle(make.make_incident(cast.desk, **fields), cast.desk)
    return make.call(incident, cast.desk)


def sent(**over: str) -> dict[str, str]:
    fields = {"title": "No bed", "story": "It stuck.", "question": "And now?", "ending": "It was oiled."}
    return fields | {"submit_key": str(uuid4())} | over


def test_the_draft_has_no_names_days_places_and_no_ending(cast: Cast, sign_in: SignIn) -> None:
    incident = over(cast)
    text = sign_in(cast.manager).get(f"/practice/new/?from={incident.reference}").content.decode()
    areas = dict(re.findall(r'<textarea name="(\w+)"[^>]*>\s*(.*?)</textarea>', text, re.DOTALL))
    for name in ("Nora", "Novak", "Harbour", "Friday", "1204", "Dora", "R-2026", cast.manager.name):
        assert name not in areas["story"] + areas["ending"]
    assert areas["story"].startswith("The customer stood at the house the other day at 23:00")
    assert "Asked afterwards: satisfied" in areas["ending"]


def test_it_is_made_and_kept_and_let_out(cast: Cast, sign_in: SignIn) -> None:
    incident, client = over(cast), sign_in(cast.manager)
    kind = str(make.category().pk)
    answer = client.post(f"/practice/new/?from={incident.reference}", sent(category=kind))
    made = Scenario.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, made.get_absolute_url())
    assert (made.incident, made.location, made.category_id) == (incident, cast.here, make.category().pk)
    url = f"{made.get_absolute_url()}change/"
    assert client.get(url).status_code == 200
    assert client.post(url, sent(story="It broke.", version="0")).status_code == 302
    late = client.post(url, sent(story="It bent.", version="0"))
    assert late.status_code == 409
    assert "It broke." in late.content.decode()
    assert "It bent." in late.content.decode()
    assert client.post(f"{made.get_absolute_url()}publish/").status_code == 302
    assert client.post(url, sent(story="It bent.", version="2")).status_code == 409


def test_what_is_missing_is_said_and_the_rest_kept(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.owner).post("/practice/new/", sent(title="", story="A long story."))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "There is a problem" in text
    assert "A long story." in text
    assert not Scenario.objects.exists()


@pytest.mark.parametrize("reference", ["R-2026-99999", "nothing"])
def test_what_is_not_there_or_not_theirs_is_404(cast: Cast, sign_in: SignIn, reference: str) -> None:
    assert sign_in(cast.manager).get(f"/practice/new/?from={reference}").status_code == 404
    elsewhere = make.make_incident(cast.outsider)
    assert sign_in(cast.manager).get(f"/practice/new/?from={elsewhere.reference}").status_code == 404


def test_of_what_is_not_over_or_for_few_there_is_none(cast: Cast, sign_in: SignIn) -> None:
    for incident in (make.make_incident(cast.desk), make.make_incident(cast.desk, category="safety")):
        answer = sign_in(cast.manager).post(f"/practice/new/?from={incident.reference}", sent())
        assert answer.status_code == 409
        assert "It stuck." in answer.content.decode()


def test_the_page_of_what_is_over_leads_here(cast: Cast, sign_in: SignIn) -> None:
    incident, open_one = over(cast), make.make_incident(cast.desk)
    for who, which, leads in (
        (cast.manager, incident, True),
        (cast.desk, incident, False),
        (cast.manager, open_one, False),
    ):
        text = sign_in(who).get(which.get_absolute_url()).content.decode()
        assert (f"/practice/new/?from={which.reference}" in text) == leads
