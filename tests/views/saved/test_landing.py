"""Where somebody is after saving a view: where they saved it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client

from tests.make import Cast

SignIn = Callable[..., Client]


@pytest.mark.parametrize(
    "look", ["/board/?severity=minor", "/board/?severity=minor&as=table", "/incidents/?severity=minor"]
)
def test_saved_it_shows_where_it_was_saved(look: str, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    way = re.search(r'href="(/views/new/[^"]+)"', client.get(look).content.decode())
    assert way
    assert unescape(client.get(unescape(way[1])).context["list_url"]) == look
    sent = {"submit_key": str(uuid4()), "query": "severity=minor", "name": "Small"}
    assert client.post(unescape(way[1]), sent).headers["Location"] == look


@pytest.mark.parametrize("look", ["", "list", "//elsewhere.example"])
def test_another_look_is_the_list(look: str, cast: Cast, sign_in: SignIn) -> None:
    sent = {"submit_key": str(uuid4()), "query": "severity=minor", "name": "Small"}
    done = sign_in(cast.desk).post("/views/new/", sent, query_params={"as": look})
    assert done.headers["Location"] == "/incidents/?severity=minor"


@pytest.mark.parametrize("where", ["/incidents/", "/board/"])
def test_nobody_is_offered_to_save_what_is_on_the_bar(where: str, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    for query, is_offered in (("?overdue=1", False), ("?overdue=1&severity=major", True), ("?view=all", False)):
        assert ("Save this view" in client.get(where + query).content.decode()) is is_offered, query
