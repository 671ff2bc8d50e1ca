"""What counts at one place: the business's row, where the place says nothing of its own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from incidents.models import (
    Category,
    CategoryHere,
    Location,
    RemedyType,
    RemedyTypeHere,
    RetryDelay,
    categories_here,
    retry_after,
    types_here,
)
from incidents.vocabulary import RETRY_AFTER, Outcome, Severity
from tests.make import make_location


@pytest.fixture
def here(db: None) -> Location:
    return make_location("Harbour")


@pytest.fixture
def quay(db: None) -> Location:
    return make_location("Quay")


def room(place: Location) -> Category:
    return next(row for row in categories_here(place.pk) if row.key == "room")


def refund(place: Location) -> RemedyType:
    return next(row for row in types_here(place.pk) if row.key == "refund")


def test_without_a_row_the_business_counts(here: Location) -> None:
    assert room(here).is_offered
    assert room(here).severity == Severity.MODERATE
    assert refund(here).is_offered
    assert refund(here).typical_amount is None
    assert not refund(here).needs_receipt


def test_the_order_is_the_business_s(here: Location) -> None:
    assert [row.key for row in types_here(here.pk)] == [row.key for row in RemedyType.objects.all()]


def test_a_category_differs_there_and_nowhere_else(here: Location, quay: Location) -> None:
    CategoryHere.objects.create(category=Category.objects.get(key="room"), location=here, is_offered=False, severity=1)
    assert (room(here).is_offered, room(here).severity) == (False, 1)
    assert (room(quay).is_offered, room(quay).severity) == (True, 3)


def test_a_null_column_says_nothing(here: Location) -> None:
    type_ = RemedyType.objects.get(key="refund")
    RemedyTypeHere.objects.create(type=type_, location=here, typical_amount=Decimal("80.00"))
    assert refund(here).typical_amount == Decimal("80.00")
    assert refund(here).is_offered
    assert not refund(here).needs_receipt


def test_a_place_may_offer_what_the_business_does_not(here: Location, quay: Location) -> None:
    RemedyType.objects.filter(key="refund").update(is_active=False)
    RemedyTypeHere.objects.create(type=RemedyType.objects.get(key="refund"), location=here, is_offered=True)
    assert refund(here).is_offered
    assert not refund(quay).is_offered


def test_one_statement(here: Location, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        types_here(here.pk)
    with django_assert_num_queries(1):
        categories_here(here.pk)


def test_the_next_try(here: Location, quay: Location, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    assert retry_after(Outcome.VOICEMAIL, here.pk) == RETRY_AFTER[Outcome.VOICEMAIL]
    RetryDelay.objects.create(outcome=Outcome.VOICEMAIL, minutes=90)
    RetryDelay.objects.create(outcome=Outcome.VOICEMAIL, location=here, minutes=20)
    with django_assert_num_queries(1):
        assert retry_after(Outcome.VOICEMAIL, here.pk) == dt.timedelta(minutes=20)
    assert retry_after(Outcome.VOICEMAIL, quay.pk) == dt.timedelta(minutes=90)
