"""What is promised and not built says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.make import Cast

SignIn = Callable[..., Client]
OURS = ["/styleguide/"]


@pytest.mark.parametrize("address", OURS)
def test_staff_see_it(address: str, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.desk).get(address).status_code == 200


@pytest.mark.parametrize("address", OURS)
def test_a_stranger_signs_in_first(address: str, client: Client, db: None) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={address}"


def test_the_public_page_needs_no_login(client: Client, db: None) -> None:
    answer = client.get("/tell/")
    assert answer.status_code == 200
    assert "talk to our staff" in answer.content.decode()


@pytest.mark.parametrize("address", [*OURS, "/tell/"])
def test_post_is_405(address: str, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.desk).post(address).status_code == 405
