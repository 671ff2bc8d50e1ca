"""One's own profile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

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
    with django_assert_max_num_queries(5):
        client.get("/profile/")


HOURS = {"wants_mail": "on", "reachable_from": "08:30", "reachable_until": "17:00", "reachable_days": ["0", "4"]}


def test_mail_has_its_hours(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    text = client.post("/profile/", GOOD | HOURS, follow=True).content.decode()
    cast.desk.refresh_from_db()
    assert (cast.desk.wants_mail, cast.desk.reachable_days) == (True, "1000100")
    assert [str(at) for at in (cast.desk.reachable_from, cast.desk.reachable_until)] == ["08:30:00", "17:00:00"]
    assert "Times of Chicago" in text
    assert 'value="08:30"' in text
    assert text.count('type="checkbox" name="reachable_days"') == 7
    assert text.count("checked") >= 3


def test_past_midnight_and_any_time(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    assert client.post("/profile/", GOOD | {"reachable_from": "22:00", "reachable_until": "06:00"}).status_code == 302
    assert client.post("/profile/", GOOD).status_code == 302
    cast.desk.refresh_from_db()
    assert (cast.desk.reachable_from, cast.desk.reachable_until) == (None, None)
    assert (cast.desk.wants_mail, cast.desk.reachable_days) == (False, "1111111")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reachable_from": "08:30"}, "Until when?"),
        ({"reachable_until": "17:00"}, "From when?"),
        ({"reachable_from": "08:30", "reachable_until": "08:30"}, "That is no time at all"),
        ({"reachable_from": "25:00", "reachable_until": "08:30"}, "Enter a valid time"),
        ({"reachable_days": ["7"]}, "Select a valid choice"),
    ],
)
def test_hours_that_make_no_sense(typed: dict[str, str], words: str, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.desk).post("/profile/", GOOD | typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "There is a problem" in answer.content.decode()
    cast.desk.refresh_from_db()
    assert cast.desk.reachable_from is None


def test_without_a_mail_server_it_says_so(cast: Cast, sign_in: SignIn, settings: Settings) -> None:
    settings.MAIL = "off"
    assert "No mail server is set up here yet" in sign_in(cast.desk).get("/profile/").content.decode()


def test_somebody_without_a_place(cast: Cast, sign_in: SignIn) -> None:
    cast.owner.memberships.all().delete()
    assert "Times of UTC" in sign_in(cast.owner).get("/profile/").content.decode()


def test_how_often_and_what_by_mail(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    sent = GOOD | {"wants_mail": "on", "mail_rule": "twice", "not_by_mail": ["views", "calls"]}
    text = client.post("/profile/", sent, follow=True).content.decode()
    cast.desk.refresh_from_db()
    assert (cast.desk.mail_rule, cast.desk.not_by_mail) == ("twice", ["calls", "views"])
    assert "Twice a day, at 8:00 and 16:00" in text
    assert "Critical mistakes do not wait for it." in text
    client.post("/profile/", GOOD)
    cast.desk.refresh_from_db()
    assert (cast.desk.mail_rule, cast.desk.not_by_mail) == ("gathered", [])


@pytest.mark.parametrize("typed", [{"mail_rule": "yearly"}, {"not_by_mail": ["weather"]}])
def test_rules_that_are_none(typed: dict[str, object], cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.desk).post("/profile/", GOOD | typed)
    assert answer.status_code == 422
    assert "Select a valid choice" in answer.content.decode()
