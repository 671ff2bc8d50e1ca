"""What the minutes of a meeting say: put together from its rows, names hidden, as plain data that is kept as it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext as _

from incidents.hiding import Names
from incidents.models.agenda import last_meeting, shown_items
from incidents.models.hidden import Hidden, hidden_for_all, hidden_together
from incidents.models.incident import Incident
from incidents.models.meeting import AgendaItem, Attendance, ItemKind, Meeting, ReviewOutcome
from incidents.models.prevention import CheckVerdict, PreventionAction
from incidents.models.recovery import Remedy
from incidents.models.review import BlackedOut, MissedStep, Review
from incidents.models.thanks import Thanks
from incidents.vocabulary import RemedyState

Body = dict[str, Any]


@dataclass(frozen=True)
class _Rows:
    """Everything its items speak of, by incident."""

    reviews: Mapping[int, Review]
    actions: Mapping[int, list[PreventionAction]]
    remedies: Mapping[int, list[Remedy]]
    missed: Mapping[int, list[str]]
    hidden: Mapping[int, Hidden]
    all_hidden: Hidden

    def words(self, text: str, incident_id: int | None = None) -> str:
        """Without the names of that incident, nor of any other on the agenda."""
        own = self.hidden.get(incident_id or 0)
        return self.all_hidden.words(own.words(text) if own else text)


def body_of(meeting: Meeting) -> Body:
    """About twenty statements, however long the agenda is."""
    items = shown_items(meeting)
    rows = _rows(meeting, [item.incident for item in items if item.incident])
    people = meeting.people.select_related("staff").order_by("staff__sort_name", "staff_id")
    by_attendance: dict[str, list[str]] = defaultdict(list)
    for person in people:
        came = Attendance.PRESENT if person.attendance == Attendance.PRESENT else Attendance.ABSENT
        by_attendance[came].append(person.staff.name)
    return {
        "place": meeting.location.name,
        "zone": meeting.location.time_zone,
        "starts_at": meeting.starts_at.isoformat(),
        "began_at": meeting.started_at.isoformat() if meeting.started_at else "",
        "ended_at": meeting.ended_at.isoformat() if meeting.ended_at else "",
        "facilitator": meeting.facilitator.name,
        "writer": meeting.writer.name if meeting.writer else "",
        "present": by_attendance[Attendance.PRESENT],
        "absent": by_attendance[Attendance.ABSENT],
        "items": [_item(item, rows, meeting) for item in items],
        "remark": "",
        "changed": [],
    }


def _rows(meeting: Meeting, incidents: list[Incident]) -> _Rows:
    ids = [incident.pk for incident in incidents]
    reviews = Review.objects.filter(meeting=meeting, incident__in=ids).order_by("id")
    actions: dict[int, list[PreventionAction]] = defaultdict(list)
    of_meeting = PreventionAction.objects.filter(review__meeting=meeting, dropped_at__isnull=True)
    for action in of_meeting.select_related("assignee").order_by("id"):
        actions[action.incident_id].append(action)
    remedies: dict[int, list[Remedy]] = defaultdict(list)
    gone = (RemedyState.WITHDRAWN, RemedyState.PROPOSED)
    for remedy in Remedy.objects.filter(incident__in=ids).exclude(state__in=gone).select_related("type"):
        remedies[remedy.incident_id].append(remedy)
    missed: dict[int, list[str]] = defaultdict(list)
    steps = MissedStep.objects.filter(incident__in=ids).order_by("step__position", "step_id")
    for pk, words in steps.values_list("incident", "step__words"):
        missed[pk].append(words)
    return _Rows(
        {r.incident_id: r for r in reviews.select_related("root_cause", "covered_by").prefetch_related("factors")},
        actions,
        remedies,
        missed,
        hidden_for_all(incidents),
        hidden_together(incidents, meeting.location),
    )


def _item(item: AgendaItem, rows: _Rows, meeting: Meeting) -> Body:
    said: Body = {
        "id": item.pk,
        "kind": item.kind,
        "title": _title(item, rows),
        "seconds": item.seconds,
        "outcome": item.outcome,
        "outcome_words": str(ReviewOutcome(item.outcome).label) if item.outcome else "",
        "notes": rows.words(item.notes, item.incident_id),
        "lines": [],
        "actions": [],
    }
    if item.outcome == ReviewOutcome.NEXT_TIME:
        return said
    if item.incident is not None:
        said |= _of_incident(item.incident, rows)
    elif item.kind == ItemKind.ACTIONS:
        said["actions"] = [_action(action, rows) for action in earlier_actions(meeting)]
    elif item.kind == ItemKind.THANKS:
        said["lines"] = _thanks(meeting, rows)
    return said


def _title(item: AgendaItem, rows: _Rows) -> str:
    if item.incident is not None:
        return item.incident.category.label
    if item.kind == ItemKind.PRACTICE and item.scenario:
        return _("Practice: %(title)s") % {"title": item.scenario.title}
    return rows.words(item.topic) if item.kind == ItemKind.TOPIC else str(ItemKind(item.kind).label)


def earlier_actions(meeting: Meeting) -> list[PreventionAction]:
    """What the meeting before decided, and whatever else is still open at the place."""
    last = last_meeting(meeting.location_id, before=meeting)
    wanted = Q(done_at__isnull=True) | (Q(review__meeting=last) if last else Q(pk__in=[]))
    found = PreventionAction.objects.filter(
        wanted, location=meeting.location_id, committed_at__isnull=False, dropped_at__isnull=True
    ).filter(incident__is_restricted=False)
    found = found.exclude(review__meeting=meeting).select_related("assignee")
    return list(found.order_by("due_at", "id"))


def _of_incident(incident: Incident, rows: _Rows) -> Body:
    review = rows.reviews.get(incident.pk)
    told = [(_("What happened"), incident.what_happened), (_("How we put it right"), _put_right(incident, rows))]
    if review:
        causes = dict.fromkeys(str(c) for c in [review.root_cause, *review.factors.all()] if c)
        told += [
            (_("How could we have known first"), review.known_first),
            (_("What let it happen"), ", ".join(causes)),
            (_("Why"), "\n".join(why for why in review.whys if why)),
        ]
    told.append((_("Steps that were missed"), "\n".join(rows.missed.get(incident.pk, ()))))
    if review:
        told.append((_("Why nothing is to change"), review.reason if review.outcome == "no_action" else ""))
        told.append((_("What covers it"), review.covered_by.what if review.covered_by else ""))
    return {
        "lines": [[label, rows.words(text, incident.pk)] for label, text in told if text],
        "actions": [_action(action, rows) for action in rows.actions.get(incident.pk, ())],
    }


def _put_right(incident: Incident, rows: _Rows) -> str:
    lines = []
    for remedy in rows.remedies.get(incident.pk, ()):
        words = remedy.what or remedy.type.label
        if remedy.amount:
            words = f"{words}, {formats.number_format(remedy.amount, 2, use_l10n=True)} {remedy.currency}"
        lines.append(words if remedy.state == RemedyState.DELIVERED else f"{words} ({remedy.get_state_display()})")
    return "\n".join(lines)


def _action(action: PreventionAction, rows: _Rows) -> Body:
    """Who does it is named: they said they would."""
    return {
        "id": action.pk,
        "what": rows.words(action.what, action.incident_id),
        "who": action.assignee.name if action.assignee and not action.is_idea else "",
        "due_on": action.due_on.isoformat() if action.due_on else "",
        "strength": str(action.strength.label),
        "state": _state(action),
    }


def _state(action: PreventionAction) -> str:
    if action.is_idea:
        return _("An idea: nobody has taken it on")
    if action.verdict == CheckVerdict.RECURRED and action.done_at is None:
        return _("It came back: open again")
    if action.done_at is None:
        return ""
    return str(CheckVerdict(action.verdict).label) if action.verdict else _("Done, not checked yet")


def _thanks(meeting: Meeting, rows: _Rows) -> list[list[str]]:
    """Named are those who agreed to be."""
    said = Thanks.objects.agreed().filter(meeting=meeting).select_related("staff").order_by("at", "pk")
    return [[thanks.who, rows.words(thanks.words, thanks.incident_id)] for thanks in said]


def with_hidden(body: Body, names: Names) -> Body:
    """The body with further words blacked out, whoever's they are."""
    hide = names.hide
    items = [
        item
        | {
            "title": hide(item["title"]),
            "notes": hide(item["notes"]),
            "lines": [[label, hide(text)] for label, text in item["lines"]],
            "actions": [action | {"what": hide(action["what"])} for action in item["actions"]],
        }
        for item in body["items"]
    ]
    changed = [each | {"before": hide(each["before"]), "after": hide(each["after"])} for each in body["changed"]]
    return body | {"items": items, "remark": hide(body["remark"]), "changed": changed}


def blacked_out_at(meeting: Meeting) -> Names:
    """What somebody blacked out in any incident on its agenda. One statement."""
    rows = BlackedOut.objects.filter(incident__agenda_items__meeting=meeting).values_list("words", "instead")
    return Names({}, always={words: instead or _("[blacked out]") for words, instead in rows.order_by("pk")})
