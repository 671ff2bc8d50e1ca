"""Remedies: side by side, in any order, failed, replaced, withdrawn."""

from __future__ import annotations

from decimal import Decimal

import pytest

from incidents.actions import remedies
from incidents.actions.refusals import Refused
from incidents.models import Incident, Notice, NoticeKind
from incidents.vocabulary import Stage
from tests import make
from tests.make import DAY, HOUR, NOW, Cast


def test_remedies_before_the_apology(cast: Cast, incident: Incident) -> None:
    make.give(incident, cast.desk)
    assert make.fresh(incident).stage == Stage.APOLOGIZE
    assert incident.rounds.get().settled_at == NOW
    assert incident.follow_ups.planned().count() == 1
    make.apologize(incident, cast.desk)
    assert make.fresh(incident).stage == Stage.FOLLOW_UP


def test_several_remedies_run_at_once(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    van = make.give(incident, cast.desk, "personal_delivery", is_delivered=False, done_by_name="Colin, sales")
    card = make.give(incident, cast.manager, "gift_card", is_delivered=False, assignee=cast.colleague)
    assert van.done_by == "Colin, sales"
    assert van.assignee is None
    assert card.done_by == "Cole League"
    remedies.deliver_remedy(remedy_id=card.pk, by=cast.colleague, now=NOW + HOUR)
    assert make.fresh(incident).stage == Stage.REMEDY
    remedies.deliver_remedy(remedy_id=van.pk, by=cast.desk, now=NOW + 2 * HOUR)
    assert make.fresh(incident).stage == Stage.FOLLOW_UP
    assert incident.rounds.get().settled_at == NOW + 2 * HOUR


def test_a_step_for_somebody_else_is_in_their_inbox(cast: Cast, incident: Incident) -> None:
    make.give(incident, cast.desk, is_delivered=False, assignee=cast.colleague)
    make.give(incident, cast.desk, is_delivered=False)
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (cast.colleague, NoticeKind.STEP_ASSIGNED)


def test_a_delivery_can_be_entered_later(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    offer = make.give(incident, cast.desk, is_delivered=False)
    remedies.deliver_remedy(remedy_id=offer.pk, by=cast.desk, now=NOW + DAY, delivered_at=NOW + HOUR)
    assert incident.rounds.get().settled_at == NOW + HOUR
    assert make.planned_call(incident).due_at == NOW + HOUR + 2 * DAY


def test_money_is_kept_in_the_currency_of_the_place(cast: Cast, incident: Incident) -> None:
    remedy = make.give(incident, cast.desk, "refund", actual_amount=Decimal("12.5"))
    remedy.refresh_from_db()
    assert (remedy.actual_amount, remedy.currency) == (Decimal("12.50"), "USD")


def test_a_failed_remedy_asks_for_another(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    first = make.give(incident, cast.desk, is_delivered=False)
    remedies.end_remedy(remedy_id=first.pk, by=cast.desk, now=NOW, state="failed", note="The van broke down.")
    assert make.fresh(incident).stage == Stage.REMEDY
    make.give(incident, cast.desk)
    assert make.fresh(incident).stage == Stage.REMEDY
    make.give(incident, cast.desk, replaces=first)
    assert make.fresh(incident).stage == Stage.FOLLOW_UP


def test_a_failed_remedy_can_be_withdrawn_instead(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    first = make.give(incident, cast.desk, is_delivered=False)
    make.give(incident, cast.desk)
    for state in ("failed", "withdrawn"):
        remedies.end_remedy(remedy_id=first.pk, by=cast.desk, now=NOW, state=state)
    assert make.fresh(incident).stage == Stage.FOLLOW_UP


def test_a_withdrawn_replacement_replaces_nothing(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    failed = make.give(incident, cast.desk, is_delivered=False)
    remedies.end_remedy(remedy_id=failed.pk, by=cast.desk, now=NOW, state="failed")
    instead = make.give(incident, cast.desk, is_delivered=False, replaces=failed)
    remedies.end_remedy(remedy_id=instead.pk, by=cast.desk, now=NOW, state="withdrawn")
    assert make.fresh(incident).stage == Stage.REMEDY


def test_what_is_over_stays_over(cast: Cast, incident: Incident) -> None:
    given = make.give(incident, cast.desk)
    with pytest.raises(Refused, match="someone was faster"):
        remedies.deliver_remedy(remedy_id=given.pk, by=cast.desk, now=NOW)
    with pytest.raises(Refused, match="someone was faster"):
        remedies.end_remedy(remedy_id=given.pk, by=cast.desk, now=NOW, state="failed")
    with pytest.raises(Refused, match="can fail or be withdrawn"):
        remedies.end_remedy(remedy_id=given.pk, by=cast.desk, now=NOW, state="delivered")


def test_failing_twice_is_failing_once(cast: Cast, incident: Incident) -> None:
    offer = make.give(incident, cast.desk, is_delivered=False)
    remedies.end_remedy(remedy_id=offer.pk, by=cast.desk, now=NOW, state="failed", note="Van broke down.")
    with pytest.raises(Refused, match="someone was faster"):
        remedies.end_remedy(remedy_id=offer.pk, by=cast.colleague, now=NOW, state="failed", note="Other words.")
    offer.refresh_from_db()
    assert offer.ended_note == "Van broke down."


def test_a_replacement_belongs_to_the_same_incident(cast: Cast, incident: Incident) -> None:
    other = make.give(make.make_incident(cast.desk), cast.desk, is_delivered=False)
    with pytest.raises(Refused, match="another incident"):
        make.give(incident, cast.desk, replaces=other)
