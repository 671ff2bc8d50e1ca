"""May I give this? Answered alone, by a stand-in, or not at all: then gone ahead with, and looked at afterwards."""

from __future__ import annotations

import datetime as dt

import pytest

from incidents.access import Role
from incidents.actions import money, remedies
from incidents.actions.refusals import NotYours, Refused
from incidents.models import (
    ApprovalRequest,
    Event,
    Incident,
    Membership,
    Notice,
    Playbook,
    PlaybookRemedy,
    Remedy,
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
from tests.kept import kept_rows
from tests.make import DAY, HOUR, NOW, Cast

MINUTE = dt.timedelta(minutes=1)


@kept_rows
def card(cast: Cast, incident: Incident) -> Remedy:
    """Eighty where fifty may be given: it waits for a yes."""
    limit(50)
    return propose(incident, cast.desk, 80, asks_words="They travelled six hours.")


@kept_rows
def away(cast: Cast) -> None:
    """The manager is away for a day; a colleague decides what they would."""
    Staff.objects.filter(pk=cast.manager.pk).update(away_until=NOW + DAY, stand_in=cast.colleague)


def standing(remedy: Remedy) -> Standing:
    return approval_of(remedy, ApprovalRequest.objects.filter(remedy=remedy))


def asked() -> set[str]:
    return {n.recipient.email.split("@")[0] for n in Notice.objects.filter(kind="approval_asked", read_at=None)}


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
