"""A story whose incident became one for few to read goes from everybody else, with what was answered to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.actions import practice
from incidents.actions.refusals import Refused
from incidents.models import Concern, Incident, Scenario, Staff
from incidents.models.agenda import open_scenario
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.practice.addresses import scenario

SignIn = Callable[[Staff], Client]
TITLE = "The key that would not turn"


@kept_rows
def story(cast: Cast) -> Scenario:
    incident = make.close(make.make_incident(cast.desk), cast.manager, "withdrawn")
    return scenario(cast, "Quetzal.", "Two.", "Three.", incident=incident, best_answer="Carry the bags.")


def restrict(story: Scenario, *, is_restricted: bool = True) -> None:
    Incident.objects.filter(scenarios=story).update(is_restricted=is_restricted)


def test_it_goes_from_whoever_may_not_see_it(cast: Cast, sign_in: SignIn, story: Scenario) -> None:
    restrict(story)
    for staff in (cast.desk, cast.colleague, cast.outsider):
        client = sign_in(staff)
        assert client.get(story.get_absolute_url()).status_code == 404
        assert client.post(f"{story.get_absolute_url()}answer/", {"words": "Me too."}).status_code == 404
        for url in ("/practice/", "/practice/library/"):
            assert TITLE not in client.get(url).content.decode()


def test_whoever_leads_it_is_told_so(
    cast: Cast, sign_in: SignIn, story: Scenario, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    restrict(story)
    for staff in (cast.manager, cast.owner):
        client = sign_in(staff)
        with django_assert_max_num_queries(12):
            text = client.get(story.get_absolute_url()).content.decode()
        assert "Nobody else sees this story any more" in text
        assert "Quetzal." in text
        assert "Put it in the box" not in text


def test_not_from_managers_who_are_concerned(cast: Cast, sign_in: SignIn, story: Scenario) -> None:
    restrict(story)
    assert story.incident
    Concern.objects.create(incident=story.incident, staff=cast.manager)
    assert sign_in(cast.manager).get(story.get_absolute_url()).status_code == 404
    assert sign_in(cast.owner).get(story.get_absolute_url()).status_code == 200


def test_no_more_answers_and_no_meeting(cast: Cast, story: Scenario) -> None:
    assert open_scenario(cast.here.pk) == story
    restrict(story)
    with pytest.raises(Refused, match="no longer taken"):
        practice.answer(scenario_id=story.pk, words="Late.")
    assert open_scenario(cast.here.pk) is None


def test_it_comes_back_with_the_incident(cast: Cast, sign_in: SignIn, story: Scenario) -> None:
    restrict(story)
    restrict(story, is_restricted=False)
    assert "Quetzal." in sign_in(cast.desk).get(story.get_absolute_url()).content.decode()
