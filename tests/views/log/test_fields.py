"""The chosen category's own questions."""

from __future__ import annotations

from typing import Any

import pytest

from tests import make

URL = "/incidents/new/fields/"


@pytest.fixture
def desk(cast: make.Cast, sign_in: Any) -> Any:
    return sign_in(cast.desk)


def test_its_questions_and_how_bad_it_usually_is(desk: Any) -> None:
    html = desk.get(URL, {"category": "late"}).content.decode()
    assert 'name="value_promised_at"' in html
    assert 'name="value_delay"' not in html
    assert '<input class="chip-input" type="radio" name="severity" value="2" id="id_severity_1" checked>' in html


def test_no_questions_is_fine(desk: Any) -> None:
    assert "kind-panel" not in desk.get(URL, {"category": "other"}).content.decode()


def test_none_chosen_yet_asks_nothing(desk: Any) -> None:
    answer = desk.get(URL, {"category": "", "is_first_order": "on"})
    assert (answer.status_code, answer.content.split()) == (200, [b"<div", b'id="how-bad"></div>'])


@pytest.mark.parametrize("key", ["nonsense", "x" * 5000])
def test_an_unknown_category_is_404(desk: Any, key: str) -> None:
    assert desk.get(URL, {"category": key}).status_code == 404


def test_reads_only(desk: Any) -> None:
    assert desk.post(URL).status_code == 405


def test_statements(desk: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        desk.get(URL, {"category": "late"})
