"""Names taken out of words."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from incidents.hiding import Names, hide, is_a_job, names_with_parts, parts_of
from incidents.models import Account, BlackedOut, Customer, Incident
from incidents.story.hidden import hidden_for, hidden_for_all, hidden_together
from tests import make
from tests.kept import kept_rows
from tests.make import Cast

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

NAMES = names_with_parts(
    [
        *((name, "the customer") for name in ("Nora Novak", "José Müller-Lüdenscheidt", "Will O'Brien", "Grace Li")),
        ("Dora Desk", "a colleague at the desk"),
        ("山田太郎", "the customer"),
    ]
)


@pytest.mark.parametrize(
    ("words", "hidden"),
    [
        ("NORA NOVAK and nora.", "The customer and the customer."),
        ("Annora, Noranne and Novakville stay.", "Annora, Noranne and Novakville stay."),
        ("Nora's room, Novak’s bill, the Novaks left", "The customer's room, the customer’s bill, the customer left"),
        ("Mrs. Novak and Ms Nora M. Novak", "The customer and the customer"),
        ("N. Novak, Nora N. called, N.N. too, DD rang", None),
        ("Jose Mueller-Ludenscheidt; LÜDENSCHEIDT; Mu\u0308ller", "The customer; the customer; the customer"),
        ("O’Brien's and OBrien and obrien", "The customer's and the customer and the customer"),
        ("I will ask Will. Will you come? By the grace of Grace.", None),
        ("Li li Grace Li", None),
        ("No\u00adra, No\u200bvak, nora_novak, @noranovak", "The customer, the customer, @the customer"),
        ("山田太郎さんから電話", "The customerさんから電話"),
        ("Call +1 (312) 555-0100 or 0171/5550199.", "Call a phone number or a phone number."),
        ("nora.novak+x@example.co.uk wrote", "An e-mail address wrote"),
        ("As in R-2026-0001, order AB-1234, #4711, B4711x", "As in a reference, order a number, a number, a number"),
        (
            "Room 412 at 15:30 on 2026-03-04, 12/03/2026: $1,200.50, 12500 EUR, 15%, S1, 3 of 20",
            "Room 412 at 15:30 on 2026-03-04, 12/03/2026: $1,200.50, 12500 EUR, 15%, S1, 3 of 20",
        ),
        ("On 12.03.2026 555-0134 55 rang", "On 12.03.2026 a phone number rang"),
        ("", ""),
    ],
)
def test_hide(words: str, hidden: str | None) -> None:
    special = {
        "N. Novak, Nora N. called, N.N. too, DD rang": (
            "The customer, the customer called, the customer too, a colleague at the desk rang"
        ),
        "I will ask Will. Will you come? By the grace of Grace.": (
            "I will ask the customer. Will you come? By the grace of the customer."
        ),
        "Li li Grace Li": "The customer li the customer",
    }
    assert hide(words, NAMES) == (special[words] if hidden is None else hidden)


def test_hiding_twice_changes_nothing() -> None:
    once = hide("Nora's bill for Dora Desk, 312 555 0100", NAMES)
    assert hide(once, NAMES) == once


def test_the_longest_name_goes_first_and_blacked_out_words_before_all() -> None:
    names = Names({"Nora": "one", "Nora Novak": "two"}, always={"red coat": "[…]", "grace": "[…]"})
    assert names.hide("x Nora Novak, Nora, the Red-Coat and grace") == "x two, one, the […] and […]"


def test_numbers_we_know_go_however_they_are_written() -> None:
    assert hide("order ab 12/34 and AB1234, ZAB12345 no", {"AB1234": "a number"}).startswith("order a number and a nu")


def test_careful_names_need_a_capital() -> None:
    assert Names({}, careful={"Teachers": "them"}).hide("the teachers of Teachers") == "the teachers of them"


def test_parts() -> None:
    assert parts_of("Dr. Anna-Lena van der Berg") == [
        *("Dr. Anna-Lena van der Berg", "Anna-Lena", "Anna", "Lena", "Berg", "drannalenavanderberg")
    ]
    assert [is_a_job(each) for each in ("the sales manager", "Housekeeping", "Sam from sales")] == [True, True, False]


def test_a_long_text_is_quick() -> None:

    names = Names({f"Person{chr(97 + n % 26)}{'x' * (n % 9)} Name{n}": "somebody" for n in range(2000)} | NAMES)
    began = time.perf_counter()
    names.hide("Nora told Dora about 312 555 0100 and a very ordinary thing. " * 64)
    assert time.perf_counter() - began < 1


@kept_rows
def told(cast: Cast) -> Incident:
    """Words that name everybody who may be named."""
    account = Account.objects.create(name="Midwest Quilters", created_at=make.NOW)
    nora = make.make_customer("Nora Novak")
    Customer.objects.filter(pk=nora.pk).update(account=account, address="12 Elm Street, Springfield")
    Customer.objects.create(name="Petra President", account=account, created_at=make.NOW)
    incident = make.make_incident(cast.desk, customer=nora, what_happened="Cold shower.")
    make.apologize(incident, cast.desk, author_name="Sam Rivers", to_whom="Mr. Quince")
    return incident


EVERYBODY = ("Nora", "Novak", "Midwest Quilters", "Petra", "Sam", "Rivers", "Quince", "Dora", "Mona", "Otto Outsider")


def test_an_incident_hides_everybody_it_names(told: Incident, cast: Cast) -> None:
    hidden = hidden_for(told)
    words = hidden.words("; ".join([*EVERYBODY, "12 Elm Street, Springfield", "Otto"]))
    assert not any(name in words for name in (*EVERYBODY, "Elm"))
    assert words.endswith("an address; Otto")  # of a colleague elsewhere the whole name only
    assert hidden.who(cast.desk, "") == "a colleague at the desk"
    assert hidden.who(cast.manager, "") == "a manager"
    assert hidden.who("the sales manager", "a colleague") == "the sales manager"
    assert hidden.who("Nora Novak", "somebody") == "the customer"
    assert hidden.who("Zed Unknown", "somebody") == "somebody"


def test_what_somebody_blacked_out_goes_too(told: Incident, cast: Cast) -> None:
    BlackedOut.objects.create(incident=told, words="Boston", by=cast.manager, at=make.NOW)
    BlackedOut.objects.create(incident=told, words="red coat", instead="clothes", by=cast.manager, at=make.NOW)
    assert hidden_for(told).words("From boston in a Red coat") == "From [blacked out] in a clothes"


def test_an_unknown_guest_who_was_described(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, customer=None, customer_hint="Mrs Peters? Red coat")
    words = hidden_for(incident).words("Peters lost a red thing. Mrs Peters? Red coat.")
    assert "Peters" not in words
    assert "a red thing" in words


def test_those_told_together_do_not_name_each_other(told: Incident, cast: Cast) -> None:
    other = make.make_incident(cast.desk, customer=make.make_customer("Ulla Unlucky"), told_with=told)
    assert hidden_for(told).words("Ulla Unlucky had it too") == "Another customer had it too"
    assert hidden_for(other).words("Nora was first") == "Another customer was first"


def test_those_told_with_an_unknown_guest_are_not_named(cast: Cast) -> None:
    told = make.make_incident(cast.desk, customer=None, customer_hint="In a red coat")
    make.make_incident(cast.desk, customer=make.make_customer("Ulla Unlucky"), told_with=told)
    for hidden in (hidden_for(told), hidden_together([told], cast.here)):
        assert hidden.words("Ulla Unlucky had it too") == "Another customer had it too"


def test_statements_do_not_grow(told: Incident, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    incidents: list[Any] = [
        told,
        *(make.make_incident(cast.desk, customer=make.make_customer(n)) for n in ("A B", "C")),
    ]
    with django_assert_num_queries(3):
        hidden_for(told)
    with django_assert_num_queries(3):
        assert len(hidden_for_all(incidents)) == 3
    with django_assert_num_queries(3):
        assert (
            hidden_together(incidents, cast.here).words("Nora and Cole") == "The customer and a colleague at the desk"
        )
