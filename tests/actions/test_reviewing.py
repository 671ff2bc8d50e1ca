"""One mistake talked about: what is written, what was missed, with which outcome it leaves the agenda."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from incidents.actions import agenda, outcomes, reviewing
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.blame import blames_only
from incidents.models import (
    Incident,
    Meeting,
    MissedStep,
    PreventionAction,
    Procedure,
    Review,
    ReviewOutcome,
    RootCause,
    RoutineStep,
    Staff,
)
from tests import make, meetings, preventing
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast


@kept_rows
def incident(cast: Cast) -> Incident:
    return meetings.on_the_list(cast.desk)


@kept_rows
def meeting(cast: Cast, incident: Incident) -> Meeting:
    return meetings.begin(meetings.call(cast), cast.manager, writer=cast.desk)


@kept_rows
def review(meeting: Meeting) -> Review:
    return Review.objects.get(meeting=meeting)


class TestTwoMeetingsAtOnce:
    @pytest.fixture
    def other(self, cast: Cast, meeting: Meeting, incident: Incident) -> Meeting:
        called = meetings.call(cast)
        agenda.add_incident(meeting_id=called.pk, incident_id=incident.pk, by=cast.manager, now=NOW)
        return meetings.begin(called, cast.manager)

    def test_one_talks_about_it_and_the_other_says_so(self, cast: Cast, review: Review, other: Meeting) -> None:
        assert other.current
        assert other.current.incident == review.incident
        with pytest.raises(Refused, match="Another meeting"):
            meetings.review_of(other, review.incident, cast.manager)
        review.refresh_from_db()
        assert review.meeting != other
        assert meetings.save(review, cast.manager, known_first="A bell").known_first == "A bell"

    def test_the_other_may_put_it_off_and_nothing_is_taken_away(
        self, cast: Cast, review: Review, other: Meeting
    ) -> None:
        assert other.current
        outcomes.put_off_review(item_id=other.current.pk, by=cast.manager, now=NOW)
        assert other.items.get(pk=other.current.pk).outcome == ReviewOutcome.NEXT_TIME
        assert Review.objects.get(pk=review.pk).is_open

    def test_what_a_manager_began_alone_comes_before_all(self, cast: Cast) -> None:
        lone = meetings.on_the_list(cast.desk, customer=make.make_customer("Guest Second"))
        alone = reviewing.open_review(incident_id=lone.pk, by=cast.manager, now=NOW)
        begun = meetings.begin(meetings.call(cast), cast.manager)
        assert Review.objects.get(pk=alone.pk).meeting == begun


def cause(key: str = "step_missed") -> RootCause:
    return RootCause.objects.get(key=key)


def end(review: Review, by: Staff, outcome: str = "action", **over: Any) -> Review:
    return outcomes.end_review(review_id=review.pk, outcome=ReviewOutcome(outcome), by=by, now=NOW, **over)


def agree(review: Review, by: Staff, **over: Any) -> PreventionAction:
    fields: dict[str, Any] = {
        "kind": "checklist",
        "what": "Read the order back before it is filed",
        "assignee": by,
        "due_on": preventing.DUE,
        "now": NOW,
        "submit_key": uuid4(),
    }
    return reviewing.commit_in_review(review_id=review.pk, by=by, **fields | over)


class TestWriting:
    def test_keeps_what_was_said_and_the_wall_looks_again(self, cast: Cast, meeting: Meeting, review: Review) -> None:
        before = meetings.fresh(meeting).version
        factors = [cause("training"), cause("step_missed")]
        saved = meetings.save(
            review,
            cast.desk,
            known_first="A list at the door",
            root_cause=cause(),
            factors=factors,
            whys=["", "No list"],
        )
        assert (saved.known_first, saved.root_cause, saved.whys) == ("A list at the door", cause(), ["No list"])
        assert list(saved.factors.all()) == [cause("training")]  # what is the cause is no factor besides
        assert meetings.fresh(meeting).version == before + 1

    def test_stale_shows_what_the_other_wrote(self, cast: Cast, review: Review) -> None:
        meetings.save(review, cast.desk, known_first="Theirs")
        with pytest.raises(Stale) as stale:
            meetings.save(review, cast.manager, known_first="Mine", expected_version=review.version)
        assert stale.value.current.known_first == "Theirs"
        assert Review.objects.get(pk=review.pk).known_first == "Theirs"

    def test_the_same_again_changes_nothing(self, cast: Cast, review: Review) -> None:
        saved = meetings.save(review, cast.desk, known_first="A list")
        assert meetings.save(review, cast.desk, known_first="A list", expected_version=0).version == saved.version

    @pytest.mark.parametrize("why", ["Human error", "it was a human error.", "Carelessness!"])
    def test_human_error_alone_is_refused_in_words(self, cast: Cast, review: Review, why: str) -> None:
        with pytest.raises(Refused, match="What let it happen"):
            meetings.save(review, cast.desk, whys=[why])
        assert meetings.save(review, cast.desk, whys=[why, "The form has no field for it"]).whys

    def test_is_for_whoever_runs_the_meeting_and_managers(self, cast: Cast, review: Review) -> None:
        with pytest.raises(NotYours):
            meetings.save(review, cast.colleague, known_first="Me too")
        with pytest.raises(NotYours):
            meetings.save(review, cast.outsider, known_first="Me too")

    def test_one_is_open_at_a_time(self, cast: Cast, incident: Incident, review: Review) -> None:
        assert reviewing.open_review(incident_id=incident.pk, by=cast.manager, now=NOW) == review

    def test_what_was_begun_alone_goes_on_in_the_meeting(self, cast: Cast) -> None:
        incident = meetings.on_the_list(cast.desk)
        alone = reviewing.open_review(incident_id=incident.pk, by=cast.manager, now=NOW)
        meeting = meetings.begin(meetings.call(cast), cast.manager)
        taken = meetings.review_of(meeting, incident, cast.manager)
        assert (taken, taken.meeting) == (alone, meeting)


def test_what_blames_only() -> None:
    assert blames_only(["Somebody made a mistake"])
    assert not blames_only(["Somebody made a mistake in the form because it asks twice"])
    assert not blames_only(["", " "])


class TestMissedSteps:
    def test_typed_on_the_spot_when_there_is_no_routine(self, cast: Cast, incident: Incident, review: Review) -> None:
        for words in ("Run the water", "Look at the boiler", "run the water"):
            reviewing.type_missed_step(review_id=review.pk, words=words, by=cast.desk, now=NOW)
        assert [m.step.words for m in incident.missed_steps.order_by("pk")] == ["Run the water", "Look at the boiler"]
        procedure = Procedure.objects.get()
        assert (procedure.location, list(procedure.categories.all())) == (cast.here, [incident.category])

    def test_ticked_and_not_after_all(self, cast: Cast, review: Review) -> None:
        reviewing.type_missed_step(review_id=review.pk, words="Run the water", by=cast.desk, now=NOW)
        tick: dict[str, Any] = {"review_id": review.pk, "step": RoutineStep.objects.get(), "by": cast.desk, "now": NOW}
        for is_missed in (True, False, False):
            reviewing.tick_step(is_missed=is_missed, **tick)
        assert not MissedStep.objects.exists()


class TestOutcome:
    def test_action_needs_a_person_and_a_day(
        self, cast: Cast, meeting: Meeting, incident: Incident, review: Review
    ) -> None:
        with pytest.raises(Refused, match="who does it and by which day"):
            end(review, cast.manager)
        meetings.save(review, cast.desk, root_cause=cause())
        action = agree(review, cast.desk, assignee=cast.colleague)
        assert (action.review, action.root_cause) == (review, cause())
        ended = end(review, cast.desk)
        assert (ended.outcome, ended.ended_by) == ("action", cast.desk)
        assert meetings.item_of(meeting, incident).outcome == "action"
        incident = make.fresh(incident)
        assert (incident.review_state, incident.root_cause) == ("preventing", cause())

    def test_no_action_needs_a_reason(self, cast: Cast, incident: Incident, review: Review) -> None:
        with pytest.raises(Refused, match="why nothing"):
            end(review, cast.manager, "no_action", reason=" ")
        end(review, cast.manager, "no_action", reason="The boiler is new since Monday")
        assert make.fresh(incident).review_state == "no_action"

    def test_covered_names_what_covers_it(self, cast: Cast, incident: Incident, review: Review) -> None:
        with pytest.raises(Refused, match="which change"):
            end(review, cast.manager, "covered")
        other = preventing.commit(make.make_incident(cast.desk), cast.manager)
        end(review, cast.manager, "covered", covered_by=other)
        assert make.fresh(incident).review_state == "preventing"

    def test_talked_is_none_for_a_mistake(self, cast: Cast, review: Review) -> None:
        with pytest.raises(Refused):
            end(review, cast.manager, "talked")

    def test_something_else_must_be_filed_first(self, cast: Cast) -> None:
        incident = meetings.on_the_list(cast.desk, category="other")
        review = reviewing.open_review(incident_id=incident.pk, by=cast.manager, now=NOW)
        with pytest.raises(Refused, match="what kind of mistake"):
            end(review, cast.manager, "no_action", reason="No")
        reviewing.refile(review_id=review.pk, category=make.category("room"), by=cast.manager, now=NOW)
        assert end(review, cast.manager, "no_action", reason="The valve was new").outcome == "no_action"
        assert make.fresh(incident).category.key == "room"

    def test_twice_is_once_and_another_is_stale(self, cast: Cast, review: Review) -> None:
        end(review, cast.manager, "no_action", reason="New boiler")
        assert end(review, cast.desk, "no_action").ended_by == cast.manager
        with pytest.raises(Stale):
            end(review, cast.manager, "next_time")

    def test_taken_up_again_while_the_meeting_runs(
        self, cast: Cast, meeting: Meeting, incident: Incident, review: Review
    ) -> None:
        end(review, cast.manager, "no_action", reason="New boiler")
        outcomes.take_up_again(review_id=review.pk, by=cast.desk, now=NOW)
        assert meetings.item_of(meeting, incident).outcome == ""
        assert make.fresh(incident).review_state == "to_review"
        assert end(review, cast.manager, "no_action", reason="It is").ended_at

    def test_without_a_meeting_for_managers(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        with pytest.raises(NotYours):
            reviewing.open_review(incident_id=incident.pk, by=cast.desk, now=NOW)
        review = reviewing.open_review(incident_id=incident.pk, by=cast.manager, now=NOW)
        with pytest.raises(Refused, match="no meeting"):
            end(review, cast.manager, "next_time")
        assert end(review, cast.manager, "no_action", reason="Once in ten years").meeting is None

    def test_restricted_ones_only_without_a_meeting(self, cast: Cast, meeting: Meeting) -> None:
        hurt = make.make_incident(cast.desk, category="safety")
        with pytest.raises(Refused, match="few to know"):
            meetings.review_of(meeting, hurt, cast.manager)
        assert reviewing.open_review(incident_id=hurt.pk, by=cast.manager, now=NOW).is_open

    def test_a_change_that_did_not_hold_is_open_again(self, cast: Cast) -> None:
        first = make.make_incident(cast.desk)
        change = preventing.finish(preventing.commit(first, cast.manager, root_cause=cause()), cast.manager)
        again = make.make_incident(cast.desk, now=NOW + DAY)
        review = reviewing.open_review(incident_id=again.pk, by=cast.manager, now=NOW + DAY)
        meetings.save(review, cast.manager, root_cause=cause(), now=NOW + DAY)
        outcomes.end_review(
            review_id=review.pk,
            outcome=ReviewOutcome.NO_ACTION,
            reason="See the other one",
            by=cast.manager,
            now=NOW + DAY,
        )
        change.refresh_from_db()
        assert (change.done_at, change.reopened_count, change.verdict) == (None, 1, "recurred")


@pytest.mark.django_db(transaction=True)
def test_two_devices_that_save_at_once_do_not_lose_a_word(committed: None) -> None:
    cast = make.make_cast()
    meetings.on_the_list(cast.desk)
    meeting = meetings.begin(meetings.call(cast), cast.manager)
    review = Review.objects.get(meeting=meeting)
    ready, said = Barrier(2), {}

    def save(by: Staff) -> None:
        try:
            ready.wait()
            fields: dict[str, Any] = {"root_cause": None, "factors": [], "whys": [], "expected_version": review.version}
            reviewing.save_review(review_id=review.pk, known_first=f"By {by}", by=by, now=NOW, **fields)
            said[str(by)] = "saved"
        except Stale as stale:
            said[str(by)] = stale.current.known_first
        finally:
            connection.close()

    threads = [Thread(target=save, args=(by,)) for by in (cast.manager, cast.owner)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [who for who, what in said.items() if what == "saved"]
    (loser,) = [who for who in said if who != winner]
    assert said[loser] == f"By {winner}" == Review.objects.get(pk=review.pk).known_first
