"""One paragraph built from data: who told us, who apologized, what we gave, what comes next."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.story.words import about, day_and_time, how, money
from incidents.vocabulary import ApologyKind, CloseReason, RemedyState, Source

if TYPE_CHECKING:
    from incidents.story.page import Story


def sentence_of(story: Story) -> str:
    return " ".join(part for part in (_heard(story), _sorry(story), _gave(story), _asked(story)) if part)


def _heard(story: Story) -> str:
    incident = story.incident
    when = {"who": incident.who, "time": about(max(dt.timedelta(0), story.now - incident.reported_at))}
    if incident.source == Source.NOTICED:
        return _("We noticed it ourselves %(time)s ago.") % when
    if incident.source == Source.ASKED:
        return _("We asked %(who)s, and heard it %(time)s ago.") % when
    return _("%(who)s told us %(time)s ago.") % when


def _sorry(story: Story) -> str:
    made = sorted((a for a in story.rows.apologies if a.made_at), key=lambda a: a.made_at or story.now)
    if made:
        first = made[0]
        said = _("%(who)s apologized %(how)s.")
        if first.kind == ApologyKind.EXPLANATION:
            said = _("%(who)s explained how it came about, %(how)s.")
        return said % {"who": first.who, "how": how(first.channel)}
    if story.rows.apologies:
        return _("The apology travels with a delivery that has not arrived yet.")
    if not story.incident.is_open:
        return ""
    if story.round_facts.is_not_ours:
        return _("Nobody has explained it to them yet.")
    return _("Nobody has apologized yet.")


def _gave(story: Story) -> str:
    done = [r for r in story.rows.remedies if r.state == RemedyState.DELIVERED]
    pending = story.pending_remedies
    parts = []
    if done:
        what = ", ".join(str(r) for r in done[:3])
        parts.append(_("What we did: %(what)s.") % {"what": what})
    if story.given:
        parts.append(_("%(money)s given.") % {"money": money(story.given, story.incident.location.currency)})
    if pending:
        words = ngettext("%(n)d thing is still on its way.", "%(n)d things are still on their way.", len(pending))
        parts.append(words % {"n": len(pending)})
    return " ".join(parts)


def _asked(story: Story) -> str:
    incident, zone = story.incident, story.incident.location.zone
    if not incident.is_open and incident.closed_at:
        took = about(max(dt.timedelta(0), incident.closed_at - incident.reported_at))
        if incident.close_reason == CloseReason.RECOVERED:
            return _("Recovered after %(time)s.") % {"time": took}
        return _("Closed after %(time)s: %(why)s.") % {"time": took, "why": incident.get_close_reason_display()}
    if call := story.call:
        return _("%(who)s calls back %(when)s.") % {"who": call.assignee, "when": day_and_time(call.due_at, zone)}
    return ""
