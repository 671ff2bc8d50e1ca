"""What a kind of mistake asks. Old incidents keep their answers, with the question of their time."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from incidents import story
from incidents.actions import change
from incidents.actions.catalogue import fields
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import CategoryField, Incident
from incidents.models.values import fields_of
from tests import make
from tests.kept import kept_rows
from tests.make import NOW, Cast


def question(key: str, category: str = "room") -> CategoryField:
    return CategoryField.objects.select_related("minuend", "subtrahend").get(category__key=category, key=key)


def change_question(field: CategoryField, cast: Cast, **over: Any) -> CategoryField:
    names = ("name", "kind", "is_private", "minuend", "subtrahend")
    kept: dict[str, Any] = {name: getattr(field, name) for name in names} | {"by": cast.owner, "now": NOW}
    return fields.change_field(field_id=field.pk, **kept | over)


def add_question(cast: Cast, **over: Any) -> CategoryField:
    plain: dict[str, Any] = {"name": "Floor", "kind": "number", "is_private": False, "minuend": None}
    plain |= {"subtrahend": None, "submit_key": uuid4(), "category_id": make.category().pk}
    plain |= {"by": cast.owner, "now": NOW}
    return fields.add_field(**plain | over)


def retire(field: CategoryField, cast: Cast) -> CategoryField:
    return fields.retire_field(field_id=field.pk, by=cast.owner, now=NOW)


def told(incident: Incident, cast: Cast) -> dict[str, str]:
    known = story.tell(story.find_incident(cast.manager, incident.reference), cast.manager, NOW)
    return {fact.label: fact.value for fact in known.facts}


@kept_rows
def flooded(cast: Cast) -> Incident:
    return make.make_incident(cast.desk, field_values={"place": "Room 12", "fault": "Cold water"})


def test_a_renamed_question_is_a_new_version(cast: Cast, flooded: Incident) -> None:
    new = change_question(question("place"), cast, name="Which room?")
    assert (new.key, new.version, new.stem) == ("place-2", 2, "place")
    assert not question("place").is_active
    newer = make.make_incident(cast.desk, field_values={"place-2": "Room 14"})
    assert told(flooded, cast)["Place"] == "Room 12"
    assert "Which room?" not in told(flooded, cast)
    assert told(newer, cast)["Which room?"] == "Room 14"


def test_another_kind_of_answer_does_not_touch_the_old_one(cast: Cast) -> None:
    old = make.make_incident(cast.desk, category="wrong_item", field_values={"quantity": "3"})
    change_question(question("quantity", "wrong_item"), cast, kind="text")
    new = make.make_incident(cast.desk, category="wrong_item", field_values={"quantity-2": "a whole box"})
    assert (told(old, cast)["How many"], told(new, cast)["How many"]) == ("3", "a whole box")


def test_a_retired_question_is_asked_no_more_and_its_answers_stay(cast: Cast, flooded: Incident) -> None:
    retire(question("fault"), cast)
    assert "fault" not in [field.key for field in fields_of(make.category())]
    assert told(flooded, cast)["Fault"] == "Cold water"


def test_correcting_an_old_incident_keeps_its_old_answers(cast: Cast, flooded: Incident) -> None:
    retire(question("fault"), cast)
    change.change_incident(
        incident_id=flooded.pk,
        expected_version=make.fresh(flooded).version,
        by=cast.manager,
        now=NOW,
        field_values={"place": "Room 21"},
    )
    assert make.fresh(flooded).field_values == {"place": "Room 21", "fault": "Cold water"}


def test_a_private_answer_stays_private(cast: Cast) -> None:
    old = make.make_incident(cast.desk, category="in_the_wrong", private_values={"words_used": "You again"})
    change_question(question("words_used", "in_the_wrong"), cast, is_private=False, name="What we said")
    known = story.tell(story.find_incident(cast.desk, old.reference), cast.desk, NOW)
    assert "You again" not in [fact.value for fact in known.facts]
    assert told(old, cast)["Words used"] == "You again"


def test_a_difference_goes_along_with_what_it_is_worked_out_from(cast: Cast) -> None:
    values = {"promised_at": "2026-03-04T10:00:00+00:00", "actual_at": "2026-03-04T12:05:00+00:00"}
    old = make.make_incident(cast.desk, category="late", field_values=values)
    change_question(question("actual_at", "late"), cast, name="At the door")
    delay = CategoryField.objects.get(category__key="late", kind="difference", is_active=True)
    assert (delay.key, delay.minuend and delay.minuend.key) == ("delay-2", "actual_at-2")
    values = {"promised_at": values["promised_at"], "actual_at-2": values["actual_at"]}
    new = make.make_incident(cast.desk, category="late", field_values=values)
    assert told(old, cast)["Late by"] == told(new, cast)["Late by"] == "2 hours 5 minutes"


def test_retiring_it_retires_the_difference(cast: Cast) -> None:
    retire(question("actual_at", "late"), cast)
    assert not question("delay", "late").is_active
    with pytest.raises(Refused, match="Both have to be asked here"):
        fields.restore_field(field_id=question("delay", "late").pk, by=cast.owner, now=NOW)
    fields.restore_field(field_id=question("actual_at", "late").pk, by=cast.owner, now=NOW)
    fields.restore_field(field_id=question("delay", "late").pk, by=cast.owner, now=NOW)
    assert question("delay", "late").is_active


@pytest.mark.parametrize("over", [{"kind": "text"}, {"is_private": True}])
def test_what_something_is_worked_out_from_keeps_its_kind(over: dict[str, Any], cast: Cast) -> None:
    with pytest.raises(Refused, match="is worked out from this"):
        change_question(question("actual_at", "late"), cast, **over)


@pytest.mark.parametrize(
    ("minuend", "subtrahend", "words"),
    [
        (None, None, "from which two"),
        (("charged", "price"), ("charged", "price"), "from which two"),
        (("charged", "price"), ("arrival", "reservation"), "asked here"),
        (("clause", "agreement"), ("extra_cost", "agreement"), "asked here"),
    ],
)
def test_a_difference_is_of_two_alike(minuend: Any, subtrahend: Any, words: str, cast: Cast) -> None:
    sides = {"minuend": minuend and question(*minuend), "subtrahend": subtrahend and question(*subtrahend)}
    with pytest.raises(Refused, match=words):
        add_question(cast, kind="difference", category_id=make.category("price").pk, **sides)


def test_days_and_amounts_are_not_alike(cast: Cast) -> None:
    price = make.category("price").pk
    day = add_question(cast, name="Day", kind="date", category_id=price)
    with pytest.raises(Refused, match="amounts, or days"):
        add_question(
            cast, name="Odd", kind="difference", category_id=price, minuend=day, subtrahend=question("quoted", "price")
        )


def test_nothing_changed_is_no_new_version(cast: Cast) -> None:
    assert change_question(question("place"), cast).key == "place"


def test_a_newer_version_in_between_is_stale(cast: Cast) -> None:
    old = question("place")
    new = change_question(old, cast, name="Where?")
    with pytest.raises(Stale) as stale:
        change_question(old, cast, name="Which room?")
    assert stale.value.current == new
    retire(new, cast)
    with pytest.raises(Refused, match="no longer asked"):
        change_question(new, cast, name="Which room?")


def test_versions_go_on_counting(cast: Cast) -> None:
    newest = question("place")
    for name in ("Where?", "Which room?", "Where exactly?"):
        newest = change_question(newest, cast, name=name)
    assert newest.key == "place-4"
    retire(newest, cast)
    fields.restore_field(field_id=question("place").pk, by=cast.owner, now=NOW)
    assert change_question(question("place"), cast, name="Spot").key == "place-5"


def test_adding(cast: Cast) -> None:
    key = uuid4()
    row = add_question(cast, submit_key=key)
    assert add_question(cast, submit_key=key) == row
    assert fields_of(make.category())[-1] == row
    with pytest.raises(Refused, match="name already"):
        add_question(cast, name="FLOOR")


def test_not_more_than_anybody_answers(cast: Cast) -> None:
    for turn in range(17):
        add_question(cast, name=f"Question {turn}")
    with pytest.raises(Refused, match="nobody answers"):
        add_question(cast, name="One more")


def test_order(cast: Cast) -> None:
    fields.move_field(field_id=question("fault").pk, step=-1, by=cast.owner, now=NOW)
    assert [field.key for field in fields_of(make.category())] == ["fault", "place", "fixed_at"]


def test_only_administrators(cast: Cast) -> None:
    with pytest.raises(NotYours):
        add_question(cast, by=cast.manager)
    with pytest.raises(NotYours):
        fields.retire_field(field_id=question("fault").pk, by=cast.manager, now=NOW)
