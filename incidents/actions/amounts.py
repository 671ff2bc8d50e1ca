"""An amount is named: held against what its namer may give without asking. The caller holds the lock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from incidents.actions.asking import answered_words, standing_request, take_back
from incidents.actions.refusals import Refused, Stale
from incidents.models import CostKind, Incident, Remedy, Staff, Verdict
from incidents.models.allowing import Judgement, judge, money_words, terms_at
from incidents.vocabulary import RemedyState

CENT = Decimal("0.01")
MOST_AT_ONCE = Decimal(9_999_999)


def checked(amount: Decimal | None) -> Decimal | None:
    """Refused unless it is money: not below nothing, two decimals at most."""
    if amount is None:
        return None
    amount = Decimal(amount)
    if not amount.is_finite() or not 0 <= amount <= MOST_AT_ONCE or amount != amount.quantize(CENT):
        raise Refused(_("That is not an amount of money."))
    return amount


def hold_against_limit(remedy: Remedy, incident: Incident, by: Staff, *, is_given: bool = False) -> Judgement:
    """What `by` may do with this amount. Refused when one with a limit gives (`is_given`) an unknown amount."""
    typical = terms_at(remedy.type, incident.location_id).typical_amount
    judged = judge(remedy, incident, by=by, typical=typical)
    is_unknown = remedy.amount is None and typical is None and remedy.type.cost_kind != CostKind.TIME
    if is_given and is_unknown and judged.limit is not None:
        raise Refused(_("Say what it comes to."))
    return judged


def name_amount_at_delivery(
    incident: Incident, remedy: Remedy, amount: Decimal | None, *, by: Staff, now: dt.datetime
) -> None:
    """What it came to in the end. Up to what it was allowed at, it is; above, Refused with the way to ask.

    A yes does not cover more than the sum it was said to: what came to less has left its room to something else.
    """
    before = remedy.amount
    if checked(amount) is not None:
        remedy.actual_amount = amount
    if before is not None and remedy.amount is not None and remedy.amount <= before:
        return
    judged = hold_against_limit(remedy, incident, by, is_given=True)
    yes = standing_request(remedy)
    allowed = yes.amount if yes is not None and yes.allows else None
    is_covered = allowed is not None and judged.amount <= allowed
    if yes is not None and is_covered and (before is None or judged.total <= yes.total):
        return
    if judged.needs_yes:
        raise Refused(_too_much(remedy, judged, None if is_covered else allowed))
    if amount is not None:
        remedy.proposed_by = by
    take_back(incident, remedy, by=by, now=now, only_waiting=False)


def _too_much(remedy: Remedy, judged: Judgement, allowed: Decimal | None) -> str:
    if allowed is not None:
        return _("Approved up to %(amount)s. Ask again for more.") % {"amount": money_words(allowed, remedy.currency)}
    return above_words(remedy, judged)


def above_words(remedy: Remedy, judged: Judgement) -> str:
    """Why this has to be asked about first."""
    if judged.is_mixed:
        return _("What was given here is in two currencies. Change the amount to ask a manager first.")
    words = {
        "total": money_words(judged.total, remedy.currency),
        "limit": money_words(judged.limit or Decimal(0), remedy.currency),
    }
    return (
        _(
            "Everything here would come to %(total)s; you may give %(limit)s without asking. "
            "Change the amount to ask a manager first."
        )
        % words
    )


def refuse_proposed(remedy: Remedy) -> None:
    """Refused while it is only proposed, saying what it waits for."""
    if remedy.state != RemedyState.PROPOSED:
        return
    last = standing_request(remedy)
    if last is not None and last.verdict == Verdict.DECLINED:
        raise Refused(_("The answer was no. Change the amount, choose something else, or ask again."))
    if last is not None:
        raise Refused(_("Nobody has answered yet whether this may be given."))
    raise Refused(_("This was only proposed. Offer it first."))


def must_be_allowed(remedy: Remedy, incident: Incident, by: Staff) -> None:
    """Refused unless what is only proposed may be offered by `by` now; then they are who named the amount."""
    if standing_request(remedy) is not None:
        refuse_proposed(remedy)
    judged = hold_against_limit(remedy, incident, by)
    if judged.needs_yes:
        raise Refused(above_words(remedy, judged))
    remedy.proposed_by = by


def must_be_fresh(remedy: Remedy, incident: Incident, expected_version: int) -> None:
    """Stale when it was changed, or its question answered, since; in the second case saying by whom and when."""
    if remedy.version == expected_version:
        return
    last = standing_request(remedy)
    answered = answered_words(last, incident) if last is not None and last.verdict else ""
    raise Stale(answered or _("Someone else changed this meanwhile."), remedy)
