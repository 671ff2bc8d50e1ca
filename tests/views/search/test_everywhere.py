"""One field for everything: what is found, for whom, and what never shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from incidents.actions import words
from incidents.models import Customer, Incident
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast

SignIn = Callable[..., Client]
URL = "/search/"


def page(client: Client, q: str, **more: Any) -> str:
    answer = client.get(URL, {"q": q, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def options(client: Client, q: str) -> str:
    answer = client.get(URL, {"q": q}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    return answer.content.decode()


def found(client: Client, q: str, **more: Any) -> list[str]:
    """References on the page, in its order."""
    return re.findall(r'href="/incidents/(R-[0-9-]+)/"', page(client, q, **more))


def named(customer: Customer) -> str:
    return f'href="/customers/{customer.pk}/"'


@kept_rows
def cold(cast: Cast) -> Incident:
    return make.make_incident(
        cast.desk,
        what_happened="The café on the terrace was closed, and Zoë’s shower stayed cold.",
        customer=make.make_customer("Nora Novák", account="Rowing Club", email="nora@example.org"),
    )


@pytest.mark.parametrize(
    "q",
    [
        *("shower", "SHOWER", "show", "cold shower", "shower cold", "cafe", "Café", "zoe", "terrace closed,"),
        *("showre", "terace", "cold shwoer"),
        "{reference}",
        "{tail}",
        "{number}",
    ],
)
def test_by_number_or_words(cast: Cast, sign_in: SignIn, cold: Incident, q: str) -> None:
    make.make_incident(cast.desk, what_happened="Too loud.", customer_hint="A man with a hat")
    words.count_words()
    tail = cold.reference[-5:]
    q = q.format(reference=cold.reference.lower(), tail=tail, number=int(tail))
    assert found(sign_in(cast.desk), q)[:1] == [cold.reference]
    assert f'data-url="/incidents/{cold.reference}/"' in options(sign_in(cast.desk), q)


@pytest.mark.parametrize("q", ["ower", "shower hot", "zzz", "%_", "'' | !", "&&", "R-2019-00001"])
def test_nothing_found(cast: Cast, sign_in: SignIn, cold: Incident, q: str) -> None:
    words.count_words()
    text = page(sign_in(cast.desk), q)
    assert "Nothing found for" in text
    assert "Log a mistake" in text


def test_the_words_that_were_meant_are_said(cast: Cast, sign_in: SignIn, cold: Incident) -> None:
    words.count_words()
    assert "Showing results for <strong>shower</strong>" in page(sign_in(cast.desk), "showre")
    assert "Showing results for “shower”" in options(sign_in(cast.desk), "showre")
    assert "Showing results" not in page(sign_in(cast.desk), "shower")


def test_what_was_found_is_marked(cast: Cast, sign_in: SignIn, cold: Incident) -> None:
    text = page(sign_in(cast.desk), "cafe cold")
    assert "<mark>café</mark>" in text
    assert "<mark>cold</mark>" in text


@pytest.mark.parametrize(
    "q", ["nora", "novák", "NOVAK", "rowing", "555 0100", "0100", "nora@ex", "nora novka", "GOLD77"]
)
def test_customers(cast: Cast, sign_in: SignIn, cold: Incident, q: str) -> None:
    customer = Customer.objects.get(name="Nora Novák")
    customer.loyalty_number = "Gold-77 1"
    customer.save()
    other = make.make_customer("Arno Beck", phone="+1 312 555 0142")
    text = page(sign_in(cast.desk), q)
    assert named(customer) in text
    assert named(other) not in text or q == "555 0100"


def test_accounts_and_pages(cast: Cast, sign_in: SignIn, cold: Incident) -> None:
    assert "Companies and groups" in page(sign_in(cast.desk), "rowing")
    assert 'href="/calls/"' in page(sign_in(cast.desk), "phone cal")
    assert 'data-url="/incidents/new/"' in options(sign_in(cast.desk), "")
    assert "/staff/" not in page(sign_in(cast.desk), "staff")
    assert 'href="/staff/"' in page(sign_in(cast.owner), "staff")


def test_an_order_number(cast: Cast, sign_in: SignIn, cold: Incident) -> None:
    Incident.objects.filter(pk=cold.pk).update(order_reference="AB123456")
    for q in ("ab-1234 56", "AB123456", "123456", "3456"):
        assert found(sign_in(cast.desk), q)[:1] == [cold.reference]


def test_a_whole_number_comes_first(cast: Cast, sign_in: SignIn, cold: Incident) -> None:
    later = make.make_incident(cast.desk, what_happened="Booking 4711 again.")
    Incident.objects.filter(pk=cold.pk).update(order_reference="4711")
    assert found(sign_in(cast.desk), "4711") == [cold.reference, later.reference]


def test_somebody_unknown_by_how_they_looked(cast: Cast, sign_in: SignIn) -> None:
    hat = make.make_incident(cast.desk, customer_hint="A man with a straw hat")
    assert found(sign_in(cast.desk), "straw hat") == [hat.reference]


def test_other_places_do_not_show(cast: Cast, sign_in: SignIn, cold: Incident) -> None:
    Incident.objects.filter(pk=cold.pk).update(order_reference="AB123456")
    words.count_words()
    for q in ("terrace", "terace", cold.reference, "AB123456"):
        assert found(sign_in(cast.outsider), q) == []
        assert "terrace" not in page(sign_in(cast.outsider), q).replace(f"“{q}”", "").replace(f'value="{q}"', "")


class TestRestricted:
    """Its words, its numbers and what would be mended into them: only for those who may read it."""

    @pytest.fixture
    def hurt(self, cast: Cast) -> Incident:
        told = "Slipped beside the whirlpool, said Quentin."
        incident = make.make_incident(cast.desk, category="safety", what_happened=told, customer_hint="Red coat")
        Incident.objects.filter(pk=incident.pk).update(order_reference="ZX998877")
        words.count_words()
        return make.fresh(incident)

    @pytest.mark.parametrize(
        "q", ["whirlpool", "whirl", "wirlpool", "quentin", "Quentn", "red coat", "ZX998877", "9988"]
    )
    def test_hidden(self, cast: Cast, sign_in: SignIn, hurt: Incident, q: str) -> None:
        for person in (cast.desk, cast.colleague, cast.outsider):
            for text in (page(sign_in(person), q), options(sign_in(person), q)):
                assert hurt.reference not in text
                assert "whirlpool" not in text.replace("“whirlpool”", "").replace("=whirlpool", "").replace(
                    '"whirlpool"', ""
                )
                assert "Showing results" not in text
        if q not in ("wirlpool", "Quentn"):  # nobody's slips are mended into restricted words
            assert found(sign_in(cast.manager), q) == [hurt.reference]

    def test_whoever_logged_it_finds_it_by_its_reference_without_its_words(
        self, cast: Cast, sign_in: SignIn, hurt: Incident
    ) -> None:
        text = page(sign_in(cast.desk), hurt.reference)
        assert hurt.reference in text
        assert "whirlpool" not in text
        assert "ZX998877" not in text
        assert hurt.reference not in found(sign_in(cast.colleague), hurt.reference)

    def test_its_words_are_not_what_is_meant(self, cast: Cast, sign_in: SignIn, hurt: Incident) -> None:
        """The control: the same slip is mended once the story is no longer restricted."""
        assert hurt.reference not in page(sign_in(cast.desk), "wirlpool")
        Incident.objects.filter(pk=hurt.pk).update(is_restricted=False)
        words.count_words()
        assert hurt.reference in page(sign_in(cast.desk), "wirlpool")

    def test_not_in_how_many_there_are(self, cast: Cast, sign_in: SignIn, hurt: Incident) -> None:
        many = [make.make_incident(cast.desk, what_happened="The whirlpool is warm.") for _ in range(8)]
        text = page(sign_in(cast.desk), "whirlpool")
        assert len(found(sign_in(cast.desk), "whirlpool")) == len(many)
        assert "More of them" not in text
        assert "More of them" in page(sign_in(cast.manager), "whirlpool")


class TestFilters:
    @pytest.fixture
    def two(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> tuple[Incident, Incident]:
        monkeypatch.setattr("incidents.views.search.timezone.now", lambda: NOW)
        cast.desk.memberships.create(location=cast.elsewhere)
        here = make.make_incident(cast.desk, what_happened="Cold soup.", category="waiting")
        there = make.make_incident(
            cast.desk, what_happened="Cold room.", location=cast.elsewhere, now=NOW - 40 * DAY, category="room"
        )
        return here, make.close(there, cast.desk, "withdrawn")

    @pytest.mark.parametrize(
        ("chosen", "which"),
        [
            ({"state": "open"}, 0),
            ({"state": "closed"}, 1),
            ({"category": "waiting"}, 0),
            ({"category": "room"}, 1),
            ({"location": "here"}, 0),
            ({"location": "there"}, 1),
            ({"when": "30"}, 0),
            ({"category": "room", "state": "open"}, None),
        ],
    )
    def test_each(
        self,
        cast: Cast,
        sign_in: SignIn,
        two: tuple[Incident, Incident],
        chosen: dict[str, str],
        which: int | None,
    ) -> None:
        places = {"here": str(cast.here.pk), "there": str(cast.elsewhere.pk)}
        chosen = {name: places.get(value, value) for name, value in chosen.items()}
        client = sign_in(cast.desk)
        assert set(found(client, "cold")) == {incident.reference for incident in two}
        assert found(client, "cold", **chosen) == ([] if which is None else [two[which].reference])
        assert "Remove filter:" in page(client, "cold", **chosen)

    def test_chips_come_off_and_lead_into_the_list(self, cast: Cast, sign_in: SignIn, two: Any) -> None:
        text = page(sign_in(cast.desk), "cold", state="closed", category="room")
        assert 'href="?q=cold&amp;category=room"' in text
        assert 'href="?q=cold&amp;state=closed"' in text
        assert 'href="/incidents/?q=cold&amp;category=room&amp;view=closed"' in text

    def test_strange_values_are_left_out(self, cast: Cast, sign_in: SignIn, two: Any) -> None:
        client = sign_in(cast.colleague)
        for name in ("state", "when", "category", "location"):
            for value in ("x", "9" * 5000, "-1", str(cast.elsewhere.pk)):
                assert "Remove filter:" not in page(client, "cold", **{name: value})


def test_a_stranger_signs_in_first(client: Client, db: None) -> None:
    assert client.get(URL)["Location"] == f"/accounts/login/?next={URL}"


def test_reads_only(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.desk).post(URL).status_code == 405


def test_without_words_it_says_what_to_look_for(cast: Cast, sign_in: SignIn) -> None:
    for q in ("", "x", "   "):
        assert "What are you looking for?" in page(sign_in(cast.desk), q)


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize("q", ["shower", "showre", "nora", "nothing 12"])
def test_statements(cast: Cast, sign_in: SignIn, django_assert_max_num_queries: Any, many: int, q: str) -> None:
    for number in range(many):
        customer = make.make_customer(f"Nora {number}", account=f"Nora Club {number}")
        make.make_incident(cast.desk, customer=customer, category=["room", "waiting", "basics"][number])
    words.count_words()
    client = sign_in(cast.desk)
    with django_assert_max_num_queries(11):
        page(client, q)
    with django_assert_max_num_queries(9):  # session, user, places; six of its own
        options(client, q)
    with django_assert_max_num_queries(11):
        page(client, q, state="open")
