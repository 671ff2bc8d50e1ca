"""The wall and the phone: who sees them, names hidden through every door, what is refused keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incidents.actions import agenda, outcomes, room
from incidents.models import Incident, Meeting, PreventionAction, Review, ReviewOutcome, RoutineStep, Staff
from tests import make, meetings
from tests.kept import kept_rows
from tests.make import NOW, Cast
from tests.meetings import item_of

SignIn = Callable[[Staff], Client]
NAMES = ("Novak", "Nora", "Desk", "Dora", "555 0100", "R-2026")
STORY = "Nora Novak told Dora Desk that the shower stayed cold. Ring +1 312 555 0100 about R-2026-00001."


@kept_rows
def incident(cast: Cast) -> Incident:
    incident = meetings.on_the_list(cast.desk, what_happened=STORY)
    make.apologize(incident, cast.desk, words="I am sorry, Nora.")
    make.give(incident, cast.desk, what="A bath robe for Nora Novak", minutes=10)
    return incident


@kept_rows
def meeting(cast: Cast, incident: Incident) -> Meeting:
    return meetings.begin(meetings.call(cast), cast.manager)


@kept_rows
def review(meeting: Meeting) -> Review:
    return Review.objects.get(meeting=meeting)


def url(name: str, pk: int) -> str:
    return reverse(name, args=[pk])


def state(client: Client, meeting: Meeting, **asked: str) -> Any:
    return client.get(url("meeting-state", meeting.pk), asked)


def go(client: Client, meeting: Meeting, step: str, **more: Any) -> Any:
    return client.post(
        url("meeting-go", meeting.pk), {"step": step, "at": room.place_of(meetings.fresh(meeting)), **more}
    )


class TestTheWall:
    def test_shows_each_screen_without_a_name(
        self, cast: Cast, meeting: Meeting, review: Review, sign_in: SignIn
    ) -> None:
        client = sign_in(cast.manager)
        meetings.save(review, cast.manager, known_first="Ask Nora Novak at noon", whys=["Dora Desk had no list"])
        seen = ""
        for expected in ("the shower stayed cold", "What it cost", "at noon", "What will we change"):
            page = client.get(url("meeting-room", meeting.pk)).content.decode()
            assert expected in page
            seen += page
            assert go(client, meeting, "next").status_code == 302
        assert not [name for name in NAMES if name in seen]

    def test_names_are_for_whoever_runs_it_alone(self, cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
        assert go(sign_in(cast.manager), meeting, "names").status_code == 302
        assert "Novak" in state(sign_in(cast.manager), meeting).content.decode()
        assert "Novak" not in state(sign_in(cast.colleague), meeting).content.decode()
        assert "Novak" not in sign_in(cast.manager).get(url("meeting-write", meeting.pk)).content.decode()
        assert go(sign_in(cast.desk), meeting, "names").status_code == 403

    def test_is_asked_every_second_for_little(
        self, cast: Cast, meeting: Meeting, sign_in: SignIn, django_assert_max_num_queries: Any
    ) -> None:
        client, tag = sign_in(cast.manager), str(meetings.fresh(meeting).version)
        with django_assert_max_num_queries(4):
            assert state(client, meeting, tag=tag).status_code == 304
        assert state(client, meeting, tag="0").status_code == 200

    def test_takes_as_many_statements_for_one_as_for_three(self, cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
        client = sign_in(cast.manager)
        client.get(url("meeting-room", meeting.pk))
        counts = []
        for _ in range(2):
            for screen in range(4):
                Meeting.objects.filter(pk=meeting.pk).update(screen=screen)
                with CaptureQueriesContext(connection) as seen:
                    assert client.get(url("meeting-room", meeting.pk)).status_code == 200
                counts.append(len(seen))
            for _more in range(2):
                other = meetings.on_the_list(cast.desk, customer=make.make_customer(f"Guest {uuid4().hex[:6]}"))
                agenda.add_incident(meeting_id=meeting.pk, incident_id=other.pk, by=cast.manager, now=NOW)
        assert counts[:4] == counts[4:]
        assert max(counts[:2]) <= 12
        assert max(counts) <= 18, counts

    def test_a_fragment_for_the_clicker(self, cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
        answer = go(sign_in(cast.manager), meeting, "next", **{"as": "wall"})
        assert answer.status_code == 200
        assert b"<html" not in answer.content
        assert b"What it cost" in answer.content
        assert answer["Cache-Control"] == "private, no-store"

    def test_strangers_and_others(self, cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
        for name in ("meeting-room", "meeting-state", "meeting-write"):
            assert sign_in(cast.outsider).get(url(name, meeting.pk)).status_code == 404
            assert sign_in(cast.manager).get(url(name, 10**9)).status_code == 404
        assert sign_in(cast.colleague).get(url("meeting-write", meeting.pk)).status_code == 403
        assert state(sign_in(cast.colleague), meeting, **{"as": "desk"}).status_code == 403
        assert sign_in(cast.manager).get(url("meeting-go", meeting.pk)).status_code == 405
        assert go(sign_in(cast.manager), meeting, "sideways").status_code == 422

    def test_what_became_restricted_leaves_it(
        self, cast: Cast, meeting: Meeting, incident: Incident, sign_in: SignIn
    ) -> None:
        Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
        page = sign_in(cast.manager).get(url("meeting-room", meeting.pk)).content.decode()
        assert "no longer for the wall" in page
        assert "shower" not in page


class TestBeginning:
    def test_says_who_is_there(self, cast: Cast, incident: Incident, sign_in: SignIn) -> None:
        meeting = meetings.call(cast)
        client = sign_in(cast.manager)
        assert b"Before we begin" in client.get(url("meeting-room", meeting.pk)).content
        answer = client.post(
            url("meeting-begin", meeting.pk), {"present": [cast.manager.pk], "writer": cast.desk.pk, "then": "write"}
        )
        assert answer["Location"] == url("meeting-write", meeting.pk)
        assert meetings.fresh(meeting).writer == cast.desk
        assert sign_in(cast.desk).get(url("meeting-write", meeting.pk)).status_code == 200

    def test_refuses_who_is_not_asked_to_come(self, cast: Cast, incident: Incident, sign_in: SignIn) -> None:
        meeting = meetings.call(cast)
        answer = sign_in(cast.manager).post(url("meeting-begin", meeting.pk), {"present": [cast.outsider.pk]})
        assert answer.status_code == 422
        assert not meetings.fresh(meeting).is_running


class TestThePhone:
    def test_saves_itself_and_shows_both_when_stale(self, cast: Cast, review: Review, sign_in: SignIn) -> None:
        client, address = sign_in(cast.manager), url("review-save", review.pk)
        answer = client.post(address, {"known_first": "A list", "version": review.version, "as": "auto"})
        assert answer.json() == {"version": review.version + 1}
        stale = client.post(address, {"known_first": "A bell", "version": review.version, "as": "auto"})
        page = stale.content.decode()
        assert (stale.status_code, "A list" in page, "A bell" in page) == (409, True, True)
        assert f'value="{review.version + 1}"' in page

    def test_human_error_alone_keeps_what_was_typed(self, cast: Cast, review: Review, sign_in: SignIn) -> None:
        typed = {"known_first": "By asking", "why_1": "Human error", "version": review.version}
        answer = sign_in(cast.manager).post(url("review-save", review.pk), typed)
        assert answer.status_code == 422
        assert b"What let it happen" in answer.content
        assert b"By asking" in answer.content
        auto = sign_in(cast.manager).post(url("review-save", review.pk), typed | {"as": "auto"})
        assert (auto.status_code, "What let it happen" in auto.json()["words"]) == (422, True)

    def test_steps_typed_and_ticked(self, cast: Cast, incident: Incident, review: Review, sign_in: SignIn) -> None:
        client, address = sign_in(cast.manager), url("review-missed", review.pk)
        assert client.post(address, {"words": "Run the water"}).status_code == 302
        step = RoutineStep.objects.get()
        assert client.post(address, {"step": step.pk}).status_code == 302
        assert not incident.missed_steps.exists()
        assert client.post(address, {"step": step.pk, "missed": "on"}).status_code == 302
        assert incident.missed_steps.get().step == step
        assert client.post(address, {"step": step.pk + 1}).status_code == 422

    def test_an_action_and_the_outcome(self, cast: Cast, meeting: Meeting, review: Review, sign_in: SignIn) -> None:
        client = sign_in(cast.manager)
        refused = client.post(url("review-outcome", review.pk), {"outcome": "action", "version": review.version})
        assert refused.status_code == 409
        assert b"who does it and by which day" in refused.content
        typed = {"what": "A list", "kind": "wording", "assignee": cast.desk.pk, "due_on": "2099-01-01"}
        half = client.post(url("review-agree", review.pk), typed | {"submit_key": str(uuid4())})
        assert half.status_code == 422
        assert b"Write the new words." in half.content
        key = str(uuid4())
        for _ in range(2):
            done = client.post(url("review-agree", review.pk), typed | {"kind": "checklist", "submit_key": key})
            assert done.status_code == 302
        assert PreventionAction.objects.get().review == review
        review.refresh_from_db()
        ended = client.post(url("review-outcome", review.pk), {"outcome": "action", "version": review.version})
        assert ended["Location"] == url("meeting-write", meeting.pk)
        assert b"Outcome: We change something" in client.get(ended["Location"]).content
        assert client.post(url("review-again", review.pk)).status_code == 302
        assert Review.objects.get(pk=review.pk).is_open

    def test_notes_of_a_topic(self, cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
        item, client = meeting.items.get(kind="numbers"), sign_in(cast.manager)
        go(client, meeting, "item", item=item.pk)
        item.refresh_from_db()
        address = url("item-notes", item.pk)
        answer = client.post(address, {"notes": "Fewer", "version": item.version, "as": "auto"})
        assert answer.json() == {"version": item.version + 1}
        stale = client.post(address, {"notes": "More", "version": item.version})
        assert (stale.status_code, b"Fewer" in stale.content, b"More" in stale.content) == (409, True, True)
        assert client.post(url("item-outcome", item.pk), {"outcome": "next_time"}).status_code == 302
        item.refresh_from_db()
        assert item.outcome == ReviewOutcome.NEXT_TIME

    def test_next_time_for_a_mistake(self, cast: Cast, meeting: Meeting, incident: Incident, sign_in: SignIn) -> None:
        item = item_of(meeting, incident)
        answer = sign_in(cast.manager).post(url("item-outcome", item.pk), {"outcome": "next_time"})
        assert answer.status_code == 302
        item.refresh_from_db()
        assert (item.outcome, make.fresh(incident).review_state) == ("next_time", "to_review")

    def test_does_not_end_before_everything_has_an_outcome(
        self, cast: Cast, meeting: Meeting, review: Review, sign_in: SignIn
    ) -> None:
        client, address = sign_in(cast.manager), url("meeting-end", meeting.pk)
        answer = client.post(address)
        assert answer.status_code == 422
        assert b"Next time for all of these" in answer.content
        outcomes.end_review(
            review_id=review.pk, outcome=ReviewOutcome.NO_ACTION, reason="New boiler", by=cast.manager, now=NOW
        )
        assert client.post(address, {"put_off": "1"})["Location"] == url("meeting-minutes", meeting.pk)
        assert client.post(address)["Location"] == url("meeting-minutes", meeting.pk)
        assert b"That was it" in client.get(url("meeting-room", meeting.pk)).content
        assert client.get(url("meeting-write", meeting.pk)).status_code == 200
        assert go(client, meeting, "next").status_code == 409


class TestReviewNow:
    def test_a_manager_alone(self, cast: Cast, sign_in: SignIn) -> None:
        incident, client = make.make_incident(cast.desk, what_happened=STORY), sign_in(cast.manager)
        address = reverse("review-now", args=[incident.reference])
        assert b"Nobody has talked about it yet" in client.get(address).content
        assert client.post(address).status_code == 302
        review = Review.objects.get()
        assert b"How could we have known first?" in client.get(address).content
        typed = {"outcome": "no_action", "why_not": "", "version": review.version}
        assert client.post(url("review-outcome", review.pk), typed).status_code == 409
        done = client.post(url("review-outcome", review.pk), typed | {"why_not": "Once in ten years"})
        assert done["Location"] == address
        assert b"Once in ten years" in client.get(address).content
        assert make.fresh(incident).review_state == "no_action"

    def test_is_not_for_the_desk_nor_strangers(self, cast: Cast, sign_in: SignIn) -> None:
        address = reverse("review-now", args=[make.make_incident(cast.desk).reference])
        assert sign_in(cast.desk).get(address).status_code == 403
        assert sign_in(cast.outsider).get(address).status_code == 404

    def test_something_else_is_filed(self, cast: Cast, sign_in: SignIn) -> None:
        incident, client = make.make_incident(cast.desk, category="other"), sign_in(cast.manager)
        client.post(reverse("review-now", args=[incident.reference]))
        review = Review.objects.get()
        page = client.get(reverse("review-now", args=[incident.reference]))
        assert b"What kind of mistake was it?" in page.content
        answer = client.post(url("review-refile", review.pk), {"category": make.category("waiting").pk})
        assert (answer.status_code, make.fresh(incident).category.key) == (302, "waiting")
