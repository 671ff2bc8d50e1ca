"""May I give this? Asked, answered, answered alone, by a stand-in, gone ahead with, and asked again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from incidents.access import Role
from incidents.actions import endings, money, remedies, remind
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import (
    ApprovalRequest,
    Concern,
    Event,
    Incident,
    Membership,
    Notice,
    Playbook,
    PlaybookRemedy,
    Remedy,
    Reminder,
    Staff,
    Verdict,
)
from incidents.models.deciding import deciders_of, to_decide
from incidents.models.money import Standing, approval_of
from incidents.story.gather import gather
from incidents.story.timeline import timeline
from incidents.vocabulary import RemedyState, Severity
from tests import make
from tests.actions.limits import answer, limit, propose, question
from tests.make import DAY, HOUR, NOW, Cast

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def card(cast: Cast, incident: Incident) -> Remedy:
    """Eighty where fifty may be given: it waits for a yes."""
    limit(50)
    return propose(incident, cast.desk, 80, asks_words="They travelled six hours.")


def standing(remedy: Remedy) -> Standing:
    return approval_of(remedy, ApprovalRequest.objects.filter(remedy=remedy))


def asked() -> set[str]:
    return {n.recipient.email.split("@")[0] for n in Notice.objects.filter(kind="approval_asked", read_at=None)}


class TestAsking:
    def test_the_question(self, cast: Cast, card: Remedy) -> None:
        request = question(card)
        assert (request.amount, request.total, request.limit, request.currency) == (80, 80, 50, "USD")
        assert (request.proposed_by, request.words) == (cast.desk, "They travelled six hours.")
        assert standing(card) == Standing.WAITING
        assert card.offered_at is None

    def test_whoever_may_answer_hears_of_it_at_once(self, cast: Cast, card: Remedy) -> None:
        assert asked() == {"mona", "olga"}

    def test_nothing_happens_to_it_before(self, cast: Cast, card: Remedy) -> None:
        for act in (remedies.offer_remedy, remedies.accept_remedy, remedies.start_remedy, remedies.deliver_remedy):
            with pytest.raises(Refused, match="Nobody has answered yet"):
                act(remedy_id=card.pk, by=cast.desk, now=NOW)
        with pytest.raises(Refused, match="not been offered yet"):
            remedies.decline_remedy(remedy_id=card.pk, declined_as="not_enough", by=cast.desk, now=NOW)

    @pytest.mark.parametrize(
        ("severity", "minutes"), [(Severity.CRITICAL, 5), (Severity.MAJOR, 30), (Severity.MODERATE, 240)]
    )
    def test_whoever_asked_is_reminded_when_nobody_answers(self, cast: Cast, severity: Severity, minutes: int) -> None:
        limit(50)
        remedy = propose(make.make_incident(cast.desk, severity=severity), cast.desk, 80)
        reminder = Reminder.objects.get(kind="approval_waiting", subject_id=question(remedy).pk)
        assert reminder.target_at == NOW + minutes * MINUTE
        remind.sweep(lambda: NOW + minutes * MINUTE)
        assert Notice.objects.get(kind="approval_waiting").recipient == cast.desk

    def test_nobody_is_reminded_of_what_was_answered(self, cast: Cast, card: Remedy) -> None:
        answer(card, cast.manager)
        assert asked() == set()
        remind.sweep(lambda: NOW + DAY)
        assert not Notice.objects.filter(kind="approval_waiting").exists()


# Who | may they answer | with which limit of managers.
WHO = [
    ("manager", None, True),
    ("manager", 80, True),
    ("manager", 79, False),
    ("owner", 79, True),
    ("desk", None, False),
    ("colleague", None, False),
    ("outsider", None, False),
]


class TestAnswering:
    @pytest.mark.parametrize(("who", "managers_limit", "may"), WHO)
    def test_who_may(self, cast: Cast, card: Remedy, who: str, managers_limit: int | None, may: bool) -> None:
        if managers_limit:
            limit(managers_limit, role=Role.MANAGER)
        person = getattr(cast, who)
        assert to_decide(person, NOW).exists() is may
        if may:
            assert answer(card, person).decided_by == person
        else:
            with pytest.raises(NotYours):
                answer(card, person)

    def test_a_yes_offers_it(self, cast: Cast, card: Remedy) -> None:
        request = answer(card, cast.manager)
        card.refresh_from_db()
        assert (card.state, card.offered_at) == (RemedyState.OFFERED, NOW + HOUR)
        assert (request.verdict, request.decided_at, request.is_sole_approver) == ("approved", NOW + HOUR, False)
        assert standing(card) == Standing.APPROVED
        assert Notice.objects.get(kind="approval_decided").recipient == cast.desk

    @pytest.mark.parametrize("actual", [None, "79.99", "80"])
    def test_it_may_be_given_up_to_that_amount(self, cast: Cast, card: Remedy, actual: str | None) -> None:
        answer(card, cast.manager)
        amount = Decimal(actual) if actual else None
        done = remedies.deliver_remedy(remedy_id=card.pk, by=cast.desk, now=NOW + DAY, actual_amount=amount)
        assert done.state == RemedyState.DELIVERED

    def test_with_a_receipt_it_begins_to_wait_for_that(self, cast: Cast, incident: Incident) -> None:
        limit(50)
        taxi = propose(incident, cast.desk, 80, kind="reimburse")
        assert taxi.state == RemedyState.PROPOSED
        assert not Reminder.objects.filter(kind="receipt_missing").exists()
        answer(taxi, cast.manager)
        taxi.refresh_from_db()
        assert taxi.state == RemedyState.AWAITING_RECEIPT
        assert Reminder.objects.get(kind="receipt_missing").target_at == NOW + HOUR + 3 * DAY

    def test_a_no_needs_a_reason_and_leaves_it_proposed(self, cast: Cast, card: Remedy) -> None:
        with pytest.raises(Refused, match="Say why not"):
            answer(card, cast.manager, yes=False, reason=" ")
        answer(card, cast.manager, yes=False)
        card.refresh_from_db()
        assert card.state == RemedyState.PROPOSED
        assert standing(card) == Standing.DECLINED
        with pytest.raises(Refused, match="The answer was no"):
            remedies.offer_remedy(remedy_id=card.pk, by=cast.desk, now=NOW + DAY)

    def test_after_a_no_it_may_be_asked_again_or_made_smaller(self, cast: Cast, card: Remedy) -> None:
        answer(card, cast.manager, yes=False)
        again = money.ask_again(remedy_id=card.pk, words="Their flight was lost too.", by=cast.desk, now=NOW + DAY)
        assert (again.words, again.is_waiting, again.amount) == ("Their flight was lost too.", True, 80)
        with pytest.raises(Refused, match="still open"):
            money.ask_again(remedy_id=card.pk, words="", by=cast.desk, now=NOW + DAY)
        change(card, cast.desk, 50)
        card.refresh_from_db()
        assert (card.state, standing(card)) == (RemedyState.OFFERED, Standing.VOIDED)
        with pytest.raises(Refused, match="any more"):
            money.ask_again(remedy_id=card.pk, words="", by=cast.desk, now=NOW + DAY)

    def test_whoever_asks_again_for_somebody_does_not_become_the_one_who_asked(self, cast: Cast, card: Remedy) -> None:
        answer(card, cast.owner, yes=False)
        again = money.ask_again(remedy_id=card.pk, words="", by=cast.manager, now=NOW + DAY)
        assert again.proposed_by == cast.desk

    def test_the_second_answer_hears_who_was_faster_and_when(self, cast: Cast, card: Remedy) -> None:
        answer(card, cast.manager)
        with pytest.raises(Refused, match=r"^Mona Manager said yes, Wed 4 Mar, 10:00\.$"):
            answer(card, cast.owner, yes=False)

    def test_a_changed_amount_takes_the_question_back(self, cast: Cast, card: Remedy) -> None:
        first = question(card)
        change(card, cast.colleague, 90)
        with pytest.raises(Refused, match=r"^Cole League took the question back, Wed 4 Mar, 10:00\.$"):
            money.decide(request_id=first.pk, is_approved=True, by=cast.manager, now=NOW + DAY)
        second = question(card)
        assert (second.amount, second.proposed_by) == (90, cast.colleague)
        assert asked() == {"mona", "olga"}

    def test_an_answer_meanwhile_stops_a_change_and_says_so(self, cast: Cast, card: Remedy) -> None:
        version = card.version
        answer(card, cast.manager)
        with pytest.raises(Stale, match="Mona Manager said yes"):
            remedies.change_remedy(
                remedy_id=card.pk, expected_version=version, by=cast.desk, now=NOW, estimated_amount=Decimal(90)
            )

    def test_an_end_takes_the_question_back(self, cast: Cast, incident: Incident, card: Remedy) -> None:
        endings.close_incident(incident_id=incident.pk, reason="withdrawn", by=cast.desk, now=NOW, note="Left.")
        assert standing(card) == Standing.VOIDED
        assert asked() == set()
        assert not to_decide(cast.manager, NOW).exists()

    def test_withdrawing_it_does_too(self, cast: Cast, card: Remedy) -> None:
        remedies.end_remedy(remedy_id=card.pk, by=cast.desk, now=NOW, state="withdrawn")
        assert standing(card) == Standing.VOIDED
        assert asked() == set()

    def test_two_currencies_are_beyond_a_manager_with_a_limit(self, cast: Cast, incident: Incident) -> None:
        limit(50)
        limit(1_000, role=Role.MANAGER)
        propose(incident, cast.desk, 10)
        type(cast.here).objects.filter(pk=cast.here.pk).update(currency="EUR")
        mixed = propose(incident, cast.desk, 10)
        assert not to_decide(cast.manager, NOW).exists()
        with pytest.raises(NotYours):
            answer(mixed, cast.manager)
        assert answer(mixed, cast.owner).verdict == "approved"

    def test_of_a_restricted_incident_only_those_who_see_it(self, cast: Cast, incident: Incident, card: Remedy) -> None:
        Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
        Concern.objects.create(incident=incident, staff=cast.manager)
        assert not to_decide(cast.manager, NOW).exists()
        with pytest.raises(NotYours):
            answer(card, cast.manager)
        assert answer(card, cast.owner).verdict == "approved"


class TestAlone:
    def test_a_manager_who_asked_does_not_answer(self, cast: Cast, incident: Incident) -> None:
        limit(50, role=Role.MANAGER)
        remedy = propose(incident, cast.manager, 80)
        assert asked() == {"olga"}
        assert not to_decide(cast.manager, NOW).exists()
        with pytest.raises(NotYours):
            answer(remedy, cast.manager)

    def test_unless_there_is_nobody_else(self, cast: Cast, incident: Incident) -> None:
        limit(50, role=Role.MANAGER)
        Staff.objects.filter(pk=cast.owner.pk).update(is_active=False)
        remedy = propose(incident, cast.manager, 80)
        assert [request.remedy for request in to_decide(cast.manager, NOW)] == [remedy]
        assert answer(remedy, cast.manager).is_sole_approver
        assert Event.objects.get(kind="approval_decided").codes == {"verdict": "approved", "alone": True}
        assert "Decided alone" in timeline(incident, gather(incident))[0].title

    def test_an_only_administrator_decides_alone(self, cast: Cast, incident: Incident) -> None:
        limit(50, role=Role.ADMINISTRATOR)
        limit(60, role=Role.MANAGER)
        remedy = propose(incident, cast.owner, 80)
        assert to_decide(cast.owner, NOW).exists()
        assert answer(remedy, cast.owner).is_sole_approver

    def test_the_desk_never_does(self, cast: Cast, card: Remedy) -> None:
        Staff.objects.filter(pk__in=[cast.owner.pk, cast.manager.pk]).update(is_active=False)
        assert not to_decide(cast.desk, NOW).exists()
        with pytest.raises(NotYours):
            answer(card, cast.desk)


class TestStandIn:
    @pytest.fixture
    def away(self, cast: Cast) -> None:
        """The manager is away for a day; a colleague decides what they would."""
        Staff.objects.filter(pk=cast.manager.pk).update(away_until=NOW + DAY, stand_in=cast.colleague)

    @pytest.mark.usefixtures("away")
    def test_decides_while_they_are_away(self, cast: Cast, card: Remedy) -> None:
        assert asked() == {"mona", "olga", "cole"}
        assert to_decide(cast.colleague, NOW).exists()
        request = answer(card, cast.colleague)
        assert (request.decided_by, request.decided_for) == (cast.colleague, cast.manager)
        card.refresh_from_db()
        said = [entry.title for entry in timeline(card.incident, gather(card.incident))]
        assert "Yes to 80.00 USD, for Mona Manager" in said

    @pytest.mark.usefixtures("away")
    def test_not_once_they_are_back(self, cast: Cast, card: Remedy) -> None:
        assert not to_decide(cast.colleague, NOW + 2 * DAY).exists()
        with pytest.raises(NotYours):
            answer(card, cast.colleague, now=NOW + 2 * DAY)

    @pytest.mark.usefixtures("away")
    def test_not_beyond_what_they_might(self, cast: Cast, card: Remedy) -> None:
        limit(79, role=Role.MANAGER)
        assert not to_decide(cast.colleague, NOW).exists()
        with pytest.raises(NotYours):
            answer(card, cast.colleague)

    @pytest.mark.usefixtures("away")
    def test_not_what_they_asked_for_themselves(self, cast: Cast, incident: Incident) -> None:
        limit(50)
        own = propose(incident, cast.colleague, 80)
        assert asked() == {"mona", "olga"}
        with pytest.raises(NotYours):
            answer(own, cast.colleague)

    def test_nobody_from_another_place(self, cast: Cast, card: Remedy) -> None:
        Staff.objects.filter(pk=cast.manager.pk).update(away_until=NOW + DAY, stand_in=cast.outsider)
        with pytest.raises(NotYours):
            answer(card, cast.outsider)
        Membership.objects.create(staff=cast.outsider, location=cast.here)
        assert answer(card, Staff.objects.get(pk=cast.outsider.pk)).decided_for == cast.manager

    def test_queue_and_answer_agree_on_everybody(self, cast: Cast, incident: Incident) -> None:
        """`to_decide()` in SQL and `deciders_of()` in Python name the same people."""
        other = make.make_staff("Max Manager", cast.elsewhere, role=Role.MANAGER)
        Staff.objects.filter(pk=cast.owner.pk).update(away_until=NOW + DAY, stand_in=other)
        Staff.objects.filter(pk=cast.manager.pk).update(away_until=NOW + DAY, stand_in=cast.colleague)
        limit(50)
        limit(100, role=Role.MANAGER)
        limit(70, role=Role.MANAGER, kind="refund")
        mine = [
            propose(incident, cast.desk, 60),
            propose(make.make_incident(cast.colleague), cast.colleague, 60),
            propose(make.make_incident(cast.desk), cast.desk, 80, kind="refund"),
            propose(make.make_incident(cast.desk), cast.manager, 120),
        ]
        people = [cast.desk, cast.colleague, cast.manager, cast.owner, cast.outsider, other]
        for remedy in mine:
            request = question(remedy)
            said = {found.person for found in deciders_of(request, request.incident, now=NOW)}
            queued = {person for person in people if request in to_decide(person, NOW)}
            assert queued == said


class TestGoingAhead:
    def asks(self, cast: Cast, severity: Severity, amount: int = 80) -> ApprovalRequest:
        limit(50)
        return question(propose(make.make_incident(cast.desk, severity=severity), cast.desk, amount))

    @pytest.mark.parametrize(("severity", "minutes"), [(Severity.CRITICAL, 5), (Severity.MAJOR, 30)])
    def test_after_a_while_without_an_answer(self, cast: Cast, severity: Severity, minutes: int) -> None:
        request = self.asks(cast, severity)
        early, then = NOW + (minutes - 1) * MINUTE, NOW + minutes * MINUTE
        with pytest.raises(Refused, match=r"Wait for an answer until 09:\d\d; then you may go ahead"):
            money.go_ahead(request_id=request.pk, reason="No room tonight.", by=cast.desk, now=early)
        with pytest.raises(Refused, match="why it cannot wait"):
            money.go_ahead(request_id=request.pk, reason=" ", by=cast.desk, now=then)
        done = money.go_ahead(request_id=request.pk, reason="No room tonight.", by=cast.desk, now=then)
        assert (done.verdict, done.decided_by, done.allows) == (Verdict.WENT_AHEAD, cast.desk, True)
        assert Remedy.objects.get().state == RemedyState.OFFERED
        assert Notice.objects.get(kind="went_ahead").recipient == cast.manager
        assert asked() == set()

    def test_what_can_wait_waits(self, cast: Cast) -> None:
        request = self.asks(cast, Severity.MODERATE)
        with pytest.raises(Refused, match="can wait for an answer"):
            money.go_ahead(request_id=request.pk, reason="Please.", by=cast.desk, now=NOW + 9 * DAY)

    @pytest.mark.parametrize(("up_to", "may"), [(79, False), (80, True), (None, False)])
    def test_the_playbook_says_yes_beforehand(self, cast: Cast, up_to: int | None, may: bool) -> None:
        request = self.asks(cast, Severity.MINOR)
        self.playbook(up_to)
        if may:
            assert money.go_ahead(request_id=request.pk, reason="As usual.", by=cast.desk, now=NOW).allows
        else:
            with pytest.raises(Refused):
                money.go_ahead(request_id=request.pk, reason="As usual.", by=cast.desk, now=NOW)

    def playbook(self, up_to: int | None, **over: object) -> None:
        book = Playbook.objects.create(category=make.category(), **over)
        PlaybookRemedy.objects.create(playbook=book, type=make.remedy_type("gift_card"), pre_approved_up_to=up_to)

    def test_that_of_the_place_counts(self, cast: Cast) -> None:
        request = self.asks(cast, Severity.MINOR)
        self.playbook(500)
        self.playbook(10, location=cast.here)
        with pytest.raises(Refused):
            money.go_ahead(request_id=request.pk, reason="As usual.", by=cast.desk, now=NOW)

    def test_not_twice_by_splitting(self, cast: Cast, incident: Incident) -> None:
        limit(50)
        self.playbook(100)
        first, second = propose(incident, cast.desk, 80), propose(incident, cast.desk, 80)
        with pytest.raises(Refused):
            money.go_ahead(request_id=question(second).pk, reason="As usual.", by=cast.desk, now=NOW)
        remedies.end_remedy(remedy_id=second.pk, by=cast.desk, now=NOW, state="withdrawn")
        assert money.go_ahead(request_id=question(first).pk, reason="As usual.", by=cast.desk, now=NOW).allows

    def test_an_answer_was_faster(self, cast: Cast) -> None:
        request = self.asks(cast, Severity.CRITICAL)
        answer(request.remedy, cast.manager, yes=False)
        with pytest.raises(Refused, match="Mona Manager said no"):
            money.go_ahead(request_id=request.pk, reason="No room.", by=cast.desk, now=NOW + DAY)

    def test_a_manager_looks_at_it_afterwards(self, cast: Cast) -> None:
        request = self.asks(cast, Severity.CRITICAL)
        look = {"request_id": request.pk, "now": NOW + DAY}
        with pytest.raises(Refused, match="Nobody went ahead"):
            money.review_go_ahead(was_right=True, by=cast.manager, **look)  # type: ignore[arg-type]
        money.go_ahead(request_id=request.pk, reason="No room.", by=cast.desk, now=NOW + HOUR)
        for person in (cast.desk, cast.colleague):
            with pytest.raises(NotYours):
                money.review_go_ahead(was_right=True, by=person, **look)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="what should have been done"):
            money.review_go_ahead(was_right=False, by=cast.manager, **look)  # type: ignore[arg-type]
        done = money.review_go_ahead(was_right=True, note="Well done.", by=cast.manager, **look)  # type: ignore[arg-type]
        assert (done.was_right, done.reviewed_by, done.review_note) == (True, cast.manager, "Well done.")
        assert not Notice.objects.filter(kind="went_ahead", read_at=None).exists()
        with pytest.raises(Refused, match="Mona Manager has looked at this already"):
            money.review_go_ahead(was_right=False, note="No.", by=cast.owner, **look)  # type: ignore[arg-type]

    def test_not_whoever_went_ahead_unless_there_is_nobody_else(self, cast: Cast) -> None:
        request = self.asks(cast, Severity.CRITICAL)
        second = make.make_staff("Max Manager", cast.here, role=Role.MANAGER)
        money.go_ahead(request_id=request.pk, reason="No room.", by=cast.manager, now=NOW + HOUR)
        with pytest.raises(NotYours):
            money.review_go_ahead(request_id=request.pk, was_right=True, by=cast.manager, now=NOW + DAY)
        Staff.objects.filter(pk__in=[second.pk, cast.owner.pk]).update(is_active=False)
        assert money.review_go_ahead(request_id=request.pk, was_right=True, by=cast.manager, now=NOW + DAY).was_right


def change(remedy: Remedy, by: Staff, amount: int) -> Remedy:
    remedy.refresh_from_db()
    return remedies.change_remedy(
        remedy_id=remedy.pk, expected_version=remedy.version, by=by, now=NOW + HOUR, estimated_amount=Decimal(amount)
    )
