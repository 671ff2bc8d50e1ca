"""Ninety days later: what is counted, to the minute, and what the count says."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from incidents.actions import causes, change, prevention
from incidents.actions.refusals import NotYours, Refused
from incidents.models import CheckVerdict, Event, Incident, PreventionAction, Review, RootCause, recurrence
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, HOUR, NOW, Cast
from tests.preventing import commit, finish

MINUTE = dt.timedelta(minutes=1)
AT_90 = NOW + 90 * DAY


@kept_rows
def cause(cast: Cast) -> RootCause:
    return RootCause.objects.get(key="step_missed")


def reported(cast: Cast, cause: RootCause | None, *moments: dt.datetime, kind: str = "room") -> list[Incident]:
    made = [make.make_incident(cast.desk, category=kind, now=moment) for moment in moments]
    Incident.objects.filter(pk__in=[each.pk for each in made]).update(root_cause=cause)
    return made


def before(cast: Cast, cause: RootCause | None, number: int) -> Incident:
    """So many in the 90 days before NOW; the last of them."""
    return reported(cast, cause, *(NOW - (n + 1) * DAY for n in range(number)))[-1]


def done(cast: Cast, cause: RootCause | None, number: int = 5) -> PreventionAction:
    """Committed because of the last of so many, and done at NOW."""
    return finish(commit(before(cast, cause, number), cast.manager), cast.manager)


def verdict(action: PreventionAction) -> str:
    action.refresh_from_db()
    return str(action.verdict)


def state(action: PreventionAction) -> str:
    return str(Incident.objects.get(pk=action.incident_id).review_state)


class TestWhen:
    def test_not_before_the_ninetieth_day(self, cast: Cast, cause: RootCause) -> None:
        action = done(cast, cause)
        assert prevention.check_due(NOW + 89 * DAY + 23 * HOUR) == 0
        early = prevention.check_now(action_id=action.pk, by=cast.manager, now=AT_90 - MINUTE)
        assert (early.verdict, early.days) == (CheckVerdict.TOO_EARLY, 89)
        assert (verdict(action), state(action)) == ("too_early", "preventing")
        assert prevention.check_due(AT_90) == 1
        assert (verdict(action), state(action)) == ("not_seen", "verified")
        assert prevention.check_due(AT_90 + HOUR) == 0

    def test_from_when_it_took_effect_at_the_place(self, cast: Cast, cause: RootCause) -> None:
        """In Chicago, 1 April begins at 5:00 UTC; the clock changed on 8 March."""
        incident = before(cast, cause, 5)
        action = commit(incident, cast.manager, kind="wording", effective_on=dt.date(2026, 4, 1))
        starts = dt.datetime(2026, 4, 1, 5, 0, tzinfo=dt.UTC)
        finish(action, cast.manager)
        action.refresh_from_db()
        assert action.check_at == starts + 90 * DAY
        reported(cast, cause, starts - MINUTE)
        check = prevention.check_now(action_id=action.pk, by=cast.manager, now=starts + 90 * DAY)
        assert (check.before, check.after, check.verdict) == (6, 0, CheckVerdict.NOT_SEEN)

    def test_an_earlier_day_counts_from_when_it_was_done(self, cast: Cast, cause: RootCause) -> None:
        action = commit(before(cast, cause, 5), cast.manager, effective_on=dt.date(2026, 2, 1))
        assert finish(action, cast.manager).check_at == AT_90

    def test_what_is_broken_does_not_stop_the_others(
        self, cast: Cast, cause: RootCause, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = done(cast, cause), done(cast, cause)
        counted = recurrence.count_of

        def fails_once(action: PreventionAction, now: dt.datetime) -> object:
            if action.pk == first.pk:
                raise ValueError
            return counted(action, now)

        monkeypatch.setattr("incidents.actions.prevention.checking.count_of", fails_once)
        assert prevention.check_due(AT_90) == 1
        assert [verdict(first), verdict(second)] == ["", "not_seen"]


class TestHowMany:
    @pytest.mark.parametrize(("number", "said", "leads_to"), [(4, "too_few", "reviewed"), (5, "not_seen", "verified")])
    def test_four_before_are_too_few(self, cast: Cast, cause: RootCause, number: int, said: str, leads_to: str) -> None:
        action = done(cast, cause, number)
        prevention.check_due(AT_90)
        assert (verdict(action), state(action)) == (said, leads_to)
        check = action.checks.get()
        assert (check.days, check.before, check.after) == (90, number, 0)

    def test_edges_of_the_windows(self, cast: Cast, cause: RootCause) -> None:
        action = done(cast, cause, 4)
        reported(cast, cause, NOW - 90 * DAY - MINUTE, NOW - 90 * DAY)  # the second is inside
        reported(cast, cause, AT_90)  # no longer inside
        assert prevention.check_due(AT_90 + HOUR) == 1
        check = action.checks.get()
        assert (check.before, check.after, verdict(action)) == (5, 0, "not_seen")

    def test_only_the_same_at_the_same_place(self, cast: Cast, cause: RootCause) -> None:
        action = done(cast, cause)
        other = RootCause.objects.get(key="training")
        reported(cast, other, NOW + DAY)
        reported(cast, None, NOW + DAY)
        reported(cast, cause, NOW + DAY, kind="late")
        there = make.make_incident(cast.outsider, now=NOW + DAY)
        Incident.objects.filter(pk=there.pk).update(root_cause=cause)
        prevention.check_due(AT_90)
        assert verdict(action) == "not_seen"

    def test_not_what_was_taken_out(self, cast: Cast, cause: RootCause) -> None:
        action = done(cast, cause)
        first, second, twin = reported(cast, cause, NOW + DAY, NOW + DAY, NOW - DAY)
        make.close(first, cast.manager, "void", now=NOW + 2 * DAY)
        make.close(second, cast.manager, "duplicate", now=NOW + 2 * DAY, duplicate_of=twin)
        prevention.check_due(AT_90)
        assert (verdict(action), action.checks.get().after) == ("not_seen", 0)

    def test_no_restricted_ones_because_everybody_reads_the_count(self, cast: Cast, cause: RootCause) -> None:
        action = done(cast, cause)
        again, earlier = reported(cast, cause, NOW + DAY, NOW - DAY)
        Incident.objects.filter(pk__in=[again.pk, earlier.pk]).update(is_restricted=True)
        prevention.check_due(AT_90)
        assert (verdict(action), action.checks.get().before) == ("not_seen", 5)
        assert prevention.came_back(incident_id=again.pk, by=cast.manager, now=AT_90) == []

    def test_restricted_ones_where_only_few_read_it(self, cast: Cast, cause: RootCause) -> None:
        action = done(cast, cause)
        again = reported(cast, cause, NOW + DAY)[0]
        Incident.objects.filter(pk__in=[again.pk, action.incident_id]).update(is_restricted=True)
        prevention.check_due(AT_90)
        assert (verdict(action), action.checks.get().after) == ("recurred", 1)

    def test_without_a_cause_the_category(self, cast: Cast, cause: RootCause) -> None:
        action = done(cast, None)
        reported(cast, cause, NOW + DAY)
        prevention.check_due(AT_90)
        assert verdict(action) == "recurred"

    def test_a_cause_that_was_changed_later(self, cast: Cast, cause: RootCause) -> None:
        """Each incident counts for the cause it has now; what is not done yet follows its own incident's."""
        other = RootCause.objects.get(key="training")
        action, late = done(cast, cause), reported(cast, cause, NOW + DAY)[0]
        causes.set_cause(incident_id=late.pk, root_cause=other, by=cast.manager, now=NOW + 2 * DAY)
        prevention.check_due(AT_90)
        assert verdict(action) == "not_seen"

    def test_what_is_not_done_yet_follows_its_incident(self, cast: Cast, cause: RootCause) -> None:
        incident = before(cast, None, 1)
        action = commit(incident, cast.manager)
        causes.set_cause(incident_id=incident.pk, root_cause=cause, by=cast.manager, now=NOW)
        action.refresh_from_db()
        assert action.root_cause == cause
        fields = {"category": make.category("late"), "field_values": {}}
        version = make.fresh(incident).version
        change.change_incident(incident_id=incident.pk, expected_version=version, by=cast.manager, now=NOW, **fields)
        action.refresh_from_db()
        assert action.category.key == "late"


