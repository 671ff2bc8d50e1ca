"""The catalogue's page of causes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.models import RootCause
from tests.make import Cast

SignIn = Callable[..., Client]
LIST = "/catalogue/causes/"


def names() -> list[str]:
    return list(RootCause.objects.filter(is_active=True).values_list("name", flat=True))


def test_one_is_added_moved_renamed_retired_and_brought_back(cast: Cast, sign_in: SignIn) -> None:
    client, sent = sign_in(cast.owner), {"name": "Nobody was asked", "submit_key": str(uuid4())}
    for _twice in range(2):
        assert client.post(LIST + "new/", sent)["Location"] == LIST
    cause = RootCause.objects.get(name="Nobody was asked")
    assert names()[-1] == cause.name
    client.post(f"{LIST}{cause.pk}/up/")
    assert names()[-2] == cause.name
    client.post(f"{LIST}{cause.pk}/", {"name": "Nobody asked", "was": "Nobody was asked"})
    assert names()[-2] == "Nobody asked"
    client.post(f"{LIST}{cause.pk}/retire/")
    assert "Nobody asked" not in names()
    assert "Retired" in client.get(LIST).content.decode()
    client.post(f"{LIST}{cause.pk}/restore/")
    assert "Nobody asked" in names()


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("", 422, "Fill this in."),
        ("Human error", 409, "Say what let it happen"),
        ("supplier", 409, "has this name already"),
        ("x" * 121, 422, "at most 120"),
    ],
)
def test_what_is_no_cause_or_is_there_already(cast: Cast, sign_in: SignIn, name: str, status: int, words: str) -> None:
    answer = sign_in(cast.owner).post(LIST + "new/", {"name": name, "submit_key": str(uuid4())})
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert RootCause.objects.count() == len(names())


def test_renamed_meanwhile_shows_both(cast: Cast, sign_in: SignIn) -> None:
    cause = RootCause.objects.get(key="supplier")
    client = sign_in(cast.owner)
    answer = client.post(f"{LIST}{cause.pk}/", {"name": "A carrier", "was": "Vendor"})
    assert answer.status_code == 409
    assert "A carrier" in answer.content.decode()
    assert client.post(f"{LIST}{cause.pk}/", {"name": "A carrier", "was": "Supplier"}).status_code == 302


def test_the_list_takes_few_statements(
    cast: Cast, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(cast.manager)
    with django_assert_max_num_queries(8):
        assert "Add a cause" not in client.get(LIST).content.decode()
