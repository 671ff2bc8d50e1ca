"""May I give this, of a restricted incident: asked of nobody who does not read it whole."""

from __future__ import annotations

import pytest

from incidents.actions.refusals import NotYours
from incidents.models import Incident, Notice
from incidents.models.deciding import deciders_of
from tests import make
from tests.actions.limits import answer, limit, propose, question
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast


@kept_rows
def restricted(cast: Cast) -> Incident:
    """The colleague has one step of it, and stands in for the manager, who has it."""
    cast.manager.away_until, cast.manager.stand_in = NOW + DAY, cast.colleague
    cast.manager.save()
    incident = make.make_incident(cast.manager)
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    make.give(incident, cast.manager, is_delivered=False, assignee=cast.colleague)
    return make.fresh(incident)


def test_a_stand_in_with_only_a_step_of_it_neither_hears_nor_decides(cast: Cast, restricted: Incident) -> None:
    limit(50, role=cast.owner.role)
    card = propose(restricted, cast.owner, 80)
    asked = Notice.objects.filter(kind="approval_asked").values_list("recipient__name", flat=True)
    assert set(asked) == {"Mona Manager"}
    assert [found.person for found in deciders_of(question(card), restricted, now=NOW)] == [cast.manager]
    with pytest.raises(NotYours):
        answer(card, cast.colleague)


def test_one_who_has_it_does(cast: Cast, restricted: Incident) -> None:
    limit(50, role=cast.owner.role)
    Incident.objects.filter(pk=restricted.pk).update(assignee=cast.colleague)
    card = propose(make.fresh(restricted), cast.owner, 80)
    assert answer(card, cast.colleague).decided_for == cast.manager
