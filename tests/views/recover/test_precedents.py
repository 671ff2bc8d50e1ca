"""What satisfied customers before, at the remedy step."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from incidents.models import Incident, Remedy, RemedyType, Staff
from incidents.story import precedents
from incidents.story.precedents import FEWEST
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, text_of, url

TITLE = "What satisfied customers before"


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk, now=timezone.now())


def ended(
    by: Staff, kind: str = "free_item", outcome: str = "satisfied", amount: str | None = None, **over: Any
) -> None:
    """One that was put right and asked about; content to leave it when they were not happy."""
    incident = make.make_incident(by, **over)
    make.apologize(incident, by)
    make.give(incident, by, kind, actual_amount=Decimal(amount) if amount else None)
    make.call(incident, by, outcome)
    if incident.is_open:
        owner = Staff.objects.get(role="administrator")
        make.close(incident, owner, "withdrawn", now=make.NOW + 2 * make.HOUR)


def several(number: int, by: Staff, *args: Any, **over: Any) -> None:
    for _each in range(number):
        ended(by, *args, **over)


def known(incident: Incident) -> dict[str, tuple[int, int, Decimal | None]]:
    rows = precedents(incident, RemedyType.objects.all())
    return {row.type.key: (row.satisfied, row.answered, row.median) for row in rows}


def test_says_nothing_under_five_answers(cast: Cast, incident: Incident) -> None:
    several(FEWEST - 1, cast.desk)
    assert known(incident) == {}
    ended(cast.desk)
    assert known(incident) == {"free_item": (5, 5, None)}


def test_counts_who_was_satisfied_and_what_it_cost_in_the_middle(cast: Cast, incident: Incident) -> None:
    for amount in ("10", "20", "30", "40", "500"):
        ended(cast.desk, "gift_card", "delighted", amount)
    several(2, cast.desk, "gift_card", "neutral")
    assert known(incident) == {"gift_card": (5, 7, Decimal("30.00"))}


def test_the_best_stands_first(cast: Cast, incident: Incident) -> None:
    several(5, cast.desk, "gift_card", "neutral")
    ended(cast.desk, "gift_card")
    several(5, cast.desk, "free_item")
    assert list(known(incident)) == ["free_item", "gift_card"]


@pytest.mark.parametrize("other", [{"category": "waiting"}, {"severity": 2}])
def test_other_kinds_and_severities_are_no_precedent(cast: Cast, incident: Incident, other: dict[str, Any]) -> None:
    several(FEWEST, cast.desk, **other)
    assert known(incident) == {}


def test_what_never_was_an_incident_and_what_is_open_do_not_count(cast: Cast, incident: Incident) -> None:
    several(FEWEST - 1, cast.desk)
    open_one = make.settle(make.make_incident(cast.desk), cast.desk)
    make.call(open_one, cast.desk, "neutral")
    void = make.settle(make.make_incident(cast.desk), cast.desk)
    make.call(void, cast.desk, "neutral")
    make.close(void, cast.manager, "void", now=make.NOW + 2 * make.HOUR)
    assert known(incident) == {}


def test_restricted_ones_are_no_example_and_get_none(cast: Cast, incident: Incident) -> None:
    several(FEWEST, cast.manager)
    Incident.objects.exclude(pk=incident.pk).update(is_restricted=True)
    assert known(incident) == {}
    Incident.objects.exclude(pk=incident.pk).update(is_restricted=False)
    incident.is_restricted = True
    assert known(incident) == {}


def test_other_currencies_count_but_their_amounts_do_not(cast: Cast, incident: Incident) -> None:
    several(FEWEST, cast.desk, "gift_card", "satisfied", "25")
    Remedy.objects.exclude(incident=incident).update(currency="EUR")
    assert known(incident) == {"gift_card": (5, 5, None)}


def test_a_remedy_no_longer_given_is_not_suggested(cast: Cast, incident: Incident) -> None:
    several(FEWEST, cast.desk)
    RemedyType.objects.filter(key="free_item").update(is_active=False)
    assert known(incident) == {}


def test_the_last_verdict_of_the_round_counts(cast: Cast, incident: Incident) -> None:
    """Not happy the first time: the second round's remedy is what satisfied them. Raised for that, it counts."""
    for _each in range(FEWEST):
        one = make.settle(make.make_incident(cast.desk), cast.desk)
        make.call(one, cast.desk, "unhappy")
        assert one.severity == incident.severity - 1
        make.give(one, cast.desk, "free_item", now=make.NOW + 2 * make.HOUR)
        make.call(one, cast.desk, "satisfied", now=make.NOW + dt.timedelta(days=4))
    several(2, cast.desk, "put_right")
    assert known(incident) == {"free_item": (5, 5, None), "put_right": (2, 7, None)}
    make.call(make.settle(incident, cast.desk), cast.desk, "unhappy", now=timezone.now())
    assert set(known(make.fresh(incident))) == {"free_item", "put_right"}


class TestPage:
    def test_shows_them_where_the_remedy_is_chosen(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        several(FEWEST, cast.desk, "gift_card", "satisfied", "25")
        make.apologize(incident, cast.desk, now=timezone.now())
        page = text_of(sign_in(cast.desk).get(url("recover-show", incident)))
        assert TITLE in page
        assert "5 of 5 satisfied, median" in page
        assert 'data-amount="25.00"' in page

    def test_and_nothing_where_there_are_none(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        assert TITLE not in text_of(sign_in(cast.desk).get(url("recover-show", incident) + "?open=remedy"))

    def test_one_tap_without_javascript_fills_the_form(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        several(FEWEST, cast.desk, "gift_card", "satisfied", "25")
        kind = make.remedy_type("gift_card")
        answer = sign_in(cast.desk).get(url("recover-show", incident) + f"?give={kind.pk}")
        form = answer.context["forms"]["remedy"]
        assert form["type"].value() == kind.pk
        assert form["estimated_amount"].value() == Decimal("25.00")
