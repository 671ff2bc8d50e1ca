"""How an incident ends when a person says so: each ending with its own conditions, role and words."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from incidents import access
from incidents.actions.advance import end, locked
from incidents.actions.planning import SILENT_FOR
from incidents.actions.prevention.ending import in_turn, settle_changes
from incidents.actions.refusals import NotYours, Refused
from incidents.models import Attempt, FollowUp, Incident, Staff
from incidents.targets import TRIES, TRYING_FOR, WAYS
from incidents.vocabulary import CHOSEN_ENDINGS, NOT_AN_INCIDENT, CloseReason, Outcome, Severity
from incidents.workflow import Gate, missing

# How long whoever logged an incident may take it back themselves.
UNDO_FOR = dt.timedelta(minutes=5)
NOT_REACHED = frozenset({Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.WRONG_NUMBER})
_A_MANAGER_ENDS = frozenset({CloseReason.CONTENT_TO_LEAVE, CloseReason.UNREACHABLE, CloseReason.UNRESOLVED})
_WHOEVER_HAS_IT_ENDS = frozenset({CloseReason.WITHDRAWN, CloseReason.NO_CONTACT_WANTED, CloseReason.NO_ANSWER})

Words = LazyText | str


@dataclass(frozen=True)
class Known:
    """What the conditions ask about: every attempt, oldest first, and how the last answered call ended."""

    attempts: tuple[Attempt, ...]
    began_at: dt.datetime  # this round
    last_answer: str
    has_contact: bool
    gates: tuple[Gate, ...]

    @property
    def tries(self) -> list[Attempt]:
        """Since this round began and since we last reached them."""
        found: list[Attempt] = []
        for attempt in self.attempts:
            if attempt.at >= self.began_at:
                found = [*found, attempt] if attempt.outcome in NOT_REACHED else []
        return found

    @property
    def refused_contact(self) -> bool:
        return any(a.outcome == Outcome.DO_NOT_CONTACT and a.at >= self.began_at for a in self.attempts)


def last_answer_of(calls: list[FollowUp]) -> str:
    """The outcome that counted when they were last asked, in any round."""
    answered = [(call.answered_at, call.pk, call.outcome) for call in calls if call.answered_at]
    return max(answered)[2] if answered else ""


def has_contact(incident: Incident) -> bool:
    """Whether there is a number or address that nobody found to be wrong. One query."""
    customer = incident.customer
    return customer is not None and customer.contact_points.filter(wrong_since__isnull=True).exists()


def known_of(incident: Incident) -> Known:
    """Read from the database: six queries. A page that has the rows already makes its own."""
    round_ = incident.current_round()
    return Known(
        attempts=tuple(Attempt.objects.filter(follow_up__incident=incident).order_by("at", "id")),
        began_at=round_.started_at,
        last_answer=last_answer_of(list(incident.follow_ups.all())),
        has_contact=has_contact(incident),
        gates=missing(round_.facts(incident.finding)),
    )


def endings_open_to(
    incident: Incident, *, by: Staff, now: dt.datetime, known: Known | None = None
) -> dict[CloseReason, Words | None]:
    """For each ending None (this person may choose it now) or the words why not.

    What is typed with it (the reason, the twin, "we told them") is asked when it is chosen.
    """
    known = known or known_of(incident)
    found: dict[CloseReason, Words | None] = {
        CloseReason.RECOVERED: known.gates[0].words if known.gates else None,
    }
    for why in CHOSEN_ENDINGS:
        refusal = _role(incident, why, by) or _condition(incident, why, known, now)
        found[why] = refusal.words if refusal else None
    return found


def close_incident(
    *,
    incident_id: int,
    reason: str,
    by: Staff,
    now: dt.datetime,
    note: str = "",
    duplicate_of: Incident | None = None,
    is_told: bool = False,
) -> Incident:
    """End the incident for a reason a person gives.

    *Recovered* raises StepRefused with everything still missing; the others ask for a note
    and raise NotYours or Refused, in words. `is_told`: they know our final position.
    """
    if reason not in CloseReason.values:
        raise Refused(_("Choose how it ended."))
    why = CloseReason(reason)
    twin = duplicate_of if why == CloseReason.DUPLICATE else None
    with in_turn(incident_id, twin.pk) if twin else nullcontext(), locked(incident_id) as incident:
        if why != CloseReason.RECOVERED:
            _may_end(incident, why, by=by, now=now, note=note, twin=duplicate_of, is_told=is_told)
        incident.duplicate_of = twin
        end(incident, incident.current_round(), reason=why, now=now, by=by, note=note)
        if why in NOT_AN_INCIDENT:
            settle_changes(incident, by=by, now=now)
        return incident


def _may_end(
    incident: Incident,
    why: CloseReason,
    *,
    by: Staff,
    now: dt.datetime,
    note: str,
    twin: Incident | None,
    is_told: bool,
) -> None:
    if refusal := _role(incident, why, by):
        raise refusal
    if not note.strip():
        raise Refused(_("Say why, in a few words."))
    if refusal := _condition(incident, why, known_of(incident), now):
        raise refusal
    if why == CloseReason.UNRESOLVED and not is_told:
        raise Refused(_("Tell the customer our final position first, and say here that you did."))
    if why == CloseReason.DUPLICATE and (twin is None or twin.pk == incident.pk):
        raise Refused(_("Name the incident that this one repeats."))


def _role(incident: Incident, why: CloseReason, by: Staff) -> Refused | None:
    if why in NOT_AN_INCIDENT and not access.can_void(by, incident):
        return NotYours(_("A manager takes an incident out of the list."))
    if why in _A_MANAGER_ENDS and not access.can_give_up(by, incident):
        return NotYours(_("A manager closes it this way."))
    if why in _WHOEVER_HAS_IT_ENDS and not access.can_withdraw(by, incident):
        return NotYours(_("The person who has this incident, or a manager, closes it."))
    return None


def _condition(incident: Incident, why: CloseReason, known: Known, now: dt.datetime) -> Refused | None:
    words: Words | None = None
    if why == CloseReason.CONTENT_TO_LEAVE and known.last_answer != Outcome.NEUTRAL:
        words = _("For a customer who said “so-so” when last asked, and wants to leave it there.")
    elif why == CloseReason.UNREACHABLE:
        words = _still_reachable(known, now)
    elif why == CloseReason.NO_CONTACT_KNOWN and known.has_contact:
        words = _("We know how to reach this customer, so the call is still due.")
    elif why == CloseReason.NO_CONTACT_WANTED and not _wants_no_contact(incident, known):
        words = _("The customer has not said that they want no contact. Record it at the call.")
    elif why == CloseReason.NO_ANSWER:
        words = _may_still_answer(incident, known, now)
    return Refused(words) if words else None


def _wants_no_contact(incident: Incident, known: Known) -> bool:
    said_before = incident.customer is not None and incident.customer.no_contact_since is not None
    return said_before or known.refused_contact


def _still_reachable(known: Known, now: dt.datetime) -> Words | None:
    tries = known.tries
    if len(tries) < TRIES:
        return ngettext_lazy(
            "Try three times before giving up: %(tries)d try so far.",
            "Try three times before giving up: %(tries)d tries so far.",
            len(tries),
        ) % {"tries": len(tries)}
    if len({attempt.channel for attempt in tries}) < WAYS:
        return _("Try another way too: so far it was always the same one.")
    if now - tries[0].at < TRYING_FOR:
        return _("Keep trying for three days from the first try.")
    if not any(attempt.outcome == Outcome.VOICEMAIL for attempt in tries):
        return _("Leave them a message first.")
    return None


def _may_still_answer(incident: Incident, known: Known, now: dt.datetime) -> Words | None:
    if incident.severity != Severity.MINOR:
        return _("Only for something minor. This one needs an answer.")
    messages = [attempt.at for attempt in known.tries if attempt.outcome == Outcome.VOICEMAIL]
    if not messages:
        return _("Leave them a message first.")
    if now - messages[0] < SILENT_FOR:
        return _("Give them seven days to answer the message.")
    return None


def undo_log(*, incident_id: int, by: Staff, now: dt.datetime) -> Incident:
    """Take back an incident just logged: void, with the note *undone*."""
    with locked(incident_id) as incident:
        if incident.logged_by_id != by.pk or now - incident.created_at > UNDO_FOR:
            raise NotYours(_("Undo works for five minutes, for whoever logged it."))
        end(
            incident,
            incident.current_round(),
            reason=CloseReason.VOID,
            now=now,
            by=by,
            note="undone",
        )
        settle_changes(incident, by=by, now=now)
        return incident
