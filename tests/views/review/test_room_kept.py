"""On the wall no name in an answer either; on the phone a stale outcome can be sent again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from incidents.actions import agenda, practice, room
from incidents.models import ItemKind, Review, Staff
from tests import meetings
from tests.make import NOW, Cast

SignIn = Callable[[Staff], Client]


def test_a_stale_outcome_comes_back_with_the_version_of_now(cast: Cast, sign_in: SignIn) -> None:
    incident = meetings.on_the_list(cast.desk)
    meeting = meetings.begin(meetings.call(cast), cast.manager)
    review = Review.objects.get(incident=incident)
    old = review.version
    now = meetings.save(review, cast.manager, known_first="A bell").version
    client, address = sign_in(cast.manager), reverse("review-outcome", args=[review.pk])
    sent = {"outcome": "no_action", "why_not": "The boiler is new.", "version": old}
    page = client.post(address, sent)
    form = page.context["forms"]["outcome"]
    assert (page.status_code, form["version"].value(), form["why_not"].value()) == (409, str(now), sent["why_not"])
    assert client.post(address, sent | {"version": now})["Location"] == reverse("meeting-write", args=[meeting.pk])


def test_an_answer_names_nobody_of_the_place(cast: Cast, sign_in: SignIn) -> None:
    words: dict[str, Any] = {
        "title": "Cold",
        "story": "The shower stayed cold.",
        "question": "What now?",
        "ending": "A robe.",
    }
    made: dict[str, Any] = {"incident": None, "category": None, "by": cast.manager, "now": NOW, "submit_key": uuid4()}
    scenario = practice.make_scenario(location=cast.here, **words, **made)
    practice.publish(scenario_id=scenario.pk, by=cast.manager, now=NOW)
    for number in range(3):
        practice.answer(scenario_id=scenario.pk, words=f"Ask Dora Desk, try {number}")
    meeting = meetings.call(cast)
    agenda.add_kind(meeting_id=meeting.pk, kind=ItemKind.PRACTICE, by=cast.manager, now=NOW)
    meeting = meetings.begin(meeting, cast.manager)
    item = meeting.items.get(kind=ItemKind.PRACTICE)
    room.go_to(meeting_id=meeting.pk, item_id=item.pk, by=cast.manager, now=NOW)
    at = room.place_of(meetings.fresh(meeting))
    room.step(meeting_id=meeting.pk, forward=True, at=at, by=cast.manager, now=NOW)
    page = sign_in(cast.desk).get(reverse("meeting-state", args=[meeting.pk]))
    assert "try 2" in page.content.decode()
    assert "Dora" not in page.content.decode()
