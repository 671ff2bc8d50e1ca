"""The one paragraph that sums an incident up from its data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from incidents import story
from incidents.actions import rounds
from incidents.models import Incident, Staff
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, HOUR, NOW, Cast


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk)


def said(incident: Incident, by: Staff, now: dt.datetime = NOW + 2 * HOUR) -> str:
    return story.tell(story.find_incident(by, incident.reference), by, now).sentence


def go_back(incident: Incident, by: Staff, reason: str, **over: Any) -> None:
    fields: dict[str, Any] = {"now": NOW + DAY}
    rounds.go_back(incident_id=incident.pk, by=by, reason=reason, **fields | over)


def test_just_told(cast: Cast, incident: Incident) -> None:
    assert said(incident, cast.desk) == "Nora Novak told us 2 hours ago. Nobody has apologized yet."


def test_in_its_first_minute_it_is_just_now(cast: Cast, incident: Incident) -> None:
    assert said(incident, cast.desk, NOW + dt.timedelta(seconds=59)).startswith("Nora Novak told us just now.")
    assert said(incident, cast.desk, NOW + dt.timedelta(seconds=60)).startswith("Nora Novak told us 1 minute ago.")
    make.call(make.settle(incident, cast.desk), cast.desk, "satisfied")
    go_back(incident, cast.desk, "contacted_us")
    assert "They came back to us just now: it is not right yet." in said(incident, cast.desk, NOW + DAY)


def test_put_right_and_the_call_planned(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk, "gift_card", actual_amount="25", what="A card for the spa")
    words = said(incident, cast.desk)
    assert "Dora Desk apologized in person. What we did: A card for the spa. 25.00 USD given." in words
    assert "Dora Desk calls back Fri 6 Mar" in words


def test_recovered(cast: Cast, incident: Incident) -> None:
    make.call(make.settle(incident, cast.desk), cast.desk, "satisfied", now=NOW + 3 * HOUR)
    assert said(incident, cast.desk, NOW + DAY).endswith("Recovered after 3 hours.")


def test_they_came_back(cast: Cast, incident: Incident) -> None:
    make.call(make.settle(incident, cast.desk), cast.desk, "satisfied")
    go_back(incident, cast.desk, "contacted_us")
    words = said(incident, cast.desk, NOW + DAY + HOUR)
    assert "They came back to us 1 hour ago: it is not right yet. Nobody has apologized for that yet." in words
    make.apologize(incident, cast.desk, now=NOW + DAY + HOUR)
    assert "for that yet" not in said(incident, cast.desk, NOW + DAY + HOUR)


def test_still_unhappy_and_what_is_on_its_way_now(cast: Cast, incident: Incident) -> None:
    make.call(make.settle(incident, cast.desk), cast.desk, "unhappy", now=NOW + HOUR)
    make.give(incident, cast.desk, "free_item", now=NOW + HOUR, is_delivered=False)
    words = said(incident, cast.desk)
    assert words.endswith("They were still unhappy when we called 1 hour ago. 1 thing is still on its way.")


def test_once_closed_only_the_end_is_told(cast: Cast, incident: Incident) -> None:
    make.call(make.settle(incident, cast.desk), cast.desk, "unhappy", now=NOW + HOUR)
    make.close(incident, cast.manager, "unresolved", now=NOW + DAY, is_told=True)
    assert "still unhappy" not in said(incident, cast.desk, NOW + DAY)


def test_waiting_for_their_answer(cast: Cast, incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(waiting_since=NOW, waiting_until=NOW + 3 * DAY)
    assert "We have been waiting for their answer for 2 hours." in said(incident, cast.desk)
    assert "waiting" not in said(incident, cast.desk, NOW + HOUR / 120)  # the box below says it
