"""What raises how bad it is: by one level, once in all, never to critical; and takes that back with its cause.

The caller holds the lock and advances, so that the clocks follow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from incidents.actions.advance import add_event, is_being_logged
from incidents.actions.notify import managers_of, notify
from incidents.actions.review import ask_when_wanted
from incidents.models import Incident, NoticeKind, NoticeReason, Staff
from incidents.vocabulary import Raised, Severity

# It happened again when they told us of it so long ago at most.
AGAIN_WITHIN = dt.timedelta(days=90)
_OF_FACTS: dict[str, tuple[Raised, ...]] = {
    "is_first_order": (Raised.FIRST_ORDER,),
    "customer": (Raised.KEY_ACCOUNT,),
    "category": (Raised.SECOND_FAILURE,),
    "repeat_of": (Raised.REPEAT,),
}


def rules_met(incident: Incident) -> list[Raised]:
    """Every rule that what is known of it meets, the first one first. Up to three queries, for links not at hand."""
    asked = {
        Raised.FIRST_ORDER: incident.is_first_order,
        Raised.KEY_ACCOUNT: _is_of_a_key_account(incident),
        Raised.SECOND_FAILURE: incident.is_second_failure,
        Raised.REPEAT: _is_again(incident),
    }
    return [rule for rule, is_met in asked.items() if is_met]


def _is_of_a_key_account(incident: Incident) -> bool:
    account = incident.customer.account if incident.customer else None
    return account is not None and account.is_key


def _is_again(incident: Incident) -> bool:
    first = incident.repeat_of
    return first is not None and incident.reported_at - first.reported_at <= AGAIN_WITHIN


def raise_by_rules(incident: Incident, *, by: Staff | None, now: dt.datetime) -> bool:
    """By the first rule that is met. False when none is, or it is bad enough already."""
    return any(raise_severity(incident, rule, by=by, now=now) for rule in rules_met(incident)[:1])


def raise_severity(incident: Incident, rule: Raised, *, by: Staff | None, now: dt.datetime) -> bool:
    """One level up because of `rule`. False when something raised it before, or it is major or worse."""
    if incident.raised_by or incident.severity <= Severity.MAJOR or _was_raised(incident):
        return False
    _set(incident, Severity(incident.severity - 1), "severity_raised", rule, by=by, now=now)
    return True


def lower_again(incident: Incident, rule: Raised, *, by: Staff | None, now: dt.datetime) -> bool:
    """What raised it is no longer so. False when something else had raised it, or somebody chose a level since."""
    if incident.raised_by != rule:
        return False
    _set(incident, Severity(incident.severity + 1), "severity_lowered", rule, by=by, now=now)
    return True


def follow_facts(incident: Incident, changed: Iterable[str], *, by: Staff | None, now: dt.datetime) -> bool:
    """After the facts were corrected: what raised it may be gone, and something else may raise it.

    A level that somebody chose in the same breath stands. True when the level has changed.
    """
    if "severity" in changed:
        if incident.raised_by:
            incident.raised_by = ""
            incident.save(update_fields=["raised_by"])
        return False
    asked = [rule for name in changed for rule in _OF_FACTS.get(name, ())]
    if not asked or not incident.is_open:
        return False
    met = rules_met(incident)
    is_lower = any(lower_again(incident, rule, by=by, now=now) for rule in asked if rule not in met)
    is_higher = any(raise_severity(incident, rule, by=by, now=now) for rule in met if rule in asked or is_lower)
    return is_lower or is_higher


def tell_of_critical(incident: Incident, *, by: Staff, now: dt.datetime) -> None:
    """The managers, at once, and each time somebody finds it so: they apologize too."""
    notify(
        kind=NoticeKind.CRITICAL,
        incident=incident,
        recipients=[m for m in managers_of(incident) if m != by],
        subject_id=incident.pk,
        occurrence=str(incident.version or 1),
        now=now,
        reason=NoticeReason.MANAGER,
    )


def _was_raised(incident: Incident) -> bool:
    """Before, and not taken back since; then somebody chose the level it has now."""
    if is_being_logged(incident):
        return False
    kinds = ["severity_raised", "severity_lowered"]
    last = incident.events.filter(kind__in=kinds).order_by("-id").values_list("kind", flat=True).first()
    return last == "severity_raised"


def _set(incident: Incident, to: Severity, kind: str, rule: Raised, *, by: Staff | None, now: dt.datetime) -> None:
    before, incident.severity = incident.severity, to
    incident.raised_by = rule if to < before else ""
    incident.version += 1
    add_event(incident, kind, now=now, by=by, rule=rule.value, from_=before, to=to.value)
    ask_when_wanted(incident, by=by, now=now)
    if not is_being_logged(incident):
        incident.save(update_fields=["severity", "raised_by", "version", "review_state"])
