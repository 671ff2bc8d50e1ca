"""How likely two records are one person; and who is found for whom."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.actions import customers, jobs, resemblances
from incidents.alike import LIKE, SAME, Person, in_common, likeness
from incidents.models import Customer, Job, Resemblance
from tests import make
from tests.make import NOW, Cast

NORA = Person("nora novak", frozenset({"+13125550100"}), frozenset({"nora@example.org"}), "AB1234", "4 Quay Street")


def like(**over: Any) -> Person:
    said: dict[str, Any] = {"name": "nora novak"} | over
    return Person(**said)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (NORA, like(name="novak, nora", phones=NORA.phones)),
        (NORA, like(name="novak", emails=NORA.emails)),
        (NORA, like(name="nora nowak", address="4 quay st")),
        (NORA, like(name="nora kral", loyalty_key="AB1234", address="4 Quay Street")),  # she married
        (like(account="rowing club"), like(account="rowing club")),
        (like(address="Straße 5, Köln"), like(address="strasse 5, koln")),
    ],
)
def test_one_person(a: Person, b: Person) -> None:
    assert likeness(a, b) >= SAME


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (like(), like()),  # a name alone is no person
        (NORA, like(name="karel novak", phones=NORA.phones, address=NORA.address)),  # a couple at one telephone
        (NORA, like(name="nora novak", loyalty_key="ZZ9876", address="81 Mill Lane")),
        (like(name="ada berg", phones=NORA.phones, account="club"), like(phones=NORA.phones, account="club")),
        (Person(""), Person("")),
    ],
)
def test_two_people(a: Person, b: Person) -> None:
    assert likeness(a, b) < SAME


def test_what_is_told_while_typing() -> None:
    assert likeness(like(name="ada berg", phones=NORA.phones), NORA) >= LIKE  # somebody else has that number
    assert in_common(NORA, like(phones=NORA.phones, address="4 Quay St.")) == ("phone", "name", "address")


PEOPLE = st.builds(
    Person,
    st.text(max_size=20),
    st.frozensets(st.sampled_from(["+1", "+2"])),
    st.frozensets(st.sampled_from(["a@b.c", "d@b.c"])),
    st.sampled_from(["", "A1234", "A1243", "B9"]),
    st.text(max_size=20),
    st.sampled_from(["", "club"]),
)


@given(PEOPLE, PEOPLE)
def test_it_does_not_matter_who_comes_first(a: Person, b: Person) -> None:
    assert 0 <= likeness(a, b) == likeness(b, a) <= 100
    assert set(in_common(a, b)) == set(in_common(b, a))


def test_found_as_they_are_added_and_forgotten_as_they_are_corrected(cast: Cast) -> None:
    first = make.make_customer("Nora Novak")
    second = make.make_customer("Nora Nowak")
    make.make_customer("Arno Noll", phone="+1 312 555 0199")
    pair = Resemblance.objects.get()
    assert (pair.first, pair.second) == (first, second)
    customers.change_contact(contact_id=second.contact_points.get().pk, value="312 555 0142", country="US", now=NOW)
    assert not Resemblance.objects.exists()


def test_two_people_are_not_proposed_again(cast: Cast) -> None:
    make.make_customer("Nora Novak")
    other = make.make_customer("Nora Nowak")
    pair = Resemblance.objects.get()
    resemblances.say_two_people(resemblance_id=pair.pk, by=cast.manager, now=NOW)
    resemblances.say_two_people(resemblance_id=pair.pk, by=cast.owner, now=NOW)
    customers.change_customer(customer_id=other.pk, now=NOW, name="Nora Novak")
    pair.refresh_from_db()
    assert pair.dismissed_by == cast.manager


def test_a_number_that_is_not_theirs_proves_nothing(cast: Cast) -> None:
    point = make.make_customer("Nora Novak").contact_points.get()
    customers.mark_contact(contact_id=point.pk, is_wrong=True, now=NOW)
    make.make_customer("Nora Novak")
    assert not Resemblance.objects.exists()


def test_the_job_finds_what_was_there_before(cast: Cast) -> None:
    made = [make.make_customer(name) for name in ("Nora Novak", "Nora Nowak", "Ada Berg")]
    Resemblance.objects.all().delete()
    resemblances.connect()
    job = resemblances.ask_to_look(by=cast.manager, now=NOW, submit_key=uuid4())
    jobs.work()
    done = Job.objects.get(pk=job.pk)
    assert (done.state, done.total) == ("done", Customer.objects.count())
    assert [row.second for row in Resemblance.objects.filter(first=made[0])][:1] == [made[1]]
