"""What bends a recovery: limits, approvals, playbooks, waivers, returns. Each constraint, and a write it refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

from incidents.models import (
    Apology,
    ApprovalRequest,
    Category,
    CategoryField,
    CategoryHere,
    ContactPoint,
    Customer,
    Handover,
    Limit,
    Playbook,
    PlaybookRemedy,
    PromiseMade,
    Remedy,
    RemedyType,
    RemedyTypeHere,
    RetryDelay,
    Round,
    Staff,
)
from tests.make import NOW
from tests.models.writes import TOO_LATE, World, Write, change, change_open, copy, same_key


def answered(by: str, **fields: Any) -> Write:
    """The waiting question with an answer of that person, past every action."""

    def write(world: World) -> object:
        said = {"decided_by": getattr(world.cast, by), "decided_at": NOW} | fields
        return ApprovalRequest.objects.waiting().update(**said)

    return write


BENDS: list[tuple[str, Write]] = [
    ("limit_once", copy(Limit)),
    ("limit_role_known", change(Limit, role="god")),
    ("limit_not_negative", change(Limit, amount=-1)),
    ("approvalrequest_verdict_known", answered("manager", verdict="maybe", reason="Perhaps.")),
    ("approvalrequest_decided_by_somebody", change(ApprovalRequest, verdict="approved")),
    ("approvalrequest_decided_by_somebody", answered("manager", verdict="")),
    ("approvalrequest_decided_by_somebody", answered("manager", verdict="approved", decided_at=None)),
    ("approvalrequest_not_by_its_proposer", answered("desk", verdict="approved")),
    ("approvalrequest_no_without_a_reason", answered("manager", verdict="declined")),
    ("approvalrequest_no_without_a_reason", answered("desk", verdict="went_ahead")),
    ("approvalrequest_reviewed_by_somebody", change(ApprovalRequest, reviewed_at=NOW)),
    ("approvalrequest_reviewed_by_somebody", answered("manager", verdict="approved", was_right=True)),
    ("approvalrequest_one_standing", copy(ApprovalRequest)),
    ("approvalrequest_not_negative", change(ApprovalRequest, amount=-1)),
    ("approvalrequest_not_negative", change(ApprovalRequest, total=-1)),
    ("approvalrequest_not_negative", change(ApprovalRequest, limit=-1)),
    ("approvalrequest_currency_iso", change(ApprovalRequest, currency="$")),
    ("approvalrequest_dates_2000_to_2100", change(ApprovalRequest, proposed_at=TOO_LATE)),
    ("approvalrequest_dates_2000_to_2100", change(ApprovalRequest, voided_at=TOO_LATE)),
    ("playbook_once", copy(Playbook)),
    ("playbookremedy_once", copy(PlaybookRemedy)),
    ("playbookremedy_not_negative", change(PlaybookRemedy, pre_approved_up_to=-1)),
    ("retrydelay_once", copy(RetryDelay)),
    ("retrydelay_outcome_known", change(RetryDelay, outcome="satisfied")),
    ("retrydelay_minutes_bounded", change(RetryDelay, minutes=0)),
    ("retrydelay_minutes_bounded", change(RetryDelay, minutes=43_201)),
    ("categoryhere_once", copy(CategoryHere)),
    ("categoryhere_severity_known", change(CategoryHere, severity=5)),
    ("remedytypehere_once", copy(RemedyTypeHere)),
    ("remedytypehere_not_negative", change(RemedyTypeHere, typical_amount=-1)),
    ("incidents_category_submit_key_key", same_key(Category)),
    ("incidents_categoryfield_submit_key_key", same_key(CategoryField)),
    ("incidents_remedytype_submit_key_key", same_key(RemedyType)),
    ("customer_channel_known", change(Customer, preferred_channel="pigeon")),
    ("customer_reach_from_and_until", change(Customer, reach_from=dt.time(8))),
    ("customer_reach_from_and_until", change(Customer, reach_from=dt.time(8), reach_until=dt.time(8))),
    ("customer_dates_2000_to_2100", change(Customer, no_contact_since=TOO_LATE)),
    ("contactpoint_dates_2000_to_2100", change(ContactPoint, wrong_since=TOO_LATE)),
    ("staff_dates_2000_to_2100", change(Staff, away_until=TOO_LATE)),
    ("incident_dates_2000_to_2100", change_open(reach_until=TOO_LATE)),
    ("round_waived_by_somebody", change(Round, waived_as="wants_nothing")),
    ("round_waived_by_somebody", change(Round, waived_at=NOW)),
    ("round_dates_2000_to_2100", change(Round, waived_at=TOO_LATE)),
    ("apology_kind_known", change(Apology, kind="rant")),
    ("remedy_declined_as_something", change(Remedy, declined_as="not_enough")),
    ("remedy_declined_as_something", change(Remedy, state="declined", delivered_at=None)),
    ("remedy_declined_as_something", change(Remedy, state="declined", delivered_at=None, declined_as="mood")),
    ("remedy_receipt_waived_with_a_reason", change(Remedy, receipt_waived_at=NOW)),
    ("remedy_receipt_waived_with_a_reason", lambda w: Remedy.objects.update(receipt_waived_by=w.cast.manager)),
    ("promise_dates_2000_to_2100", change(PromiseMade, first_due_at=TOO_LATE)),
    ("handover_ended_in_one_way", change(Handover, accepted_at=NOW, returned_at=NOW)),
    ("handover_ended_in_one_way", change(Handover, returned_at=NOW, lapsed_at=NOW)),
    ("handover_dates_2000_to_2100", change(Handover, returned_at=TOO_LATE)),
]
