"""The page of numbers, its charts, the rows behind a figure, and paper."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from incidents.actions.fold import fold
from incidents.models import RootCause
from incidents.reports.figures import FIGURES
from incidents.reports.wall import wall_figures
from tests import make
from tests.make import DAY, Cast
from tests.views.recover.rules import SignIn, text_of

URL = "/numbers/"
PARTS = ("weeks", "causes")
PAPER = 18  # when nothing is kept


def lived(cast: Cast, number: int = 3, **over: Any) -> None:
    """Mistakes with an apology and a remedy, counted."""
    for at in range(number):
        logged = timezone.now() - (at + 2) * DAY
        kind = ("room", "late", "price")[at % 3]
        incident = make.make_incident(cast.desk, now=logged, category=kind, **over)
        incident.root_cause = RootCause.objects.order_by("pk")[at % 3]
        incident.save(update_fields=["root_cause"])
        make.apologize(incident, cast.desk, now=logged)
        make.give(incident, cast.desk, now=logged)
    fold(budget=None)


def test_every_figure_says_what_it_was_counted_from(cast: Cast, sign_in: SignIn) -> None:
    lived(cast)
    answer = sign_in(cast.manager).get(URL, {"place": str(cast.here.pk)})
    html = text_of(answer)
    assert "3 of 3" in html  # fewer than five: no percentage
    assert "100 %" not in html
    assert "counted up to" in html
    assert "Remove filter:" in html
    assert "Harbour Hotel" in html


def test_nothing_to_count_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    assert "Choose a longer time" in text_of(sign_in(cast.manager).get(URL))


def test_days_that_make_no_stretch_are_said_and_left_out(cast: Cast, sign_in: SignIn) -> None:
    lived(cast, 1)
    answer = sign_in(cast.manager).get(URL, {"from": "2026-03-05", "to": "2026-03-01"})
    assert answer.status_code == 200
    assert "make no stretch of time" in text_of(answer)


@pytest.mark.parametrize("number", [1, 3])
def test_statements(
    number: int, cast: Cast, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lived(cast, number)
    client = sign_in(cast.manager)
    for address in (
        URL,
        *(f"{URL}{each.key}/rows/" for each in FIGURES),
        *(f"{URL}repeats/rows/?only={each}" for each in ("hits", "misses")),
        *(f"{URL}charts/{each}/" for each in PARTS),
    ):
        with django_assert_max_num_queries(8 if "rows" in address else 12):
            assert client.get(address, headers={"HX-Request": "true"}).status_code == 200


def test_the_rows_are_as_many_as_the_figure(cast: Cast, sign_in: SignIn) -> None:
    lived(cast)
    client = sign_in(cast.manager)
    for key in ("incidents", "apologized_in_time", "time_to_remedy"):
        assert len(client.get(f"{URL}{key}/rows/").context["page"].rows) == 3
    assert client.get(f"{URL}apologized_in_time/rows/", {"only": "misses"}).context["page"].rows == ()
    assert client.get(f"{URL}nothing/rows/").status_code == 404
    assert client.get(f"{URL}charts/nothing/").status_code == 404


def test_each_chart_has_a_name_and_a_table(cast: Cast, sign_in: SignIn) -> None:
    lived(cast)
    for part in PARTS:
        html = sign_in(cast.manager).get(f"{URL}charts/{part}/", headers={"HX-Request": "true"}).content.decode()
        assert html.count("<table") == html.count('role="img"') >= 1
        assert html.count("<desc") == html.count('role="img"')
        assert "style=" not in html


@pytest.mark.parametrize("form", ["print", "pdf"])
def test_paper(form: str, cast: Cast, sign_in: SignIn) -> None:
    lived(cast)
    answer = sign_in(cast.manager).get(URL, {"form": form})
    assert answer.status_code == 200
    assert answer["Content-Type"] in {"application/pdf", "text/html; charset=utf-8"}


@pytest.mark.parametrize("number", [1, 3])
def test_statements_for_paper(
    number: int, cast: Cast, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """With every figure and every chart on it, of whatever nothing was kept."""
    lived(cast, number)
    client = sign_in(cast.manager)
    with django_assert_max_num_queries(PAPER):
        assert client.get(URL, {"form": "print"}).status_code == 200
    with django_assert_max_num_queries(12):
        assert client.get(URL, {"form": "print"}).status_code == 200


def test_only_managers(cast: Cast, sign_in: SignIn) -> None:
    for address in (URL, f"{URL}incidents/rows/", f"{URL}charts/weeks/"):
        assert sign_in(cast.desk).get(address).status_code == 403
        assert sign_in(cast.manager).post(address).status_code == 405


def test_the_wall_counts_nothing_restricted(cast: Cast) -> None:
    lived(cast, 2)
    make.make_incident(cast.manager, now=timezone.now() - DAY, category="safety")
    fold(budget=None)
    lines = wall_figures(cast.owner, cast.here, timezone.now())
    assert [line.words for line in lines if line.figure.key == "incidents"] == ["2"]
    assert 3 <= len(lines) <= 5
