"""Words for every clock: running, late, standing still, met in time or later."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from incidents import story
from incidents.actions import rounds, undo, waiting
from incidents.models import Deadline, Incident, Location
from incidents.models.waiting_words import day_words
from incidents.story.clocks import met_lines, met_words, running, running_words
from incidents.vocabulary import Clock, Stage
from tests import make
from tests.make import DAY, HOUR, NOW, Cast

MINUTE = dt.timedelta(minutes=1)
CHICAGO = ZoneInfo("America/Chicago")  # NOW is Wednesday, 09:00 there


def of_place(**over: Any) -> Incident:
    return Incident(location=Location(time_zone="America/Chicago"), reported_at=NOW, **over)


def deadline(clock: Clock, due: dt.timedelta, met: dt.timedelta | None = None) -> Deadline:
    return Deadline(clock=clock, due_at=NOW + due, met_at=None if met is None else NOW + met)


@pytest.mark.parametrize(
    ("clock", "due", "words"),
    [
        (Clock.APOLOGIZE, -2 * HOUR, "Apology late by 2 hours"),
        (Clock.APOLOGIZE, 40 * MINUTE, "Apology due in 40 minutes"),
        (Clock.ACKNOWLEDGE, -5 * MINUTE, "First answer late by 5 minutes"),
        (Clock.OFFER, 3 * HOUR, "Offer due in 3 hours"),
        (Clock.DELIVER, -3 * DAY, "Late by 3 days"),
        (Clock.FOLLOW_UP, DAY, "Call due in 1 day"),
    ],
)
def test_a_clock_that_runs(clock: Clock, due: dt.timedelta, words: str) -> None:
    assert running_words(clock, NOW + due, of_place(), NOW) == words


@pytest.mark.parametrize(
    ("due", "leaves", "words"),
    [
        (90 * MINUTE, 2 * HOUR, "Call due before they leave at 11:00"),
        (2 * HOUR, 2 * HOUR, "Call due before they leave at 11:00"),
        (DAY, DAY + 30 * MINUTE, "Call due before they leave, Thu 5 Mar, 09:30"),
        (HOUR, 2 * HOUR, "Call due in 1 hour"),  # it was not put there because they leave
        (3 * HOUR, 2 * HOUR, "Call due in 3 hours"),
        (-10 * MINUTE, 20 * MINUTE, "Call late by 10 minutes: they leave at 09:20"),
        (-3 * HOUR, -2 * HOUR - 30 * MINUTE, "Call late by 3 hours"),  # they have left
    ],
)
def test_a_call_before_they_leave(due: dt.timedelta, leaves: dt.timedelta, words: str) -> None:
    incident = of_place(reach_until=NOW + leaves)
    assert running_words(Clock.FOLLOW_UP, NOW + due, incident, NOW) == words


def test_only_a_call_is_due_before_they_leave() -> None:
    incident = of_place(reach_until=NOW + 2 * HOUR)
    assert running_words(Clock.OFFER, NOW + 2 * HOUR, incident, NOW) == "Offer due in 2 hours"


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (3 * HOUR, "12:00"),
        (-8 * HOUR, "01:00"),
        (DAY, "Thu"),
        (-DAY, "Tue"),
        (6 * DAY, "Tue"),
        (7 * DAY, "Wed 11 Mar"),
        (-30 * DAY, "Mon 2 Feb"),
    ],
)
def test_the_shortest_day_that_is_clear(away: dt.timedelta, words: str) -> None:
    assert day_words(NOW + away, NOW, CHICAGO) == words


class TestStandingStill:
    def test_what_needs_them(self) -> None:
        incident = of_place(waiting_since=NOW - DAY, waiting_until=NOW + DAY)
        said = running_words(Clock.OFFER, NOW + DAY, incident, NOW)
        assert said == "Offer stands still: waiting for the customer since Tue"
        said = running_words(Clock.DELIVER, NOW + DAY + HOUR, incident, NOW)
        assert said == "Putting it right stands still: waiting for the customer since Tue"
        assert running_words(Clock.APOLOGIZE, NOW + HOUR, incident, NOW).startswith("Apology due")

    def test_not_once_we_have_waited_enough(self) -> None:
        incident = of_place(waiting_since=NOW - DAY, waiting_until=NOW)
        assert running_words(Clock.OFFER, NOW + HOUR, incident, NOW).startswith("Offer due in")

    def test_what_was_late_before_we_waited_is_late_still(self) -> None:
        incident = of_place(waiting_since=NOW - HOUR, waiting_until=NOW + DAY)
        assert running_words(Clock.OFFER, NOW - 2 * HOUR, incident, NOW) == "Offer late by 2 hours"
        first = running([deadline(Clock.OFFER, -2 * HOUR), deadline(Clock.DELIVER, 2 * DAY)], incident, NOW)
        assert first
        assert (first.words, first.is_late) == ("Offer late by 2 hours", True)

    def test_what_runs_comes_first_and_what_stands_still_is_never_late(self) -> None:
        incident = of_place(waiting_since=NOW - DAY, waiting_until=NOW + DAY)
        offer, apology = deadline(Clock.OFFER, DAY + HOUR), deadline(Clock.APOLOGIZE, 2 * HOUR)
        first = running([offer, apology], incident, NOW)
        assert first
        assert first.words.startswith("Apology due")
        still = running([offer], incident, NOW)
        assert still
        assert (still.is_late, still.is_soon) == (False, False)
        later = running([offer, deadline(Clock.FOLLOW_UP, 3 * DAY)], incident, NOW)
        assert later
        assert later.words.startswith("Offer stands still")
        assert running([], incident, NOW) is None


@pytest.mark.parametrize(
    ("clock", "due", "met", "words"),
    [
        (Clock.APOLOGIZE, HOUR, 12 * MINUTE, "Apologized after 12 minutes, within the hour we aim for"),
        (Clock.APOLOGIZE, 4 * HOUR, 12 * MINUTE, "Apologized after 12 minutes, within the 4 hours we aim for"),
        (Clock.APOLOGIZE, HOUR, 3 * HOUR, "Apologized after 3 hours, 2 hours later than we aim for"),
        (Clock.APOLOGIZE, HOUR, 0 * HOUR, "Apologized at once"),
        (Clock.APOLOGIZE, HOUR, -HOUR, "Apologized at once"),
        (Clock.APOLOGIZE, DAY, HOUR, "Apologized after 1 hour, within the day we aim for"),
        (Clock.APOLOGIZE, 91.5 * HOUR, HOUR, "Apologized after 1 hour, within the time we aim for"),
        (Clock.ACKNOWLEDGE, 15 * MINUTE, 5 * MINUTE, "Answered after 5 minutes, within the 15 minutes we aim for"),
        (Clock.OFFER, HOUR, HOUR, "Offered after 1 hour, within the hour we aim for"),
        (Clock.DELIVER, DAY, 47 * HOUR, "Put right after 1 day 23 hours, 23 hours later than we aim for"),
        (Clock.DELIVER, 3 * DAY, 5 * DAY, "Put right after 5 days, 2 days later than we aim for"),
        (Clock.FOLLOW_UP, DAY, HOUR, "Called in time"),
        (Clock.FOLLOW_UP, DAY, DAY + 20 * MINUTE, "Called 20 minutes later than planned"),
        (Clock.FOLLOW_UP, DAY, None, ""),
    ],
)
def test_a_clock_that_was_met(clock: Clock, due: dt.timedelta, met: dt.timedelta | None, words: str) -> None:
    assert met_words(deadline(clock, due, met), NOW) == words


def test_after_waiting_the_aim_is_no_length() -> None:
    offer = deadline(Clock.OFFER, 2 * DAY, DAY)
    assert "within the time we aim for" in met_words(offer, NOW, has_waited=True)


class TestLinesOfADoneStep:
    def lines(self, stage: Stage, *deadlines: Deadline) -> list[str]:
        found = met_lines(stage, list(deadlines), NOW, has_waited=False)
        return list(found)

    def test_who_stood_before_us_was_heard_at_once(self) -> None:
        heard, sorry = deadline(Clock.ACKNOWLEDGE, HOUR, 0 * HOUR), deadline(Clock.APOLOGIZE, HOUR, 5 * MINUTE)
        assert self.lines(Stage.APOLOGIZE, heard, sorry) == [
            "Apologized after 5 minutes, within the hour we aim for",
        ]

    def test_an_apology_in_time_that_was_the_first_answer_and_late_as_such(self) -> None:
        heard, sorry = deadline(Clock.ACKNOWLEDGE, HOUR, 2 * HOUR), deadline(Clock.APOLOGIZE, 4 * HOUR, 2 * HOUR)
        assert self.lines(Stage.APOLOGIZE, heard, sorry) == [
            "Apologized after 2 hours, within the 4 hours we aim for",
            "Answered after 2 hours, 1 hour later than we aim for",
        ]

    def test_given_at_once(self) -> None:
        offer, given = deadline(Clock.OFFER, DAY, HOUR), deadline(Clock.DELIVER, 3 * DAY, HOUR)
        assert self.lines(Stage.REMEDY, offer, given) == ["Put right after 1 hour, within the 3 days we aim for"]
        late = deadline(Clock.OFFER, HOUR / 2, HOUR)
        assert self.lines(Stage.REMEDY, late, given)[0] == "Offered after 1 hour, 30 minutes later than we aim for"


class TestOnThePage:
    def test_a_done_step_says_how_long_it_took(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        make.apologize(incident, cast.desk, now=NOW + 12 * MINUTE)
        told = story.tell(make.fresh(incident), cast.desk, NOW + HOUR)
        said = told.steps[0].lines[-1].words
        assert said == "Apologized after 12 minutes, within the 4 hours we aim for"
        assert told.steps[1].lines == ()

    def test_a_second_try_counts_from_when_it_began(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        make.apologize(incident, cast.desk)
        rounds.go_back(incident_id=incident.pk, reason="contacted_us", by=cast.desk, now=NOW + DAY)
        make.apologize(incident, cast.desk, now=NOW + DAY + 20 * MINUTE)
        told = story.tell(make.fresh(incident), cast.desk, NOW + 2 * DAY)
        assert told.steps[0].lines[-1].words.startswith("Apologized after 20 minutes")

    def test_all_clocks_of_the_try(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk, told_by="email")
        make.apologize(incident, cast.desk, now=NOW + 2 * HOUR)
        of: dict[str, Any] = {"incident_id": incident.pk, "by": cast.desk}
        waiting.wait_for_customer(**of, now=NOW + 2 * HOUR, until=NOW + DAY + 2 * HOUR)
        told = story.tell(make.fresh(incident), cast.desk, NOW + 3 * HOUR)
        assert [(time.label, time.met, time.is_late) for time in told.times] == [
            ("Answer them", "Wed 4 Mar, 11:00", True),
            ("Apologize", "Wed 4 Mar, 11:00", False),
            ("Offer something", "", False),
            ("Deliver it", "", False),
            ("Call back", "", False),
        ]
        words = [time.words for time in told.times]
        assert words[:3] == [
            "late by 1 hour",
            "in time",
            "Offer stands still: waiting for the customer since 11:00",
        ]
        assert words[-1] == "Planned once it is put right"
        assert told.pauses[0].startswith("Waited for the customer from Wed 4 Mar, 11:00 until Thu 5 Mar, 11:00")
        assert told.without_apology == ""

    def test_one_wait_that_was_moved_and_taken_back_is_told_once(self, cast: Cast) -> None:
        incident, second = make.make_incident(cast.desk), MINUTE / 60
        of: dict[str, Any] = {"incident_id": incident.pk, "by": cast.desk}
        waiting.wait_for_customer(**of, now=NOW, until=NOW + DAY)
        undo.undo_last(**of, now=NOW + second)
        assert story.tell(make.fresh(incident), cast.desk, NOW + HOUR).pauses == []
        waiting.wait_for_customer(**of, now=NOW + HOUR, until=NOW + DAY)
        waiting.wait_for_customer(**of, now=NOW + 2 * HOUR, until=NOW + 3 * DAY)
        undo.undo_last(**of, now=NOW + 2 * HOUR + second)
        waiting.go_on(**of, now=NOW + 3 * HOUR)
        undo.undo_last(**of, now=NOW + 3 * HOUR + second)
        (told,) = story.tell(make.fresh(incident), cast.desk, NOW + 4 * HOUR).pauses
        assert told.startswith("Waited for the customer from Wed 4 Mar, 10:00 until Thu 5 Mar, 09:00")

    def test_time_without_an_apology_runs_while_we_wait(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        waiting.wait_for_customer(incident_id=incident.pk, by=cast.desk, now=NOW, until=NOW + DAY)
        told = story.tell(make.fresh(incident), cast.desk, NOW + 5 * HOUR)
        assert told.without_apology == "5 hours"
        assert told.clock == "Apology late by 1 hour"
        assert told.is_late
