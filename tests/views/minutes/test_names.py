"""What the wall will show, and what else is blacked out before it does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Incident, Meeting, Staff
from incidents.models.hidden import hidden_for
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.minutes import past

SignIn = Callable[[Staff], Client]


@kept_rows
def incident(cast: Cast) -> Incident:
    return past.told(cast)


@kept_rows
def meeting(cast: Cast, incident: Incident) -> Meeting:
    meeting = past.meeting_of(cast.here, cast.manager)
    past.talk_about(meeting, incident, cast.manager)
    return meeting


def names(meeting: Meeting, undo: str = "") -> str:
    return reverse(f"meeting-names{undo}", args=[meeting.pk])


def test_every_text_as_others_read_it(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.manager).get(names(meeting)).content.decode()
    main = text[text.index("data-names-text") :]
    assert "The customer of their company called a colleague at the desk" in main
    for name in (*past.NAMES, "555", "AB-1234"):
        assert name not in main, name


def test_black_out_and_undo(meeting: Meeting, incident: Incident, cast: Cast, sign_in: SignIn) -> None:
    client, before = sign_in(cast.manager), meeting.version
    sent = {"incident": incident.pk, "words": " Taxi  for ", "instead": "A ride for"}
    assert client.post(names(meeting), sent).status_code == 302
    assert client.post(names(meeting), sent).status_code == 302  # again: once
    row = incident.blacked_out.get()
    meeting.refresh_from_db()
    assert (row.words, meeting.version) == ("Taxi for", before + 1)  # the wall looks again
    assert hidden_for(incident).words("taxi for Nora") == "A ride for the customer"
    assert "A ride for the customer" in client.get(names(meeting)).content.decode()
    assert client.post(names(meeting, "-undo"), {"incident": incident.pk, "word": row.pk}).status_code == 302
    assert not incident.blacked_out.exists()
    assert list(incident.events.values_list("kind", flat=True).order_by("-id")[:2]) == [
        "words_shown_again",
        "words_blacked_out",
    ]


def test_words_that_stand_nowhere_are_pointed_out(
    meeting: Meeting, incident: Incident, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.manager)
    client.post(names(meeting), {"incident": incident.pk, "words": "Timbuktu"})
    assert "stands nowhere above" in client.get(names(meeting)).content.decode()


@pytest.mark.parametrize("words", ["", "  ", "...", "x" * 121, "a\x07b"])
def test_words_that_are_none(meeting: Meeting, incident: Incident, cast: Cast, sign_in: SignIn, words: str) -> None:
    response = sign_in(cast.manager).post(names(meeting), {"incident": incident.pk, "words": words, "instead": "typed"})
    assert response.status_code == 422
    assert "typed" in response.content.decode()


def test_only_what_is_on_the_agenda(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    other = make.make_incident(cast.desk, customer=make.make_customer("Ulla Unlucky"))
    client = sign_in(cast.manager)
    assert client.post(names(meeting), {"incident": other.pk, "words": "Shower"}).status_code == 409
    assert not other.blacked_out.exists()


def test_what_became_restricted_is_shown_to_nobody(
    meeting: Meeting, incident: Incident, cast: Cast, sign_in: SignIn
) -> None:
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    text = sign_in(cast.manager).get(names(meeting)).content.decode()
    assert "No mistake is on the agenda" in text
    assert "called" not in text
