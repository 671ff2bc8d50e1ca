"""One paragraph built from data: who told us, who apologized, what we gave, what comes next."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incidents.story.words import about, ago, day_and_time, how, money
from incidents.vocabulary import ApologyKind, CloseReason, RemedyState, RoundReason, Source, Stage

if TYPE_CHECKING:
    from incidents.story.page import Story

_AGAIN = {
    RoundReason.FIRST: "",
    RoundReason.UNHAPPY: gettext_lazy("They were still unhappy when we called %(ago)s."),
    RoundReason.CONTACTED_US: gettext_lazy("They came back to us %(ago)s: it is not right yet."),
    RoundReason.REMEDY_FAILED: gettext_lazy("What we gave did not hold, we learned %(ago)s."),
    RoundReason.SECOND_THOUGHT: gettext_lazy("We thought again %(ago)s."),
    RoundReason.NOT_TRUE: gettext_lazy("It had been closed by mistake, we saw %(ago)s."),
}


def sentence_of(story: Story) -> str:
    parts = (_heard, _sorry, _gave, _again, _on_its_way, _waits, _asked)
    return " ".join(words for part in parts if (words := part(story)))


def _heard(story: Story) -> str:
    incident = story.incident
    when = {"who": incident.who, "ago": ago(story.now - incident.reported_at)}
    if incident.source == Source.NOTICED:
        return _("We noticed it ourselves %(ago)s.") % when
    if incident.source == Source.ASKED:
        return _("We asked %(who)s, and heard it %(ago)s.") % when
    return _("%(who)s told us %(ago)s.") % when


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
    parts = []
    if done:
        what = ", ".join(str(r) for r in done[:3])
        parts.append(_("What we did: %(what)s.") % {"what": what})
    if story.given:
        parts.append(_("%(money)s given.") % {"money": money(story.given, story.incident.location.currency)})
    return " ".join(parts)


def _on_its_way(story: Story) -> str:
    number = len(story.pending_remedies)
    if not number:
        return ""
    words = ngettext("%(n)d thing is still on its way.", "%(n)d things are still on their way.", number)
    return words % {"n": number}


def _again(story: Story) -> str:
    """Why we are at it once more, while we are."""
    round_ = story.round
    if round_.number == 1 or not story.incident.is_open:
        return ""
    words = str(_AGAIN[RoundReason(round_.reason)]) % {"ago": ago(story.now - round_.started_at)}
    is_sorry = any(a.round_id == round_.pk for a in story.rows.apologies)
    if round_.entry == Stage.APOLOGIZE and not is_sorry:
        return f"{words} {_('Nobody has apologized for that yet.')}"
    return words


def _waits(story: Story) -> str:
    """They owe us an answer."""
    since = story.incident.waiting_since
    if since is None or story.now - since < dt.timedelta(minutes=1):
        return ""
    return _("We have been waiting for their answer for %(time)s.") % {"time": about(story.now - since)}


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
