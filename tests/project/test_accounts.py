"""Signing in: by e-mail only, nobody signs up, guessing is slowed, links lead to our own address."""

import pytest
from django.conf import settings as ours
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from tests.make import PASSWORD, Cast

LOGIN = "/accounts/login/"


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def sign_in(client: Client, email: str, password: str = PASSWORD) -> None:
    client.post(LOGIN, {"login": email, "password": password})


def test_sign_in_whatever_the_case(cast: Cast, client: Client) -> None:
    sign_in(client, cast.desk.email.upper())
    assert is_signed_in(client)


def test_an_inactive_account_stays_out(cast: Cast, client: Client) -> None:
    type(cast.desk).objects.filter(pk=cast.desk.pk).update(is_active=False)
    sign_in(client, cast.desk.email)
    assert not is_signed_in(client)


def test_guessing_locks_the_account_for_a_while(cast: Cast, client: Client) -> None:
    for _ in range(6):
        sign_in(client, cast.desk.email, "a wrong password")
    sign_in(client, cast.desk.email)
    assert not is_signed_in(client)
    sign_in(client, cast.manager.email)
    assert is_signed_in(client)


def test_nobody_signs_up(cast: Cast, client: Client) -> None:
    new = {"email": "new@example.org", "password1": "long-and-unusual-1", "password2": "long-and-unusual-1"}
    client.post("/accounts/signup/", new)
    assert not type(cast.desk).objects.filter(email="new@example.org").exists()
    assert not is_signed_in(client)


def test_a_reset_link_leads_to_our_own_address(cast: Cast, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": cast.desk.email}, headers={"host": "127.0.0.1"})
    [message] = mail.outbox
    assert f"{ours.SITE_URL}/accounts/password/reset/key/" in message.body
    assert "127.0.0.1" not in message.body
    forged = client.post("/accounts/password/reset/", {"email": cast.desk.email}, headers={"host": "evil.example"})
    assert forged.status_code == 400
    assert len(mail.outbox) == 1


def test_no_mail_to_an_address_that_nobody_here_has(cast: Cast, client: Client) -> None:
    answer = client.post("/accounts/password/reset/", {"email": "stranger@example.org"})
    assert answer.status_code == 302
    assert mail.outbox == []


def test_a_mail_server_that_is_down_is_no_error_page_and_tells_nobody_who_works_here(
    cast: Cast, client: Client, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    for address in (cast.desk.email, "stranger@example.org"):
        answer = client.post("/accounts/password/reset/", {"email": address}, follow=True)
        assert answer.status_code == 200
        assert "Ask an administrator." in answer.content.decode()


@pytest.mark.parametrize("field", ["login", "password"])
def test_a_nul_byte_is_a_wrong_entry(cast: Cast, client: Client, field: str) -> None:
    entry = {"login": cast.desk.email, "password": PASSWORD} | {field: "a\0b"}
    assert client.post(LOGIN, entry).status_code in {200, 422}
    assert not is_signed_in(client)


def test_pages_forbid_inline_code(cast: Cast, client: Client) -> None:
    policy = client.get(LOGIN).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy


def test_the_admin_sends_strangers_to_the_same_page(cast: Cast, client: Client) -> None:
    answer = client.get("/admin/login/", follow=False)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(LOGIN)


@pytest.mark.django_db
def test_nobody_changes_their_own_login(client: Client) -> None:
    assert client.get("/accounts/email/").status_code == 404
