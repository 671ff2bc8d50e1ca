"""The calls page."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from incidents.actions import promises
from incidents.models import FollowUp, Incident, PromiseMade, Staff
from incidents.story import calls
from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, text_of


def due(by: Staff, name: str, *, ago: int = 3, **over: object) -> Incident:
    """An incident put right `ago` days before now: its call is due two days after that."""
    when = timezone.now() - ago * make.DAY
    incident = make.make_incident(by, now=when, customer=make.make_customer(name), **over)
    make.apologize(incident, by, now=when)
    make.give(incident, by, now=when)
    return incident


def test_late_soon_later_and_done(cast: Cast, sign_in: SignIn) -> None:
    due(cast.desk, "Lara Late", ago=3)
    due(cast.desk, "Sam Soon", ago=2, severity=3)
    due(cast.desk, "Lou Later", ago=0)
    done = due(cast.desk, "Dan Done", ago=3)
    make.call(done, cast.desk, "delighted", now=timezone.now())
    page = text_of(sign_in(cast.desk).get("/calls/"))
    order = [page.index(word) for word in ("Lara Late", "Lou Later", "Done today", "Dan Done")]
    assert order == sorted(order)
    assert "Late by" in page
    assert "tel:+13125550100" in page
    assert "The shower stayed cold all morning." in page
    assert "Sam Soon" in page


def test_mine_first_and_everyones_on_a_switch(cast: Cast, sign_in: SignIn) -> None:
    due(cast.colleague, "Cora Colleague")
    client = sign_in(cast.desk)
    assert "Cora Colleague" not in text_of(client.get("/calls/"))
    assert "Cora Colleague" in text_of(client.get("/calls/?who=everyone"))
    assert "Cora Colleague" not in text_of(sign_in(cast.outsider).get("/calls/?who=everyone"))


def test_restricted_ones_never_leak(cast: Cast, sign_in: SignIn) -> None:
    due(cast.manager, "Rita Restricted", category="safety", what_happened="A secret fall.")
    logged = due(cast.desk, "Lila Logged", category="safety", what_happened="Another secret.")
    assert logged.assignee == cast.manager
    page = text_of(sign_in(cast.desk).get("/calls/?who=everyone"))
    assert "Rita Restricted" not in page
    assert "Lila Logged" not in page
    assert "secret" not in page
    assert "Rita Restricted" in text_of(sign_in(cast.manager).get("/calls/?who=everyone"))


def test_my_call_of_a_restricted_one_shows_without_its_story(cast: Cast, sign_in: SignIn) -> None:
    incident = due(cast.manager, "Rita Restricted", category="safety", what_happened="A secret fall.")
    incident.follow_ups.planned().update(assignee=cast.colleague)
    page = text_of(sign_in(cast.colleague).get("/calls/"))
    assert "Rita Restricted" in page
    assert "A secret fall." not in page


def test_promises_and_receipts_of_mine(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    make.give(incident, cast.desk, "reimburse", what="lavaliere mic", assignee=cast.desk)
    promises.make_promise(
        incident_id=incident.pk,
        by=cast.desk,
        now=make.NOW,
        what="Clarify the clause",
        due_at=make.NOW + make.DAY,
        submit_key=uuid4(),
    )
    page = text_of(sign_in(cast.desk).get("/calls/"))
    assert "Clarify the clause" in page
    assert "Receipt awaited: lavaliere mic" in page
    assert "Clarify the clause" not in text_of(sign_in(cast.colleague).get("/calls/"))


def test_empty_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(cast.desk).get("/calls/"))
    assert "No calls to make" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, sign_in: SignIn, django_assert_max_num_queries: object, count: int
) -> None:
    people = [cast.desk, cast.colleague, cast.manager]
    for number in range(count):
        incident = due(people[number], f"Guest {number}", category=["room", "waiting", "price"][number])
        make.give(incident, cast.desk, "reimburse", what=f"thing {number}", assignee=cast.desk)
    client = sign_in(cast.desk)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert client.get("/calls/?who=everyone").status_code == 200


@pytest.mark.parametrize(("count", "pages"), [(1, [1]), (3, [3]), (26, [25, 1])])
def test_pages_hold_every_call_once_in_order(cast: Cast, sign_in: SignIn, count: int, pages: list[int]) -> None:
    made = [due(cast.desk, f"Guest {number}", ago=20) for number in range(count)]
    FollowUp.objects.update(due_at=timezone.now() - make.DAY)  # the same instant: the order is that of the numbers
    client, found, address = sign_in(cast.desk), [], "/calls/"
    for number in pages:
        answer = client.get(address)
        rows = answer.context["book"].late
        assert len(rows) == number
        assert text_of(answer).count('name="outcome" value="delighted"') == number
        found += [row.incident for row in rows]
        address = "/calls/" + answer.context["more_url"]
    assert (found, address) == (made, "/calls/")


@pytest.mark.parametrize("who", ["", "who=everyone"])
def test_more_than_a_page_goes_on(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    monkeypatch.setattr("incidents.story.calls.PAGE", 1)
    monkeypatch.setattr(calls, "_planned", {key: partial(calls._planned_of, key) for key in calls._planned})
    due(cast.desk, "Anna First", ago=5)
    due(cast.desk, "Bert Second", ago=4)
    client = sign_in(cast.desk)
    answer = client.get(f"/calls/?{who}")
    assert "Bert Second" not in text_of(answer)
    onward = answer.context["more_url"]
    assert who in onward
    page = text_of(client.get(f"/calls/{onward}"))
    assert "Bert Second" in page
    assert "Anna First" not in page


@pytest.mark.parametrize("wild", ["x", "2026|1", "|", "|x", "|0", "2026-01-01T00:00:00+00:00|99999999999999999999"])
@pytest.mark.parametrize("name", ["after", "owed_after"])
def test_a_strange_place_to_go_on_from_begins_anew(cast: Cast, sign_in: SignIn, name: str, wild: str) -> None:
    due(cast.desk, "Anna First", ago=5)
    assert sign_in(cast.desk).get("/calls/", {name: wild}).status_code == 200


def test_what_is_owed_goes_on_too(cast: Cast, sign_in: SignIn) -> None:
    """Promises outlive their recovery: those of closed ones, which nothing is due in, come last."""
    made = [make.make_incident(cast.desk, customer=make.make_customer(f"Guest {n}")) for n in range(22)]
    for incident in made:
        PromiseMade.objects.create(
            incident=incident,
            what="A letter",
            assignee=cast.desk,
            due_at=make.NOW,
            created_at=make.NOW,
            created_by=cast.desk,
            submit_key=uuid4(),
        )
    for incident in made[:12]:
        make.close(incident, cast.desk, "withdrawn")
    client, found, address = sign_in(cast.desk), [], "/calls/"
    for number in (10, 10, 2):
        answer = client.get(address)
        book = answer.context["book"]
        assert len(book.debts) == number
        found += [debt.incident for debt in book.debts]
        address = "/calls/" + answer.context["more_owed_url"]
    assert (found, address) == ([*made[12:], *made[:12]], "/calls/")


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    assert Client().get("/calls/").status_code == 302
    assert sign_in(cast.desk).post("/calls/").status_code == 405
