"""Yes or no to a question about money."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.actions import money
from incidents.models import Notice, Verdict
from incidents.vocabulary import RemedyState
from tests.make import Cast
from tests.views.approvals.questions import ask, fresh, there
from tests.views.recover.rules import SignIn, text_of

YES = {"is_approved": "yes"}
NO = {"is_approved": "no", "reason": "One night is fair."}


def test_yes_sets_it_free_and_the_next_comes_up(cast: Cast, sign_in: SignIn) -> None:
    asked = ask(cast)
    ask(cast, name="Zoe Later")
    page = text_of(sign_in(cast.manager).post(there("decide", asked), YES, follow=True))
    assert (fresh(asked).verdict, asked.decided_by) == (Verdict.APPROVED, cast.manager)
    asked.remedy.refresh_from_db()
    assert asked.remedy.state == RemedyState.OFFERED
    assert "You said yes. Dora Desk is told." in page
    assert "Dora Desk wants to give it to Zoe Later" in page


def test_no_has_a_reason(cast: Cast, sign_in: SignIn) -> None:
    asked = ask(cast)
    client = sign_in(cast.manager)
    answer = client.post(there("decide", asked), {"is_approved": "no", "reason": " "})
    assert answer.status_code == 422
    assert "Say why not" in text_of(answer)
    assert client.post(there("decide", asked), NO).status_code == 302
    assert (fresh(asked).verdict, asked.reason) == (Verdict.DECLINED, "One night is fair.")
    assert "One night is fair." in text_of(sign_in(cast.desk).get(asked.incident.get_absolute_url()))


def test_from_the_inbox_in_one_tap(cast: Cast, sign_in: SignIn) -> None:
    asked = ask(cast)
    client = sign_in(cast.manager)
    page = text_of(client.get("/notices/"))
    assert there("decide", asked) in page
    answer = client.post(there("decide", asked), YES | {"next": "/notices/"})
    assert answer["Location"] == "/notices/"
    assert there("decide", asked) not in text_of(client.get("/notices/"))
    assert "Your question about Nora Novak was answered" in text_of(sign_in(cast.desk).get("/notices/"))


def test_a_notice_leads_to_the_question(cast: Cast, sign_in: SignIn) -> None:
    asked = ask(cast)
    notice = Notice.objects.get(recipient=cast.manager, kind="approval_asked")
    assert sign_in(cast.manager).get(f"/notices/{notice.pk}/")["Location"] == there("show", asked)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_it_leads_nowhere_else(cast: Cast, sign_in: SignIn, elsewhere: str) -> None:
    answer = sign_in(cast.manager).post(there("decide", ask(cast)), YES | {"next": elsewhere})
    assert answer["Location"] == "/approvals/"


def test_with_htmx_the_next_one_takes_its_place(cast: Cast, sign_in: SignIn) -> None:
    asked = ask(cast)
    ask(cast, name="Zoe Later")
    answer: Any = sign_in(cast.manager).post(there("decide", asked), YES, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in text_of(answer)
    assert "Zoe Later" in text_of(answer)
    assert "You said yes" in answer["HX-Trigger"]


def test_with_htmx_a_no_without_a_reason_is_said_there(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.manager).post(
        there("decide", ask(cast)), {"is_approved": "no"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "Say why not" in text_of(answer)
    assert "<html" not in text_of(answer)


def test_the_second_hears_who_was_faster(cast: Cast, sign_in: SignIn) -> None:
    asked = ask(cast)
    money.decide(request_id=asked.pk, is_approved=True, by=cast.owner, now=timezone.now())
    answer = sign_in(cast.manager).post(there("decide", asked), NO)
    assert answer.status_code == 409
    assert "Olga Owner said yes" in text_of(answer)


@pytest.mark.parametrize("who", ["desk", "colleague"])
def test_not_theirs_to_decide(cast: Cast, sign_in: SignIn, who: str) -> None:
    asked = ask(cast)
    assert sign_in(getattr(cast, who)).post(there("decide", asked), YES).status_code == 403
    assert fresh(asked).is_waiting


@pytest.mark.parametrize("sent", [{}, {"is_approved": "perhaps"}, {"is_approved": "yes\x00"}])
def test_bad_input_is_422(cast: Cast, sign_in: SignIn, sent: dict[str, str]) -> None:
    asked = ask(cast)
    assert sign_in(cast.manager).post(there("decide", asked), sent).status_code in {400, 422}
    assert fresh(asked).is_waiting


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    asked = ask(cast)
    assert sign_in(cast.outsider).post(there("decide", asked), YES).status_code == 404
    assert sign_in(cast.manager).post("/approvals/999999/decide/", YES).status_code == 404
    assert sign_in(cast.manager).get(there("decide", asked)).status_code == 405
    assert Client().post(there("decide", asked), YES).status_code == 302
