"""The pages of last resort."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from incidents.views import public
from tests.make import Cast

SignIn = Callable[..., Client]


@pytest.mark.parametrize(
    "address",
    [
        "/incidents/?q=%00",
        "/incidents/?q=%ff",
        "/incidents/?q=%ed%a0%80",
        "/incidents/%00/",
        "/static/%00",
    ],
)
def test_an_address_that_is_no_text_is_400(address: str, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.desk).get(address)
    assert answer.status_code == 400
    assert "We could not read that" in answer.content.decode()


@pytest.mark.parametrize("query", ["q=%E2%82%AC", "q=100%25", "q=a+b", "q=%F0%9F%98%80"])
def test_other_text_passes(query: str, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.desk).get(f"/incidents/?{query}").status_code == 200


@pytest.mark.parametrize("address", ["/nowhere/", "/incidents/%ff/", "/incidents/%C3%A9/", "/%ed%a0%80"])
def test_an_unknown_page_is_404_in_our_words(address: str, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.desk).get(address)
    assert answer.status_code == 404
    assert "This page is not here" in answer.content.decode()


def test_a_stale_form_keeps_what_was_typed(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.desk)
    answer = client.post("/profile/", {"name": "Dora the Desk", "password1": "hidden-word"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "This was not sent" in page
    assert "Dora the Desk" in page
    assert "hidden-word" not in page


def test_our_fault_is_500_and_a_database_away_503() -> None:
    request = RequestFactory().post("/profile/", {"name": "Dora"})
    assert public.server_error(request).status_code == 500
    try:
        raise OperationalError("gone")  # noqa: TRY301 - the handler looks at the error under way
    except OperationalError:
        answer = public.server_error(request)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "Dora" in answer.content.decode()
