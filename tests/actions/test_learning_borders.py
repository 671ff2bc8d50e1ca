"""What another place was told is not theirs to change; a story is not published of what few may know."""

from __future__ import annotations

import pytest

from incidents.access import Role
from incidents.actions import practice, prevention
from incidents.actions.refusals import Refused
from incidents.actions.remind import sweep
from incidents.models import Incident, Notice, PreventionAction, Scenario
from tests import make
from tests.make import DAY, NOW, Cast
from tests.preventing import commit
from tests.views.practice.addresses import scenario
from tests.views.procedures.addresses import written


def test_a_place_that_was_told_writes_it_down_and_leaves_it_as_it_is(cast: Cast) -> None:
    action = commit(make.make_incident(cast.desk), cast.manager)
    prevention.tell_place(action_id=action.pk, location=cast.elsewhere, by=cast.manager, now=NOW)
    other = make.make_staff("Otis Other", cast.elsewhere, role=Role.MANAGER)
    theirs = written(cast, by=other, location=cast.elsewhere, responsible=other, action=action)
    action.refresh_from_db()
    assert action.procedure is None
    assert theirs.versions.get().action == action
    ours = written(cast, action=action)
    assert PreventionAction.objects.get(pk=action.pk).procedure == ours


def test_a_story_of_what_became_restricted_is_not_published(cast: Cast) -> None:
    incident = make.make_incident(cast.desk)
    draft = scenario(cast, incident=incident, published_at=None)
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    with pytest.raises(Refused):
        practice.publish(scenario_id=draft.pk, by=cast.manager, now=NOW)
    assert Scenario.objects.get(pk=draft.pk).published_at is None


def test_where_whoever_catches_things_has_left_administrators_hear_of_a_change_elsewhere(cast: Cast) -> None:
    gone = make.make_staff("Gina Gone", cast.elsewhere, is_active=False)
    cast.elsewhere.fallback_assignee = gone
    cast.elsewhere.save()
    action = commit(make.make_incident(cast.desk), cast.manager)
    prevention.tell_place(action_id=action.pk, location=cast.elsewhere, by=cast.manager, now=NOW)
    told = Notice.objects.filter(kind="change_elsewhere", subject_id=action.pk)
    assert [notice.recipient for notice in told] == [cast.owner]


def test_who_stands_in_is_reminded_of_a_change_too(cast: Cast) -> None:
    commit(make.make_incident(cast.desk), cast.manager, assignee=cast.colleague)
    cast.colleague.away_until, cast.colleague.stand_in = NOW + 60 * DAY, cast.desk
    cast.colleague.save(update_fields=["away_until", "stand_in"])
    sweep(lambda: NOW + 17 * DAY)
    told = Notice.objects.filter(kind="prevention_due").order_by("recipient__name")
    assert [(notice.recipient, notice.reason) for notice in told] == [
        (cast.colleague, "yours"),
        (cast.desk, "stand_in"),
    ]
