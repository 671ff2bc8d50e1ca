"""What is open to answer, what a story may be made of, and the library."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.models import Incident, Staff
from tests import make
from tests.make import Cast
from tests.views.practice.addresses import scenario

SignIn = Callable[[Staff], Client]


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_nothing_yet_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    assert "A manager makes one" in read(sign_in(cast.desk), "/practice/")
    assert "Make one of a recovery" in read(sign_in(cast.manager), "/practice/")
    assert "No story was told yet" in read(sign_in(cast.desk), "/practice/library/")


def test_drafts_and_what_to_make_one_of_are_for_managers(cast: Cast, sign_in: SignIn) -> None:
    scenario(cast, title="The open one")
    scenario(cast, title="The draft", published_at=None)
    make.close(make.make_incident(cast.desk, what_happened="A cold bath."), cast.manager, "withdrawn")
    make.close(
        make.make_incident(cast.desk, what_happened="A wet floor.", category="safety"), cast.manager, "withdrawn"
    )
    desk, manager = read(sign_in(cast.desk), "/practice/"), read(sign_in(cast.manager), "/practice/")
    assert "The open one" in desk
    assert not any(words in desk for words in ("The draft", "A cold bath.", "A wet floor."))
    assert "The draft" in manager
    assert "A cold bath." in manager
    assert "A wet floor." not in manager


def test_the_gravest_of_what_ended_is_proposed_first(cast: Cast, sign_in: SignIn) -> None:
    def over(words: str, severity: int, reason: str = "withdrawn") -> Incident:
        incident = make.make_incident(cast.desk, what_happened=words, severity=severity)
        make.close(incident, cast.manager, "withdrawn")
        moment = make.NOW + Incident.objects.count() * make.HOUR
        Incident.objects.filter(pk=incident.pk).update(closed_at=moment, close_reason=reason)
        return incident

    over("Mild and old.", 4)
    over("Mild and new.", 4)
    over("Grave.", 2)
    over("None at all.", 1, "void")
    scenario(cast, incident=over("Told already.", 1))
    text = read(sign_in(cast.manager), "/practice/")
    assert re.findall("(?:Mild and (?:old|new)|Grave|None at|Told al)", text) == [
        "Grave",
        "Mild and new",
        "Mild and old",
    ]


def test_the_library_stands_by_kind(cast: Cast, sign_in: SignIn) -> None:
    scenario(cast, title="The key")
    scenario(cast, title="The van", category=make.category("late"), closed_at=make.NOW)
    scenario(cast, title="Not out", published_at=None)
    client = sign_in(cast.outsider)
    text = read(client, "/practice/library/")
    assert "The key" in text
    assert "The van" in text
    assert "Not out" not in text
    assert "The key" not in read(client, "/practice/library/?category=late")


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("case", [("/practice/", 7), ("/practice/library/", 5)])
def test_however_many_it_takes_as_many_statements(
    cast: Cast,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
    case: tuple[str, int],
) -> None:
    url, statements = case
    for n, kind in enumerate(("room", "late", "waiting")[:number]):
        scenario(cast, "One.", title=f"Story {n}", category=make.category(kind))
        scenario(cast, title=f"Draft {n}", category=make.category(kind), published_at=None)
        make.close(make.make_incident(cast.desk, category=kind), cast.manager, "withdrawn")
    client = sign_in(cast.manager)
    client.get(url)
    with django_assert_num_queries(statements):
        client.get(url)
