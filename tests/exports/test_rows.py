"""What stands in the rows: what the reader sees on the screen, and nothing that they do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from incidents.exports import CALLS, CUSTOMERS, RECOVERIES, Listing
from incidents.exports.cells import Cell
from incidents.models import Incident, Remedy, Staff
from tests import make
from tests.make import NOW, Cast

Asserts = Callable[[int], Any]


def said(listing: Listing, staff: Staff, numbers: Sequence[int], now: dt.datetime = NOW) -> list[dict[str, Cell]]:
    heads = listing.heads()
    rows = listing.read(staff, numbers, now)
    return [dict(zip(heads, listing.cells(row), strict=True)) for row in rows]


def one(staff: Staff, incident: Incident, now: dt.datetime = NOW) -> dict[str, Cell]:
    [found] = said(RECOVERIES, staff, [incident.pk], now)
    return found


def test_a_row_says_what_the_page_says(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, place="Room 12", remedy_sought="Another room", severity=2)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk, "gift_card", estimated_amount=Decimal("40.00"), minutes=20)
    make.give(incident, cast.desk, "redo", estimated_amount=Decimal("9.50"), is_delivered=False, minutes=5)
    row = one(cast.manager, make.fresh(incident))
    here = NOW.astimezone(ZoneInfo("America/Chicago"))
    assert row["Reference"] == incident.reference
    assert (row["Customer"], row["Phone"]) == ("Nora Novak", "+1 312 555 0100")
    assert (row["Where"], row["Location"], row["Time zone"]) == ("Room 12", "Harbour Hotel", "America/Chicago")
    assert (row["How bad"], row["Next step"], row["Try"]) == ("Major", "Put it right", 1)
    assert (row["Given"], row["Promised"], row["Currency"]) == (Decimal("40.00"), Decimal("9.50"), "USD")
    assert (row["Our minutes"], row["Apologized"], row["Reported"]) == (25, here, here)
    assert (row["Who has it"], row["Late"], row["Restricted"]) == ("Dora Desk", "No", "No")
    assert (row["Would make it right"], row["What they said last"], row["Closed"]) == ("Another room", None, None)


def test_money_is_a_sum_in_the_currency_beside_it(cast: Cast) -> None:
    """What was promised when the place reckoned in another currency is not added up with it."""
    incident = make.make_incident(cast.desk)
    make.give(incident, cast.desk, "gift_card", estimated_amount=Decimal(40))
    Remedy.objects.update(currency="EUR")
    make.give(incident, cast.desk, "gift_card", estimated_amount=Decimal(5))
    assert one(cast.manager, incident)["Given"] == Decimal(5)


def test_times_are_those_of_the_place(cast: Cast) -> None:
    abroad = one(cast.outsider, make.make_incident(cast.outsider, occurred_at=NOW))
    assert abroad["Happened"] == NOW
    moment = abroad["Happened"]
    assert isinstance(moment, dt.datetime)
    assert moment.isoformat() == "2026-03-04T16:00:00+01:00"
    day = one(cast.desk, make.make_incident(cast.desk, occurred_on=dt.date(2026, 3, 2)))
    assert day["Happened"] == dt.date(2026, 3, 2)


def test_late_is_judged_by_the_moment_it_was_asked(cast: Cast) -> None:
    incident = make.make_incident(cast.desk)
    assert one(cast.desk, incident, NOW + make.DAY * 30)["Late"] == "Yes"
    closed = make.close(incident, cast.manager, "withdrawn")
    row = one(cast.desk, closed, NOW + make.DAY * 30)
    assert (row["Late"], row["Due"], row["How it ended"]) == (None, None, "Taken back by the customer")


def test_numbers_keep_their_order_and_those_not_seen_are_left_out(cast: Cast) -> None:
    mine = [make.make_incident(cast.desk) for _ in range(3)]
    foreign = make.make_incident(cast.outsider)
    numbers = [mine[2].pk, foreign.pk, mine[0].pk, 99_999_999, mine[1].pk]
    found = [row["Reference"] for row in said(RECOVERIES, cast.desk, numbers)]
    assert found == [mine[2].reference, mine[0].reference, mine[1].reference]


def test_a_restricted_one_is_for_those_who_see_it(cast: Cast) -> None:
    incident = make.make_incident(cast.manager, category="safety", what_happened="Secret fall", place="Stairs")
    assert said(RECOVERIES, cast.desk, [incident.pk]) == []
    assert said(RECOVERIES, cast.outsider, [incident.pk]) == []
    assert one(cast.manager, incident)["What happened"] == "Secret fall"


def test_whoever_only_logged_it_reads_no_more_than_on_the_screen(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, category="safety", what_happened="Secret fall", remedy_sought="Sorry")
    Incident.objects.filter(pk=incident.pk).update(assignee=cast.manager)
    make.give(incident, cast.manager, "gift_card", estimated_amount=Decimal(40))
    row = one(cast.desk, incident)
    shown = {name for name, cell in row.items() if cell not in (None, "")}
    assert shown == {
        *("Reference", "Customer", "What kind of mistake", "Location", "How bad", "Next step", "Due", "Late", "Try"),
        *("Who has it", "Written down by", "How we learned of it", "Reported", "Logged", "Currency", "Restricted"),
        "Time zone",
    }
    assert one(cast.manager, incident)["Given"] == Decimal(40)


def test_somebody_unknown_is_named_as_on_the_screen(cast: Cast) -> None:
    row = one(cast.desk, make.make_incident(cast.desk, customer_hint="Man with a hat"))
    assert (row["Customer"], row["Company or group"], row["Phone"]) == ("Man with a hat", None, "")


def test_a_call_says_what_its_page_says(cast: Cast) -> None:
    incident = make.settle(make.make_incident(cast.desk), cast.desk)
    call = make.planned_call(incident)
    [row] = said(CALLS, cast.desk, [call.pk], call.due_at + make.HOUR)
    assert (row["Customer"], row["Phone"], row["How it stands"]) == ("Nora Novak", "+1 312 555 0100", "Late")
    assert (row["Who calls"], row["Attempts"], row["Due"]) == ("Dora Desk", 0, call.due_at)
    assert said(CALLS, cast.outsider, [call.pk]) == []


def test_a_customer_says_how_many_the_reader_may_see(cast: Cast) -> None:
    customer = make.make_customer("Ada Abel", email="ada@example.com")
    make.make_incident(cast.desk, customer=customer)
    make.make_incident(cast.outsider, customer=customer)
    [row] = said(CUSTOMERS, cast.manager, [customer.pk])
    assert (row["Name"], row["Phone"], row["E-mail"]) == ("Ada Abel", "+1 312 555 0100", "ada@example.com")
    assert (row["Open"], row["Recoveries in all"], row["Time zone"]) == (1, 1, "America/Chicago")


@pytest.mark.parametrize("number", [1, 3])
def test_rows_take_one_statement_however_many(cast: Cast, number: int, django_assert_num_queries: Asserts) -> None:
    rows = [make.settle(make.make_incident(cast.desk), cast.desk) for _ in range(number)]
    calls = [make.planned_call(incident).pk for incident in rows]
    customers = [incident.customer_id or 0 for incident in rows]
    _places = cast.manager.location_ids
    for listing, numbers in ((RECOVERIES, [i.pk for i in rows]), (CALLS, calls), (CUSTOMERS, customers)):
        with django_assert_num_queries(1):
            assert len(said(listing, cast.manager, numbers)) == number
