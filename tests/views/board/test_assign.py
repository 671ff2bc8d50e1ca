"""Given to somebody else in two taps, and taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import Concern, Incident
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, Cast

SignIn = Callable[..., Client]
PART = {"HX-Request": "true"}


def at(incident: Incident) -> str:
    return f"/incidents/{incident.reference}/assign/"


@kept_rows
def mine(cast: Cast) -> Incident:
    return make.make_incident(cast.desk, now=timezone.now())


def give(client: Client, incident: Incident, to: int, **typed: Any) -> Any:
    return client.post(at(incident), {"to": to} | typed, headers=PART)


def happens(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer["HX-Trigger"])
    return found


def test_everybody_of_the_place_and_who_is_away(cast: Cast, sign_in: SignIn, mine: Incident) -> None:
    now = timezone.now()
    type(cast.colleague).objects.filter(pk=cast.colleague.pk).update(away_until=now + DAY)
    make.make_staff("Gone Already", cast.here, is_active=False)
    text = sign_in(cast.manager).get(at(mine), headers=PART).content.decode()
    assert "<html" not in text
    at_once = [text.index(words) for words in ("I take it", "Olga Owner", "Cole League", "away until")]
    assert at_once == sorted(at_once)
    assert "has it now" in text
    assert "Otto Outsider" not in text
    assert "Gone Already" not in text


def test_a_tap_gives_it_and_undo_takes_it_back(cast: Cast, sign_in: SignIn, mine: Incident) -> None:
    client = sign_in(cast.manager)
    done = happens(give(client, mine, cast.colleague.pk, expected_assignee=cast.desk.pk))
    assert done["board"] == {"is_open": False}
    assert done["toast"]["text"] == "Cole League has it now."
    assert make.fresh(mine).assignee == cast.colleague
    undone = happens(client.post(done["toast"]["undo"], headers=PART))
    assert undone["toast"] == {"text": "Undone."}
    assert make.fresh(mine).assignee == cast.desk
    again = client.post(done["toast"]["undo"], headers=PART)
    assert again.status_code == 409
    assert "can no longer be undone" in happens_of(again)["toast"]["text"]


def happens_of(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer["HX-Trigger"])
    return found


def test_without_a_script(cast: Cast, sign_in: SignIn, mine: Incident) -> None:
    client, board = sign_in(cast.manager), "http://testserver/board/?view=late"
    text = client.get(at(mine), headers={"Referer": board}).content.decode()
    assert "<html" in text
    assert 'name="next" value="/board/?view=late"' in text
    answer: Any = client.post(at(mine), {"to": cast.manager.pk, "next": "/board/?view=late"})
    assert answer["Location"] == "/board/?view=late"
    page = client.get("/board/").content.decode()
    assert "Mona Manager has it now." in page
    assert ">Undo</button>" in page


def test_somebody_was_faster(cast: Cast, sign_in: SignIn, mine: Incident) -> None:
    happens(give(sign_in(cast.owner), mine, cast.colleague.pk, expected_assignee=cast.desk.pk))
    late = give(sign_in(cast.manager), mine, cast.manager.pk, expected_assignee=cast.desk.pk)
    text = late.content.decode()
    assert late.status_code == 409
    assert late["HX-Retarget"] == "#act-body"
    assert "Cole League has it. You wanted to give it to Mona Manager." in text
    assert f'name="expected_assignee" value="{cast.colleague.pk}"' in text


@pytest.mark.parametrize("to", ["", "x", "0", "-1", "99999999999999999999"])
def test_bad_input_is_422(to: str, cast: Cast, sign_in: SignIn, mine: Incident) -> None:
    answer = sign_in(cast.manager).post(at(mine), {"to": to}, headers=PART)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert give(sign_in(cast.manager), mine, cast.outsider.pk).status_code == 422
    assert make.fresh(mine).assignee == cast.desk


def test_whom_it_is_about_cannot_have_it(cast: Cast, sign_in: SignIn) -> None:
    hurt = make.make_incident(cast.desk, category="safety")
    Concern.objects.create(incident=hurt, staff=cast.colleague)
    assert "Cole League" not in sign_in(cast.manager).get(at(hurt)).content.decode()
    assert give(sign_in(cast.manager), hurt, cast.colleague.pk).status_code == 422


def test_who_may(cast: Cast, sign_in: SignIn, mine: Incident) -> None:
    assert Client().get(at(mine)).status_code == 302
    assert sign_in(cast.outsider).get(at(mine)).status_code == 404
    assert give(sign_in(cast.outsider), mine, cast.outsider.pk).status_code == 404
    assert sign_in(cast.desk).get("/incidents/R-2026-99999/assign/").status_code == 404
    hurt = make.make_incident(cast.desk, category="safety")
    assert sign_in(cast.desk).get(at(hurt)).status_code == 403
    assert sign_in(cast.desk).get(f"/incidents/{mine.reference}/take-back/1/").status_code == 405
    assert sign_in(cast.outsider).post(f"/incidents/{mine.reference}/take-back/1/").status_code == 404
    assert sign_in(cast.desk).post(f"/incidents/{mine.reference}/take-back/1/").status_code == 409


def test_few_statements_however_many_people(
    cast: Cast, sign_in: SignIn, mine: Incident, django_assert_max_num_queries: Any
) -> None:
    for n in range(5):
        make.make_staff(f"P{n} Person", cast.here)
    client = sign_in(cast.manager)
    client.get(at(mine), headers=PART)
    with django_assert_max_num_queries(5):
        client.get(at(mine), headers=PART)