class TestComingBack:
    def test_may_be_said_before_the_ninety_days_are_over(self, cast: Cast, cause: RootCause) -> None:
        """No days that are still to come can make it not come back."""
        action = done(cast, cause)
        reported(cast, cause, NOW + DAY)
        check = prevention.check_now(action_id=action.pk, by=cast.manager, now=NOW + 10 * DAY)
        assert (check.days, check.before, check.after, check.verdict) == (10, 5, 1, CheckVerdict.RECURRED)
        action.refresh_from_db()
        assert (action.verdict, action.is_open, action.reopened_count) == ("recurred", True, 1)

    def test_asked_late_counts_as_many_days_before_as_after(self, cast: Cast, cause: RootCause) -> None:
        action = done(cast, cause, 4)
        reported(cast, cause, NOW - 100 * DAY, NOW + 95 * DAY)
        assert prevention.check_due(NOW + 101 * DAY) == 1
        check = action.checks.get()
        assert (check.days, check.before, check.after) == (101, 5, 1)

    def test_opens_it_again(self, cast: Cast, cause: RootCause) -> None:
        action = done(cast, cause)
        reported(cast, cause, NOW + DAY)
        assert prevention.check_due(AT_90) == 1
        action.refresh_from_db()
        assert (action.verdict, action.is_open, action.reopened_count) == ("recurred", True, 1)
        assert action.due_on == (AT_90 + 14 * DAY).date()
        assert action.evidence == "It hangs beside the phone."
        assert state(action) == "preventing"
        assert Event.objects.get(kind="prevention_back").codes == {"times": 1}
        again = finish(action, cast.manager, now=AT_90 + DAY, evidence="Now the system asks.")
        assert (again.verdict, again.check_at) == ("", AT_90 + 91 * DAY)

    def test_at_once_when_a_meeting_talks_about_it(self, cast: Cast, cause: RootCause) -> None:
        action = done(cast, cause)
        again = reported(cast, cause, NOW + DAY)[0]
        found = prevention.came_back(incident_id=again.pk, by=cast.manager, now=NOW + 2 * DAY)
        assert [each.pk for each in found] == [action.pk]
        assert (verdict(action), action.checks.get().after) == ("recurred", 1)
        assert prevention.came_back(incident_id=again.pk, by=cast.manager, now=NOW + 3 * DAY) == []

    def test_what_happened_before_it_did_not_come_back(self, cast: Cast, cause: RootCause) -> None:
        done(cast, cause)
        late = reported(cast, cause, NOW - DAY)[0]
        assert prevention.came_back(incident_id=late.pk, by=cast.manager, now=NOW + 2 * DAY) == []

    def test_the_sweep_finds_what_was_reviewed_meanwhile(self, cast: Cast, cause: RootCause) -> None:
        action = done(cast, cause)
        for incident in reported(cast, cause, NOW + DAY, NOW - DAY):
            Review.objects.create(
                incident=incident,
                opened_at=NOW + 2 * DAY,
                opened_by=cast.manager,
                ended_at=NOW + 2 * DAY,
                ended_by=cast.manager,
                outcome="talked",
            )
        assert prevention.check_due(NOW + 3 * DAY) == 1
        assert verdict(action) == "recurred"
        assert prevention.check_due(NOW + 4 * DAY) == 0

    def test_long_after_it_held(self, cast: Cast, cause: RootCause) -> None:
        """Asked on day 200: as many days before as after."""
        action = done(cast, cause)
        prevention.check_due(AT_90)
        reported(cast, cause, NOW + 150 * DAY)
        check = prevention.check_now(action_id=action.pk, by=cast.manager, now=NOW + 200 * DAY)
        assert (check.days, check.after, verdict(action)) == (200, 1, "recurred")


