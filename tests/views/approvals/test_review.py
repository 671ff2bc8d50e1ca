"""A look at what was given without an answer."""

from __future__ import annotations

import pytest
from django.utils import timezone

from incidents.actions import money
from incidents.models import ApprovalRequest
from tests.make import Cast
from tests.views.approvals.questions import ask, fresh, there
from tests.views.approvals.test_list import make_it_old
from tests.views.recover.rules import SignIn, text_of


@pytest.fixture
def went(cast: Cast) -> ApprovalRequest:
    asked: ApprovalRequest = ask(cast, severity=1)
    make_it_old(asked)
    money.go_ahead(request_id=asked.pk, reason="Her plane leaves.", by=cast.desk, now=timezone.now())
    return fresh(asked)


def test_it_was_right(cast: Cast, sign_in: SignIn, went: ApprovalRequest) -> None:
    answer = sign_in(cast.manager).post(there("review", went), {"was_right": "yes", "view": "review"})
    assert answer["Location"] == "/approvals/?view=review"
    assert (fresh(went).was_right, went.reviewed_by) == (True, cast.manager)
    assert "Mona Manager found it right." in text_of(sign_in(cast.desk).get(went.incident.get_absolute_url()))


def test_not_right_says_a_word(cast: Cast, sign_in: SignIn, went: ApprovalRequest) -> None:
    client = sign_in(cast.manager)
    answer = client.post(there("review", went), {"was_right": "no"})
    assert answer.status_code == 422
    assert "Say in a word" in text_of(answer)
    assert client.post(there("review", went), {"was_right": "no", "note": "Call me first."}).status_code == 302
    assert (fresh(went).was_right, went.review_note) == (False, "Call me first.")


def test_the_second_hears_that_it_was_looked_at(cast: Cast, sign_in: SignIn, went: ApprovalRequest) -> None:
    assert sign_in(cast.owner).post(there("review", went), {"was_right": "yes"}).status_code == 302
    answer = sign_in(cast.manager).post(there("review", went), {"was_right": "yes"})
    assert answer.status_code == 409
    assert "has looked at this already" in text_of(answer)


def test_the_first_page_tells_of_it(cast: Cast, sign_in: SignIn, went: ApprovalRequest) -> None:
    assert "Went ahead without an answer" in text_of(sign_in(cast.manager).get("/"))


def test_rules(cast: Cast, sign_in: SignIn, went: ApprovalRequest) -> None:
    assert sign_in(cast.desk).post(there("review", went), {"was_right": "yes"}).status_code == 403
    assert sign_in(cast.outsider).post(there("review", went)).status_code == 404
    assert sign_in(cast.manager).post("/approvals/999999/review/").status_code == 404
    assert sign_in(cast.manager).get(there("review", went)).status_code == 405
