"""The life of a remedy: every step from every state, declined, changed, waived, and what each leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from incidents.actions import remedies, rounds
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import Event, Incident, Notice, Remedy, RemedyTypeHere, Reminder, Round, Staff
from incidents.story.gather import gather
from incidents.story.timeline import timeline
from incidents.vocabulary import RemedyState, Stage, Waiver
from incidents.workflow import APOLOGY_ALONE, REMEDY_NOT_ENOUGH, REMEDY_PENDING, unmet
from tests import make
from tests.make import DAY, HOUR, NOW, Cast

Act = Callable[[Remedy, Staff], object]


def step(name: str, **over: object) -> Act:
    action = getattr(remedies, name)
    return lambda remedy, by: action(remedy_id=remedy.pk, by=by, now=NOW, **over)


STEPS: dict[str, Act] = {
    "offer": step("offer_remedy"),
    "accept": step("accept_remedy"),
    "start": step("start_remedy"),
    "not enough": step("decline_remedy", declined_as="not_enough"),
    "wants nothing": step("decline_remedy", declined_as="wants_nothing"),
    "deliver": step("deliver_remedy"),
    "fail": step("end_remedy", state="failed"),
    "withdraw": step("end_remedy", state="withdrawn"),
}
# From | what may be done | and where it leads. Everything else is refused in words.
LIFE: dict[str, dict[str, str]] = {
    "proposed": {
        "offer": "offered",
        "wants nothing": "declined",
        "fail": "failed",
        "withdraw": "withdrawn",
    },
    "offered": {
        "accept": "accepted",
        "start": "in_progress",
        "not enough": "declined",
        "wants nothing": "declined",
        "deliver": "delivered",
        "fail": "failed",
        "withdraw": "withdrawn",
    },
    "accepted": {
        "start": "in_progress",
        "not enough": "declined",
        "wants nothing": "declined",
        "deliver": "delivered",
        "fail": "failed",
        "withdraw": "withdrawn",
    },
    "in_progress": {
        "not enough": "declined",
        "wants nothing": "declined",
        "deliver": "delivered",
        "fail": "failed",
        "withdraw": "withdrawn",
    },
    "delivered": {},
    "declined": {},
    "failed": {"withdraw": "withdrawn"},
    "withdrawn": {},
}


def in_state(incident: Incident, by: Staff, state: str) -> Remedy:
    remedy = make.give(incident, by, is_delivered=False)
    fields: dict[str, object] = {"state": state}
    if state == RemedyState.DELIVERED:
        fields["delivered_at"] = NOW
    if state == RemedyState.DECLINED:
        fields["declined_as"] = "not_enough"
    Remedy.objects.filter(pk=remedy.pk).update(**fields)
    return remedy


@pytest.mark.parametrize("state", LIFE)
@pytest.mark.parametrize("name", STEPS)
def test_every_step_from_every_state(cast: Cast, incident: Incident, state: str, name: str) -> None:
    remedy = in_state(incident, cast.desk, state)
    if name in LIFE[state]:
        STEPS[name](remedy, cast.desk)
        expected = LIFE[state][name]
    else:
        with pytest.raises(Refused):
            STEPS[name](remedy, cast.desk)
        expected = state
    remedy.refresh_from_db()
    assert remedy.state == expected


def test_each_step_is_told_in_the_timeline(cast: Cast, incident: Incident) -> None:
    remedy = make.give(incident, cast.desk, is_delivered=False, what="New toner")
    for name in ("accept", "start", "deliver"):
        STEPS[name](remedy, cast.desk)
    said = [entry.title for entry in reversed(timeline(incident, gather(incident)))]
    told = [line for line in said if "toner" in line]
    assert told[1:3] == ["The customer takes it: New toner", "Begun: New toner"]
    assert told[3].startswith("Delivered:")


def test_every_event_says_what_it_was_before(cast: Cast, incident: Incident) -> None:
    remedy = make.give(incident, cast.desk, is_delivered=False)
    STEPS["accept"](remedy, cast.desk)
    STEPS["fail"](remedy, cast.desk)
    events = Event.objects.filter(subject_id=remedy.pk, kind__in=["remedy_accepted", "remedy_failed"])
    assert [(e.kind, e.codes["before"]) for e in events] == [
        ("remedy_accepted", "offered"),
        ("remedy_failed", "accepted"),
    ]


class TestDeclined:
    @pytest.fixture
    def sorry(self, cast: Cast, incident: Incident) -> Incident:
        make.apologize(incident, cast.desk)
        return incident

    def gate(self, incident: Incident) -> list[str]:
        round_ = Round.objects.get(incident=incident, number=incident.round_number)
        return [gate.code for gate in unmet(round_.facts(incident.finding), Stage.REMEDY)]

    def test_not_enough_asks_for_something_else(self, cast: Cast, sorry: Incident) -> None:
        first = make.give(sorry, cast.desk, is_delivered=False)
        STEPS["not enough"](first, cast.desk)
        assert self.gate(sorry) == [REMEDY_NOT_ENOUGH.code]
        second = make.give(sorry, cast.desk, is_delivered=False, replaces=first)
        assert self.gate(sorry) == [REMEDY_PENDING.code]
        STEPS["not enough"](second, cast.desk)
        assert self.gate(sorry) == []
        assert make.fresh(sorry).stage == Stage.FOLLOW_UP

    def test_wants_nothing_opens_the_gate(self, cast: Cast, sorry: Incident) -> None:
        first = make.give(sorry, cast.desk, is_delivered=False)
        remedies.decline_remedy(
            remedy_id=first.pk, declined_as="wants_nothing", note="It was fine.", by=cast.desk, now=NOW
        )
        round_ = sorry.rounds.get()
        assert (round_.waived_as, round_.waived_by, round_.waived_note) == ("wants_nothing", cast.desk, "It was fine.")
        assert make.fresh(sorry).stage == Stage.FOLLOW_UP

    def test_but_not_past_what_is_still_promised(self, cast: Cast, sorry: Incident) -> None:
        make.give(sorry, cast.desk, is_delivered=False)
        STEPS["wants nothing"](make.give(sorry, cast.desk, is_delivered=False), cast.desk)
        assert self.gate(sorry) == [REMEDY_PENDING.code]

    def test_a_reason_of_our_own_is_refused(self, cast: Cast, sorry: Incident) -> None:
        with pytest.raises(Refused, match="why they did not take it"):
            step("decline_remedy", declined_as="bored")(make.give(sorry, cast.desk, is_delivered=False), cast.desk)


class TestNothingDue:
    def test_the_customer_wants_nothing(self, cast: Cast, incident: Incident) -> None:
        make.apologize(incident, cast.desk)
        remedies.waive_remedy(incident_id=incident.pk, waived_as="wants_nothing", by=cast.desk, now=NOW)
        assert make.fresh(incident).stage == Stage.FOLLOW_UP
        with pytest.raises(Refused, match="said already"):
            remedies.waive_remedy(incident_id=incident.pk, waived_as="wants_nothing", by=cast.desk, now=NOW)
        assert timeline(incident, gather(incident))[-1].title

    def test_only_a_manager_finds_none_due_with_a_reason_and_having_told_them(
        self, cast: Cast, incident: Incident
    ) -> None:
        why = {"incident_id": incident.pk, "waived_as": "no_remedy_due", "now": NOW}
        with pytest.raises(NotYours):
            remedies.waive_remedy(by=cast.desk, note="Not ours.", is_told=True, **why)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="Say why"):
            remedies.waive_remedy(by=cast.manager, note=" ", is_told=True, **why)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="Tell the customer first"):
            remedies.waive_remedy(by=cast.manager, note="Not ours.", **why)  # type: ignore[arg-type]
        remedies.waive_remedy(by=cast.manager, note="Not ours.", is_told=True, **why)  # type: ignore[arg-type]
        assert incident.rounds.get().waived_as == Waiver.NO_REMEDY_DUE

    def test_an_unknown_reason(self, cast: Cast, incident: Incident) -> None:
        with pytest.raises(Refused, match="why nothing is due"):
            remedies.waive_remedy(incident_id=incident.pk, waived_as="mood", by=cast.owner, now=NOW)

    def test_the_next_round_owes_again(self, cast: Cast, incident: Incident) -> None:
        make.apologize(incident, cast.desk)
        remedies.waive_remedy(incident_id=incident.pk, waived_as="wants_nothing", by=cast.desk, now=NOW)
        rounds.go_back(incident_id=incident.pk, reason="second_thought", by=cast.desk, now=NOW)
        gates = unmet(incident.rounds.get(number=2).facts("undetermined"), Stage.REMEDY)
        assert gates == (APOLOGY_ALONE,)


class TestChanged:
    @pytest.fixture
    def offer(self, cast: Cast, incident: Incident) -> Remedy:
        return make.give(incident, cast.desk, "refund", is_delivered=False, what="Half", estimated_amount=Decimal(40))

    def change(self, offer: Remedy, by: Staff, **over: object) -> Remedy:
        same = {"what": "Half", "estimated_amount": Decimal(40), "assignee": offer.assignee}
        fields = {"expected_version": offer.version} | same | over
        return remedies.change_remedy(remedy_id=offer.pk, by=by, now=NOW, **fields)  # type: ignore[arg-type]

    def test_what_is_to_come_may_be_corrected(self, cast: Cast, offer: Remedy) -> None:
        due = NOW + DAY
        done = self.change(offer, cast.colleague, what="All of it", due_at=due, minutes=5, assignee=cast.colleague)
        assert (done.what, done.due_at, done.minutes, done.assignee) == ("All of it", due, 5, cast.colleague)
        event = Event.objects.get(kind="remedy_changed")
        assert event.codes == {"fields": ["what", "due_at", "assignee", "minutes"]}
        assert done.proposed_by == cast.desk

    def test_whoever_names_another_amount_is_its_proposer(self, cast: Cast, offer: Remedy) -> None:
        assert self.change(offer, cast.colleague, estimated_amount=Decimal(30)).proposed_by == cast.colleague

    def test_somebody_who_gets_it_is_told(self, cast: Cast, offer: Remedy) -> None:
        self.change(offer, cast.desk, assignee=cast.manager)
        assert Notice.objects.get(kind="step_assigned").recipient == cast.manager

    def test_nothing_changed_is_nothing_written(self, cast: Cast, offer: Remedy) -> None:
        assert self.change(offer, cast.desk).version == offer.version
        assert not Event.objects.filter(kind="remedy_changed").exists()

    def test_two_editors(self, cast: Cast, offer: Remedy) -> None:
        self.change(offer, cast.colleague, what="All of it")
        with pytest.raises(Stale) as refused:
            self.change(offer, cast.desk, what="A quarter")
        assert refused.value.current.what == "All of it"

    def test_not_once_it_is_given(self, cast: Cast, offer: Remedy) -> None:
        remedies.deliver_remedy(remedy_id=offer.pk, by=cast.desk, now=NOW)
        with pytest.raises(Refused, match="someone was faster"):
            self.change(offer, cast.desk, what="All of it")


def test_a_step_given_twice_to_somebody_is_told_each_time(cast: Cast, incident: Incident) -> None:
    first = make.give(incident, cast.desk, is_delivered=False, assignee=cast.colleague)
    second = make.give(incident, cast.desk, is_delivered=False, assignee=cast.colleague)
    assert {n.subject_id for n in Notice.objects.filter(kind="step_assigned")} == {first.pk, second.pk}


@pytest.mark.parametrize(("here", "waits"), [(None, True), (False, False)])
def test_a_place_may_do_without_receipts(cast: Cast, incident: Incident, here: bool | None, waits: bool) -> None:
    RemedyTypeHere.objects.create(type=make.remedy_type("reimburse"), location=cast.here, needs_receipt=here)
    remedy = make.give(incident, cast.desk, "reimburse", is_delivered=False)
    assert (remedy.state == RemedyState.AWAITING_RECEIPT) is waits
    assert Reminder.objects.filter(kind="receipt_missing").exists() is waits


def test_an_offer_stands_as_offered_from_then_on(cast: Cast, incident: Incident) -> None:
    """The clock *offer something* is met by the first offer, not by a proposal."""
    remedy = make.give(incident, cast.desk, is_delivered=False)
    Remedy.objects.filter(pk=remedy.pk).update(state="proposed", offered_at=None)
    later = NOW + HOUR
    remedies.offer_remedy(remedy_id=remedy.pk, by=cast.desk, now=later)
    assert incident.rounds.get().deadlines.get(clock="offer").met_at == later
