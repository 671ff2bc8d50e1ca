"""Messages about something minor that nobody answered, closed together."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import Incident, Staff
from incidents.vocabulary import CloseReason, Severity
from tests import make
from tests.make import DAY, Cast
from tests.views.recover.rules import SignIn, text_of

THERE = "/calls/unanswered/"


def minor(by: Staff, name: str, *, ago: float = 8, outcome: str = "voicemail", **over: Any) -> Incident:
    """Put right, and a message left so many days ago."""
    then = timezone.now() - dt.timedelta(days=ago)
    incident = make.make_incident(
        by, now=then, customer=make.make_customer(name), **{"severity": Severity.MINOR} | over
    )
    make.apologize(incident, by, now=then)
    make.give(incident, by, now=then)
    return make.call(incident, by, outcome, now=then, channel="email")


def test_only_minor_ones_a_week_old_with_nothing_since(cast: Cast, sign_in: SignIn) -> None:
    wanted = minor(cast.desk, "Wanda Wanted")
    minor(cast.desk, "Yara Young", ago=6)
    minor(cast.desk, "Moderate Max", severity=Severity.MODERATE)
    minor(cast.desk, "Nolan Noanswer", outcome="no_answer")
    back = minor(cast.desk, "Bella Back")
    make.call(back, cast.desk, "call_back", now=timezone.now() - DAY, call_back_at=timezone.now() + DAY)
    unhappy = minor(cast.desk, "Una Unhappy")
    make.call(unhappy, cast.desk, "unhappy", now=timezone.now() - DAY)
    tried = minor(cast.desk, "Tried Again", ago=9)
    make.call(tried, cast.desk, "voicemail", now=timezone.now() - DAY)
    answer = sign_in(cast.desk).get(THERE)
    assert answer.context["found"] == [tried, wanted]
    page = text_of(answer)
    assert page.count('name="pick"') == page.count(" checked") == 2


def test_a_desk_sees_its_own_a_manager_all_of_the_place(cast: Cast, sign_in: SignIn) -> None:
    mine, theirs = minor(cast.desk, "Mia Mine"), minor(cast.colleague, "Theo Theirs")
    minor(cast.outsider, "Ellis Elsewhere")
    assert sign_in(cast.desk).get(THERE).context["found"] == [mine]
    assert sign_in(cast.manager).get(THERE).context["found"] == [mine, theirs]
    assert len(sign_in(cast.owner).get(THERE).context["found"]) == 3


def test_all_that_are_ticked_are_closed_and_each_says_so(cast: Cast, sign_in: SignIn) -> None:
    made = [minor(cast.desk, name) for name in ("Anna", "Bert", "Cleo")]
    answer = sign_in(cast.desk).post(THERE, {"pick": [made[0].reference, made[2].reference]})
    assert text_of(answer).count("Closed: no answer to our message.") == 2
    assert [make.fresh(one).close_reason for one in made] == [CloseReason.NO_ANSWER, "", CloseReason.NO_ANSWER]
    closure = made[0].closures.get()
    assert (closure.closed_by, closure.note) == (cast.desk, "No answer to our message for a week.")
    assert answer.context["found"] == [made[1]]


def test_one_that_may_not_holds_the_others_not_up(cast: Cast, sign_in: SignIn) -> None:
    """Closed by somebody meanwhile, too young, and not theirs: the words of the action, row by row."""
    good, gone = minor(cast.desk, "Gus Good"), minor(cast.desk, "Gina Gone")
    make.close(gone, cast.desk, "withdrawn", now=timezone.now())
    young, theirs = minor(cast.desk, "Yara Young", ago=2), minor(cast.colleague, "Theo Theirs")
    picked = [gone.reference, young.reference, theirs.reference, good.reference]
    answer = sign_in(cast.desk).post(THERE, {"pick": picked})
    assert [row["is_refused"] for row in answer.context["results"]] == [True, True, True, False]
    page = text_of(answer)
    assert "This recovery is closed." in page
    assert "Give them seven days to answer the message." in page
    assert "The person who has this incident, or a manager, closes it." in page
    assert make.fresh(good).close_reason == CloseReason.NO_ANSWER
    assert make.fresh(gone).close_reason == CloseReason.WITHDRAWN


def test_a_foreign_one_among_them_is_404_and_nothing_is_done(cast: Cast, sign_in: SignIn) -> None:
    mine, foreign = minor(cast.desk, "Mia Mine"), minor(cast.outsider, "Ellis Elsewhere")
    picked = [mine.reference, foreign.reference]
    assert sign_in(cast.desk).post(THERE, {"pick": picked}).status_code == 404
    assert make.fresh(mine).is_open


@pytest.mark.parametrize("picked", [[], [""], ["nonsense"], ["R-2026-00001\x00"], ["R-2026-00001 "], ["1"] * 60])
def test_nothing_or_nonsense_ticked_is_422(cast: Cast, sign_in: SignIn, picked: list[str]) -> None:
    minor(cast.desk, "Mia Mine")
    answer = sign_in(cast.desk).post(THERE, {"pick": picked})
    assert answer.status_code in {400, 422}
    if answer.status_code == 422:
        assert "Mia Mine" in text_of(answer)
        assert "There is a problem" in text_of(answer)


def test_empty_says_what_comes_here(cast: Cast, sign_in: SignIn) -> None:
    assert "Nothing to close" in text_of(sign_in(cast.desk).get(THERE))


def test_links_lead_here(cast: Cast, sign_in: SignIn) -> None:
    assert THERE in text_of(sign_in(cast.desk).get("/calls/"))
    assert THERE in text_of(sign_in(cast.manager).get("/"))


@pytest.mark.parametrize("count", [1, 3])
def test_statements(cast: Cast, sign_in: SignIn, django_assert_max_num_queries: Any, count: int) -> None:
    people = (cast.desk, cast.colleague, cast.manager)
    for number in range(count):
        minor(people[number], f"Guest {number}", category=("room", "waiting", "price")[number])
    client = sign_in(cast.manager)
    with django_assert_max_num_queries(8):
        assert len(client.get(THERE).context["found"]) == count


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    assert Client().get(THERE).status_code == 302
    assert sign_in(cast.desk).put(THERE).status_code == 405
