"""Whatever is pressed on the page of a review, every word that was typed goes with it. No script is needed for that."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from incidents.models import Meeting, PreventionAction, Review, RoutineStep, Staff
from tests import meetings
from tests.kept import kept_rows
from tests.make import Cast

SignIn = Callable[[Staff], Client]


@kept_rows
def review(cast: Cast) -> Review:
    incident = meetings.on_the_list(cast.desk)
    meetings.begin(meetings.call(cast), cast.manager)
    return Review.objects.get(incident=incident)


@kept_rows
def said(review: Review) -> dict[str, Any]:
    """What the form sends when somebody has typed and saved nothing yet."""
    return {"known_first": "By asking the porter", "why_1": "No list at the door", "version": review.version}


def url(name: str, review: Review) -> str:
    return reverse(name, args=[review.pk])


class Owners(HTMLParser):
    """Which form each button that sends something belongs to, in the order of the page; "" where it stands in none."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inside = [""]
        self.buttons: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        if tag == "form":
            self.inside.append(of.get("id") or "?")
        elif tag == "button" and of.get("type") == "submit":
            self.buttons.append((of.get("form") or self.inside[-1], of.get("formaction") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside.pop()


def test_every_button_sends_all_of_it_and_enter_saves(cast: Cast, review: Review, sign_in: SignIn) -> None:
    page = sign_in(cast.manager).get(reverse("meeting-write", args=[review.meeting_id])).content.decode()
    buttons = Owners(page[page.index('id="desk"') :]).buttons
    assert {owner for owner, _to in buttons} == {"said"}
    assert buttons[0] == ("said", "")  # the one that Enter presses saves, and ends nothing
    assert {url(name, review) for name in ("review-missed", "review-agree", "review-outcome")} < {
        to for _, to in buttons
    }


def test_the_outcome_saves_what_was_said(cast: Cast, review: Review, said: dict[str, Any], sign_in: SignIn) -> None:
    sent = said | {"outcome": "no_action", "why_not": "It was once"}
    assert sign_in(cast.manager).post(url("review-outcome", review), sent).status_code == 302
    review.refresh_from_db()
    assert (review.known_first, review.whys) == ("By asking the porter", ["No list at the door"])
    assert (review.is_open, review.reason) == (False, "It was once")


def test_so_do_a_step_and_a_change(cast: Cast, review: Review, said: dict[str, Any], sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    assert client.post(url("review-missed", review), said | {"words": "Run the water"}).status_code == 302
    review.refresh_from_db()
    assert (review.known_first, RoutineStep.objects.get().words) == ("By asking the porter", "Run the water")
    more = said | {"known_first": "By looking", "version": review.version, "tick": f"{RoutineStep.objects.get().pk}:"}
    assert client.post(url("review-missed", review), more).status_code == 302
    review.refresh_from_db()
    assert (review.known_first, review.incident.missed_steps.exists()) == ("By looking", False)


def test_enter_in_the_line_of_a_step_adds_it(cast: Cast, review: Review, said: dict[str, Any], sign_in: SignIn) -> None:
    assert sign_in(cast.manager).post(url("review-save", review), said | {"words": "Run it"}).status_code == 302
    assert review.incident.missed_steps.get().step.words == "Run it"


def test_refused_words_stop_the_outcome_and_stay(
    cast: Cast, review: Review, said: dict[str, Any], sign_in: SignIn
) -> None:
    sent = said | {"why_1": "Human error", "outcome": "no_action", "why_not": "It was once"}
    answer = sign_in(cast.manager).post(url("review-outcome", review), sent)
    assert answer.status_code == 422
    for words in (b"What let it happen", b"By asking the porter", b"It was once"):
        assert words in answer.content
    assert Review.objects.get(pk=review.pk).is_open


def test_a_refused_outcome_saves_nothing_and_keeps_all(
    cast: Cast, review: Review, said: dict[str, Any], sign_in: SignIn
) -> None:
    answer = sign_in(cast.manager).post(url("review-outcome", review), said | {"outcome": "action"})
    assert (answer.status_code, b"By asking the porter" in answer.content) == (409, True)
    assert Review.objects.get(pk=review.pk).known_first == ""


def test_both_texts_are_shown_and_the_outcome_waits(
    cast: Cast, review: Review, said: dict[str, Any], sign_in: SignIn
) -> None:
    meetings.save(review, cast.manager, known_first="A bell")
    sent = said | {"outcome": "no_action", "why_not": "It was once"}
    answer = sign_in(cast.manager).post(url("review-outcome", review), sent)
    page = answer.content.decode()
    assert (answer.status_code, "A bell" in page, "By asking the porter" in page) == (409, True, True)
    again = sent | {"version": answer.context["forms"]["form"]["version"].value()}
    assert sign_in(cast.manager).post(url("review-outcome", review), again).status_code == 302
    assert Review.objects.get(pk=review.pk).known_first == "By asking the porter"


def test_what_is_not_agreed_yet_stays_beside_a_tick_and_stops_the_end(
    cast: Cast, review: Review, said: dict[str, Any], sign_in: SignIn
) -> None:
    client, typed = sign_in(cast.manager), said | {"what": "A list at the door"}
    ticked = client.post(url("review-missed", review), typed | {"words": "Run the water"})
    assert (ticked.status_code, b"A list at the door" in ticked.content) == (200, True)
    assert b'value="Run the water"' not in ticked.content
    review.refresh_from_db()
    sent = typed | {"version": review.version, "outcome": "no_action", "why_not": "It was once"}
    ended = client.post(url("review-outcome", review), sent)
    assert (ended.status_code, b"is not agreed yet" in ended.content) == (409, True)
    assert b"A list at the door" in ended.content
    assert not PreventionAction.objects.exists()
    assert Review.objects.get(pk=review.pk).is_open


def test_on_saves_it_too_and_of_the_one_it_was_written_for(
    cast: Cast, review: Review, said: dict[str, Any], sign_in: SignIn
) -> None:
    client, address = sign_in(cast.manager), reverse("meeting-go", args=[review.meeting_id])
    sent = said | {"review": review.pk, "step": "end", "as": "desk"}
    assert client.post(address, sent).status_code == 302  # to the end: nothing is on the wall now
    review.refresh_from_db()
    assert review.known_first == "By asking the porter"
    later = sent | {"known_first": "By looking", "version": review.version, "step": "back"}
    assert client.post(address, later).status_code == 302
    assert Review.objects.get(pk=review.pk).known_first == "By looking"


def test_words_that_are_refused_stop_the_wall(
    cast: Cast, review: Review, said: dict[str, Any], sign_in: SignIn
) -> None:
    sent = said | {"why_1": "Human error", "review": review.pk, "step": "end", "as": "desk"}
    answer = sign_in(cast.manager).post(reverse("meeting-go", args=[review.meeting_id]), sent)
    assert (answer.status_code, b"By asking the porter" in answer.content) == (422, True)
    assert Meeting.objects.get(reviews=review).current_id is not None
