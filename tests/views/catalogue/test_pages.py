"""Every page of the catalogue: who sees it, whose settings it shows, how many statements it takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from incidents.models import (
    Category,
    CategoryField,
    CategoryHere,
    Limit,
    Playbook,
    RemedyType,
    RemedyTypeHere,
    RootCause,
)
from tests import make
from tests.make import Cast
from tests.views.catalogue.addresses import DEFAULTS, POSTED, SHOWN

SignIn = Callable[..., Client]
ADDING = ("category-new", "category-field", "question-change", "remedy-new")


def address(name: str, pk: int | None = None) -> str:
    of = {
        "category": lambda: Category.objects.get(key="room").pk,
        "cause": lambda: RootCause.objects.get(key="training").pk,
        "playbook": lambda: Category.objects.get(key="room").pk,
        "question": lambda: CategoryField.objects.get(category__key="room", key="place").pk,
        "remedy": lambda: RemedyType.objects.get(key="refund").pk,
    }
    kind = name.partition("-")[0]
    if kind not in of or name.endswith(("-list", "-new")):
        return reverse(name)
    return reverse(name, args=[of[kind]() if pk is None else pk])


@pytest.mark.parametrize("name", SHOWN)
def test_managers_and_administrators_look(name: str, cast: Cast, sign_in: SignIn) -> None:
    for staff in (cast.manager, cast.owner):
        client = sign_in(staff)
        assert client.get(address(name)).status_code == 200
        assert client.get(address(name) + f"?at={cast.here.pk}").status_code == 200
    for staff in (cast.desk, cast.outsider):
        assert sign_in(staff).get(address(name)).status_code == 403
        assert sign_in(staff).post(address(name)).status_code == 403


@pytest.mark.parametrize("name", ADDING)
def test_what_counts_everywhere_is_for_administrators(name: str, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.owner).get(address(name)).status_code == 200
    for staff in (cast.manager, cast.desk):
        assert sign_in(staff).get(address(name)).status_code == 403
        assert sign_in(staff).post(address(name)).status_code == 403


@pytest.mark.parametrize("name", ["category-change", "remedy-change", "limits", "playbook-change", "delays"])
def test_a_manager_cannot_save_for_the_business(name: str, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.manager).post(address(name)).status_code == 403
    assert (
        '<button type="submit" class="btn btn-primary"' not in sign_in(cast.manager).get(address(name)).content.decode()
    )


@pytest.mark.parametrize("name", [*POSTED, *DEFAULTS])
def test_acts_are_posted(name: str, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.owner).get(address(name)).status_code == 405
    assert sign_in(cast.desk).post(address(name)).status_code == 403


@pytest.mark.parametrize("name", POSTED)
def test_only_administrators_act_on_the_business(name: str, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.manager).post(address(name)).status_code == 403
    answer = sign_in(cast.owner).post(address(name))
    assert answer.status_code == 302


@pytest.mark.parametrize("name", DEFAULTS)
def test_back_to_the_default_is_of_a_place(name: str, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.manager).post(address(name)).status_code == 404
    assert sign_in(cast.manager).post(address(name) + f"?at={cast.elsewhere.pk}").status_code == 404
    assert sign_in(cast.manager).post(address(name) + f"?at={cast.here.pk}").status_code == 302


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("at", ["0", "999999", "9" * 30, "x", "-1", "\u0661"])
def test_a_place_that_is_not_theirs_is_404(name: str, at: str, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.owner).get(address(name), {"at": at}).status_code == 404


@pytest.mark.parametrize("name", SHOWN)
def test_a_manager_of_another_place_is_a_stranger(name: str, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    assert client.get(address(name), {"at": cast.elsewhere.pk}).status_code == 404
    assert client.post(address(name) + f"?at={cast.elsewhere.pk}").status_code in {404, 405}


@pytest.mark.parametrize("pk", [999999, 10**30])
@pytest.mark.parametrize("name", ["category-change", "category-field", "question-change", "remedy-change", *POSTED])
def test_a_bad_id_is_404(name: str, pk: int, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    assert client.post(address(name, pk)).status_code == 404


def test_the_menu_leads_there(cast: Cast, sign_in: SignIn) -> None:
    link = 'href="/catalogue/"'
    assert link in sign_in(cast.manager).get("/").content.decode()
    assert link in sign_in(cast.owner).get("/").content.decode()
    assert link not in sign_in(cast.desk).get("/").content.decode()


def differ(cast: Cast, number: int) -> None:
    """As many places with settings of their own, as many kinds, remedies, limits and playbooks that differ."""
    rooms, types = list(Category.objects.all()), list(RemedyType.objects.all())
    for turn in range(number):
        place = make.make_location(f"House {turn}")
        for at in (place, cast.here) if turn == 0 else (place,):
            CategoryHere.objects.create(category=rooms[turn], location=at, severity=1)
            RemedyTypeHere.objects.create(type=types[turn], location=at, typical_amount=5)
            Limit.objects.create(role="manager", type=types[turn], location=at, amount=5)
            Playbook.objects.create(category=rooms[turn], location=at, words="Say it").remedies.create(type=types[turn])


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("name", SHOWN)
def test_few_statements(
    name: str, number: int, cast: Cast, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    differ(cast, number)
    most = 8 if name.endswith("-list") else 12
    for staff in (cast.owner, cast.manager):
        client = sign_in(staff)
        for at in ("", f"?at={cast.here.pk}"):
            with django_assert_max_num_queries(most):
                client.get(address(name) + at)


def test_many_places_are_a_list(cast: Cast, sign_in: SignIn) -> None:
    for turn in range(6):
        make.make_location(f"House {turn}")
    page: Any = sign_in(cast.owner).get("/catalogue/limits/")
    assert '<select class="form-select w-auto" id="at" name="at">' in page.content.decode()
    assert sign_in(cast.owner).get("/catalogue/limits/?at=").status_code == 200