def test_checking_is_for_whoever_does_it_and_once_it_is_done(cast: Cast, cause: RootCause) -> None:
    action = commit(before(cast, cause, 1), cast.manager, assignee=cast.colleague, submit_key=uuid4())
    with pytest.raises(Refused, match="not done yet"):
        prevention.check_now(action_id=action.pk, by=cast.colleague, now=NOW)
    finish(action, cast.colleague)
    with pytest.raises(NotYours):
        prevention.check_now(action_id=action.pk, by=cast.desk, now=NOW)
    for _again in range(2):
        prevention.check_now(action_id=action.pk, by=cast.colleague, now=NOW + HOUR)
    assert action.checks.count() == 1


def test_put_off_is_not_talked_about(cast: Cast, cause: RootCause) -> None:
    """“Next time” opens nothing again, and is no outcome of a review."""
    action = done(cast, cause)
    again = reported(cast, cause, NOW + DAY)[0]
    ended = {"opened_at": NOW + 2 * DAY, "opened_by": cast.manager, "ended_at": NOW + 2 * DAY, "ended_by": cast.manager}
    Review.objects.create(incident=again, outcome="next_time", **ended)
    assert prevention.check_due(NOW + 3 * DAY) == 0
    assert prevention.settle_review_state(again, by=None, now=NOW, is_reviewed=True) == "not_required"
    assert verdict(action) == ""
