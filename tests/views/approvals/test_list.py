"""The queue of questions."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.access import Role
from incidents.actions import money, profile
from incidents.board import approvals
from incidents.models import ApprovalRequest
from tests import make
from tests.make import HOUR, Cast
from tests.views.approvals.questions import ask
from tests.views.recover.rules import SignIn, text_of

LIST = "/approvals/"


def test_the_oldest_comes_first_with_all_one_needs(cast: Cast, sign_in: SignIn) -> None:
    before = make.make_incident(cast.desk, customer=make.make_customer("Nora Novak"))
    make.give(before, cast.desk, "gift_card", actual_amount="25.00")
    first = ask(cast)
    first.incident.customer = before.customer
    first.incident.save(update_fields=["customer"])
    ask(cast, name="Zoe Later")
    page = text_of(sign_in(cast.manager).get(LIST))
    for words in ("Approve", "80.00", "Dora Desk wants to give it to Nora Novak", "She leaves at noon.", "25.00"):
        assert words in page, words
    for words in ("The shower stayed cold", "Dora Desk may give alone", "50.00", "Zoe Later", "To look at"):
        assert words in page, words
    assert page.count('data-key="a"') == 1


def test_nobody_waits(cast: Cast, sign_in: SignIn) -> None:
    assert "Nobody waits for your answer" in text_of(sign_in(cast.manager).get(LIST))
    assert "Nothing to look at" in text_of(sign_in(cast.manager).get(LIST + "?view=review"))
    assert "You have asked nothing" in text_of(sign_in(cast.desk).get(LIST))


def test_the_desk_sees_its_own_questions_and_their_answers(cast: Cast, sign_in: SignIn) -> None:
    asked = ask(cast)
    ask(cast, by=cast.colleague, name="Carla Other")
    client = sign_in(cast.desk)
    page = text_of(client.get(LIST))
    assert "waits for an answer" in page
    assert "You asked, so somebody else decides." in page
    assert "Carla Other" not in page
    assert 'data-key="a"' not in page
    money.decide(request_id=asked.pk, is_approved=False, reason="Too much.", by=cast.manager, now=timezone.now())
    page = text_of(client.get(LIST))
    assert "Mona Manager said no" in page
    assert "Too much." in page


def test_a_stand_in_decides_while_somebody_is_away(cast: Cast, sign_in: SignIn) -> None:
    ask(cast)
    client = sign_in(cast.colleague)
    assert 'data-key="a"' not in text_of(client.get(LIST))
    now = timezone.now()
    profile.set_away(staff=cast.manager, until=now + HOUR, stand_in=cast.colleague, now=now)
    page = text_of(client.get(LIST))
    assert 'data-key="a"' in page
    assert "Cole League decides meanwhile" in page
    assert 'href="/approvals/"' in text_of(client.get("/"))


def test_what_went_ahead_is_to_look_at(cast: Cast, sign_in: SignIn) -> None:
    asked = ask(cast, severity=1)
    make_it_old(asked)
    money.go_ahead(request_id=asked.pk, reason="Her plane leaves.", by=cast.desk, now=timezone.now())
    page = text_of(sign_in(cast.manager).get(LIST + "?view=review"))
    for words in ("It was right", "Not right", "Her plane leaves.", "Dora Desk went ahead"):
        assert words in page, words
    assert "Nora Novak" not in text_of(sign_in(cast.desk).get(LIST + "?view=review"))


def make_it_old(asked: ApprovalRequest) -> None:
    asked.proposed_at = timezone.now() - HOUR
    asked.save(update_fields=["proposed_at"])


def test_of_a_restricted_one_only_who_may_see_it(cast: Cast, sign_in: SignIn) -> None:
    asked = ask(cast, by=cast.colleague, name="Vera Hurt", category="safety")
    assert "Vera Hurt" in text_of(sign_in(cast.manager).get(LIST))
    asked.incident.concerns.create(staff=cast.manager)
    assert "Vera Hurt" not in text_of(sign_in(cast.manager).get(LIST))
    assert "Vera Hurt" in text_of(sign_in(cast.owner).get(LIST))


def test_a_page_at_a_time(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "PAGE", 2)
    for name in ("Ann One", "Bea Two", "Cleo Three"):
        ask(cast, name=name)
    client = sign_in(cast.manager)
    first = client.get(LIST)
    assert "Cleo Three" not in text_of(first)
    second = text_of(client.get(LIST + first.context["older_url"]))
    assert "Cleo Three" in second
    assert "Ann One" not in second


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    "reads", [("desk", "mine"), ("manager", "waiting"), ("manager", "review"), ("manager", "mine")]
)
def test_at_most_twelve_statements(
    reads: tuple[str, str],
    number: int,
    cast: Cast,
    sign_in: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    who, view = reads
    people = [cast.desk, cast.colleague, make.make_staff("Third Clerk", cast.here)]
    for turn in range(number):
        asked = ask(cast, by=people[turn], name=f"Guest {turn}", severity=1, category=["late", "price", "room"][turn])
        if view == "review":
            make_it_old(asked)
            money.go_ahead(request_id=asked.pk, reason="Now.", by=people[turn], now=timezone.now())
    make.make_staff("Ann Away", cast.here, role=Role.MANAGER, away_until=timezone.now() + HOUR, stand_in=cast.manager)
    client = sign_in(getattr(cast, who))
    with django_assert_max_num_queries(12):
        assert client.get(LIST + f"?view={view}").status_code == 200


def test_it_is_a_page(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.manager).post(LIST).status_code == 405
    assert Client().get(LIST)["Location"].startswith("/accounts/login/")
