"""Stories to practise on: who may make them, what may be answered, the best into the playbook."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from incidents.actions import practice
from incidents.actions.catalogue.settings import save_playbook
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import Incident, Notice, NoticeKind, Playbook, PracticeAnswer, Scenario
from incidents.models.practice import MOST_ANSWERS
from tests import make
from tests.make import NOW, Cast
from tests.views.practice.addresses import scenario

WORDS = {"title": "A key", "story": "It stuck.", "question": "And now?", "ending": "It was oiled.", "category": None}


def new(cast: Cast, **over: Any) -> Scenario:
    fields: dict[str, Any] = {"location": cast.here, "incident": None, "by": cast.manager, "now": NOW}
    return practice.make_scenario(**WORDS | fields | {"submit_key": uuid4()} | over)


def over(cast: Cast, **more: Any) -> Incident:
    return make.close(make.make_incident(cast.desk, **more), cast.manager, "withdrawn")


def test_a_form_sent_twice_makes_one(cast: Cast) -> None:
    key = uuid4()
    assert new(cast, submit_key=key) == new(cast, submit_key=key)


def test_only_managers_of_the_place_make_one(cast: Cast) -> None:
    with pytest.raises(NotYours):
        new(cast, by=cast.desk)
    with pytest.raises(NotYours):
        new(cast, location=cast.elsewhere)


def test_only_of_what_is_over_and_for_everybody(cast: Cast) -> None:
    with pytest.raises(Refused, match="not over yet"):
        new(cast, incident=make.make_incident(cast.desk))
    with pytest.raises(Refused, match="for few"):
        new(cast, incident=over(cast, category="safety"))
    assert new(cast, incident=over(cast)).incident


def test_what_is_out_stays_as_it_is(cast: Cast) -> None:
    made = new(cast)
    practice.change_scenario(scenario_id=made.pk, expected_version=0, by=cast.manager, now=NOW, story="It broke.")
    with pytest.raises(Stale):
        practice.change_scenario(scenario_id=made.pk, expected_version=0, by=cast.manager, now=NOW, story="It bent.")
    practice.publish(scenario_id=made.pk, by=cast.manager, now=NOW)
    with pytest.raises(Refused, match="is out"):
        practice.change_scenario(scenario_id=made.pk, expected_version=2, by=cast.manager, now=NOW, story="It bent.")
    made.refresh_from_db()
    assert made.story == "It broke."


def test_the_place_is_told_once_and_nobody_learns_who_looked(cast: Cast) -> None:
    made = new(cast)
    for _n in range(2):
        practice.publish(scenario_id=made.pk, by=cast.manager, now=NOW)
    told = Notice.objects.filter(kind=NoticeKind.PRACTICE_OPEN, subject_id=made.pk)
    assert set(told.values_list("recipient", "read_at")) == {
        (p.pk, NOW) for p in (cast.desk, cast.colleague, cast.owner)
    }


def test_answers_are_shown_from_the_third_on_in_any_order(cast: Cast) -> None:
    made = scenario(cast, "One.", "Two.")
    assert made.shown_answers() == []
    practice.answer(scenario_id=made.pk, words="Three.")
    orders = {tuple(made.shown_answers()) for _n in range(60)}
    assert {words for order in orders for words in order} == {"One.", "Two.", "Three."}
    assert len(orders) == 6  # fails once in 10 000 times


def test_the_same_words_twice_are_one_answer(cast: Cast) -> None:
    made = scenario(cast, "Carry the bags.", "Carry the bags.")
    assert PracticeAnswer.objects.get(scenario=made).words == "Carry the bags."


def test_answers_only_while_they_are_taken_and_not_without_end(cast: Cast) -> None:
    draft, made = scenario(cast, published_at=None), scenario(cast, "One.")
    with pytest.raises(Refused):
        practice.answer(scenario_id=draft.pk, words="Too early.")
    practice.close(scenario_id=made.pk, by=cast.manager, now=NOW)
    with pytest.raises(Refused):
        practice.answer(scenario_id=made.pk, words="Too late.")
    practice.open_again(scenario_id=made.pk, by=cast.manager, now=NOW)
    rows = [PracticeAnswer(scenario=made, words=f"{n}") for n in range(MOST_ANSWERS)]
    PracticeAnswer.objects.bulk_create(rows)
    with pytest.raises(Refused, match="as many"):
        practice.answer(scenario_id=made.pk, words="One too many.")


def test_an_answer_that_hurts_is_taken_out(cast: Cast) -> None:
    made = scenario(cast, "One.", "Two.", "Cole did it.")
    answer = PracticeAnswer.objects.get(words="Cole did it.")
    practice.remove_answer(scenario_id=made.pk, answer_id=answer.pk, by=cast.manager, now=NOW)
    assert set(PracticeAnswer.objects.values_list("words", flat=True)) == {"One.", "Two."}
    with pytest.raises(Refused, match="too few"):
        practice.remove_answer(scenario_id=made.pk, answer_id=answer.pk, by=cast.manager, now=NOW)


def test_the_best_answer_becomes_a_step_of_the_playbook_there(cast: Cast) -> None:
    made = scenario(cast, "One.")
    remedy = make.remedy_type().pk
    save_playbook(category_id=make.category().pk, location=None, expected="none", words="Own it.", steps=["Look up."],
                  remedies={remedy: None}, by=cast.owner, now=NOW)  # fmt: skip
    for _n in range(2):
        practice.keep_best(scenario_id=made.pk, words="Go up with them.", is_everywhere=False, by=cast.manager, now=NOW)
    here = Playbook.objects.get(location=cast.here)
    assert (here.words, here.steps) == ("Own it.", ["Look up.", "Go up with them."])
    assert [row.type_id for row in here.remedies.all()] == [remedy]
    assert Playbook.objects.get(location=None).steps == ["Look up."]
    with pytest.raises(NotYours):
        practice.keep_best(scenario_id=made.pk, words="So.", is_everywhere=True, by=cast.manager, now=NOW)
    practice.keep_best(scenario_id=made.pk, words="Smile.", is_everywhere=True, by=cast.owner, now=NOW)
    assert Playbook.objects.get(location=None).steps == ["Look up.", "Smile."]
    made.refresh_from_db()
    assert made.best_answer == "Smile."


def test_mixing_keeps_every_word(cast: Cast) -> None:
    scenario(cast, "One.", "Two.", "x" * 999 + "é")
    scenario(cast, "Three.", closed_at=None)
    before = set(PracticeAnswer.objects.values_list("pk", "scenario", "words"))
    assert practice.mix_answers() == 4
    assert set(PracticeAnswer.objects.values_list("pk", "scenario", "words")) == before
