"""How long each step may take: of the business and of a place, and back."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.actions import targets
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import ClockTarget, Event, Job
from incidents.models.hours import SaidBy, targets_of
from incidents.targets import Target
from incidents.vocabulary import Clock, Severity
from tests import make
from tests.make import NOW, Cast
from tests.office import keep_office_hours

MODERATE = Severity.MODERATE
QUICK = {Clock.APOLOGIZE: Target(minutes=30), Clock.DELIVER: Target(days=0, is_business=True)}
CALLS = (Target(minutes=60), Target(days=3))


def say(cast: Cast, place: int | None = None, **over: Any) -> Job | None:
    level = SaidBy.BUSINESS if place is None else SaidBy.PLACE
    fields: dict[str, Any] = {
        "severity": MODERATE,
        "targets": QUICK,
        "follow_ups": CALLS,
        "expected_version": targets_of(place).version(MODERATE, level),
        "by": cast.owner,
        "now": NOW,
    }
    return targets.set_targets(location_id=place, **fields | over)


def back(cast: Cast, place: int | None = None, **over: Any) -> Job | None:
    fields: dict[str, Any] = {"severity": MODERATE, "by": cast.owner, "now": NOW}
    return targets.back_to_default(location_id=place, **fields | over)


def test_what_the_business_says_counts_everywhere(cast: Cast) -> None:
    job = say(cast)
    assert job is not None
    assert job.options["location"] is None
    found = targets_of(cast.elsewhere.pk)
    assert [found.of(MODERATE, clock) for clock in QUICK] == list(QUICK.values())
    assert found.follow_ups(MODERATE) == CALLS
    assert found.said_by(MODERATE, Clock.OFFER) == SaidBy.SHIPPED
    assert found.said_by(Severity.MINOR, Clock.APOLOGIZE) == SaidBy.SHIPPED
    event = Event.objects.get(kind="targets_changed")
    assert (event.subject_id, event.codes) == (None, {"severity": 3, "act": "set"})


def test_what_a_place_says_counts_there(cast: Cast) -> None:
    say(cast)
    job = say(cast, cast.here.pk, targets={Clock.APOLOGIZE: Target(minutes=20)}, follow_ups=(), by=cast.manager)
    assert job is not None
    assert job.options["location"] == cast.here.pk
    here, there = targets_of(cast.here.pk), targets_of(cast.elsewhere.pk)
    assert (here.of(3, "apologize"), there.of(3, "apologize")) == (Target(minutes=20), Target(minutes=30))
    assert (here.said_by(3, "deliver"), here.follow_ups(3)) == (SaidBy.BUSINESS, CALLS)


def test_it_is_said_whole(cast: Cast) -> None:
    say(cast)
    say(cast, targets={Clock.OFFER: Target(days=1)}, follow_ups=CALLS[:1])
    assert ClockTarget.objects.count() == 2
    assert targets_of(None).said_by(3, "apologize") == SaidBy.SHIPPED


def test_the_same_again_is_nothing(cast: Cast) -> None:
    say(cast)
    assert say(cast, expected_version=0) is None
    assert Event.objects.filter(kind="targets_changed").count() == 1


def test_somebody_was_faster(cast: Cast) -> None:
    say(cast)
    with pytest.raises(Stale):
        say(cast, targets={}, expected_version=0)


def test_set_back_and_set_again_is_another_version(cast: Cast) -> None:
    say(cast)
    opened = targets_of(None).version(MODERATE, SaidBy.BUSINESS)
    back(cast)
    say(cast, targets={})
    with pytest.raises(Stale):
        say(cast, expected_version=opened)


def test_back_to_what_stands_behind(cast: Cast) -> None:
    say(cast)
    say(cast, cast.here.pk, targets={Clock.APOLOGIZE: Target(minutes=20)})
    assert back(cast, cast.here.pk) is not None
    assert targets_of(cast.here.pk).said_by(3, "apologize") == SaidBy.BUSINESS
    assert back(cast, cast.here.pk) is None
    assert back(cast, severity=Severity.MINOR) is None
    assert back(cast) is not None
    assert not ClockTarget.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"targets": {Clock.APOLOGIZE: Target(minutes=0)}},
        {"targets": {Clock.APOLOGIZE: Target(minutes=86_401)}},
        {"targets": {Clock.APOLOGIZE: Target(days=61)}},
        {"targets": {Clock.APOLOGIZE: Target(days=-1)}},
        {"follow_ups": (Target(days=1), Target(days=2), Target(days=3))},
        {"follow_ups": (Target(days=2), Target(minutes=60))},
        {"follow_ups": (Target(days=2), Target(days=2))},
    ],
)
def test_what_cannot_be_is_refused_in_words(cast: Cast, said: Any) -> None:
    with pytest.raises(Refused):
        say(cast, **said)
    assert not ClockTarget.objects.exists()


def test_who_may(cast: Cast) -> None:
    for who, place in (("manager", None), ("desk", cast.here.pk), ("manager", cast.elsewhere.pk), ("outsider", None)):
        for act in (say, back):
            with pytest.raises(NotYours):
                act(cast, place, by=getattr(cast, who))


def test_the_next_incident_goes_by_it(cast: Cast) -> None:
    say(cast)
    incident = make.make_incident(cast.desk)
    assert incident.next_due_at == NOW + 30 * make.HOUR / 60
    make.settle(incident, cast.desk)
    assert [call.due_at for call in incident.follow_ups.all()] == [NOW + make.HOUR, NOW + 3 * make.DAY]


def test_the_earlier_call_comes_first_whatever_opening_hours_make_of_it(cast: Cast) -> None:
    keep_office_hours(cast.here)
    calls = [Target(minutes=48 * 60, is_business=True), Target(days=3)]
    say(cast, cast.here.pk, follow_ups=calls)
    incident = make.settle(make.make_incident(cast.desk), cast.desk)
    planned = list(incident.follow_ups.order_by("id").values_list("due_at", flat=True))
    assert len(planned) == 2
    assert planned == sorted(planned)
