"""A card moved to another step: the one form its way asks for, through the same actions, refused in the same words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import Incident
from tests import make
from tests.make import Cast

SignIn = Callable[..., Client]
PART = {"HX-Request": "true"}


def at(incident: Incident, query: str = "") -> str:
    return f"/incidents/{incident.reference}/move/{query}"


def ask(client: Client, incident: Incident, to: str) -> str:
    answer = client.get(at(incident, f"?to={to}"), headers=PART)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    assert "<html" not in text
    return text


def send(client: Client, incident: Incident, to: str, do: str, **typed: Any) -> Any:
    sent = {"to": to, "do": do, "submit_key": uuid4()} | typed
    return client.post(at(incident), sent, headers=PART)


def happens(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer["HX-Trigger"])
    return found


@pytest.fixture
def client(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.manager)


@pytest.fixture
def new(cast: Cast) -> Incident:
    return make.make_incident(cast.desk, now=timezone.now())


@pytest.fixture
def said(new: Incident, cast: Cast) -> Incident:
    make.apologize(new, cast.desk, now=timezone.now())
    return make.fresh(new)


@pytest.fixture
def right(said: Incident, cast: Cast) -> Incident:
    make.give(said, cast.desk, now=timezone.now())
    return make.fresh(said)


def test_where_to_is_asked_first(client: Client, new: Incident) -> None:
    text = client.get(at(new), headers=PART).content.decode()
    assert "Move Nora Novak to" in text
    assert [f"to={stage}" in text for stage in ("apologize", "remedy", "follow_up", "closed")] == [False, *[True] * 3]


def test_without_a_script_it_is_a_page_that_leads_back(client: Client, new: Incident) -> None:
    text = client.get(at(new), headers={"Referer": "http://testserver/board/?view=mine"}).content.decode()
    assert "<html" in text
    assert "?to=remedy&amp;next=/board/%3Fview%3Dmine" in text
    sent = {"to": "remedy", "do": "apology", "submit_key": uuid4(), "channel": "phone", "next": "/board/?view=mine"}
    answer = client.post(at(new), sent)
    assert answer["Location"] == "/board/?view=mine"
    assert make.fresh(new).stage == "remedy"
    back = client.post(at(new), {"to": "apologize", "do": "go_back", "reason": "contacted_us", "next": "//evil"})
    assert back["Location"] == "/board/"


def test_to_put_it_right_records_the_apology(client: Client, new: Incident) -> None:
    assert 'name="channel"' in ask(client, new, "remedy")
    answer = send(client, new, "remedy", "apology", channel="phone", words="I am sorry.")
    assert happens(answer) == {"board": {"is_open": False}, "toast": {"text": "Apology recorded."}}
    assert make.fresh(new).stage == "remedy"
    assert new.apologies.get().words == "I am sorry."


def test_further_on_the_next_form_follows(client: Client, new: Incident) -> None:
    answer = send(client, new, "follow_up", "apology", channel="phone")
    assert happens(answer)["board"] == {"is_open": True}
    text = answer.content.decode()
    assert "It is put right, no compensation" in text
    assert "An apology alone is not a recovery." in text
    fine = send(client, new, "follow_up", "remedy", type=make.remedy_type().pk, is_delivered="on")
    assert happens(fine)["board"] == {"is_open": False}
    assert make.fresh(new).stage == "follow_up"


def test_without_a_script_too(client: Client, new: Incident) -> None:
    answer = client.post(at(new), {"to": "follow_up", "do": "apology", "submit_key": uuid4(), "channel": "phone"})
    assert answer["Location"] == at(new, "?to=follow_up")


def test_they_want_nothing(client: Client, said: Incident) -> None:
    happens(send(client, said, "follow_up", "nothing"))
    assert make.fresh(said).stage == "follow_up"


def test_what_is_on_its_way_is_said_in_words(client: Client, said: Incident, cast: Cast) -> None:
    make.give(said, cast.desk, is_delivered=False, now=timezone.now())
    text = ask(client, said, "follow_up")
    assert "Something promised has not been delivered yet." in text
    assert "no compensation" not in text


def test_to_closed_asks_how_the_call_ended(client: Client, right: Incident) -> None:
    assert "How did it end?" in ask(client, right, "closed")
    answer = send(client, right, "closed", "call", outcome="satisfied")
    assert happens(answer)["toast"] == {"text": "Recorded: Satisfied."}
    assert make.fresh(right).close_reason == "recovered"
    again = send(client, right, "closed", "call", outcome="satisfied")
    assert again.status_code == 409
    assert "Nobody needs to make this call any more." in again.content.decode()


def test_a_call_without_an_answer_leaves_it_there(client: Client, right: Incident) -> None:
    happens(send(client, right, "closed", "call", outcome="no_answer"))
    assert make.fresh(right).stage == "follow_up"


def test_from_elsewhere_the_endings_and_why_not(client: Client, new: Incident) -> None:
    text = ask(client, new, "closed")
    assert "Other endings, and why not now" in text
    early = send(client, new, "closed", "close", reason="recovered")
    assert early.status_code == 422
    assert "Nobody has apologized to the customer yet." in early.content.decode()
    answer = send(client, new, "closed", "close", reason="withdrawn", note="It was a mix-up.")
    toast = happens(answer)["toast"]
    assert toast["text"] == "Closed: Taken back by the customer."
    assert make.fresh(new).close_reason == "withdrawn"
    undone = client.post(toast["undo"], headers=PART)
    assert happens(undone)["toast"] == {"text": "Undone."}
    assert make.fresh(new).is_open


def test_an_apology_alone_is_not_a_recovery(client: Client, said: Incident) -> None:
    answer = send(client, said, "closed", "close", reason="recovered")
    assert answer.status_code == 422
    assert "An apology alone is not a recovery." in answer.content.decode()


@pytest.mark.parametrize(
    ("to", "reason", "stage"), [("apologize", "contacted_us", "apologize"), ("remedy", "second_thought", "remedy")]
)
def test_backwards_goes_back_to_the_customer(to: str, reason: str, stage: str, client: Client, right: Incident) -> None:
    text = ask(client, right, to)
    assert f'value="{reason}"' in text
    assert "not_true" not in text
    happens(send(client, right, to, "go_back", reason=reason, expected_round=1))
    fresh = make.fresh(right)
    assert (fresh.stage, fresh.round_number) == (stage, 2)


def test_somebody_was_faster(client: Client, right: Incident, cast: Cast, sign_in: SignIn) -> None:
    happens(send(sign_in(cast.desk), right, "remedy", "go_back", reason="remedy_failed", expected_round=1))
    late = send(client, right, "remedy", "go_back", reason="second_thought", expected_round=1)
    assert late.status_code == 409
    assert late["HX-Retarget"] == "#act-body"
    assert "Someone has already gone back to this customer." in late.content.decode()


@pytest.mark.parametrize(
    ("to", "do", "typed"),
    [
        ("remedy", "apology", {"channel": "smoke"}),
        ("remedy", "apology", {"channel": "phone", "submit_key": "x", "words": "So sorry, Nora."}),
        ("closed", "close", {"reason": "withdrawn"}),
        ("apologize", "go_back", {"reason": "because"}),
        ("remedy", "dance", {}),
        ("remedy", "", {}),
        ("nowhere", "apology", {}),
    ],
)
def test_bad_input_is_422_and_keeps_what_was_typed(
    to: str, do: str, typed: dict[str, str], client: Client, new: Incident
) -> None:
    answer = send(client, new, to, do, **typed)
    assert answer.status_code == 422
    assert typed.get("words", "") in answer.content.decode()
    assert make.fresh(new).stage == "apologize"


def test_sent_twice_it_is_recorded_once(client: Client, new: Incident) -> None:
    key = uuid4()
    for _ in range(2):
        send(client, new, "remedy", "apology", channel="phone", submit_key=key)
    assert new.apologies.count() == 1


def test_a_closed_one_says_so(client: Client, new: Incident, cast: Cast) -> None:
    make.close(new, cast.manager, "withdrawn", now=timezone.now())
    assert "It is closed." in ask(client, new, "remedy")
    assert "It is closed." in client.get(at(new), headers=PART).content.decode()
    assert "It stands there already." in ask(client, make.make_incident(cast.desk), "apologize")


def test_who_may(cast: Cast, sign_in: SignIn, client: Client, new: Incident, db: None) -> None:
    assert sign_in(cast.outsider).get(at(new)).status_code == 404
    assert send(sign_in(cast.outsider), new, "remedy", "apology", channel="phone").status_code == 404
    assert client.get("/incidents/R-2026-99999/move/?to=remedy").status_code == 404
    assert Client().get(at(new)).status_code == 302
    hurt = make.make_incident(cast.desk, category="safety")
    for query in ("", "?to=remedy"):
        assert sign_in(cast.desk).get(at(hurt, query)).status_code == 403
    assert sign_in(cast.colleague).get(at(hurt)).status_code == 404
    assert send(sign_in(cast.colleague), new, "closed", "close", reason="void", note="Twice").status_code == 403


def test_few_statements(client: Client, new: Incident, django_assert_max_num_queries: Any) -> None:
    for query in ("", "?to=remedy", "?to=closed"):
        client.get(at(new, query), headers=PART)
        with django_assert_max_num_queries(12):
            client.get(at(new, query), headers=PART)
