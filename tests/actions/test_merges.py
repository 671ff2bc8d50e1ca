"""Two records of one person: all of one hangs on the other, and goes back again."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import pytest

from incidents.actions import customers, merges
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import Customer, Event, FollowUp, Incident, Merge, Resemblance
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast

HOURS = {"reach_from": dt.time(9), "reach_until": dt.time(12)}


def merge(kept: Customer, dropped: Customer, cast: Cast, **over: Any) -> Merge:
    fields: dict[str, Any] = {"by": cast.manager, "now": NOW + DAY, "submit_key": uuid4()}
    return merges.merge_customers(kept_id=kept.pk, dropped_id=dropped.pk, **fields | over)


def undo(done: Merge, cast: Cast, **over: Any) -> Merge:
    fields: dict[str, Any] = {"by": cast.manager, "now": NOW + 2 * DAY}
    return merges.undo_merge(merge_id=done.pk, **fields | over)


@kept_rows
def pair(cast: Cast) -> tuple[Customer, Customer]:
    kept = customers.add_customer(name="Nora Novak", phone="+1 312 555 0100", now=NOW, note="Likes tea.")
    dropped = customers.add_customer(
        name="Novak, Nora",
        phone="(312) 555-0100",
        email="nora@example.org",
        account="Rowing Club",
        now=NOW,
        note="Left-handed.",
        language="Czech",
        loyalty_number="ab 12-34",
        address="4 Quay St",
    )
    return kept, dropped


def test_everything_hangs_on_the_kept_one(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    kept, dropped = pair
    mine = make.make_incident(cast.desk, customer=dropped)
    foreign = make.make_incident(cast.outsider, customer=dropped)
    restricted = make.make_incident(cast.desk, customer=dropped, category="safety")
    closed = make.close(make.make_incident(cast.desk, customer=dropped), cast.manager, "void")
    done = merge(kept, dropped, cast)
    assert set(kept.incidents.all()) == {mine, foreign, restricted, closed}
    kept.refresh_from_db()
    dropped.refresh_from_db()
    assert dropped.merged_into == kept
    assert (kept.note, kept.language, kept.loyalty_key, kept.address) == ("Likes tea.", "Czech", "AB1234", "4 Quay St")
    assert kept.account is not None
    assert set(kept.contact_points.values_list("normalized", flat=True)) == {"+13125550100", "nora@example.org"}
    assert list(dropped.contact_points.values_list("normalized", flat=True)) == ["+13125550100"]
    assert Event.objects.get(kind="customers_merged").subject_id == done.pk


def test_the_stricter_wish_holds(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    kept, dropped = pair
    waiting = make.settle(make.make_incident(cast.desk, customer=kept), cast.desk)
    customers.wish_for_contact(customer_id=dropped.pk, is_wanted=False, by=cast.desk, now=NOW)
    done = merge(kept, dropped, cast)
    kept.refresh_from_db()
    assert kept.no_contact_since is not None
    assert not waiting.follow_ups.planned().exists()
    undo(done, cast)
    assert Customer.objects.get(pk=kept.pk).no_contact_since is None
    assert waiting.follow_ups.planned().count() == 1


def test_their_calls_follow_the_hours_of_the_kept_one(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    kept, dropped = pair
    customers.change_customer(customer_id=kept.pk, now=NOW, by=cast.desk, **HOURS)  # type: ignore[arg-type]
    incident = make.settle(make.make_incident(cast.desk, customer=dropped), cast.desk)
    before = make.planned_call(incident).due_at
    done = merge(kept, dropped, cast, now=NOW + make.HOUR)
    assert dt.time(9) <= make.planned_call(incident).due_at.astimezone(cast.here.zone).time() <= dt.time(12)
    undo(done, cast, now=NOW + 2 * make.HOUR)
    assert make.planned_call(incident).due_at == before


def test_nothing_of_an_open_recovery_changes_where_the_wishes_are_the_same(
    cast: Cast, pair: tuple[Customer, Customer]
) -> None:
    kept, dropped = pair
    incident = make.settle(make.make_incident(cast.desk, customer=dropped), cast.desk)
    merge(kept, dropped, cast)
    assert Incident.objects.get(pk=incident.pk).version == incident.version


def test_undo_after_later_edits_gives_back_what_is_still_there(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    kept, dropped = pair
    theirs, corrected = (make.make_incident(cast.desk, customer=dropped) for _ in range(2))
    done = merge(kept, dropped, cast)
    since = make.make_incident(cast.desk, customer=Customer.objects.get(pk=kept.pk))
    other = make.make_customer("Ada Berg")
    Incident.objects.filter(pk=corrected.pk).update(customer=other)
    customers.change_customer(customer_id=kept.pk, now=NOW, address="9 New Road", by=cast.desk)
    undo(done, cast)
    kept.refresh_from_db()
    dropped.refresh_from_db()
    assert set(dropped.incidents.all()) == {theirs}
    assert set(kept.incidents.all()) == {since}
    assert (kept.address, kept.language, kept.loyalty_number, kept.loyalty_key) == ("9 New Road", "", "", "")
    assert (dropped.merged_into, dropped.address) == (None, "4 Quay St")
    assert dropped.contact_points.count() == 2
    assert kept.contact_points.count() == 1


def test_what_was_removed_since_does_not_come_back(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    kept, dropped = pair
    done = merge(kept, dropped, cast)
    customers.remove_contact(contact_id=kept.contact_points.get(kind="email").pk, now=NOW)
    undo(done, cast)
    assert list(dropped.contact_points.values_list("kind", flat=True)) == ["phone"]


def test_undone_a_wish_for_no_contact_since_holds_for_both(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    """Nobody knows any more which of the two said so: neither is called."""
    kept, dropped = pair
    incident = make.settle(make.make_incident(cast.desk, customer=dropped), cast.desk)
    done = merge(kept, dropped, cast)
    make.call(incident, cast.desk, "do_not_contact", now=NOW + DAY + make.HOUR)
    undo(done, cast)
    for each in pair:
        each.refresh_from_db()
        assert each.no_contact_since == NOW + DAY + make.HOUR
    assert make.fresh(incident).customer == dropped
    assert not incident.follow_ups.planned().exists()


def test_undone_a_wish_from_before_is_its_own_record_s(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    kept, dropped = pair
    customers.wish_for_contact(customer_id=kept.pk, is_wanted=False, by=cast.desk, now=NOW)
    undo(merge(kept, dropped, cast), cast)
    dropped.refresh_from_db()
    assert dropped.no_contact_since is None


def test_only_managers(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    with pytest.raises(NotYours):
        merge(*pair, cast, by=cast.desk)
    done = merge(*pair, cast)
    with pytest.raises(NotYours):
        undo(done, cast, by=cast.desk)


def test_a_second_submit_is_the_same_merge(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    key = UUID(int=7)
    assert merge(*pair, cast, submit_key=key) == merge(*pair, cast, submit_key=key)
    with pytest.raises(Refused, match="already used"):
        merge(pair[1], pair[0], cast, submit_key=key)


def test_a_second_submit_that_waited_for_the_first_is_the_same_merge(
    cast: Cast, pair: tuple[Customer, Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, lock, first = UUID(int=8), merges._locked, []

    def wait_for_the_first(*pks: int) -> Any:
        monkeypatch.setattr(merges, "_locked", lock)
        first.append(merge(*pair, cast, submit_key=key))
        return lock(*pks)

    monkeypatch.setattr(merges, "_locked", wait_for_the_first)
    assert [merge(*pair, cast, submit_key=key)] == first


def test_refused_as_things_stand(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    kept, dropped = pair
    with pytest.raises(Refused, match="one and the same"):
        merge(kept, kept, cast)
    merge(kept, dropped, cast)
    for two in ((kept, dropped), (dropped, kept), (make.make_customer("Ada"), dropped)):
        with pytest.raises(Refused, match="already"):
            merge(*two, cast)


def test_undo_ends_after_thirty_days_and_twice_is_harmless(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    done = merge(*pair, cast)
    with pytest.raises(Refused, match="30 days"):
        undo(done, cast, now=done.at + 30 * DAY + make.HOUR)
    assert undo(done, cast, now=done.at + 30 * DAY) == undo(done, cast)
    assert Event.objects.filter(kind="merge_undone").count() == 1


def test_one_into_the_next_is_undone_from_the_last(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    kept, dropped = pair
    last = make.make_customer("N. Novak", phone="")
    incident = make.make_incident(cast.desk, customer=dropped)
    first = merge(kept, dropped, cast)
    second = merge(last, kept, cast)
    assert set(last.incidents.all()) == {incident}
    assert customers.hold(dropped) == last
    with pytest.raises(Refused, match="Undo that first"):
        undo(first, cast)
    undo(second, cast)
    undo(first, cast)
    assert set(dropped.incidents.all()) == {incident}


def test_what_hangs_on_the_dropped_one_from_now_on_hangs_on_the_kept_one(
    cast: Cast, pair: tuple[Customer, Customer]
) -> None:
    kept, dropped = pair
    merge(kept, dropped, cast)
    assert make.make_incident(cast.desk, customer=dropped).customer == kept
    point = customers.add_contact(customer=dropped, kind="phone", value="312 555 0177", country="US", now=NOW)
    assert point.customer == kept
    with pytest.raises(Stale) as stale:
        customers.change_customer(customer_id=dropped.pk, now=NOW, name="Nora")
    assert stale.value.current == kept


def test_a_merge_ends_the_proposal_and_undoing_it_brings_it_back(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    assert Resemblance.objects.get().score >= 85
    done = merge(*pair, cast)
    assert not Resemblance.objects.exists()
    undo(done, cast)
    assert Resemblance.objects.exists()


def test_planned_calls_are_the_same_rows(cast: Cast, pair: tuple[Customer, Customer]) -> None:
    make.settle(make.make_incident(cast.desk, customer=pair[1]), cast.desk)
    before = list(FollowUp.objects.values())
    undo(merge(*pair, cast), cast)
    assert list(FollowUp.objects.values()) == before
