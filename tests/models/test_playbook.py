"""What a playbook says yes to beforehand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from incidents.models import Category, Location, Playbook, PlaybookRemedy, RemedyType, pre_approval
from tests.make import make_location, ship_catalogues

EIGHTY = Decimal("80.00")


@pytest.fixture
def room(db: None) -> Category:
    ship_catalogues()
    return Category.objects.get(key="room")


@pytest.fixture
def points(room: Category) -> RemedyType:
    return RemedyType.objects.get(key="points")


def playbook(room: Category, place: Location | None = None, **said: Decimal | None) -> Playbook:
    book = Playbook.objects.create(category=room, location=place)
    for key, amount in said.items():
        PlaybookRemedy.objects.create(playbook=book, type=RemedyType.objects.get(key=key), pre_approved_up_to=amount)
    return book


def here(name: str = "Harbour") -> Location:
    return make_location(name)


def test_nothing_is_said_where_there_is_none(room: Category, points: RemedyType) -> None:
    assert pre_approval(room.pk, here().pk, points.pk) is None
    assert pre_approval(None, here("Quay").pk, points.pk) is None


def test_the_business_says_it_for_every_place(
    room: Category, points: RemedyType, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    playbook(room, points=EIGHTY)
    place = here()
    with django_assert_num_queries(1):
        assert pre_approval(room.pk, place.pk, points.pk) == EIGHTY


def test_only_of_that_remedy_and_that_kind(room: Category, points: RemedyType) -> None:
    playbook(room, points=EIGHTY)
    place, other = here(), RemedyType.objects.get(key="upgrade")
    assert pre_approval(room.pk, place.pk, other.pk) is None
    assert pre_approval(Category.objects.get(key="waiting").pk, place.pk, points.pk) is None


def test_a_place_s_own_stands_in_as_a_whole(room: Category, points: RemedyType) -> None:
    playbook(room, points=EIGHTY)
    place, other = here(), here("Quay")
    playbook(room, place, upgrade=None)
    assert pre_approval(room.pk, place.pk, points.pk) is None
    assert pre_approval(room.pk, other.pk, points.pk) == EIGHTY


def test_a_place_s_own_may_say_more(room: Category, points: RemedyType) -> None:
    playbook(room, points=EIGHTY)
    place = here()
    playbook(room, place, points=Decimal("120.00"))
    assert pre_approval(room.pk, place.pk, points.pk) == Decimal("120.00")


def test_usual_is_not_yet_a_yes(room: Category, points: RemedyType) -> None:
    playbook(room, points=None)
    assert pre_approval(room.pk, here().pk, points.pk) is None


def test_nothing_beforehand_is_a_no(room: Category, points: RemedyType) -> None:
    playbook(room, points=Decimal(0))
    assert pre_approval(room.pk, here().pk, points.pk) == 0
