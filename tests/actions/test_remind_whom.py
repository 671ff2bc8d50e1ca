"""Whether a reminder still stands when it is due, and whom it reaches."""

from __future__ import annotations

import pytest

from incidents.actions import endings, handovers, notify, promises
from incidents.models import Concern, FollowUp, Incident, Notice, NoticeKind, Staff
from incidents.vocabulary import Stage
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.reminding import DUE, FIRST, promise, settle, sweep


@pytest.fixture
def settled(cast: Cast) -> Incident:
    """A call is due at DUE."""
    return settle(cast)


class TestStillStands:
    def test_a_call_that_was_moved_says_nothing_at_its_old_time(self, cast: Cast, settled: Incident) -> None:
        FollowUp.objects.update(due_at=DUE + DAY)
        assert sweep(DUE) == 0
        assert not Notice.objects.exists()

    def test_moved_by_the_customer_it_speaks_at_the_new_time_only(self, cast: Cast, settled: Incident) -> None:
        make.call(settled, cast.desk, "call_back", now=NOW + HOUR, call_back_at=DUE + DAY)
        assert [sweep(DUE), sweep(DUE + DAY)] == [0, 1]
        assert Notice.objects.get().target_at == DUE + DAY

    def test_moved_away_and_back_again_it_still_speaks(self, cast: Cast, settled: Incident) -> None:
        for hour, moment in ((1, DUE + DAY), (2, DUE + 2 * DAY), (3, DUE + DAY)):
            make.call(settled, cast.desk, "call_back", now=NOW + hour * HOUR, call_back_at=moment)
        sweep(DUE + DAY)
        assert Notice.objects.count() == 1

    def test_moved_away_after_the_warning_and_back_again_it_still_speaks(self, cast: Cast, settled: Incident) -> None:
        sweep(FIRST)
        make.call(settled, cast.desk, "call_back", now=FIRST, call_back_at=DUE + DAY)
        make.call(settled, cast.desk, "call_back", now=FIRST, call_back_at=DUE)
        sweep(DUE)
        assert [notice.urgency for notice in Notice.objects.order_by("id")] == ["soon", "due"]

    def test_the_second_occurrence_is_not_swallowed(self, cast: Cast, settled: Incident) -> None:
        sweep(DUE)
        make.call(settled, cast.desk, "no_answer", now=DUE + HOUR)
        sweep(DUE + 5 * HOUR)
        assert Notice.objects.filter(recipient=cast.desk).count() == 2

    def test_the_call_of_the_second_round_is_not_swallowed(self, cast: Cast, settled: Incident) -> None:
        sweep(DUE)
        make.call(settled, cast.desk, "unhappy", now=DUE + HOUR)
        make.give(settled, cast.desk, now=DUE + HOUR)
        sweep(DUE + HOUR + 2 * DAY)
        assert Notice.objects.filter(recipient=cast.desk, kind=NoticeKind.FOLLOW_UP_DUE).count() == 2

    def test_a_call_that_was_made_says_nothing(self, cast: Cast, settled: Incident) -> None:
        make.call(settled, cast.desk, "satisfied")
        sweep(DUE)
        assert not Notice.objects.exists()

    def test_a_closed_recovery_says_nothing(self, cast: Cast, settled: Incident) -> None:
        endings.close_incident(incident_id=settled.pk, reason="withdrawn", by=cast.desk, now=NOW, note="Said so.")
        sweep(DUE)
        assert not Notice.objects.exists()

    def test_a_promise_is_due_even_when_all_is_closed(self, cast: Cast, settled: Incident) -> None:
        promise(settled, cast.desk, DUE)
        make.call(settled, cast.desk, "satisfied")
        assert settled.stage == Stage.CLOSED
        sweep(DUE)
        assert Notice.objects.get().kind == NoticeKind.PROMISE_DUE

    def test_a_promise_that_was_kept_says_nothing(self, cast: Cast, settled: Incident) -> None:
        made = promise(settled, cast.desk, NOW + HOUR)
        promises.settle_promise(promise_id=made.pk, by=cast.desk, now=NOW, is_kept=True)
        sweep(NOW + HOUR)
        assert not Notice.objects.exists()

    def test_a_missing_receipt_is_asked_for_once(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        make.apologize(incident, cast.desk)
        make.give(incident, cast.desk, "reimburse", assignee=cast.colleague)
        Notice.objects.all().delete()
        for days in range(1, 8):
            sweep(NOW + days * DAY)
        notice = Notice.objects.get()
        assert (notice.recipient, notice.kind, notice.at) == (
            cast.colleague,
            NoticeKind.RECEIPT_MISSING,
            NOW + 3 * DAY,
        )

    def test_a_typed_name_has_no_inbox_so_the_assignee_is_asked(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        make.apologize(incident, cast.desk)
        make.give(incident, cast.manager, "reimburse", done_by_name="Colin, sales")
        sweep(NOW + 3 * DAY)
        assert Notice.objects.get().recipient == cast.desk


class TestRecipient:
    def test_handed_over_it_reaches_the_new_one(self, cast: Cast, settled: Incident) -> None:
        handovers.hand_over(incident_id=settled.pk, to=cast.colleague, by=cast.colleague, now=NOW)
        sweep(DUE)
        assert Notice.objects.get().recipient == cast.colleague

    def test_somebody_who_left_is_stood_in_for(self, cast: Cast, settled: Incident) -> None:
        Staff.objects.filter(pk=cast.desk.pk).update(is_active=False)
        sweep(DUE)
        assert Notice.objects.get().recipient == cast.manager

    def test_somebody_who_works_elsewhere_now_is_stood_in_for(self, cast: Cast, settled: Incident) -> None:
        cast.desk.memberships.all().delete()
        sweep(DUE)
        assert Notice.objects.get().recipient == cast.manager

    def test_without_a_fallback_the_managers_of_the_place(self, cast: Cast, settled: Incident) -> None:
        second = make.make_staff("Max Manager", cast.here, role="manager")  # type: ignore[arg-type]
        make.make_staff("Mia Manager", cast.elsewhere, role="manager")  # type: ignore[arg-type]
        cast.here.fallback_assignee = None
        cast.here.save(update_fields=["fallback_assignee"])
        Staff.objects.filter(pk=cast.desk.pk).update(is_active=False)
        sweep(DUE)
        assert {n.recipient for n in Notice.objects.all()} == {cast.manager, second}

    def test_without_managers_the_administrators(self, cast: Cast, settled: Incident) -> None:
        Staff.objects.exclude(pk__in=[cast.owner.pk]).update(is_active=False)
        sweep(DUE)
        assert Notice.objects.get().recipient == cast.owner

    def test_never_somebody_whom_it_is_about(self, cast: Cast) -> None:
        incident = settle(cast, category="safety")
        Concern.objects.create(incident=incident, staff=cast.manager)
        Notice.objects.all().delete()
        sweep(NOW + DAY)
        assert {n.recipient for n in Notice.objects.all()} == {cast.owner}

    def test_a_restricted_one_about_a_manager_is_not_for_the_other_managers(self, cast: Cast) -> None:
        make.make_staff("Max Manager", cast.here, role="manager")  # type: ignore[arg-type]
        incident = make.make_incident(cast.owner, category="safety")
        Concern.objects.create(incident=incident, staff=cast.manager)
        assert notify.managers_of(incident) == [cast.owner]


class TestWhy:
    def test_who_stands_in_for_somebody_who_handed_it_over_and_left(self, cast: Cast, settled: Incident) -> None:
        handovers.hand_over(incident_id=settled.pk, to=cast.colleague, by=cast.desk, now=NOW)
        Staff.objects.filter(pk=cast.desk.pk).update(is_active=False)
        sweep(NOW + HOUR / 2)
        assert Notice.objects.get(kind="handover_open", recipient=cast.manager).reason == "stand_in"

    def test_an_administrator_does_not_manage_the_place_that_has_no_manager(
        self, cast: Cast, settled: Incident
    ) -> None:
        Staff.objects.filter(pk=cast.manager.pk).update(is_active=False)
        sweep(DUE + DAY)
        assert Notice.objects.get(recipient=cast.owner).reason == "administrator"
