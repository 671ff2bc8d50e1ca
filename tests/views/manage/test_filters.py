"""What the list of recoveries may be asked for besides its columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from incidents.actions import handovers
from incidents.board import register
from incidents.models import (
    Account,
    Category,
    Event,
    Incident,
    JobLine,
    Pattern,
    PatternKind,
    PatternLink,
    Remedy,
    Staff,
)
from incidents.models.chosen import Filters, chosen_from, stored_query
from tests import make
from tests.make import DAY, HOUR, NOW, Cast

SignIn = Callable[..., Client]


def found(staff: Staff, query: str, now: dt.datetime = NOW) -> set[str]:
    staff = Staff.objects.get(pk=staff.pk)
    return set(register.rows_of(staff, chosen_from(query, staff), now).values_list("reference", flat=True))


def unhappy_one(cast: Cast) -> Incident:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    make.call(incident, cast.desk, "unhappy")
    return incident


def test_whoever_is_still_unhappy(cast: Cast) -> None:
    unhappy = unhappy_one(cast)
    make.make_incident(cast.desk)
    assert found(cast.desk, "unhappy=1") == found(cast.desk, "round=2") == {unhappy.reference}


def test_key_accounts(cast: Cast) -> None:
    account = Account.objects.create(name="Big Firm", sort_name="big firm", is_key=True, created_at=NOW)
    guest = make.make_customer("Gus Guest")
    guest.account = account
    guest.save(update_fields=["account"])
    key = make.make_incident(cast.desk, customer=guest)
    make.make_incident(cast.desk)
    assert found(cast.desk, "key=1") == {key.reference}


def test_what_waits_for_a_receipt_an_apology_or_a_call(cast: Cast) -> None:
    receipt, apology, call = (make.make_incident(cast.desk) for _number in range(3))
    remedy = make.give(receipt, cast.desk)
    make.apologize(receipt, cast.desk)
    Remedy.objects.filter(pk=remedy.pk).update(state="awaiting_receipt", delivered_at=None)
    make.apologize(call, cast.desk)
    make.give(call, cast.desk)
    assert found(cast.desk, "lacks=receipt") == {receipt.reference}
    assert found(cast.desk, "lacks=apology") == {apology.reference}
    assert call.reference in found(cast.desk, "lacks=call")
    assert {receipt.reference, apology.reference} <= found(cast.desk, "lacks=apology&lacks=receipt")


def test_calls_before_the_day_ends_where_the_reader_is(cast: Cast) -> None:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    incident.follow_ups.update(due_at=dt.datetime(2026, 3, 5, 5, 59, tzinfo=dt.UTC))  # 23:59 on the 4th in Chicago
    assert found(cast.desk, "call=today") == {incident.reference}
    incident.follow_ups.update(due_at=dt.datetime(2026, 3, 5, 6, 0, tzinfo=dt.UTC))
    assert found(cast.desk, "call=today") == set()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("reported=today", dt.datetime(2026, 3, 9, 5, tzinfo=dt.UTC)),
        ("reported=7", dt.datetime(2026, 3, 3, 6, tzinfo=dt.UTC)),  # before the clocks went forward
        ("reported=30", dt.datetime(2026, 2, 8, 6, tzinfo=dt.UTC)),
    ],
)
def test_days_begin_at_the_readers_midnight(query: str, first: dt.datetime, cast: Cast) -> None:
    now = dt.datetime(2026, 3, 9, 15, tzinfo=dt.UTC)
    incident = make.make_incident(cast.desk)
    Incident.objects.filter(pk=incident.pk).update(reported_at=first)
    assert found(cast.desk, query, now) == {incident.reference}
    Incident.objects.filter(pk=incident.pk).update(reported_at=first - dt.timedelta(seconds=1))
    assert found(cast.desk, query, now) == set()


def test_where_nothing_has_happened_for_two_days(cast: Cast) -> None:
    quiet, noisy = make.make_incident(cast.desk, now=NOW - 3 * DAY), make.make_incident(cast.desk, now=NOW - 3 * DAY)
    Event.objects.create(incident=noisy, kind="noted", at=NOW - HOUR, by=cast.desk)
    assert found(cast.desk, "quiet=48") == {quiet.reference}
    assert found(cast.desk, "quiet=168") == set()


def test_nobody_is_on_it(cast: Cast) -> None:
    gone, away, silent, fine = (make.make_incident(cast.desk) for _number in range(4))
    left, absent = make.make_staff("Lea Left", cast.here), make.make_staff("Abe Absent", cast.here)
    Incident.objects.filter(pk=gone.pk).update(assignee=left)
    Incident.objects.filter(pk=away.pk).update(assignee=absent)
    Staff.objects.filter(pk=left.pk).update(is_active=False)
    Staff.objects.filter(pk=absent.pk).update(away_until=NOW + HOUR)
    handovers.hand_over(incident_id=silent.pk, to=cast.colleague, by=cast.desk, now=NOW - HOUR)
    assert found(cast.desk, "lacks=person") == {gone.reference, away.reference, silent.reference}
    assert fine.reference not in found(cast.desk, "lacks=person")


def test_what_is_on_the_agenda_and_in_a_pattern(cast: Cast) -> None:
    agenda, linked = make.make_incident(cast.desk), make.make_incident(cast.desk)
    Incident.objects.filter(pk=agenda.pk).update(review_state="to_review")
    pattern = Pattern.objects.create(kind=PatternKind.EVENT, opened_at=NOW, opened_by=cast.manager, submit_key=uuid4())
    PatternLink.objects.create(pattern=pattern, incident=linked, linked_by=cast.manager, linked_at=NOW)
    assert found(cast.desk, "review=to_review") == {agenda.reference}
    assert found(cast.desk, f"pattern={pattern.pk}") == {linked.reference}


def test_money_of_a_restricted_one_is_asked_by_those_who_may_read_it(cast: Cast) -> None:
    """The desk logged it, and sees that there is one; not what was given, nor that somebody asks."""
    hurt = make.make_incident(cast.desk, category="safety")
    remedy = make.give(hurt, cast.manager)
    Remedy.objects.filter(pk=remedy.pk).update(state="awaiting_receipt", delivered_at=None)
    assert found(cast.desk, "lacks=receipt") == set()
    assert found(cast.manager, "lacks=receipt") == {hurt.reference}


def test_what_cannot_be_understood_is_left_out(cast: Cast) -> None:
    strange = "lacks=soul&call=never&quiet=1&reported=x&round=9&review=no&pattern=-1&key=yes&unhappy=maybe&view=none"
    assert chosen_from(strange, cast.desk) == Filters()
    assert chosen_from("?pattern=" + "9" * 5000, cast.desk) == Filters()
    make.make_incident(cast.desk)
    assert found(cast.desk, "pattern=999999999999999999") == set()


def test_restricted_ones_as_far_as_they_are_seen(cast: Cast) -> None:
    make.make_incident(cast.desk)
    injury = make.make_incident(cast.desk, category=make.category("safety"))
    assert injury.is_restricted
    assert found(cast.manager, "restricted=1") == {injury.reference}
    injury.concerns.create(staff=cast.manager)
    assert found(cast.manager, "restricted=1") == set()


@pytest.mark.parametrize("name", ["unhappy=1", "key=1", "lacks=call", "quiet=48", "reported=7", "review=to_review"])
def test_chips_come_off(name: str, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.desk).get(f"/incidents/?{name}&q=tap")
    chip = next(each for each in answer.context["chips"] if "tap" not in each["label"])
    assert chip["url"] == "?q=tap"


def test_somebody_who_left_is_asked_for_and_not_everybody(cast: Cast, sign_in: SignIn) -> None:
    """A kept view, or a page that was open before, does not turn into one of everything."""
    left = make.make_staff("Lea Left", cast.here)
    hers, other = make.make_incident(left), make.make_incident(cast.desk)
    Staff.objects.filter(pk=left.pk).update(is_active=False)
    for query in (f"assignee={left.pk}", f"assignee={left.pk}&assignee={left.pk}"):
        assert found(cast.manager, query) == {hers.reference}
    assert found(cast.manager, f"assignee={left.pk}&assignee=me") == {hers.reference}
    assert found(cast.desk, f"location={cast.elsewhere.pk}") == set()
    Category.objects.filter(pk=other.category_id).update(is_active=False)
    assert other.reference in found(cast.desk, f"category={other.category.key}")
    assert stored_query(chosen_from(f"assignee={left.pk}", cast.desk)) == f"assignee={left.pk}"
    strange = "assignee=0&assignee=-1&assignee=x&location=9e9&category=%00&category=" + "x" * 50
    assert chosen_from(strange, cast.desk) == Filters()
    page = sign_in(cast.manager).get(f"/incidents/?assignee={left.pk}")
    assert "With: somebody who is not among your people" in page.content.decode()
    assert other.reference not in page.content.decode()


def test_many_are_not_more_than_the_page_named_when_somebody_leaves_meanwhile(cast: Cast, sign_in: SignIn) -> None:
    left = make.make_staff("Lea Left", cast.here)
    hers, _other = make.make_incident(left), make.make_incident(cast.desk)
    client = sign_in(cast.manager)
    Staff.objects.filter(pk=left.pk).update(is_active=False)
    client.post(f"/bulk/?assignee={left.pk}", {"act": "meeting", "submit_key": str(uuid4())})
    assert [line.incident for line in JobLine.objects.all()] == [hers]
