"""The incident page's story: where it stands, what is missing, what was done and what it cost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from incidents import access
from incidents.models import (
    Attachment,
    AttachmentKind,
    ContactKind,
    ContactPoint,
    FollowUp,
    Incident,
    Pattern,
    Remedy,
    Round,
    Staff,
)
from incidents.models.recovery import facts_of
from incidents.story import facts as known
from incidents.story.allowance import Allowance, allowance
from incidents.story.asking import Asking, asking_of
from incidents.story.clocks import Clocks
from incidents.story.facts import Fact
from incidents.story.gather import AT_ONCE, Rows, gather
from incidents.story.learning import Learning
from incidents.story.looking import Looking
from incidents.story.owed import Owed
from incidents.story.related import Related, related_to
from incidents.story.sentence import sentence_of
from incidents.story.timeline import Entry, timeline
from incidents.story.walk import StepView, next_call, try_words, walk
from incidents.story.words import about, day_and_time
from incidents.vocabulary import FAILED_REMEDY, RemedyState, Stage
from incidents.workflow import Gate, RoundFacts, missing


@dataclass(frozen=True)
class RemedyView:
    """A remedy of any round, with what may still be done about it."""

    remedy: Remedy
    is_replaced: bool
    receipts: tuple[Attachment, ...]
    evidence: tuple[Attachment, ...] = ()
    asking: Asking | None = None
    due: str = ""
    is_late: bool = False

    @property
    def awaits_receipt(self) -> bool:
        return self.remedy.state == RemedyState.AWAITING_RECEIPT

    @property
    def can_be_paid(self) -> bool:
        ready = self.receipts or self.remedy.receipt_waived_at
        return self.remedy.needs_receipt and self.remedy.is_pending and bool(ready)

    @property
    def wants_replacement(self) -> bool:
        return self.remedy.state in FAILED_REMEDY and not self.is_replaced


@dataclass
class Story(Clocks, Learning, Owed):
    incident: Incident
    staff: Staff
    now: dt.datetime
    rows: Rows
    round: Round
    round_facts: RoundFacts
    steps: list[StepView]
    is_whole: bool
    related: list[Related]

    @cached_property
    def missing(self) -> tuple[Gate, ...]:
        return missing(self.round_facts) if self.incident.is_open else ()

    @cached_property
    def missing_words(self) -> list[str]:
        return [str(gate.words) for gate in self.missing]

    @cached_property
    def try_words(self) -> str:
        return try_words(self.incident)

    @cached_property
    def without_apology(self) -> str:
        """ "2 hours" while nobody has apologized; also how long it took is in the sentence."""
        if not self.incident.is_open or any(a.made_at for a in self.rows.apologies):
            return ""
        return about(self.now - self.incident.reported_at)

    @cached_property
    def given(self) -> Decimal:
        return known.given(self.rows)

    @cached_property
    def allowance(self) -> Allowance | None:
        """What the reader may give here without asking; None when nothing limits them."""
        return allowance(self.staff, self.incident, self.rows)

    @cached_property
    def facts(self) -> list[Fact]:
        return known.facts(self.incident, self.rows, staff=self.staff)

    @cached_property
    def patterns(self) -> list[Pattern]:
        """What is being looked into that it belongs to, for the managers of its place."""
        if not self.staff.is_manager:
            return []
        return [each for each in self.rows.patterns if each.location_id is not None or self.staff.sees_all]

    @cached_property
    def timeline(self) -> list[Entry]:
        return timeline(self.incident, self.rows)

    @property
    def older_than(self) -> int | None:
        """The last event that is told, when there are older ones."""
        return self.rows.events[AT_ONCE - 1].pk if len(self.rows.events) > AT_ONCE else None

    @cached_property
    def usable_contacts(self) -> list[ContactPoint]:
        """Without those that somebody found to be wrong."""
        return [c for c in self.rows.contacts if c.wrong_since is None]

    @cached_property
    def phones(self) -> list[object]:
        return [c for c in self.usable_contacts if c.kind == ContactKind.PHONE]

    @cached_property
    def emails(self) -> list[object]:
        return [c for c in self.usable_contacts if c.kind == ContactKind.EMAIL]

    @cached_property
    def attachments(self) -> list[Attachment]:
        return self.rows.attachments

    @cached_property
    def call(self) -> FollowUp | None:
        return next_call(self.round, self.rows)

    @cached_property
    def people(self) -> list[Staff]:
        """Who can be given work here."""
        return self.rows.colleagues

    @cached_property
    def remedies(self) -> list[RemedyView]:
        """Of this round, and what is still open or unreplaced of earlier ones; the open first."""
        views = [self._remedy(r) for r in self.rows.remedies if r.round_id == self.round.pk or r.is_pending]
        return sorted(views, key=lambda view: not (view.remedy.is_pending or view.wants_replacement))

    def _remedy(self, remedy: Remedy) -> RemedyView:
        files = self.rows.attachments
        due = clock = ""
        is_late = False
        if remedy.due_at and remedy.is_pending:
            clock = about(abs(remedy.due_at - self.now))
            is_late = remedy.due_at < self.now
            due = (_("Late by %(time)s") if is_late else _("Due in %(time)s")) % {"time": clock}
        return RemedyView(
            remedy=remedy,
            is_replaced=any(r.replaces_id == remedy.pk for r in self.rows.remedies),
            receipts=tuple(f for f in files if f.remedy_id == remedy.pk and f.kind == AttachmentKind.RECEIPT),
            evidence=tuple(f for f in files if f.remedy_id == remedy.pk and f.kind == AttachmentKind.EVIDENCE),
            asking=asking_of(remedy, self.incident, self.rows, self.now),
            due=due,
            is_late=is_late,
        )

    @cached_property
    def pending_remedies(self) -> list[Remedy]:
        return [r for r in self.rows.remedies if r.is_pending]

    @cached_property
    def unreplaced(self) -> list[Remedy]:
        return [v.remedy for v in self.remedies if v.wants_replacement]

    @cached_property
    def wants_more(self) -> bool:
        """Something was offered and not taken."""
        return any(remedy.declined_as for remedy in self.unreplaced)

    @cached_property
    def waiver_words(self) -> str:
        """Why this round needs no remedy, and who said so."""
        if not (self.round.waived_as and self.round.waived_at):
            return ""
        why, who = self.round.get_waived_as_display(), self.rows.name(self.round.waived_by_id)
        return " · ".join(filter(None, (why, who, day_and_time(self.round.waived_at, self.incident.location.zone))))

    @cached_property
    def wants_remedy(self) -> bool:
        """Putting it right is the next step, and nothing is on its way."""
        return self.incident.stage == Stage.REMEDY and not self.pending_remedies

    @cached_property
    def delivered(self) -> list[Remedy]:
        return [r for r in self.rows.remedies if r.state == RemedyState.DELIVERED and r.round_id == self.round.pk]

    # Of a restricted incident a person sees what they wrote and what is theirs to do.
    @cached_property
    def own_words(self) -> bool:
        return self.incident.logged_by_id == self.staff.pk

    @cached_property
    def has_own_remedy(self) -> bool:
        return any(view.remedy.assignee_id == self.staff.pk for view in self.remedies)

    @cached_property
    def own_call(self) -> FollowUp | None:
        return self.call if self.call and self.call.assignee_id == self.staff.pk else None

    @cached_property
    def zone_words(self) -> str:
        return self.incident.location.zone_words(self.staff)

    @cached_property
    def wants_another_contact(self) -> bool:
        """We made it worse, and nobody else has taken over since."""
        if not (self.incident.is_open and self.incident.is_second_failure):
            return False
        since = self.rows.made_worse[0].at if self.rows.made_worse else self.incident.created_at
        return not any(handover.at > since for handover in self.rows.handovers)

    @cached_property
    def looking(self) -> Looking:
        """As the page begins: nobody asked yet who else is there."""
        newest = self.rows.events[0].pk if self.rows.events else 0
        return Looking(self.incident, newest, newest)

    @cached_property
    def awaited_receipts(self) -> list[Remedy]:
        return [r for r in self.rows.remedies if r.state == RemedyState.AWAITING_RECEIPT]

    @cached_property
    def sentence(self) -> str:
        return sentence_of(self)


def tell(incident: Incident, staff: Staff, now: dt.datetime, before: int | None = None) -> Story:
    """At most three queries, whatever happened. `before`: one more, for what happened before that event."""
    rows = gather(incident, before, staff)
    round_ = next(r for r in rows.rounds if r.number == incident.round_number)
    facts = facts_of(
        round_, finding=incident.finding, remedies=rows.remedies, apologies=rows.apologies, calls=rows.calls
    )
    return Story(
        incident=incident,
        staff=staff,
        now=now,
        rows=rows,
        round=round_,
        round_facts=facts,
        steps=walk(incident, round_, facts, rows, now),
        is_whole=access.can_read_whole(staff, incident),
        related=related_to(incident, staff, is_linked=rows.is_linked),
    )
