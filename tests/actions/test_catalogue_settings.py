"""Limits, playbooks and delays, saved as a whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from incidents.actions.catalogue import settings
from incidents.actions.catalogue.settings import NO_LIMIT
from incidents.actions.refusals import NotYours, Stale
from incidents.models import Event, Limit, Location, Playbook, RetryDelay, pre_approval, retry_after
from incidents.models.stamps import stamp_of_delays, stamp_of_limits
from incidents.vocabulary import Outcome
from tests import make
from tests.make import NOW, Cast

FIFTY, EIGHTY = Decimal("50.00"), Decimal("80.00")


def save_limits(cast: Cast, place: Location | None = None, **over: Any) -> None:
    stamp = stamp_of_limits(place.pk if place else None)
    settings.save_limits(**{"location": place, "expected": stamp, "by": cast.owner, "now": NOW} | over)


def amounts(place: Location | None = None) -> dict[tuple[str, int | None], Decimal | None]:
    return {(row.role, row.type_id): row.amount for row in Limit.objects.filter(location=place)}


def test_blank_is_none_and_no_limit_is_said(cast: Cast) -> None:
    refund = make.remedy_type("refund").pk
    save_limits(cast, cells={("front_desk", None): FIFTY, ("front_desk", refund): NO_LIMIT, ("manager", None): None})
    assert amounts() == {("front_desk", None): FIFTY, ("front_desk", refund): None}
    save_limits(cast, cells={("front_desk", None): None})
    assert amounts() == {("front_desk", refund): None}  # what was not named stays


def test_each_change_is_an_event(cast: Cast) -> None:
    save_limits(cast, cells={("front_desk", None): FIFTY})
    save_limits(cast, cells={("front_desk", None): FIFTY})
    event = Event.objects.get(kind="catalogue_changed")
    assert event.codes["role"] == "front_desk"
    assert (event.codes["before"], event.codes["after"]) == ("", "50.00")


def test_a_save_in_between_is_stale_also_when_rows_went_and_came(cast: Cast) -> None:
    save_limits(cast, cells={("front_desk", None): FIFTY})
    seen = stamp_of_limits(None)
    save_limits(cast, cells={("front_desk", None): None})
    save_limits(cast, cells={("front_desk", None): EIGHTY})
    with pytest.raises(Stale) as stale:
        save_limits(cast, cells={("front_desk", None): FIFTY}, expected=seen)
    assert stale.value.current == {("front_desk", None): EIGHTY}


def test_a_place_goes_back_to_the_business(cast: Cast) -> None:
    save_limits(cast, cells={("front_desk", None): FIFTY})
    save_limits(cast, cast.here, cells={("front_desk", None): EIGHTY}, by=cast.manager)
    settings.drop_limits(location=cast.here, by=cast.manager, now=NOW)
    assert (amounts(cast.here), amounts()) == ({}, {("front_desk", None): FIFTY})


def save_playbook(cast: Cast, place: Location | None = None, **over: Any) -> Playbook:
    fields: dict[str, Any] = {"category_id": make.category().pk, "expected": "none", "words": "Say it", "steps": []}
    fields |= {"location": place, "remedies": {}, "by": cast.owner, "now": NOW}
    return settings.save_playbook(**fields | over)


def test_a_playbook_and_what_it_says_yes_to(cast: Cast) -> None:
    points, upgrade = make.remedy_type("points").pk, make.remedy_type("upgrade").pk
    room = make.category().pk
    book = save_playbook(cast, steps=["One", "Two"], remedies={points: EIGHTY, upgrade: None})
    assert book.steps == ["One", "Two"]
    assert pre_approval(room, cast.here.pk, points) == EIGHTY
    save_playbook(cast, cast.here, remedies={points: FIFTY}, by=cast.manager)
    assert pre_approval(room, cast.here.pk, points) == FIFTY
    assert pre_approval(room, cast.elsewhere.pk, points) == EIGHTY
    settings.drop_playbook(category_id=room, location=cast.here, by=cast.manager, now=NOW)
    assert pre_approval(room, cast.here.pk, points) == EIGHTY


def test_a_playbook_in_between_is_stale(cast: Cast) -> None:
    save_playbook(cast)
    with pytest.raises(Stale):
        save_playbook(cast, words="Mine")
    assert Playbook.objects.get().words == "Say it"


def test_delays(cast: Cast) -> None:
    def save(place: Location | None, minutes: int | None) -> None:
        stamp = stamp_of_delays(place.pk if place else None)
        settings.save_delays(location=place, expected=stamp, minutes={"no_answer": minutes}, by=cast.owner, now=NOW)

    save(None, 60)
    save(cast.here, 15)
    assert retry_after(Outcome.NO_ANSWER, cast.here.pk).seconds == 15 * 60
    settings.drop_delays(location=cast.here, by=cast.manager, now=NOW)
    assert retry_after(Outcome.NO_ANSWER, cast.here.pk).seconds == 60 * 60
    save(None, None)
    assert not RetryDelay.objects.exists()
    with pytest.raises(Stale):
        settings.save_delays(location=None, expected="old", minutes={}, by=cast.owner, now=NOW)


def test_who_may(cast: Cast) -> None:
    for by, place in ((cast.manager, None), (cast.manager, cast.elsewhere), (cast.desk, cast.here)):
        with pytest.raises(NotYours):
            save_limits(cast, place, cells={}, by=by)
        with pytest.raises(NotYours):
            save_playbook(cast, place, by=by)
        with pytest.raises(NotYours):
            settings.save_delays(location=place, expected="", minutes={}, by=by, now=NOW)
