"""What happened stays: events are only added, and what has a history cannot be deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from incidents.models import ApprovalRequest, Category, Event, Incident, Limit, Location, Remedy, RemedyType, Staff
from tests import make
from tests.kept import kept_rows
from tests.make import NOW, Cast


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.settle(make.make_incident(cast.desk), cast.desk)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE incidents_event SET kind = 'other'",
        "UPDATE incidents_event SET by_id = NULL",
        "UPDATE incidents_event SET codes = '{}' WHERE id = (SELECT min(id) FROM incidents_event)",
        "DELETE FROM incidents_event",
    ],
)
def test_what_happened_cannot_be_rewritten(incident: Incident, sql: str) -> None:
    before = list(Event.objects.order_by("id").values())
    with (
        pytest.raises(IntegrityError, match="events are append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert list(Event.objects.order_by("id").values()) == before


def test_nor_by_the_models(incident: Incident) -> None:
    event = Event.objects.earliest("id")
    event.kind = "other"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.save()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.delete()


@pytest.mark.parametrize("model", [Staff, Location, Category, RemedyType])
def test_what_has_history_cannot_be_deleted(cast: Cast, incident: Incident, model: type[Any]) -> None:
    used = {Staff: cast.desk, Location: cast.here, Category: incident.category}
    row = used.get(model) or RemedyType.objects.get(key="put_right")
    with pytest.raises(models.ProtectedError):
        row.delete()


def test_an_incident_cannot_be_deleted(incident: Incident) -> None:
    with pytest.raises(models.ProtectedError):
        incident.delete()


class TestWhoAsked:
    """A request for approval names whoever named the amount, whoever writes the row."""

    @pytest.fixture
    def request_(self, cast: Cast, incident: Incident) -> ApprovalRequest:
        Limit.objects.create(role="front_desk", amount=50)
        make.give(incident, cast.desk, "gift_card", is_delivered=False, estimated_amount=80)
        return ApprovalRequest.objects.get()

    def refused(self, write: Callable[[], object]) -> None:
        with pytest.raises(IntegrityError, match="asked by whoever named the amount"), transaction.atomic():
            write()

    def test_it_cannot_be_moved_to_somebody_else(self, cast: Cast, request_: ApprovalRequest) -> None:
        """Else a manager might answer what they asked themselves, under another's name."""
        self.refused(lambda: ApprovalRequest.objects.update(proposed_by=cast.manager))

    def test_nor_asked_in_the_name_of_somebody_else(self, cast: Cast, request_: ApprovalRequest) -> None:
        request_.pk, request_.proposed_by = None, cast.manager
        self.refused(lambda: request_.save(force_insert=True))

    def test_nor_about_the_remedy_of_another_incident(self, cast: Cast, request_: ApprovalRequest) -> None:
        other = make.give(make.make_incident(cast.desk), cast.desk)
        self.refused(lambda: ApprovalRequest.objects.update(remedy=other))

    def test_of_a_remedy_from_before_there_were_limits_it_is_who_added_it(
        self, cast: Cast, request_: ApprovalRequest
    ) -> None:
        Remedy.objects.update(proposed_by=None)
        ApprovalRequest.objects.update(proposed_by=cast.desk)
        self.refused(lambda: ApprovalRequest.objects.update(proposed_by=cast.colleague))

    @pytest.mark.parametrize(("is_alone", "is_refused"), [(False, True), (True, False)])
    def test_whoever_asked_says_yes_only_as_the_only_one_there_is(
        self, cast: Cast, request_: ApprovalRequest, is_alone: bool, is_refused: bool
    ) -> None:
        said = {"verdict": "approved", "decided_by": cast.desk, "decided_at": NOW, "is_sole_approver": is_alone}
        if not is_refused:
            assert ApprovalRequest.objects.update(**said) == 1
            return
        with pytest.raises(IntegrityError, match="approvalrequest_not_by_its_proposer"), transaction.atomic():
            ApprovalRequest.objects.update(**said)
