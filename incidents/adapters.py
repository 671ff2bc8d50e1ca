"""How allauth behaves here: nobody signs themselves up, and links in mails lead to our own address."""

import smtplib
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

log = structlog.get_logger(__name__)


class ClosedSignupAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Administrators add people. Every address in a mail is made from SITE_URL, not from the request's host."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: accounts are made by an administrator."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link that a reset mail carries."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", quote(key))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of allauth's mails; its texts name our site, whatever host the request claimed.

        Raises what the mail server did wrong to whoever is signed in. Strangers see the same page
        whether the address is known or not, and an error would tell the two apart: that goes to the log.
        """
        site = SimpleNamespace(name="Recovery", domain=settings.SITE_HOST)
        try:
            super().send_mail(template_prefix, email, {**context, "current_site": site})
        except (smtplib.SMTPException, OSError) as problem:
            if self.request.user.is_authenticated:
                raise
            log.warning("account_mail_failed", mail=template_prefix, error=type(problem).__name__)
