"""The list of long work."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from incidents.board import jobs as board
from tests import make
from tests.make import Cast
from tests.views.jobs.rules import SignIn, make_job, page


def test_ones_own_are_listed_and_an_administrator_sees_all(cast: Cast, sign_in: SignIn) -> None:
    job = make_job(cast.manager, "claimed", done=1200, total=2000)
    for who in (cast.manager, cast.owner):
        text = page(sign_in(who), "/jobs/")
        assert f'href="/jobs/{job.pk}/"' in text
        assert "At work" in text
        assert "1,200 of 2,000" in text
    for who in (cast.desk, cast.outsider):
        assert f"/jobs/{job.pk}/" not in page(sign_in(who), "/jobs/")


def test_an_empty_list_says_what_it_is_for(cast: Cast, sign_in: SignIn, settings: Settings) -> None:
    settings.DEMO = True
    assert "Nothing here yet" in page(sign_in(cast.desk), "/jobs/")
    assert "/jobs/demo/" not in page(sign_in(cast.desk), "/jobs/")
    assert "/jobs/demo/" in page(sign_in(cast.owner), "/jobs/")
    settings.DEMO = False
    assert "/jobs/demo/" not in page(sign_in(cast.owner), "/jobs/")


def test_the_menu_leads_here(cast: Cast, sign_in: SignIn) -> None:
    assert 'href="/jobs/"' in page(sign_in(cast.owner), "/calls/")
    assert 'href="/jobs/"' not in page(sign_in(cast.desk), "/calls/")


def test_a_stranger_signs_in_first(client: Client, db: None) -> None:
    assert client.get("/jobs/")["Location"] == "/accounts/login/?next=/jobs/"


def test_posting_is_405(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.owner).post("/jobs/").status_code == 405


def test_pages_hold_every_job_once(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "PAGE", 2)
    pks = [make_job(cast.owner).pk for _number in range(5)]
    client, query, seen = sign_in(cast.owner), "", []
    for _turn in range(3):
        context = client.get("/jobs/" + query).context
        seen += [view.job.pk for view in context["lines"]]
        query = context["older_url"]
    assert seen == pks[::-1]
    assert not query
    back = client.get("/jobs/" + client.get(f"/jobs/?after={pks[1]}").context["newer_url"]).context
    assert [view.job.pk for view in back["lines"]] == pks[1:3][::-1]


@pytest.mark.parametrize("count", [1, 3])
def test_few_statements_however_many(
    count: int, cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_job(make.make_staff(f"P{number} Person", cast.here))
    client = sign_in(cast.owner)
    with django_assert_num_queries(4):
        client.get("/jobs/")
