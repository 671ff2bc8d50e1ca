"""Signing in, forgetting the password, and what strangers try."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from incidents.models import Staff
from tests.make import PASSWORD, Cast

SignIn = Callable[..., Client]
LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def no_limits_left(db: None) -> None:
    cache.clear()


def sign_in_as(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def test_the_email_signs_in_whatever_its_case(cast: Cast, client: Client) -> None:
    answer = sign_in_as(client, "DORA@Example.com")
    assert answer["Location"] == "/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil"]
)
def test_next_leads_nowhere_else(target: str, cast: Cast, client: Client) -> None:
    assert "evil" not in sign_in_as(client, cast.desk.email, next=target)["Location"]
    assert "javascript" not in client.get(LOGIN, {"next": target}).get("Location", "")


def test_next_leads_to_our_own_page(cast: Cast, client: Client) -> None:
    assert sign_in_as(client, cast.desk.email, next="/calls/")["Location"] == "/calls/"


def test_an_unknown_email_and_a_wrong_password_get_the_same_answer(cast: Cast, client: Client) -> None:
    def said(email: str) -> tuple[int, list[str]]:
        answer = sign_in_as(client, email, "wrong-password")
        return answer.status_code, [str(e) for errors in answer.context["form"].errors.values() for e in errors]

    assert said(cast.desk.email) == said("nobody@example.com")
    assert "_auth_user_id" not in client.session


def test_someone_deactivated_does_not_get_in(cast: Cast, client: Client) -> None:
    Staff.objects.filter(pk=cast.desk.pk).update(is_active=False)
    sign_in_as(client, cast.desk.email)
    assert "_auth_user_id" not in client.session


def test_guessing_is_throttled_even_with_the_right_password_at_last(cast: Cast, client: Client) -> None:
    for _try in range(6):
        sign_in_as(client, cast.desk.email, "wrong-password")
    sign_in_as(client, cast.desk.email)
    assert "_auth_user_id" not in client.session
    other = Client()
    sign_in_as(other, cast.colleague.email)
    assert "_auth_user_id" in other.session


def test_signing_in_changes_the_session_key(cast: Cast, client: Client) -> None:
    client.get(LOGIN)
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["recovery_session"] = before = session.session_key or ""
    sign_in_as(client, cast.desk.email)
    assert client.session.session_key != before


def test_nobody_signs_themselves_up(cast: Cast, client: Client) -> None:
    assert "Accounts are made by an administrator" in client.get("/accounts/signup/").content.decode()
    sent = {"email": "new@example.com", "password1": "quiet-harbour-9", "password2": "quiet-harbour-9"}
    client.post("/accounts/signup/", sent)
    assert not Staff.objects.filter(email="new@example.com").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_HOST": "localhost"},
        {"HTTP_ORIGIN": "https://evil.example"},
    ],
)
def test_the_reset_link_leads_to_our_address(
    headers: dict[str, str], cast: Cast, client: Client, settings: Settings
) -> None:
    settings.SITE_URL = "https://recovery.harbour.example"
    answer = client.post(RESET, {"email": cast.desk.email}, **headers)  # type: ignore[arg-type]
    assert answer.status_code == 302
    (sent,) = mail.outbox
    assert "https://recovery.harbour.example/accounts/password/reset/key/" in sent.body
    assert "evil.example" not in sent.body
    assert "http://localhost" not in sent.body


def test_a_claimed_host_is_400(cast: Cast, client: Client) -> None:
    assert client.post(RESET, {"email": cast.desk.email}, headers={"Host": "evil.example"}).status_code == 400
    assert not mail.outbox


def test_the_reset_page_does_not_tell_who_works_here(cast: Cast, client: Client) -> None:
    known = client.post(RESET, {"email": cast.desk.email}, follow=True)
    unknown = client.post(RESET, {"email": "nobody@example.com"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    token = re.compile(rb"[A-Za-z0-9]{64}")
    assert token.sub(b"", known.content) == token.sub(b"", unknown.content)
    assert [m.to for m in mail.outbox] == [[cast.desk.email]]


def test_the_link_works_once(cast: Cast, client: Client, settings: Settings) -> None:
    settings.SITE_URL = "http://testserver"
    client.post(RESET, {"email": cast.desk.email})
    link = next(word for word in mail.outbox[0].body.split() if word.startswith("http"))
    page = client.get(link, follow=True)
    chosen = {"password1": "brand-new-harbour", "password2": "brand-new-harbour"}
    client.post(page.redirect_chain[-1][0], chosen)
    assert sign_in_as(Client(), cast.desk.email, "brand-new-harbour").status_code == 302
    again = Client().get(link, follow=True)
    assert "This link no longer works" in again.content.decode()
