"""What is not there: for nobody, for who is not signed in, for who must not see it.

One world serves all of it, because none of these answers depends on how old a thing is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from incidents.access import Role
from incidents.models import Concern
from tests import make
from tests.access_table import EXPECTED, OF_AN_INCIDENT
from tests.world import SECRET, World, ask, parameters, routes, signed_in, unrendered

# Addresses that come with allauth and that we do not have: 404 for everybody.
TAKEN_AWAY = {"/accounts/email/": "account_email"}
OPEN_TO_ALL = {"health-live", "health-ready", "start", "tell"}
# allauth's own pages and their tests: here only that the closed ones are closed.
ACCOUNTS_OPEN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
ACCOUNTS_CLOSED = {
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "usersessions_list",
}


@pytest.fixture
def statuses_only() -> Iterator[None]:
    with unrendered():
        yield


def test_every_address_is_in_the_table() -> None:
    listed = {*EXPECTED, *OPEN_TO_ALL, *ACCOUNTS_OPEN, *ACCOUNTS_CLOSED, *TAKEN_AWAY.values()}
    assert set(parameters()) == listed
    assert {f"/{route}" for route, found in routes() if not found.name} == set(TAKEN_AWAY)
    # Found by a number of their own.
    own = {name for name in parameters() if name.startswith("approval-")} - {"approval-list"} | {"need-undo"}
    assert set(OF_AN_INCIDENT) == own | {name for name, has in parameters().items() if "reference" in has}


def test_nobody_gets_in_without_signing_in(lasting: World) -> None:
    wrong = []
    for name in [*(EXPECTED.keys() - OPEN_TO_ALL), *ACCOUNTS_CLOSED]:
        address = lasting.address(name)
        for method in ("GET", "POST"):
            response: Any = Client().generic(method, address)
            is_sent_away = response.status_code == 302 and response.url.startswith(reverse("account_login"))
            if not is_sent_away and (method == "GET" or response.status_code != 405):
                wrong.append(f"{method} {name}: {response.status_code}")
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("address", TAKEN_AWAY)
def test_what_was_taken_away_is_404_for_everybody(lasting: World, address: str) -> None:
    for client in (Client(), signed_in(lasting.cast.desk), signed_in(lasting.cast.owner)):
        assert [ask(client, method, address)[0] for method in ("GET", "POST")] == [404, 404]


@pytest.mark.parametrize("name", sorted(OPEN_TO_ALL - {"start"}))
def test_what_is_open_to_all_answers(lasting: World, name: str) -> None:
    assert Client().get(reverse(name)).status_code in {200, 503}


def visible_text(client: Client, world: World) -> Iterator[tuple[str, str]]:
    for name in EXPECTED:
        status, text = ask(client, "GET", world.address(name))
        if status == 200:
            yield name, text


OTHERS = ("colleague", "outsider", "concerned", "elsewhere")


def one_of(world: World, who: str) -> Client:
    return signed_in(getattr(world, who, None) or getattr(world.cast, who))


@pytest.mark.parametrize("who", OTHERS)
def test_a_restricted_incident_is_not_there_for_others(lasting: World, who: str) -> None:
    client = one_of(lasting, who)
    with unrendered():
        for name in OF_AN_INCIDENT:
            answers = [ask(client, method, lasting.address(name, lasting.restricted))[0] for method in ("GET", "POST")]
            assert sorted(answers) in ([404, 404], [404, 405]), f"{name}: {answers}"
    customer = reverse("customer-show", args=[lasting.restricted.customer_id])
    text = ask(client, "GET", customer)[1]
    assert SECRET not in text
    assert lasting.restricted.reference not in text


# Those who work at its place in the normal run; whoever works elsewhere sees less of everything.
NEAR = [*OTHERS[::2], *(pytest.param(who, marks=pytest.mark.slow) for who in OTHERS[1::2])]


@pytest.mark.parametrize("who", NEAR)
def test_no_page_tells_others_of_it(lasting: World, who: str) -> None:
    pages = visible_text(one_of(lasting, who), lasting)
    assert [name for name, text in pages if SECRET in text or lasting.restricted.reference in text] == []


def test_what_is_about_a_manager_is_for_administrators_only(lasting: World) -> None:
    chief = make.make_staff("Chris Chief", lasting.cast.here, role=Role.MANAGER)
    Concern.objects.create(incident=lasting.restricted, staff=chief)
    address = lasting.address("recover-show", lasting.restricted)
    who = (chief, lasting.cast.manager, lasting.cast.owner)
    assert [ask(signed_in(staff), "GET", address)[0] for staff in who] == [404, 404, 200]


def test_numbers_of_one_incident_do_not_open_another(lasting: World) -> None:
    """A remedy, call, promise or file is found through its own incident only."""
    client = signed_in(lasting.cast.manager)
    for name in (
        "recover-deliver",
        "recover-end-remedy",
        "recover-follow-up",
        "recover-reach",
        "recover-settle-promise",
        "recover-move-promise",
        "recover-row-part",
        "file-show",
    ):
        crossed = lasting.address(name).replace(lasting.plain.reference, lasting.restricted.reference)
        assert ask(client, "GET" if name in ("file-show", "recover-row-part") else "POST", crossed)[0] == 404, name


@pytest.mark.usefixtures("statuses_only")
def test_things_that_are_not_there_are_404(lasting: World) -> None:
    client = signed_in(lasting.cast.owner)
    for name, has in parameters().items():
        if name in EXPECTED and has:
            fields = {"reference": "R-2026-99999", "pk": 10**30, "name": "close", "severity": 9, "reminder": "lunch"}
            fields |= {"number": 10**30, "key": "lunch", "part": "lunch"}
            address = reverse(name, kwargs={key: fields[key] for key in has})
            answers = [ask(client, method, address)[0] for method in ("GET", "POST")]
            assert sorted(answers) in ([404, 404], [404, 405]), f"{name}: {answers}"


@pytest.mark.usefixtures("statuses_only")
@pytest.mark.parametrize("who", ["nobody", "desk", "manager", "outsider"])
def test_the_admin_is_for_administrators(lasting: World, who: str) -> None:
    client = Client() if who == "nobody" else signed_in(getattr(lasting.cast, who))
    admin = next(found for found in get_resolver().url_patterns if getattr(found, "namespace", "") == "admin")
    assert isinstance(admin, URLResolver)
    for found, address in admin_addresses(admin):
        if found not in {"login", "logout", "jsi18n"}:
            assert ask(client, "GET", address)[0] in {302, 403, 404}, address


def admin_addresses(resolver: URLResolver) -> Iterator[tuple[str, str]]:
    for name in resolver.reverse_dict:
        if isinstance(name, str):
            for _form, parameters in [resolver.reverse_dict.getlist(name)[0][0][0]]:
                fields = {key: "auth" if key == "app_label" else "1" for key in parameters}
                yield name, reverse(f"admin:{name}", kwargs=fields)
