"""Every address × every role × here and elsewhere, with rows present. An address nobody listed here fails.

The table is written by hand from what each role may do, not from the code. Bodies are empty, so
422 says "you may, but this is not enough"; nothing is saved from one cell to the next.
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
from tests.access_table import EXPECTED, OF_AN_INCIDENT, WHO
from tests.world import SECRET, STORY, World, ask, parameters, routes, signed_in

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


def test_every_address_is_in_the_table() -> None:
    listed = {*EXPECTED, *OPEN_TO_ALL, *ACCOUNTS_OPEN, *ACCOUNTS_CLOSED, *TAKEN_AWAY.values()}
    assert set(parameters()) == listed
    assert {f"/{route}" for route, found in routes() if not found.name} == set(TAKEN_AWAY)
    # Found by a number of their own.
    own = {name for name in parameters() if name.startswith("approval-")} - {"approval-list"} | {"need-undo"}
    assert set(OF_AN_INCIDENT) == own | {name for name, has in parameters().items() if "reference" in has}


@pytest.mark.parametrize("column", range(4), ids=WHO)
def test_each_role_gets_what_the_table_says(world: World, column: int) -> None:
    client = signed_in(getattr(world.cast, WHO[column]))
    wrong = []
    for name, codes in EXPECTED.items():
        address = world.address(name)
        for method, expected in (("GET", codes[column]), ("POST", codes[column + 4])):
            status, text = ask(client, method, address)
            if status != expected:
                wrong.append(f"{method} {name}: {status}, not {expected}")
            if WHO[column] == "outsider" and (STORY in text or world.plain.reference in text):
                wrong.append(f"{method} {name} shows a foreign incident")
    assert "\n".join(wrong) == ""


def test_the_manager_of_another_place_is_a_stranger_too(world: World) -> None:
    client = signed_in(world.elsewhere)
    for name, codes in EXPECTED.items():
        for method, expected in (("GET", codes[3]), ("POST", codes[7])):
            if expected == 404:
                assert ask(client, method, world.address(name))[0] == 404, f"{method} {name}"


def test_nobody_gets_in_without_signing_in(world: World) -> None:
    wrong = []
    for name in [*(EXPECTED.keys() - OPEN_TO_ALL), *ACCOUNTS_CLOSED]:
        address = world.address(name)
        for method in ("GET", "POST"):
            response: Any = Client().generic(method, address)
            is_sent_away = response.status_code == 302 and response.url.startswith(reverse("account_login"))
            if not is_sent_away and (method == "GET" or response.status_code != 405):
                wrong.append(f"{method} {name}: {response.status_code}")
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("address", TAKEN_AWAY)
def test_what_was_taken_away_is_404_for_everybody(world: World, address: str) -> None:
    for client in (Client(), signed_in(world.cast.desk), signed_in(world.cast.owner)):
        assert [ask(client, method, address)[0] for method in ("GET", "POST")] == [404, 404]


@pytest.mark.parametrize("name", sorted(OPEN_TO_ALL - {"start"}))
def test_what_is_open_to_all_answers(world: World, name: str) -> None:
    assert Client().get(reverse(name)).status_code in {200, 503}


def visible_text(client: Client, world: World) -> Iterator[tuple[str, str]]:
    for name in EXPECTED:
        status, text = ask(client, "GET", world.address(name))
        if status == 200:
            yield name, text


@pytest.mark.parametrize("who", ["colleague", "outsider", "concerned", "elsewhere"])
def test_a_restricted_incident_is_not_there_for_others(world: World, who: str) -> None:
    client = signed_in(getattr(world, who, None) or getattr(world.cast, who))
    for name in OF_AN_INCIDENT:
        answers = [ask(client, method, world.address(name, world.restricted))[0] for method in ("GET", "POST")]
        assert sorted(answers) in ([404, 404], [404, 405]), f"{name}: {answers}"
    customer = reverse("customer-show", args=[world.restricted.customer_id])
    pages = dict(visible_text(client, world)) | {"its customer": ask(client, "GET", customer)[1]}
    shown = [name for name, text in pages.items() if SECRET in text or world.restricted.reference in text]
    assert shown == []


def test_what_is_about_a_manager_is_for_administrators_only(world: World) -> None:
    chief = make.make_staff("Chris Chief", world.cast.here, role=Role.MANAGER)
    Concern.objects.create(incident=world.restricted, staff=chief)
    address = world.address("recover-show", world.restricted)
    who = (chief, world.cast.manager, world.cast.owner)
    assert [ask(signed_in(staff), "GET", address)[0] for staff in who] == [404, 404, 200]


@pytest.mark.parametrize("who", ["manager", "owner"])
def test_managers_and_administrators_work_on_it_as_on_any(world: World, who: str) -> None:
    client, column, wrong = signed_in(getattr(world.cast, who)), WHO.index(who), []
    for name in OF_AN_INCIDENT:
        for method, expected in (("GET", EXPECTED[name][column]), ("POST", EXPECTED[name][column + 4])):
            status, _text = ask(client, method, world.address(name, world.restricted))
            if status != expected:
                wrong.append(f"{method} {name}: {status}, not {expected}")
    assert "\n".join(wrong) == ""


def test_whoever_logged_it_keeps_their_own_entry(world: World) -> None:
    client, wrong = signed_in(world.cast.desk), []
    for name, codes in OF_AN_INCIDENT.items():
        for method, expected in zip(("GET", "POST"), codes, strict=True):
            status, _text = ask(client, method, world.address(name, world.restricted))
            if status != expected:
                wrong.append(f"{method} {name}: {status}, not {expected}")
    assert "\n".join(wrong) == ""


def test_numbers_of_one_incident_do_not_open_another(world: World) -> None:
    """A remedy, call, promise or file is found through its own incident only."""
    client = signed_in(world.cast.manager)
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
        crossed = world.address(name).replace(world.plain.reference, world.restricted.reference)
        assert ask(client, "GET" if name in ("file-show", "recover-row-part") else "POST", crossed)[0] == 404, name


def test_things_that_are_not_there_are_404(world: World) -> None:
    client = signed_in(world.cast.owner)
    for name, has in parameters().items():
        if name in EXPECTED and has:
            fields = {"reference": "R-2026-99999", "pk": 10**30, "name": "close", "severity": 9, "reminder": "lunch"}
            fields |= {"number": 10**30, "key": "lunch", "part": "lunch"}
            address = reverse(name, kwargs={key: fields[key] for key in has})
            answers = [ask(client, method, address)[0] for method in ("GET", "POST")]
            assert sorted(answers) in ([404, 404], [404, 405]), f"{name}: {answers}"


@pytest.mark.parametrize("who", ["nobody", "desk", "manager", "outsider"])
def test_the_admin_is_for_administrators(world: World, who: str) -> None:
    client = Client() if who == "nobody" else signed_in(getattr(world.cast, who))
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
