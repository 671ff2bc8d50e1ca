"""What we change: an idea, a commitment, done with evidence, dropped; and what the review of its incident comes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from incidents.actions import causes, prevention, review
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import Event, Incident, PreventionAction, Review, RootCause, Staff
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast
from tests.preventing import commit, finish

DUE = dt.date(2026, 3, 20)


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk)


def state(incident: Incident) -> str:
    return str(make.fresh(incident).review_state)


def kinds(incident: Incident) -> list[str]:
    mine = Event.objects.filter(incident=incident, kind__startswith="prevention_")
    return list(mine.order_by("id").values_list("kind", flat=True))


class TestCommitting:
    def test_says_who_does_what_by_when(self, cast: Cast, incident: Incident) -> None:
        cause = RootCause.objects.get(key="step_missed")
        causes.set_cause(incident_id=incident.pk, root_cause=cause, by=cast.manager, now=NOW)
        action = commit(incident, cast.manager, assignee=cast.colleague, due_on=DUE)
        assert (action.assignee, action.root_cause, action.category) == (cast.colleague, cause, incident.category)
        assert action.due_at == dt.datetime(2026, 3, 21, 4, 59, tzinfo=dt.UTC)  # the last minute in Chicago
        assert action.is_open
        assert (state(incident), kinds(incident)) == ("preventing", ["prevention_committed"])

    def test_twice_with_one_key_is_once(self, cast: Cast, incident: Incident) -> None:
        key = uuid4()
        first = commit(incident, cast.manager, submit_key=key)
        assert commit(incident, cast.manager, submit_key=key, what="Something else") == first
        with pytest.raises(Refused):
            commit(make.make_incident(cast.desk), cast.manager, submit_key=key)
        assert PreventionAction.objects.count() == 1

    def test_is_for_managers_and_whoever_writes_the_meeting_down(self, cast: Cast, incident: Incident) -> None:
        with pytest.raises(NotYours):
            commit(incident, cast.desk)
        assert prevention.note_idea(
            incident_id=incident.pk, kind="checklist", what="A list", by=cast.desk, now=NOW, submit_key=uuid4()
        ).is_idea
        assert state(incident) == "not_required"

    @pytest.mark.parametrize("due_on", [dt.date(2026, 3, 3), dt.date(2020, 1, 1)])
    def test_not_for_a_day_that_passed(self, cast: Cast, incident: Incident, due_on: dt.date) -> None:
        with pytest.raises(Refused, match="has passed"):
            commit(incident, cast.manager, due_on=due_on)

    def test_today_at_the_place_is_in_time(self, cast: Cast, incident: Incident) -> None:
        late = dt.datetime(2026, 3, 5, 4, 0, tzinfo=dt.UTC)  # still the fourth in Chicago
        due_at = commit(incident, cast.manager, due_on=dt.date(2026, 3, 4), now=late).due_at
        assert due_at == dt.datetime(2026, 3, 5, 5, 59, tzinfo=dt.UTC)

    def test_not_to_somebody_of_another_place(self, cast: Cast, incident: Incident) -> None:
        with pytest.raises(Refused, match="do not work"):
            commit(incident, cast.manager, assignee=cast.outsider)

    def test_not_for_what_never_happened(self, cast: Cast, incident: Incident) -> None:
        make.close(incident, cast.manager, "void")
        with pytest.raises(Refused, match="taken out"):
            commit(incident, cast.manager)

    def test_what_waits_for_a_meeting_goes_on_waiting(self, cast: Cast, incident: Incident) -> None:
        review.add_to_next_meeting(incident_id=incident.pk, by=cast.desk, now=NOW)
        commit(incident, cast.manager)
        assert state(incident) == "to_review"

    def test_an_idea_is_committed_once(self, cast: Cast, incident: Incident) -> None:
        idea = prevention.note_idea(
            incident_id=incident.pk, kind="notice", what="A sign", by=cast.desk, now=NOW, submit_key=uuid4()
        )
        fields: dict[str, Any] = {"assignee": cast.desk, "due_on": DUE, "expected_version": 0, "now": NOW}
        done = prevention.commit_idea(action_id=idea.pk, by=cast.manager, kind="checklist", **fields)
        assert (done.is_open, done.kind, done.what) == (True, "checklist", "A sign")
        assert prevention.commit_idea(action_id=idea.pk, by=cast.manager, **fields) == done
        with pytest.raises(Stale):
            prevention.commit_idea(action_id=idea.pk, by=cast.owner, **fields | {"assignee": cast.owner})


class TestWhatBecomesOfIt:
    def test_done_with_evidence(self, cast: Cast, incident: Incident) -> None:
        action = commit(incident, cast.manager, assignee=cast.colleague)
        done = finish(action, cast.colleague, now=NOW + DAY, evidence="Hangs above the phone.")
        assert (done.done_by, done.evidence) == (cast.colleague, "Hangs above the phone.")
        assert done.check_at == NOW + 91 * DAY
        assert state(incident) == "preventing"
        with pytest.raises(Refused, match="what shows"):
            finish(commit(incident, cast.manager), cast.manager, evidence="  ")

    def test_only_by_whoever_does_it_and_managers(self, cast: Cast, incident: Incident) -> None:
        action = commit(incident, cast.manager, assignee=cast.colleague)
        with pytest.raises(NotYours):
            finish(action, cast.desk)
        with pytest.raises(NotYours):
            prevention.drop(action_id=action.pk, reason="No", by=cast.colleague, now=NOW)

    def test_said_twice_is_once_and_somebody_else_is_too_late(self, cast: Cast, incident: Incident) -> None:
        action = commit(incident, cast.manager)
        finish(action, cast.manager)
        finish(action, cast.manager, now=NOW + DAY)
        with pytest.raises(Stale, match="meanwhile"):
            finish(action, cast.owner)
        with pytest.raises(Stale):
            prevention.drop(action_id=action.pk, reason="No", by=cast.manager, now=NOW)
        assert kinds(incident).count("prevention_done") == 1

    def test_dropped_gives_back_what_was_before(self, cast: Cast, incident: Incident) -> None:
        first, second = commit(incident, cast.manager), commit(incident, cast.manager)
        prevention.drop(action_id=first.pk, reason="Too dear", by=cast.manager, now=NOW)
        assert state(incident) == "preventing"
        prevention.drop(action_id=second.pk, reason="Too dear", by=cast.manager, now=NOW)
        assert state(incident) == "not_required"

    def test_moved_to_another_day_and_person(self, cast: Cast, incident: Incident) -> None:
        action = commit(incident, cast.manager)
        fields: dict[str, Any] = {"by": cast.manager, "now": NOW, "expected_version": action.version}
        moved = prevention.move_due(action_id=action.pk, due_on=DUE + DAY, assignee=cast.desk, **fields)
        assert (moved.due_on, moved.assignee) == (DUE + DAY, cast.desk)
        with pytest.raises(Stale):
            prevention.move_due(action_id=action.pk, due_on=DUE, **fields)

    def test_a_review_that_it_covers_follows_it(self, cast: Cast, incident: Incident) -> None:
        action = commit(incident, cast.manager)
        other = make.make_incident(cast.desk)
        Review.objects.create(
            incident=other,
            opened_at=NOW,
            opened_by=cast.manager,
            ended_at=NOW,
            ended_by=cast.manager,
            outcome="covered",
            covered_by=action,
        )
        prevention.settle_review_state(other, by=cast.manager, now=NOW, is_reviewed=True)
        assert state(other) == "preventing"
        prevention.drop(action_id=action.pk, reason="No", by=cast.manager, now=NOW)
        assert [state(other), state(incident)] == ["reviewed", "not_required"]


def both(*acts: Callable[[], object]) -> list[str]:
    """What becomes of acts that begin at the same moment."""
    barrier, said = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            act()
            said.append("done")
        except Refused as refused:
            said.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def at_once(committed: None, by: Callable[[Cast], Staff] = lambda cast: cast.manager) -> tuple[Cast, PreventionAction]:
    cast = make.make_cast()
    return cast, commit(make.make_incident(cast.desk), by(cast))


def test_of_two_who_end_it_at_once_one_wins(committed: None) -> None:
    cast, action = at_once(committed)
    said = both(
        lambda: finish(action, cast.manager),
        lambda: finish(action, cast.owner),
        lambda: prevention.drop(action_id=action.pk, reason="No", by=cast.manager, now=NOW),
    )
    assert said == ["Stale", "Stale", "done"]
    assert Event.objects.filter(kind__in=["prevention_done", "prevention_dropped"]).count() == 1


def test_one_form_sent_twice_at_once_commits_once(committed: None) -> None:
    cast, action = at_once(committed)
    key = uuid4()
    said = both(*[lambda: commit(action.incident, cast.manager, submit_key=key)] * 3)
    assert said == ["done"] * 3
    assert PreventionAction.objects.filter(submit_key=key).count() == 1
