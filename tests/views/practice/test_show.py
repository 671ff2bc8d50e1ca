"""One story: what one reads, the box, what stands beside the ending, and from when on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.access import Role
from incidents.actions import practice
from incidents.models import PracticeAnswer, Staff
from tests import make
from tests.make import NOW, Cast
from tests.views.practice.addresses import scenario

SignIn = Callable[[Staff], Client]
ENDING = "oiled the lock"


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_ending_waits_for_three_answers(cast: Cast, sign_in: SignIn) -> None:
    made, client = scenario(cast, "One.", "Two."), sign_in(cast.desk)
    text = read(client, made.get_absolute_url())
    assert "2 answers so far." in text
    assert not any(words in text for words in (ENDING, "One.", "Two."))
    answer = client.post(f"{made.get_absolute_url()}answer/", {"words": "Three."})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{made.get_absolute_url()}#given")
    text = read(client, made.get_absolute_url())
    assert all(words in text for words in (ENDING, "One.", "Two.", "Three."))
    assert len({re.search(r"(One|Two|Three)\.", read(client, made.get_absolute_url()))[0] for _n in range(30)}) == 3  # type: ignore[index]


def test_when_no_more_are_taken_the_ending_is_shown_and_few_answers_are_not(cast: Cast, sign_in: SignIn) -> None:
    made = scenario(cast, "One.")
    practice.close(scenario_id=made.pk, by=cast.manager, now=NOW)
    text = read(sign_in(cast.outsider), made.get_absolute_url())
    assert ENDING in text
    assert "One." not in text
    assert "/answer/" not in text


def test_it_says_what_it_does_not_promise(cast: Cast, sign_in: SignIn) -> None:
    made, client = scenario(cast), sign_in(cast.desk)
    text = read(client, made.get_absolute_url())
    assert "one person can answer twice" in text
    assert "fewer than six" in text  # they are four
    for n in range(2):
        make.make_staff(f"More{n} Staff", cast.here)
    assert "fewer than six" not in read(client, made.get_absolute_url())


@pytest.mark.parametrize(
    ("words", "said"), [("", "Write what you would"), ("x" * 1001, "1000"), ("a\x07b", "nobody can read")]
)
def test_a_bad_answer_is_said_and_kept(cast: Cast, sign_in: SignIn, words: str, said: str) -> None:
    made = scenario(cast)
    answer = sign_in(cast.desk).post(f"{made.get_absolute_url()}answer/", {"words": words})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert words[:500] in answer.content.decode()
    assert not PracticeAnswer.objects.exists()


def test_an_answer_that_comes_too_late_is_kept_on_the_page(cast: Cast, sign_in: SignIn) -> None:
    made = scenario(cast, closed_at=NOW)
    answer = sign_in(cast.desk).post(f"{made.get_absolute_url()}answer/", {"words": "Carry the bags."})
    assert answer.status_code == 409
    assert "no longer taken" in answer.content.decode()
    assert "Carry the bags." in answer.content.decode()


def test_a_draft_is_for_those_who_may_write_it(cast: Cast, sign_in: SignIn) -> None:
    url = scenario(cast, published_at=None).get_absolute_url()
    chief = make.make_staff("Chris Chief", cast.elsewhere, role=Role.MANAGER)
    assert [sign_in(who).get(url).status_code for who in (cast.desk, cast.outsider, chief)] == [404, 404, 404]
    assert ENDING in read(sign_in(cast.manager), url)
    assert sign_in(cast.desk).post(f"{url}answer/", {"words": "One."}).status_code == 404
    assert sign_in(cast.desk).get("/practice/999999/").status_code == 404


def test_managers_of_other_places_leave_it_alone(cast: Cast, sign_in: SignIn) -> None:
    made = scenario(cast, "One.", "Two.", "Three.")
    chief = sign_in(make.make_staff("Chris Chief", cast.elsewhere, role=Role.MANAGER))
    sent = {"words": "So.", "where": "here", "answer": str(PracticeAnswer.objects.all()[0].pk)}
    for act in ("publish", "close", "open", "best", "remove"):
        assert chief.post(f"{made.get_absolute_url()}{act}/", sent).status_code == 403
    assert "Take it out" not in read(chief, made.get_absolute_url())


def test_a_manager_takes_an_answer_out_and_keeps_the_best(cast: Cast, sign_in: SignIn) -> None:
    made, client = scenario(cast, "One.", "Two.", "Cole did it."), sign_in(cast.manager)
    url = made.get_absolute_url()
    sent = {"answer": str(PracticeAnswer.objects.get(words="Cole did it.").pk)}
    assert client.post(f"{url}remove/", sent).status_code == 302
    assert client.post(f"{url}best/", {"words": "Go up with them.", "where": "here"}).status_code == 302
    assert client.post(f"{url}close/").status_code == 302
    text = read(client, url)
    assert "Go up with them." in text
    assert "Cole did it." not in text
    answer = client.post(f"{url}best/", {"words": "x" * 301, "where": "here"})
    assert answer.status_code == 422
    assert "x" * 301 in answer.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_however_many_answers_it_takes_as_many_statements(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    made, client = scenario(cast, *(f"Answer {n}." for n in range(3 * number))), sign_in(cast.manager)
    client.get(made.get_absolute_url())
    with django_assert_num_queries(8):
        client.get(made.get_absolute_url())
