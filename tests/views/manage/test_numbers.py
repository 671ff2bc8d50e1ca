"""The numbers over the list while words are looked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.board import register
from tests import make
from tests.make import Cast

SignIn = Callable[..., Client]
LIST = "/incidents/"


@pytest.mark.parametrize("address", [LIST, "/board/"])
def test_numbers_are_of_what_the_name_of_a_customer_finds(address: str, cast: Cast, sign_in: SignIn) -> None:
    guest = make.make_customer("Gabriela Hartley")
    make.make_incident(cast.desk, customer=guest)
    make.close(make.make_incident(cast.desk, customer=guest), cast.desk, "withdrawn")
    make.make_incident(cast.desk)
    tabs = sign_in(cast.desk).get(f"{address}?q=hartley").context["tabs"]
    assert {tab["label"]: tab["count"] for tab in tabs if tab["label"] in ("All", "Closed")} in (
        {"All": 1, "Closed": 1},
        {"All": 1},
    )


@pytest.mark.parametrize("size", [1, 2, 3])
def test_words_are_not_looked_for_again_to_count_what_the_page_shows(
    size: int, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "PAGE", size)
    for _number in range(2):
        make.make_incident(cast.desk)
    make.close(make.make_incident(cast.desk), cast.desk, "withdrawn")
    client = sign_in(cast.desk)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(LIST + "?q=shower")
    assert len(asked) <= 8
    assert {tab["label"]: tab["count"] for tab in answer.context["tabs"] if tab["url"].count("q=")} == {
        "All": 2,
        "Closed": 1,
    }
    # Once for rows and numbers, however many there are.
    assert sum(each["sql"].count('what_happened" ILIKE') for each in asked) == 1
    if size == 1:
        rest = client.get(LIST + answer.context["older_url"])
        assert [tab["count"] for tab in rest.context["tabs"] if tab["label"] == "All"] == [2]


@pytest.mark.parametrize("filtered", ["", "&severity=moderate", "&stage=apologize&source=customer"])
def test_the_board_counts_what_was_chosen_once(filtered: str, cast: Cast, sign_in: SignIn) -> None:
    for _number in range(3):
        make.make_incident(cast.desk, severity=3)
    make.make_incident(cast.desk, severity=2)
    client = sign_in(cast.desk)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/board/?view=all{filtered}")
    shown = sum(len(one["part"].cards) for each in answer.context["columns"] for one in each["parts"])
    assert [tab["count"] for tab in answer.context["tabs"] if tab["current"]] == [shown]
    counts = [each["sql"] for each in asked if '"counts"' in each["sql"]]
    assert len(counts) == 1
    assert '"severity" =' not in counts[0], "the views of the bar, and nothing of the filter"
    assert counts[0].count('"counts"') == 3
