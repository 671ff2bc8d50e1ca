"""Whatever people do in whatever order, the incident stands where its rows and its events say."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from incidents.actions import clocks
from incidents.actions.standing import standing
from incidents.models import Closure, Incident, Reminder, ReminderKind, ReminderState, Staff
from incidents.models.hours import pauses_of
from incidents.vocabulary import NOT_AN_INCIDENT, CloseReason, Severity, Stage
from incidents.workflow import next_step
from tests.make import Cast
from tests.road.person import Person
from tests.road.replay import replay


class Anything(Person):
    @invariant()
    def its_stage_is_the_first_unmet_step(self) -> None:
        facts = self.incident.current_round().facts(self.incident.finding)
        if self.incident.is_open:
            assert self.incident.stage == next_step(facts) != Stage.CLOSED
            assert self.incident.next_due_at is not None
        elif self.incident.close_reason == CloseReason.RECOVERED and self.closed_at_once():
            assert next_step(facts) == Stage.CLOSED

    def closed_at_once(self) -> bool:
        """Nothing of its facts was corrected since."""
        newest = self.incident.events.order_by("-id").exclude(kind="promise_made")[0]
        return newest.kind == "closed"

    @invariant()
    def its_events_say_the_same(self) -> None:
        told, it = replay(self.incident.events.order_by("id")), self.incident
        stored = (it.stage, it.round_number, it.assignee_id, it.close_reason, it.reopen_count)
        assert (told.stage, told.round_number, told.assignee, told.close_reason, told.reopened) == stored

    @invariant()
    def exactly_one_person_has_it(self) -> None:
        assert Staff.objects.filter(pk=self.incident.assignee_id, is_active=True).exists()
        last = self.incident.handovers.order_by("-id").first()
        if last is not None and last.is_waiting:
            assert last.to_staff_id == self.incident.assignee_id

    @invariant()
    def it_is_closed_for_a_reason(self) -> None:
        standing_ones = Closure.objects.filter(incident=self.incident, reopened_at__isnull=True)
        if self.incident.is_open:
            assert not standing_ones.exists()
            assert self.incident.duplicate_of_id is None
            return
        closure = standing_ones.get()
        assert closure.reason == self.incident.close_reason
        assert closure.note or closure.reason == CloseReason.RECOVERED
        assert (self.incident.duplicate_of_id is None) == (closure.reason != CloseReason.DUPLICATE)

    @invariant()
    def only_what_is_open_is_reminded_of(self) -> None:
        for reminder in Reminder.objects.filter(incident=self.incident, state=ReminderState.PENDING):
            assert standing(reminder) is not None, f"{reminder.kind} is over"
            assert self.incident.is_open or reminder.kind == ReminderKind.PROMISE_DUE

    @invariant()
    def waiting_is_what_the_events_say(self) -> None:
        told, it = replay(self.incident.events.order_by("id")), self.incident
        assert (told.since, told.until) == (it.waiting_since, it.waiting_until)
        last = [(told.began, told.until)] if told.began and told.until and told.until > told.began else []
        pauses = pauses_of(Incident.objects.select_related("location").get(pk=it.pk))
        assert [(pause.began, pause.ended) for pause in pauses] == [*told.stood, *last]
        ringing = Reminder.objects.filter(incident=it, kind=ReminderKind.WAITED_LONG_ENOUGH)
        assert set(ringing.filter(state=ReminderState.PENDING).values_list("target_at", flat=True)) <= {told.until}

    @invariant()
    def its_deadlines_are_what_its_events_make_them(self) -> None:
        """Reckoned anew from the stored rows they come out the same, and what is due next with them."""
        it = Incident.objects.select_related("location", "customer", "category", "assignee").get(pk=self.incident.pk)
        if not it.is_open:
            return
        stored = dict(it.deadlines.filter(round__number=it.round_number).values_list("clock", "due_at"))
        times = clocks.refresh(it, it.current_round())
        assert dict(it.deadlines.filter(round__number=it.round_number).values_list("clock", "due_at")) == stored
        assert times.next_due_at == it.next_due_at
        if it.waiting_until is not None:
            assert it.next_due_at <= it.waiting_until

    @invariant()
    def what_is_due_next_is_among_its_deadlines(self) -> None:
        it = Incident.objects.get(pk=self.incident.pk)
        rows = it.deadlines.filter(round__number=it.round_number).values_list("due_at", "met_at")
        unmet = [due_at for due_at, met_at in rows if met_at is None]
        unmet += [it.waiting_until] if it.waiting_until else []
        wanted = min(unmet, default=max(due_at for due_at, _met_at in rows))
        assert it.next_due_at == (wanted if it.is_open else None)

    @invariant()
    def a_rule_raises_it_once_and_never_to_critical(self) -> None:
        told, it = replay(self.incident.events.order_by("id")), self.incident
        assert told.raised_by == it.raised_by
        assert not told.severity or told.severity == it.severity
        assert not it.raised_by or it.severity > Severity.CRITICAL

    @invariant()
    def somebody_will_call(self) -> None:
        """While the call is what is left, one is planned; unless they want no contact."""
        planned = self.incident.follow_ups.planned()
        customer = self.incident.customer
        if customer is not None:
            customer.refresh_from_db()
        may_call = customer is None or customer.no_contact_since is None
        if self.incident.stage == Stage.FOLLOW_UP and may_call and not self.was_let_be():
            assert planned.exists()
        if not self.incident.is_open:
            assert not planned.exists()

    def was_let_be(self) -> bool:
        return self.incident.events.filter(kind__in=("no_contact_noted",)).exists()

    @invariant()
    def what_never_was_is_not_reopened(self) -> None:
        if self.incident.closures.filter(reason__in=NOT_AN_INCIDENT, reopened_at__isnull=False).exists():
            undone = self.incident.events.filter(kind="undone", codes__act="closed")
            assert undone.exists()


def run(cast: Cast, examples: int, steps: int, *, is_same: bool) -> None:
    Anything.cast = cast
    run_state_machine_as_test(
        Anything,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=is_same,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_sequence(cast: Cast) -> None:
    """The same few sequences each time; the long run below looks for new ones."""
    run(cast, 5, 18, is_same=True)


@pytest.mark.slow
def test_any_sequence_at_length(cast: Cast) -> None:
    run(cast, 200, 40, is_same=False)
