"""A system check that keeps the demo's public passwords out of production."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

DEMO_DOMAIN = "@example.com"


def no_demo_accounts(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """In production, an error when somebody with a demo address can sign in. One query; none before migrate."""
    if not settings.PRODUCTION or not databases:
        return []
    from django.db import DatabaseError

    from incidents.models import Staff

    staff = Staff.objects.filter(is_active=True, email__iendswith=DEMO_DOMAIN)
    try:
        found = staff.exists()
    except DatabaseError:  # the table is not there yet
        return []
    if not found:
        return []
    message = "This database has active demo accounts, whose passwords everybody knows."
    return [Error(message, hint="Start with an empty database, or deactivate them.", id="recovery.E001")]


def register_all() -> None:
    """Make Django's check framework know them."""
    register(no_demo_accounts, Tags.database)
