"""Who else hears of a change: other places, and the customers it was made because of."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import pytest

from incidents.actions import prevention
from incidents.actions.refusals import NotYours, Refused
from incidents.models import Customer, Incident, PreventionAction, PromiseMade, Review
from incidents.models.recurrence import because_of
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast
from tests.preventing import commit, finish

TOMORROW = dt.date(2026, 3, 5)


@kept_rows
def action(cast: Cast) -> PreventionAction:
    return commit(make.make_incident(cast.desk), cast.manager)


def tell(action: PreventionAction, by: Any, *incidents: Incident, **over: Any) -> list[PromiseMade]:
    fields: dict[str, Any] = {"words": "We read it back now.", "due_on": TOMORROW, "assignee": by, "now": NOW}
    fields |= {"submit_key": uuid4(), "incident_ids": [each.pk for each in incidents]}
    return prevention.tell_customers(action_id=action.pk, by=by, **fields | over)


def told_of(action: PreventionAction) -> list[tuple[str, str]]:
    return list(action.told.values_list("location__name", "skipped_because"))


class TestOtherPlaces:
    def test_hear_of_it_once_and_may_read_it(self, cast: Cast, action: PreventionAction) -> None:
        assert not PreventionAction.objects.visible_to(cast.outsider)
        for _again in range(2):
            prevention.tell_place(action_id=action.pk, location=cast.elsewhere, by=cast.manager, now=NOW)
        assert told_of(action) == [("Paper Shop", "")]
        assert PreventionAction.objects.visible_to(cast.outsider).get() == action
        with pytest.raises(Refused, match="told already"):
            prevention.skip_place(action_id=action.pk, location=cast.elsewhere, reason="No", by=cast.manager, now=NOW)

    def test_left_out_with_a_reason_and_told_after_all(self, cast: Cast, action: PreventionAction) -> None:
        fields: dict[str, Any] = {"action_id": action.pk, "location": cast.elsewhere, "by": cast.manager, "now": NOW}
        with pytest.raises(Refused):
            prevention.skip_place(reason=" ", **fields)
        prevention.skip_place(reason="They have no rooms.", **fields)
        assert told_of(action) == [("Paper Shop", "They have no rooms.")]
        assert not PreventionAction.objects.visible_to(cast.outsider)
        prevention.tell_place(**fields)
        assert told_of(action) == [("Paper Shop", "")]

    def test_by_a_manager_of_its_place_and_never_to_itself(self, cast: Cast, action: PreventionAction) -> None:
        with pytest.raises(NotYours):
            prevention.tell_place(action_id=action.pk, location=cast.elsewhere, by=cast.desk, now=NOW)
        with pytest.raises(Refused, match="not another"):
            prevention.tell_place(action_id=action.pk, location=cast.here, by=cast.manager, now=NOW)


class TestCustomers:
    def test_are_told_by_a_promise_and_nothing_is_reopened(self, cast: Cast, action: PreventionAction) -> None:
        incident = make.call(make.settle(action.incident, cast.desk), cast.desk)
        assert incident.stage == "closed"
        finish(action, cast.manager)
        (promise,) = tell(action, cast.manager, incident, assignee=cast.colleague)
        assert promise.what == "Tell them what we changed because of them: We read it back now."
        assert promise.due_at == dt.datetime(2026, 3, 5, 23, 0, tzinfo=dt.UTC)
        assert (promise.assignee, promise.tells_of.action) == (cast.colleague, action)
        assert make.fresh(incident).stage == "closed"

    def test_once_per_form_and_customer(self, cast: Cast, action: PreventionAction) -> None:
        finish(action, cast.manager)
        key = UUID(int=7)
        first = tell(action, cast.manager, action.incident, submit_key=key)
        assert tell(action, cast.manager, action.incident, submit_key=key) == first
        with pytest.raises(Refused, match="Look again"):
            tell(action, cast.manager, action.incident)
        assert PromiseMade.objects.count() == 1

    def test_not_before_it_is_done(self, cast: Cast, action: PreventionAction) -> None:
        with pytest.raises(Refused, match="once it is done"):
            tell(action, cast.manager, action.incident)

    def test_whom_it_was_made_because_of(self, cast: Cast, action: PreventionAction) -> None:
        """Its own, what it covers, the same before it; nobody who wants no contact, or whom nobody knows."""
        own = action.incident
        covered = make.make_incident(cast.desk, category="late")
        Review.objects.create(
            incident=covered,
            opened_at=NOW,
            opened_by=cast.manager,
            ended_at=NOW,
            ended_by=cast.manager,
            outcome="covered",
            covered_by=action,
        )
        same = make.make_incident(cast.desk, now=NOW - 20 * DAY, customer=make.make_customer("Sam Same"))
        make.make_incident(cast.desk, now=NOW - 30 * DAY, customer=own.customer)  # the same customer again
        make.make_incident(cast.desk, now=NOW - 100 * DAY)  # long before
        make.make_incident(cast.desk, customer_hint="The man with the dog")
        make.make_incident(cast.desk, category="late")
        shy = make.make_incident(cast.desk)
        assert shy.customer
        Customer.objects.filter(pk=shy.customer.pk).update(no_contact_since=NOW)
        finish(action, cast.manager)
        assert set(because_of(action, cast.manager)) == {own, covered, same}
        assert not because_of(action, cast.outsider).exists()
        with pytest.raises(Refused, match="Look again"):
            tell(action, cast.manager, shy)
