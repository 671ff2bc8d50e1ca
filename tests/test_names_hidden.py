"""No door tells strangers whose mistake it was: wall, phone, poll, minutes, paper, inbox, mail, practice.

Each text of the incident names somebody; the control shows that the names are there for those who look behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pypdfium2
import pytest
from django.core import mail as mailbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.actions import agenda, meetings, outbox, room
from incidents.models import AgendaItem, Incident, Meeting, PreventionAction, Review, RootCause, Staff
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, Cast
from tests.reminding import clock
from tests.views.minutes import past

SignIn = Callable[[Staff], Client]
CUSTOMERS = ("Nora", "Novak", "Quilters", "Rivers", "Quince", "Ulla", "555-0100", "555 0100", "AB-1234", "nora@")
STAFF = ("Dora", "Desk", "Cole")  # they did something in it; on the wall they are colleagues


def unnamed(text: str, door: str, names: tuple[str, ...] = CUSTOMERS) -> None:
    told = [text[max(0, text.index(name) - 60) : text.index(name) + 40] for name in names if name in text]
    assert told == [], f"{door} names {told}"


@kept_rows
def incident(cast: Cast) -> Incident:
    """Told together with another's; closed, so that practice may be made of it."""
    incident = past.told(cast)
    make.apologize(incident, cast.colleague, to_whom="Mr Quince", words="Dear Nora, Dora was alone. AB-1234")
    make.make_incident(cast.desk, customer=make.make_customer("Ulla Unlucky"), told_with=incident)
    Incident.objects.filter(pk=incident.pk).update(
        remedy_sought="Nora Novak wants her money back", customer_hint="", place="Novak suite"
    )
    make.call(incident, cast.desk, words="Ms. Novak is happy, says Ulla")
    incident.refresh_from_db()
    assert incident.closed_at
    return incident


@pytest.fixture
def meeting(cast: Cast, incident: Incident) -> Meeting:
    """Running, with the incident on the wall and names in everything that was typed."""
    now = timezone.now()
    meeting = meetings.make_meeting(
        location=cast.here,
        starts_at=now,
        minutes=30,
        facilitator=cast.manager,
        by=cast.manager,
        now=now,
        submit_key=uuid4(),
    )
    meeting.items.all().delete()
    agenda.add_incident(meeting_id=meeting.pk, incident_id=incident.pk, by=cast.manager, now=now)
    agenda.add_topic(meeting_id=meeting.pk, topic="The keys of Nora", by=cast.manager, now=now)
    room.begin(meeting_id=meeting.pk, present=[cast.manager], by=cast.manager, now=now)
    AgendaItem.objects.filter(meeting=meeting).update(notes="Dora says that Ms Novak rang at +1 312 555 0100")
    return meeting


def reviewed(meeting: Meeting, incident: Incident, by: Staff) -> Review:
    """What the phone wrote: names in every field."""
    review = Review.objects.get(incident=incident, ended_at__isnull=True)
    review.known_first = "Nora's order stood on Dora's list."
    review.whys = ["Because Dora was alone with Ms Novak"]
    review.root_cause = RootCause.objects.order_by("position")[0]
    review.save()
    change = {"kind": "checklist", "what": "A list, as Ms Novak asked", "assignee": by}
    moments = dict.fromkeys(("due_at", "committed_at", "created_at"), review.opened_at)
    PreventionAction.objects.create(
        incident=incident,
        review=review,
        location=meeting.location,
        category=incident.category,
        due_on=review.opened_at.date(),
        created_by=by,
        submit_key=uuid4(),
        **change,
        **moments,
    )
    return review


DOORS = (("meeting-room", ""), ("meeting-write", ""), ("meeting-state", ""), ("meeting-state", "?as=desk"))


