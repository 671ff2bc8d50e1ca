"""All rows that hang on one incident, in one statement.

Each child table comes back as one array and is turned into model instances again, so that the page
costs the same number of statements whatever happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery

from incidents.models import (
    Apology,
    ApprovalRequest,
    Attachment,
    Attempt,
    CategoryField,
    Closure,
    ContactPoint,
    Deadline,
    Draft,
    Event,
    FollowUp,
    Handover,
    Incident,
    Limit,
    Membership,
    Note,
    Notice,
    NoticeKind,
    Pattern,
    Playbook,
    PlaybookRemedy,
    PreventionAction,
    Procedure,
    PromiseMade,
    Remedy,
    RemedyType,
    Round,
    Staff,
    playbook_here,
)
from incidents.models.nested import as_json, from_json
from incidents.models.playbook import with_place
from incidents.models.prepared import ask_about
from incidents.models.timeline import AT_INCIDENT

AT_ONCE = 30  # events; older ones when somebody asks for them


@dataclass
class Rows:
    """What `gather()` found, oldest first; the events newest first."""

    rounds: list[Round]
    remedies: list[Remedy]
    apologies: list[Apology]
    promises: list[PromiseMade]
    calls: list[FollowUp]
    attempts: list[Attempt]
    notes: list[Note]
    handovers: list[Handover]
    closures: list[Closure]
    approvals: list[ApprovalRequest]
    limits: list[Limit]  # the place's own and the business's
    asked: list[Notice]  # who was asked for an approval; `subject_id` is the request
    attachments: list[Attachment]
    events: list[Event]
    made_worse: list[Event]  # when that was noted last
    deadlines: list[Deadline]
    playbooks: list[Playbook]  # at most one
    playbook_remedies: list[PlaybookRemedy]
    fields: list[CategoryField]
    types: list[RemedyType]
    colleagues: list[Staff]
    contacts: list[ContactPoint]
    patterns: list[Pattern]  # being looked into, that it belongs to
    preventions: list[PreventionAction]  # what we change because of it, ideas too
    procedures: list[Procedure]  # how it is done there, so that this does not happen
    drafts: list[Draft]  # what the reader typed on its page and has not sent
    is_linked: bool  # others name this one: told with it, again, or the same
    people: dict[int, Staff] = field(default_factory=dict)

    def name(self, staff_id: int | None) -> str:
        person = self.people.get(staff_id or 0)
        return person.name if person else ""


_OURS = OuterRef("pk")
_CHILDREN: dict[str, tuple[type[Model], QuerySet[Any]]] = {
    "rounds": (Round, Round.objects.filter(incident=_OURS).order_by("number")),
    "remedies": (Remedy, Remedy.objects.filter(incident=_OURS).order_by("id")),
    "apologies": (Apology, Apology.objects.filter(incident=_OURS).order_by("id")),
    "promises": (PromiseMade, PromiseMade.objects.filter(incident=_OURS).order_by("due_at", "id")),
    "calls": (FollowUp, FollowUp.objects.filter(incident=_OURS).order_by("due_at", "id")),
    "attempts": (Attempt, Attempt.objects.filter(follow_up__incident=_OURS).order_by("at", "id")),
    "notes": (Note, Note.objects.filter(incident=_OURS).order_by("id")),
    "handovers": (Handover, Handover.objects.filter(incident=_OURS).order_by("id")),
    "closures": (Closure, Closure.objects.filter(incident=_OURS).order_by("id")),
    "approvals": (ApprovalRequest, ApprovalRequest.objects.filter(incident=_OURS).order_by("id")),
    "limits": (Limit, Limit.objects.filter(Q(location=OuterRef("location")) | Q(location=None)).order_by("id")),
    "asked": (Notice, Notice.objects.filter(incident=_OURS, kind=NoticeKind.APPROVAL_ASKED).order_by("id")),
    "attachments": (Attachment, Attachment.objects.filter(incident=_OURS).order_by("id")),
    "events": (Event, Event.objects.filter(incident=_OURS).order_by("-id")[: AT_ONCE + 1]),
    "made_worse": (
        Event,
        Event.objects.filter(incident=_OURS, kind="second_failure_noted").order_by("-id")[:1],
    ),
    "deadlines": (
        Deadline,
        Deadline.objects.filter(incident=_OURS, round__number=OuterRef("round_number")).order_by("due_at"),
    ),
    "fields": (
        CategoryField,
        CategoryField.objects.filter(category=OuterRef("category")).order_by("position", "id"),
    ),
    # As the incident's place has them.
    "types": (RemedyType, with_place(RemedyType, OuterRef(OuterRef("location_id"))).order_by("position", "id")),
    "playbooks": (Playbook, playbook_here(OuterRef("category"), OuterRef("location"))),
    "playbook_remedies": (
        PlaybookRemedy,
        PlaybookRemedy.objects.filter(
            playbook=Subquery(
                playbook_here(OuterRef(OuterRef("category")), OuterRef(OuterRef("location"))).values("pk")
            )
        ).order_by("position", "id"),
    ),
    # Those who work there, who can be given something to do.
    "colleagues": (
        Staff,
        Staff.objects.filter(
            Exists(Membership.objects.filter(location=OuterRef(OuterRef("location_id")), staff=OuterRef("pk"))),
            is_active=True,
        ).order_by("sort_name"),
    ),
    "contacts": (ContactPoint, ContactPoint.objects.filter(customer=OuterRef("customer")).order_by("id")),
    "patterns": (Pattern, Pattern.objects.open().filter(links__incident=_OURS).order_by("id")),
    "preventions": (PreventionAction, PreventionAction.objects.filter(incident=_OURS).order_by("id")),
    "procedures": (
        Procedure,
        Procedure.objects.standing()
        .filter(Q(location=OuterRef("location")) | Q(location=None), categories=OuterRef("category"))
        .order_by("title", "id"),
    ),
}


def _drafts_of(reader: int) -> QuerySet[Draft]:
    """All of one incident have the key that `draft_of()` makes of its own."""
    key = models.Func(_OURS, template="lpad(to_hex(%(expressions)s), 32, '0')::uuid", output_field=models.UUIDField())
    return Draft.objects.filter(staff=reader, form__startswith=AT_INCIDENT, key=key).order_by("id")


def _everything_of(pk: int, reader: int) -> Any:
    rows = {f"row_{name}": as_json(rows) for name, (_model, rows) in _CHILDREN.items()}
    rows["row_drafts"] = as_json(_drafts_of(reader))
    links = ("told_with", "repeat_of", "duplicate_of", "arose_from")
    naming = Incident.objects.filter(reduce(or_, (Q(**{link: _OURS}) for link in links)))
    return Incident.objects.filter(pk=pk).annotate(**rows, is_linked=Exists(naming)).values(*rows, "is_linked")


def gather(incident: Incident, before: int | None = None, reader: Staff | None = None) -> Rows:
    """One statement; one more when somebody did something in it who works there no more.

    `before`: of the events, those older than this one. Another statement. `reader`: whose drafts come with it.
    """
    found = ask_about(_everything_of, incident.pk, reader.pk if reader else 0)
    children: dict[str, Any] = {
        name: from_json(model, found[f"row_{name}"]) for name, (model, _rows) in _CHILDREN.items()
    }
    if before is not None:
        older = Event.objects.filter(incident=incident, pk__lt=before)
        children["events"] = list(older.order_by("-id")[: AT_ONCE + 1])
    drafts = from_json(Draft, found["row_drafts"])
    rows = Rows(**children, drafts=drafts, is_linked=found["is_linked"])
    rows.people = _people(incident, rows)
    _tie(rows)
    return rows


def _people(incident: Incident, rows: Rows) -> dict[int, Staff]:
    """Those who work there, and those who did something in it."""
    named = {event.by_id for event in rows.events} | {incident.assignee_id, incident.logged_by_id}
    acts = (rows.apologies, rows.remedies, rows.promises, rows.handovers, rows.calls, rows.attachments)
    for children in (*acts, rows.preventions):
        for child in children:
            named |= {
                getattr(child, name, None)
                for name in ("author_id", "assignee_id", "created_by_id", "from_staff_id", "to_staff_id")
            }
    for request in rows.approvals:
        named |= {request.proposed_by_id, request.decided_by_id, request.decided_for_id, request.reviewed_by_id}
    named |= {notice.recipient_id for notice in rows.asked}
    people = {person.pk: person for person in rows.colleagues}
    if gone := named - people.keys() - {None}:
        people |= {person.pk: person for person in Staff.objects.filter(pk__in=gone)}
    return people


def _tie(rows: Rows) -> None:
    """Set the relations between rows at hand, so that nobody asks the database again."""
    types = {type_.pk: type_ for type_ in rows.types}
    remedies = {remedy.pk: remedy for remedy in rows.remedies}
    fields = {field_.pk: field_ for field_ in rows.fields}
    for remedy in rows.remedies:
        remedy.type = types[remedy.type_id]
        remedy.assignee = rows.people.get(remedy.assignee_id or 0)
    for apology in rows.apologies:
        apology.author = rows.people.get(apology.author_id or 0)
        apology.travels_with = remedies.get(apology.travels_with_id or 0)
    for promise in rows.promises:
        promise.assignee = rows.people[promise.assignee_id]
    for request in rows.approvals:
        request.remedy = remedies[request.remedy_id]
        request.proposed_by = rows.people[request.proposed_by_id]
        request.decided_by = rows.people.get(request.decided_by_id or 0)
        request.decided_for = rows.people.get(request.decided_for_id or 0)
        request.reviewed_by = rows.people.get(request.reviewed_by_id or 0)
    for action in rows.preventions:
        action.assignee = rows.people.get(action.assignee_id or 0)
    for call in rows.calls:
        call.assignee = rows.people[call.assignee_id]
    for field_ in rows.fields:
        field_.minuend = fields.get(field_.minuend_id or 0)
        field_.subtrahend = fields.get(field_.subtrahend_id or 0)
