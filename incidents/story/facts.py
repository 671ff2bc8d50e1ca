"""What is known, as a list of label and value; and what the recovery cost so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from incidents import access
from incidents.models import Incident, Staff
from incidents.models.values import WORDS_USED, date_words, described, duration_words
from incidents.story.gather import Rows
from incidents.story.words import day_and_time, money
from incidents.vocabulary import Finding, RemedyState, Source


@dataclass(frozen=True)
class Fact:
    """`is_private`: shown to those who may read the private words."""

    label: str
    value: str
    note: str = ""
    is_private: bool = False


def lag_days(incident: Incident) -> int:
    """Whole days (the location's) between its happening and our hearing of it."""
    zone = incident.location.zone
    happened = incident.occurred_on or (incident.occurred_at.astimezone(zone).date() if incident.occurred_at else None)
    if happened is None:
        return 0
    return max(0, (incident.reported_at.astimezone(zone).date() - happened).days)


def lag_words(incident: Incident) -> str:
    """ "3 days later, the customer found it first"."""
    if not (days := lag_days(incident)):
        return ""
    later = ngettext("%(days)d day later", "%(days)d days later", days) % {"days": days}
    if incident.source in (Source.CUSTOMER, Source.FORM):
        return _("%(later)s, customer found it first") % {"later": later}
    return later


def _happened(incident: Incident) -> str:
    zone = incident.location.zone
    if incident.occurred_at:
        return day_and_time(incident.occurred_at, zone)
    return date_words(incident.occurred_on, _("D j M"), get_language()) if incident.occurred_on else ""


def given(rows: Rows) -> Decimal:
    """What the customer has got so far, all rounds, in the location's currency."""
    done = (r for r in rows.remedies if r.state == RemedyState.DELIVERED)
    amounts = (r.actual_amount if r.actual_amount is not None else r.estimated_amount for r in done)
    return sum((amount for amount in amounts if amount), Decimal(0))


def minutes_spent(rows: Rows) -> int:
    return sum(r.minutes or 0 for r in rows.remedies)


def facts(incident: Incident, rows: Rows, *, staff: Staff) -> list[Fact]:
    zone, currency = incident.location.zone, incident.location.currency
    found = [
        Fact(_("Place"), ", ".join(filter(None, (incident.place, incident.location.name)))),
        Fact(_("Happened"), _happened(incident)),
        Fact(_("We heard"), day_and_time(incident.reported_at, zone), lag_words(incident)),
        Fact(_("How we know"), incident.get_source_display()),
        Fact(_("Would make it right"), incident.remedy_sought),
    ]
    found += [
        Fact(label, words)
        for label, words in described(rows.fields, incident.field_values, zone=zone, currency=currency)
    ]
    if access.can_read_private_words(staff):
        private = described(
            [f for f in rows.fields if f.is_private], incident.private_values, zone=zone, currency=currency
        )
        found += [Fact(label, words, is_private=True) for label, words in private]
        if not any(f.key == WORDS_USED for f in rows.fields):
            found.append(Fact(_("Words used"), incident.private_values.get(WORDS_USED, ""), is_private=True))
    until = incident.reach_until
    found.append(Fact(_("Reach them at"), incident.reach_at))
    found.append(Fact(_("Can be reached until"), day_and_time(until, zone) if until else ""))
    if incident.finding != Finding.UNDETERMINED:
        found.append(Fact(_("Finding"), incident.get_finding_display()))
    if incident.root_cause is not None:
        found.append(Fact(_("Why it happened"), incident.root_cause.label))
    if incident.is_second_failure:
        found.append(Fact(_("We made it worse"), _("Yes: how we handled it hurt them too")))
    if total := given(rows):
        found.append(Fact(_("Given"), money(total, currency)))
    if minutes := minutes_spent(rows):
        found.append(Fact(_("Our time"), duration_words(dt.timedelta(minutes=minutes)), _("thank you")))
    found.append(Fact(_("Written down by"), rows.name(incident.logged_by_id)))
    return [fact for fact in found if fact.value]
