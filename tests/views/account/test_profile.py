"""One's own profile."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.make import Cast

SignIn = Callable[..., Client]
GOOD = {"name": "Dora the Desk", "phone": "+1 312 555 0199", "theme": "dark"}


def test_it_changes_what_is_mine(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    answer = client.post("/profile/", GOOD, follow=True)
    text = answer.content.decode()
    assert 'data-theme="dark"' in text
    assert 'data-letter-keys="off"' in text
    cast.desk.refresh_from_db()
    assert (cast.desk.name, cast.desk.sort_name, cast.desk.theme) == ("Dora the Desk", "dora the desk", "dark")


def test_what_is_not_asked_is_not_taken(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.desk).post("/profile/", GOOD | {"role": "administrator", "email": "x@y.z", "is_superuser": "on"})
    cast.desk.refresh_from_db()
    assert (cast.desk.role, cast.desk.email, cast.desk.is_superuser) == ("front_desk", "dora@example.com", False)


def test_it_leads_to_password_and_sessions(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    text = client.get("/profile/").content.decode()
    for address in ("/accounts/password/change/", "/accounts/sessions/"):
        assert f'href="{address}"' in text
        assert client.get(address).status_code == 200


def test_bad_input_is_422_and_kept(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.desk).post("/profile/", GOOD | {"name": "", "theme": "plaid", "phone": "call me"})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert 'value="call me"' in answer.content.decode()


def test_a_stranger_signs_in_first(client: Client, db: None) -> None:
    assert client.get("/profile/")["Location"] == "/accounts/login/?next=/profile/"


def test_few_statements(cast: Cast, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client = sign_in(cast.desk)
    with django_assert_max_num_queries(4):
        client.get("/profile/")
