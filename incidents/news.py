"""Kinds of news, as people choose which of them may come by mail. Everything stays in the inbox."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class News(TextChoices):
    CALLS = "calls", _("Calls that are due")
    PROMISES = "promises", _("Promises that are due")
    REMEDIES = "remedies", _("What we give, and receipts")
    APOLOGIES = "apologies", _("Apologies that are due")
    HANDOVERS = "handovers", _("What is handed to me, and what somebody asks of me")
    APPROVALS = "approvals", _("Questions about money")
    CRITICAL = "critical", _("Critical mistakes")
    UNHAPPY = "unhappy", _("Customers who are still unhappy")
    VIEWS = "views", _("Views of mine that have grown, and their daily list")
    PATTERNS = "patterns", _("What happens more often, and back to basics")
    EXPORTS = "exports", _("Long lists of mine that are ready as files")
    LEARNING = "learning", _("Meetings, minutes, procedures, and what we change")


# By the kind of a notice. What is on no line stays in the inbox: it is nobody else's business.
NEWS: Mapping[str, News] = {
    "follow_up_due": News.CALLS,
    "waited_long_enough": News.CALLS,
    "promise_due": News.PROMISES,
    "receipt_missing": News.REMEDIES,
    "remedy_due": News.REMEDIES,
    "apology_due": News.APOLOGIES,
    "handover_open": News.HANDOVERS,
    "shift_ended": News.HANDOVERS,
    "assigned": News.HANDOVERS,
    "handed_back": News.HANDOVERS,
    "step_assigned": News.HANDOVERS,
    "nudged": News.HANDOVERS,
    "approval_waiting": News.APPROVALS,
    "approval_asked": News.APPROVALS,
    "approval_decided": News.APPROVALS,
    "went_ahead": News.APPROVALS,
    "critical": News.CRITICAL,
    "unhappy": News.UNHAPPY,
    "reopened_twice": News.UNHAPPY,
    "view_passed": News.VIEWS,
    "view_digest": News.VIEWS,
    "rising": News.PATTERNS,
    "basics": News.PATTERNS,
    "wants_to_talk": News.HANDOVERS,
    "export_ready": News.EXPORTS,
    "export_failed": News.EXPORTS,
    "prevention_due": News.LEARNING,
    "procedure_due": News.LEARNING,
    "meeting_soon": News.LEARNING,
    "prevention_yours": News.LEARNING,
    "prevention_held": News.LEARNING,
    "prevention_back": News.LEARNING,
    "change_elsewhere": News.LEARNING,
    "minutes": News.LEARNING,
    "procedure_new": News.LEARNING,
    "thanks_asked": News.LEARNING,
    "practice_open": News.LEARNING,
}
# Somebody asks a person: it reaches whoever is on duty at once, as what is critical does.
URGENT = frozenset({"nudged"})


def news_of(notice_kind: str) -> News | None:
    """None for what never goes by mail."""
    return NEWS.get(notice_kind)
