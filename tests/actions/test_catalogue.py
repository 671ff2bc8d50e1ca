"""Kinds of mistakes and remedies: added, changed, ordered, retired, different at a place."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from incidents.actions.catalogue import categories, remedies
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import Category, Event, RemedyType, categories_here, types_here
from tests import make
from tests.make import NOW, Cast

KIND: dict[str, Any] = {"icon": "briefcase", "severity": 3, "is_restricted": False, "is_second_failure": False}
GIFT: dict[str, Any] = {"nature": "goodwill", "cost_kind": "goods", "typical_amount": None, "needs_receipt": False}


def add_kind(cast: Cast, name: str = "Lost luggage", **over: Any) -> Category:
    fields: dict[str, Any] = {"by": cast.owner, "now": NOW, "name": name, "submit_key": uuid4()}
    return categories.add_category(**fields | KIND | over)


def add_gift(cast: Cast, name: str = "Late checkout", **over: Any) -> RemedyType:
    fields: dict[str, Any] = {"by": cast.owner, "now": NOW, "name": name, "submit_key": uuid4()}
    return remedies.add_remedy_type(**fields | GIFT | over)


def change_kind(row: Category, cast: Cast, **over: Any) -> Category:
    fields: dict[str, Any] = {name: getattr(row, name) for name in ("name", *KIND)}
    fields |= {"expected_version": row.version, "by": cast.owner, "now": NOW}
    return categories.change_category(category_id=row.pk, **fields | over)


def test_adding_one_goes_last_and_leaves_an_event(cast: Cast) -> None:
    row = add_kind(cast)
    assert list(Category.objects.all())[-1] == row
    event = Event.objects.get(kind="catalogue_changed")
    assert (event.incident, event.subject_id, event.by) == (None, row.pk, cast.owner)
    assert event.codes == {"what": "category", "act": "added"}


@pytest.mark.parametrize("add", [add_kind, add_gift])
def test_the_same_form_adds_once(add: Callable[..., Any], cast: Cast) -> None:
    key = uuid4()
    assert add(cast, submit_key=key) == add(cast, submit_key=key)
    with pytest.raises(Refused, match="already used"):
        add(cast, "Something other", submit_key=key)


@pytest.mark.parametrize("add", [add_kind, add_gift])
def test_a_name_is_used_once_whatever_the_case(add: Callable[..., Any], cast: Cast) -> None:
    add(cast, "Own thing")
    with pytest.raises(Refused, match="has this name already"):
        add(cast, "OWN THING")


def test_keys_are_told_apart(cast: Cast) -> None:
    first = add_kind(cast, "Room!")
    assert first.key == "room_2"
    assert add_kind(cast, "失物").key == "own"


def test_the_name_of_a_retired_one_is_free(cast: Cast) -> None:
    row = add_kind(cast)
    categories.retire_category(category_id=row.pk, by=cast.owner, now=NOW)
    add_kind(cast)
    with pytest.raises(Refused, match="has this name already"):
        categories.restore_category(category_id=row.pk, by=cast.owner, now=NOW)


def test_a_name_that_a_place_keeps_is_not_free(cast: Cast) -> None:
    row = add_kind(cast)
    differ(row, cast, is_offered=True)
    categories.retire_category(category_id=row.pk, by=cast.owner, now=NOW)
    with pytest.raises(Refused, match="has this name already"):
        add_kind(cast)


def test_changing_one_says_which_columns(cast: Cast) -> None:
    row = change_kind(make.category(), cast, name="Room", severity=1)
    row.refresh_from_db()
    assert (row.name, row.severity, row.version) == ("Room", 1, 1)
    assert Event.objects.get(kind="catalogue_changed").codes["fields"] == ["name", "severity"]


def test_nothing_changed_leaves_nothing(cast: Cast) -> None:
    change_kind(make.category(), cast)
    assert not Event.objects.filter(kind="catalogue_changed").exists()
    assert make.category().version == 0


def test_a_save_in_between_is_stale(cast: Cast) -> None:
    old = make.category()
    change_kind(make.category(), cast, severity=1)
    with pytest.raises(Stale) as stale:
        change_kind(old, cast, severity=4)
    assert stale.value.current.severity == 1


def test_one_kind_stays(cast: Cast) -> None:
    Category.objects.exclude(key="room").update(is_active=False)
    with pytest.raises(Refused, match="One kind has to stay"):
        categories.retire_category(category_id=make.category().pk, by=cast.owner, now=NOW)


def test_order(cast: Cast) -> None:
    def first() -> list[str]:
        return list(Category.objects.filter(is_active=True).values_list("key", flat=True)[:3])

    assert first() == ["late", "wrong_item", "defective"]
    categories.move_category(category_id=make.category("defective").pk, step=-1, by=cast.owner, now=NOW)
    assert first() == ["late", "defective", "wrong_item"]
    categories.move_category(category_id=make.category("late").pk, step=-1, by=cast.owner, now=NOW)  # first already
    categories.move_category(category_id=make.category("late").pk, step=1, by=cast.owner, now=NOW)
    assert first() == ["defective", "late", "wrong_item"]


def test_a_retired_one_has_no_place_in_the_order(cast: Cast) -> None:
    row = make.remedy_type("points")
    remedies.turn_remedy_off(type_id=row.pk, by=cast.owner, now=NOW)
    with pytest.raises(Refused, match="no longer in use"):
        remedies.move_remedy_type(type_id=row.pk, step=1, by=cast.owner, now=NOW)


def differ(row: Category, cast: Cast, **over: Any) -> Any:
    fields = {"is_offered": None, "severity": None, "expected_version": 0, "by": cast.manager, "location": cast.here}
    return categories.save_category_here(category_id=row.pk, now=NOW, **fields | over)


def test_a_place_differs_and_comes_back(cast: Cast) -> None:
    room = make.category()
    differ(room, cast, severity=1)
    assert next(row for row in categories_here(cast.here.pk) if row == room).severity == 1
    with pytest.raises(Stale):
        differ(room, cast, severity=2)
    differ(room, cast, expected_version=1)
    assert next(row for row in categories_here(cast.here.pk) if row == room).severity == room.severity


def test_a_remedy_differs_at_a_place(cast: Cast) -> None:
    row = make.remedy_type("refund")
    here: dict[str, Any] = {"location": cast.here, "expected_version": 0, "by": cast.manager, "now": NOW}
    remedies.save_remedy_here(
        type_id=row.pk, is_offered=None, needs_receipt=True, typical_amount=Decimal("80.00"), **here
    )
    own = next(found for found in types_here(cast.here.pk) if found == row)
    assert (own.typical_amount, own.needs_receipt, own.is_offered) == (Decimal("80.00"), True, True)
    codes = Event.objects.get(kind="catalogue_changed").codes
    assert (codes["at"], codes["fields"]) == (cast.here.pk, ["needs_receipt", "typical_amount"])


@pytest.mark.parametrize("who", ["desk", "outsider"])
def test_who_may_not(who: str, cast: Cast) -> None:
    somebody = getattr(cast, who)
    with pytest.raises(NotYours):
        differ(make.category(), cast, severity=1, by=somebody)
    with pytest.raises(NotYours):
        add_kind(cast, by=somebody)


def test_a_manager_decides_for_their_places_only(cast: Cast) -> None:
    with pytest.raises(NotYours):
        add_kind(cast, by=cast.manager)
    with pytest.raises(NotYours):
        differ(make.category(), cast, severity=1, location=cast.elsewhere)
    differ(make.category(), cast, severity=1, location=cast.elsewhere, by=cast.owner)