def screens(client: Client, meeting: Meeting) -> Iterator[tuple[str, str]]:
    """Every screen of the meeting, as each door shows it."""
    for _step in range(12):
        for name, more in DOORS:
            response = client.get(reverse(name, args=[meeting.pk]) + more)
            assert response.status_code == 200
            yield f"{name}{more} at {Meeting.objects.get(pk=meeting.pk).screen}", response.content.decode()
        now = Meeting.objects.get(pk=meeting.pk)
        client.post(reverse("meeting-go", args=[meeting.pk]), {"step": "next", "at": room.place_of(now)})
        if Meeting.objects.get(pk=meeting.pk).current_id is None:
            return


def without_what_is_typed(text: str) -> str:
    """The phone's own form keeps what its writer typed."""
    return re.sub(
        r"<textarea.*?</textarea>|<input[^>]*>|<select.*?</select>|<form.*?</form>", "", text, flags=re.DOTALL
    )


def test_on_the_wall_the_phone_and_the_poll(meeting: Meeting, incident: Incident, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    client.get(reverse("meeting-room", args=[meeting.pk]))
    client.post(reverse("meeting-go", args=[meeting.pk]), {"step": "item", "item": meeting.items.all()[0].pk})
    reviewed(meeting, incident, cast.manager)
    seen = ""
    for door, text in screens(client, meeting):
        shown = without_what_is_typed(text)
        unnamed(shown, door)
        if "state" in door and "desk" not in door:
            unnamed(shown, door, STAFF)
            seen += text
    assert "The customer of their company called" in seen
    assert "order stood on" in seen
    assert "as the customer asked" in seen


def test_names_are_shown_only_where_somebody_asks(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    """The control: behind the roles are the names, for who runs it, after they asked."""
    client = sign_in(cast.manager)
    state = reverse("meeting-state", args=[meeting.pk])
    assert "Novak" not in client.get(state).content.decode()
    client.post(reverse("meeting-go", args=[meeting.pk]), {"step": "names"})
    assert "Novak" in client.get(state).content.decode()
    assert "Novak" not in sign_in(cast.desk).get(state).content.decode()
    client.post(reverse("meeting-go", args=[meeting.pk]), {"step": "hide"})
    assert "Novak" not in client.get(state).content.decode()


def test_in_minutes_on_paper_in_the_inbox_and_in_mail(
    meeting: Meeting, incident: Incident, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.manager)
    client.post(reverse("meeting-go", args=[meeting.pk]), {"step": "item", "item": meeting.items.all()[0].pk})
    review = reviewed(meeting, incident, cast.manager)
    Review.objects.filter(pk=review.pk).update(outcome="action", ended_at=review.opened_at, ended_by=cast.manager)
    meeting.items.update(outcome="talked")
    room.end(meeting_id=meeting.pk, by=cast.manager, now=timezone.now())
    reader = sign_in(cast.colleague)
    for name, more in (
        ("meeting-minutes", ""),
        ("meeting-minutes-pdf", "?form=print"),
    ):
        response = reader.get(reverse(name, args=[meeting.pk]) + more)
        assert response.status_code == 200
        unnamed(response.content.decode(), name)
    paper = _pdf_text(reader.get(reverse("meeting-minutes-pdf", args=[meeting.pk])).content)
    assert "as the customer asked" in paper
    unnamed(paper, "the PDF")
    inbox = reader.get(reverse("notice-list")).content.decode()
    assert "Minutes of the meeting" in inbox
    outbox.send_due(clock(timezone.now() + DAY), senders=1)
    assert mailbox.outbox
    for message in mailbox.outbox:
        bodies = [str(body) for body, _kind in getattr(message, "alternatives", [])]
        text = "\n".join([str(message.subject), str(message.body), *bodies])
        if "Minutes" in text:
            unnamed(text, "mail")


def _pdf_text(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as pages:
        return "\n".join(page.get_textpage().get_text_range() for page in pages)


def test_in_practice(incident: Incident, cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.manager).get(reverse("scenario-new") + f"?from={incident.reference}").content.decode()
    form = text[text.index("<textarea") :]
    assert "the customer" in form.casefold()
    unnamed(form, "practice", (*CUSTOMERS, *STAFF, "Harbour Hotel"))
