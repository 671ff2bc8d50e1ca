"""More demo incidents, on a demo only."""

from __future__ import annotations

from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from incidents.models import Job
from tests.make import Cast
from tests.views.jobs.rules import SignIn, make_job, page

ADDRESS = "/jobs/demo/"


@pytest.fixture
def on_a_demo(settings: Settings) -> None:
    settings.DEMO = True


@pytest.mark.usefixtures("on_a_demo")
def test_it_asks_once_and_lands_on_its_page(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    key = page(client, ADDRESS).partition('name="submit_key" value="')[2].partition('"')[0]
    answers = [client.post(ADDRESS, {"number": "5000", "submit_key": key}) for _click in range(2)]
    job = Job.objects.get()
    assert [answer["Location"] for answer in answers] == [f"/jobs/{job.pk}/"] * 2
    assert (job.kind, job.total, job.asked_by, job.state) == ("demo_incidents", 5000, cast.owner, "pending")


@pytest.mark.usefixtures("on_a_demo")
@pytest.mark.parametrize("number", ["", "0", "-1", "100001", "1.5", "many", "9" * 5000, "\x00"])
def test_bad_numbers_are_422_and_kept(number: str, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.owner).post(ADDRESS, {"number": number, "submit_key": str(uuid4())})
    assert answer.status_code == 422
    assert not Job.objects.exists()
    assert "Type a number from 1 to 100,000." in answer.content.decode()
    if number.isalnum():
        assert f'value="{number}"' in answer.content.decode()


@pytest.mark.usefixtures("on_a_demo")
@pytest.mark.parametrize("key", ["", "x"])
def test_a_bad_key_is_422(key: str, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.owner).post(ADDRESS, {"number": "5", "submit_key": key}).status_code == 422


@pytest.mark.usefixtures("on_a_demo")
def test_anothers_key_is_409(cast: Cast, sign_in: SignIn) -> None:
    other = make_job(cast.manager)
    answer = sign_in(cast.owner).post(ADDRESS, {"number": "5", "submit_key": str(other.submit_key)})
    assert answer.status_code == 409
    assert "Somebody else sent this form already" in answer.content.decode()
    assert Job.objects.get() == other


@pytest.mark.usefixtures("on_a_demo")
def test_it_is_for_administrators(cast: Cast, sign_in: SignIn) -> None:
    for who in (cast.desk, cast.manager, cast.outsider):
        assert sign_in(who).get(ADDRESS).status_code == 403
        assert sign_in(who).post(ADDRESS, {"number": "5", "submit_key": str(uuid4())}).status_code == 403
    assert not Job.objects.exists()


def test_with_real_customers_there_is_no_such_page(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"number": "5", "submit_key": str(uuid4())}).status_code == 404
    assert not Job.objects.exists()


@pytest.mark.usefixtures("on_a_demo")
def test_few_statements(cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = sign_in(cast.owner)
    with django_assert_num_queries(3):
        client.get(ADDRESS)
