"""Accounts: what they are called, what to know about them, and whether they are key."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event
from incidents.actions.refusals import Refused, Stale
from incidents.models import Account, Staff
from incidents.models.base import sort_key


def change_account(
    *, account_id: int, name: str, note: str, expected_version: int, by: Staff, now: dt.datetime
) -> Account:
    """Rename it, say who looks after it. Stale (409) when somebody saved in between, Refused for a name in use."""
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=account_id)
        if account.version != expected_version:
            raise Stale(_("Someone else changed this meanwhile."), account)
        if Account.objects.filter(sort_name=sort_key(name)).exclude(pk=account.pk).exists():
            raise Refused(_("Another company or group is called so already."))
        account.name, account.note = name, note
        account.version += 1
        account.save(update_fields=["name", "sort_name", "note", "version"])
        add_event(None, "account_changed", now=now, by=by, subject_id=account.pk)
        return account


def mark_key_account(*, account_id: int, is_key: bool, by: Staff, now: dt.datetime) -> Account:
    """What goes wrong for them weighs more from now on, or no longer. Saying it twice is harmless."""
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=account_id)
        if account.is_key != is_key:
            account.is_key = is_key
            account.version += 1
            account.save(update_fields=["is_key", "version"])
            add_event(None, "key_account_marked", now=now, by=by, subject_id=account.pk, is_key=is_key)
        return account
