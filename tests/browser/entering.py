"""In at the side door: what is not about signing in need not fill in the form for it."""

from __future__ import annotations

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page

from incidents.models import Staff


def enter(page: Page, staff: Staff, address: str) -> None:
    """Open `address` as somebody who has signed in already."""
    session = SessionStore()
    session[SESSION_KEY] = str(staff.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    session.create()
    home = page.watched.home  # type: ignore[attr-defined]
    page.context.add_cookies([{"name": "recovery_session", "value": session.session_key or "", "url": home}])
    page.goto(address)
