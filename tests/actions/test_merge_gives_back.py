"""Whatever two records say: put together and apart again, the rows are the same."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.actions import customers, merges
from incidents.models import ContactPoint, Customer, FollowUp, Incident
from tests import make
from tests.make import DAY, HOUR, NOW, Cast

WORDS = st.sampled_from(["", "Czech", "French"])
PHONES = st.lists(st.sampled_from(["312 555 0100", "312 555 0101", "312 555 0102"]), unique=True)
SAID = st.fixed_dictionaries(
    {
        "account": st.sampled_from(["", "Rowing Club", "Chess Club"]),
        "job_title": WORDS,
        "note": WORDS,
        "language": WORDS,
        "loyalty_number": st.sampled_from(["", "AB 1", "CD 2"]),
        "address": WORDS,
        "preferred_channel": st.sampled_from(["", "phone", "chat"]),
        "wants_no_contact": st.booleans(),
    }
)
# Of each incident the kind, whether it is put right so that a call is due, whether it was closed.
HAPPENED = st.lists(
    st.tuples(st.sampled_from(["room", "safety"]), st.sampled_from(["new", "settled", "void"])), max_size=2
)
RECORD = st.tuples(SAID, PHONES, HAPPENED)


def write_down(cast: Cast, said: dict[str, Any], phones: list[str], happened: list[tuple[str, str]]) -> Customer:
    customer = Customer.objects.create(name="Nora Novak", created_at=NOW)
    for number in phones:
        customers.add_contact(customer=customer, kind="phone", value=number, country="US", now=NOW)
    for kind, state in happened:
        incident = make.make_incident(cast.owner, location=cast.here, category=kind, customer=customer)
        if state == "settled":
            make.settle(incident, cast.owner)
        elif state == "void":
            make.close(incident, cast.owner, "void")
    facts: Any = said
    customers.change_customer(customer_id=customer.pk, now=NOW, by=cast.owner, **facts)
    return customer


def rows() -> list[list[Any]]:
    """All that a merge may touch, without what counts the saves."""
    changed = ("version", "next_due_at")
    found: list[list[Any]] = []
    for model in (Customer, ContactPoint, Incident, FollowUp):
        every = model.objects.order_by("pk").values()
        found.append([{name: value for name, value in row.items() if name not in changed} for row in every])
    return found


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECORD, RECORD)
def test_merge_and_undo_give_back_the_same_rows(cast: Cast, one: Any, other: Any) -> None:
    with transaction.atomic():
        kept, dropped = write_down(cast, *one), write_down(cast, *other)
        before, key = rows(), uuid4()
        done = merges.merge_customers(
            kept_id=kept.pk, dropped_id=dropped.pk, submit_key=key, by=cast.manager, now=NOW + HOUR
        )
        assert not Incident.objects.filter(customer=dropped).exists()
        assert kept.contact_points.count() == len({*one[1], *other[1]})
        merges.undo_merge(merge_id=done.pk, by=cast.owner, now=NOW + 2 * HOUR)
        assert rows() == before
        transaction.set_rollback(True)  # nothing written in one example is there in the next


def test_the_rows_would_show_it(cast: Cast) -> None:
    """The control: while they are together the rows differ."""
    said = {"language": "Czech"}
    kept, dropped = write_down(cast, {}, [], []), write_down(cast, said, ["312 555 0100"], [("room", "settled")])
    before = rows()
    merges.merge_customers(kept_id=kept.pk, dropped_id=dropped.pk, submit_key=uuid4(), by=cast.manager, now=NOW + DAY)
    assert [now != then for now, then in zip(rows(), before, strict=True)] == [True, True, True, False]
