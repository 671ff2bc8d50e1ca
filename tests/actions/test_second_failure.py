"""We made it worse."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.actions import change
from incidents.actions.refusals import NotYours, Refused
from incidents.models import Incident
from tests import make
from tests.make import NOW, Cast

WORDS = "You should have read the contract."


def note(incident: Incident, cast: Cast, **over: Any) -> Incident:
    fields: dict[str, Any] = {"by": cast.desk, "now": NOW}
    change.note_second_failure(incident_id=incident.pk, **fields | over)
    return make.fresh(incident)


def test_the_words_stay_out_of_the_events(cast: Cast, incident: Incident) -> None:
    note(incident, cast, words=f" {WORDS} ")
    assert (incident.is_second_failure, incident.private_values) == (True, {"words_used": WORDS})
    event = incident.events.get(kind="second_failure_noted")
    assert event.codes == {"is_new": True}


def test_words_may_come_later_but_nobody_overwrites_them(cast: Cast, incident: Incident) -> None:
    note(incident, cast)
    note(incident, cast, words=WORDS)
    before = incident.version
    assert note(incident, cast, words=WORDS).version == before
    with pytest.raises(Refused, match="written down already"):
        note(incident, cast, words="Something milder.")


def test_they_outlive_a_change_of_the_facts(cast: Cast, incident: Incident) -> None:
    note(incident, cast, words=WORDS)
    change.change_incident(
        incident_id=incident.pk, expected_version=incident.version, by=cast.manager, now=NOW, private_values={}
    )
    assert make.fresh(incident).private_values == {"words_used": WORDS}


def test_a_closed_one_too(cast: Cast, incident: Incident) -> None:
    make.close(incident, cast.desk, "withdrawn")
    assert note(incident, cast).is_second_failure


def test_taken_back_by_a_manager_words_and_all(cast: Cast, incident: Incident) -> None:
    note(incident, cast, words=WORDS)
    with pytest.raises(NotYours):
        change.drop_second_failure(incident_id=incident.pk, by=cast.desk, now=NOW)
    change.drop_second_failure(incident_id=incident.pk, by=cast.manager, now=NOW)
    assert (make.fresh(incident).is_second_failure, incident.private_values) == (False, {})
    version = incident.version
    change.drop_second_failure(incident_id=incident.pk, by=cast.manager, now=NOW)
    assert make.fresh(incident).version == version


def test_not_what_the_category_says(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, category="in_the_wrong")
    assert incident.is_second_failure
    with pytest.raises(Refused, match="What kind of mistake"):
        change.drop_second_failure(incident_id=incident.pk, by=cast.manager, now=NOW)
