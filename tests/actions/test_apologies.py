"""Apologies: who said sorry, when it counts, and those that travel with a delivery."""

from __future__ import annotations

import pytest

from incidents.actions import endings, remedies
from incidents.actions.refusals import Refused, StepRefused
from incidents.models import Apology, Incident
from incidents.vocabulary import RemedyState, Stage
from tests import make
from tests.make import HOUR, NOW, Cast


def test_an_apology_that_travels_counts_when_the_delivery_does(cast: Cast, incident: Incident) -> None:
    van = make.give(incident, cast.desk, "personal_delivery", is_delivered=False)
    note = make.apologize(incident, cast.manager, channel="note", travels_with=van)
    assert note.made_at is None
    assert make.fresh(incident).stage == Stage.APOLOGIZE
    remedies.deliver_remedy(remedy_id=van.pk, by=cast.desk, now=NOW + HOUR)
    note.refresh_from_db()
    assert note.made_at == NOW + HOUR
    assert make.fresh(incident).stage == Stage.FOLLOW_UP


def test_an_apology_beside_what_arrived_already_counts_at_once(cast: Cast, incident: Incident) -> None:
    van = make.give(incident, cast.desk, "personal_delivery")
    note = make.apologize(incident, cast.desk, channel="note", travels_with=van, now=NOW + HOUR)
    assert note.made_at == NOW


def test_a_delivery_that_did_not_happen_carries_no_apology(cast: Cast, incident: Incident) -> None:
    van = make.give(incident, cast.desk, is_delivered=False)
    note = make.apologize(incident, cast.desk, travels_with=van)
    remedies.end_remedy(remedy_id=van.pk, by=cast.desk, now=NOW, state="failed")
    with pytest.raises(Refused, match="did not happen"):
        make.apologize(incident, cast.desk, travels_with=van)
    with pytest.raises(StepRefused, match="Nobody has apologized"):
        endings.close_incident(incident_id=incident.pk, reason="recovered", by=cast.desk, now=NOW)
    assert Apology.objects.get() == note


def test_an_apology_cannot_travel_with_somebody_elses_parcel(cast: Cast, incident: Incident) -> None:
    other = make.give(make.make_incident(cast.desk), cast.desk, is_delivered=False)
    with pytest.raises(Refused, match="another incident"):
        make.apologize(incident, cast.desk, travels_with=other)


def test_the_author_is_who_said_it(cast: Cast, incident: Incident) -> None:
    assert make.apologize(incident, cast.desk).author == cast.desk
    assert make.apologize(incident, cast.desk, author=cast.manager).who == "Mona Manager"
    typed = make.apologize(incident, cast.desk, author_name="Colin, sales")
    assert (typed.author, typed.who, typed.created_by) == (None, "Colin, sales", cast.desk)


def test_nothing_happens_in_the_future(cast: Cast, incident: Incident) -> None:
    with pytest.raises(Refused, match="still to come"):
        make.apologize(incident, cast.desk, made_at=NOW + HOUR)
    offer = make.give(incident, cast.desk, is_delivered=False)
    with pytest.raises(Refused, match="still to come"):
        remedies.deliver_remedy(remedy_id=offer.pk, by=cast.desk, now=NOW, delivered_at=NOW + HOUR)
    offer.refresh_from_db()
    assert offer.state == RemedyState.OFFERED
