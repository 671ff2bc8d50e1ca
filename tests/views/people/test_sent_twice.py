"""Adding someone or some place: sent twice, or back and sent again, it leads where the first one led."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from incidents.models import Location, Staff
from tests.make import Cast

SignIn = Callable[..., Client]
STAFF, PLACES = "/staff/new/", "/locations/new/"


def page_of(client: Client, address: str) -> dict[str, Any]:
    """The key that came with the page, as its form sends it back."""
    form = client.get(address).context["form"]
    return {"submit_key": str(form["submit_key"].value())}


def nils(cast: Cast, **over: Any) -> dict[str, Any]:
    fields = {"name": "Nils New", "email": "nils@example.com", "role": "front_desk", "locations": [cast.here.pk]}
    return fields | {"how": "typed", "password": "quiet-harbour-9"} | over


def lake(**over: Any) -> dict[str, Any]:
    return {"name": "Lake Shop", "time_zone": "Europe/Berlin", "currency": "EUR", "country": "DE"} | over


def test_each_page_has_a_key_of_its_own(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    for address in (STAFF, PLACES):
        key = page_of(client, address)["submit_key"]
        assert f'value="{key}"' not in client.get(address).content.decode()


@pytest.mark.parametrize("over", [{}, {"password": ""}, {"email": " Nils@Example.com"}, {"name": ""}])
def test_someone_sent_twice_is_there_once(over: dict[str, Any], cast: Cast, sign_in: SignIn) -> None:
    """Also when the browser gave the form back without the password."""
    client = sign_in(cast.owner)
    page = page_of(client, STAFF)
    for sent in (nils(cast), nils(cast) | over):
        answer = client.post(STAFF, page | sent, follow=True)
        assert answer.redirect_chain == [("/staff/", 302)]
        assert "Nils New is on the staff." in answer.content.decode()
    assert Staff.objects.filter(name="Nils New").count() == 1


def test_the_link_goes_out_once(cast: Cast, sign_in: SignIn) -> None:
    cache.clear()
    client = sign_in(cast.owner)
    sent = page_of(client, STAFF) | nils(cast, how="link")
    for _turn in range(2):
        client.post(STAFF, sent)
    assert len(mail.outbox) == 1


def test_the_page_of_someone_added_adds_another_when_asked_again(cast: Cast, sign_in: SignIn) -> None:
    """Back, somebody else typed: not silently the first one; sending it once more adds them."""
    client = sign_in(cast.owner)
    page = page_of(client, STAFF)
    client.post(STAFF, page | nils(cast))
    other = nils(cast, name="Nora New", email="nora@example.com")
    answer = client.post(STAFF, page | other)
    assert answer.status_code == 409
    assert 'value="nora@example.com"' in answer.content.decode()
    key = answer.context["form"]["submit_key"].value()
    assert client.post(STAFF, other | {"submit_key": key}).status_code == 302
    assert Staff.objects.filter(name__in=["Nils New", "Nora New"]).count() == 2


@pytest.mark.parametrize("over", [{}, {"name": "LAKE shop "}, {"currency": "?"}])
def test_a_place_sent_twice_is_there_once(over: dict[str, Any], cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    page = page_of(client, PLACES)
    for sent in (lake(), lake() | over):
        answer = client.post(PLACES, page | sent, follow=True)
        assert answer.redirect_chain == [("/locations/", 302)]
        assert "Added: Lake Shop." in answer.content.decode()
    assert Location.objects.filter(name="Lake Shop").count() == 1


def test_the_page_of_a_place_added_adds_another_when_asked_again(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    page = page_of(client, PLACES)
    client.post(PLACES, page | lake())
    answer = client.post(PLACES, page | lake(name="Pier Shop"))
    assert answer.status_code == 409
    key = answer.context["form"]["submit_key"].value()
    assert client.post(PLACES, lake(name="Pier Shop", submit_key=key)).status_code == 302


@pytest.mark.parametrize("key", [{}, {"submit_key": ""}, {"submit_key": "x\x00"}])
def test_a_page_without_a_key_is_kept_and_can_be_sent_again(key: Any, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    for address, sent in ((STAFF, nils(cast)), (PLACES, lake())):
        answer = client.post(address, sent | key)
        assert answer.status_code == 422
        assert "Nothing is lost: send it again." in answer.content.decode()
        again = {"submit_key": answer.context["form"]["submit_key"].value()}
        assert client.post(address, sent | again).status_code == 302
