"""Who else was hit and said nothing: each gets a recovery, hung together as one event."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from incidents.access import Role
from incidents.actions.causes import set_cause
from incidents.actions.noticed import log_others
from incidents.actions.refusals import NotYours, Refused
from incidents.models import Category, Incident, Notice, Outbox, Pattern, RootCause
from tests import make
from tests.make import NOW, Cast


@pytest.fixture
def first(cast: Cast) -> Incident:
    return make.make_incident(cast.desk, place="Third floor", occurred_at=NOW - make.HOUR)


def others(first: Incident, cast: Cast, key: UUID, **over: Any) -> Any:
    fields: dict[str, Any] = {"by": cast.desk, "now": NOW, "what_happened": "No hot water.", "submit_key": key}
    return log_others(incident_id=first.pk, **fields | over)


def test_each_of_them_has_one_of_the_same_event(cast: Cast, first: Incident) -> None:
    ada, bo = make.make_customer("Ada Stone", phone=""), make.make_customer("Bo Park", phone="")
    done = others(first, cast, uuid4(), customers=[ada, bo], hints=["Couple in 318"])
    assert ([each.who for each in done.logged], done.refused) == (["Ada Stone", "Bo Park", "Couple in 318"], [])
    for made in map(make.fresh, done.logged):
        assert (made.source, made.place, made.category) == ("noticed", "Third floor", first.category)
        assert (made.occurred_at, made.reported_at, made.assignee) == (first.occurred_at, NOW, cast.desk)
        assert made.what_happened == "No hot water."
    (event,) = Pattern.objects.all()
    assert (event.kind, event.location, event.links.count()) == ("event", cast.here, 4)
    assert first.events.filter(kind="others_hit", subject_id=event.pk, codes={"number": 3}).exists()


def test_sending_it_again_saves_nobody_twice(cast: Cast, first: Incident) -> None:
    ada, key = make.make_customer("Ada Stone", phone=""), uuid4()
    for _again in range(3):
        done = others(first, cast, key, customers=[ada], hints=["A man with a hat"])
        assert len(done.logged) == 2
    assert (Incident.objects.count(), Pattern.objects.count()) == (3, 1)
    assert first.events.filter(kind="others_hit").count() == 1
    again = others(first, cast, uuid4(), customers=[ada], hints=["A woman with a dog"])
    assert [each.who for each in again.logged] == ["A woman with a dog"]
    assert again.refused == [("Ada Stone", "They have one for this already.")]
    assert (Incident.objects.count(), Pattern.objects.count()) == (4, 1)


def test_who_must_not_know_of_the_first_does_not_know_of_the_others(cast: Cast, first: Incident) -> None:
    """Restricted once, of a kind that is not; and about the manager of the place."""
    Incident.objects.filter(pk=first.pk).update(is_restricted=True)
    first.concerned.add(cast.manager)
    done = others(
        first, cast, uuid4(), by=cast.owner, hints=["A man with a hat"], customers=[make.make_customer("Ada")]
    )
    assert len(done.logged) == 2
    for person in (cast.manager, cast.desk, cast.colleague):
        assert not Incident.objects.visible_to(person).filter(pk__in=[each.pk for each in done.logged]).exists()
    assert Incident.objects.visible_to(cast.owner).filter(pk__in=[each.pk for each in done.logged]).count() == 2


def test_nobody_who_must_not_know_is_told_even_of_what_is_critical(cast: Cast) -> None:
    """Neither the manager it is about, nor, as the place's fallback, do they get it."""
    other = make.make_staff("Max Manager", cast.here, role=Role.MANAGER)
    secret = make.make_incident(cast.owner, category="safety", severity=1)
    Incident.objects.filter(pk=secret.pk).update(severity=1, assignee=cast.desk)
    secret.concerned.add(cast.manager)
    Category.objects.filter(key="safety").update(severity=1)
    for by in (cast.owner, cast.desk):
        done = others(make.fresh(secret), cast, uuid4(), hints=[f"A man seen by {by}"], by=by)
        (made,) = map(make.fresh, done.logged)
        assert (made.severity, made.is_restricted, made.assignee) == (1, True, by)
        told = Notice.objects.filter(incident=made)
        assert not told.filter(recipient__in=[cast.manager, other]).exists()
        assert not Outbox.objects.filter(lines__notice__incident=made, recipient=cast.manager).exists()


def test_what_was_entered_by_mistake_keeps_nobody_out(cast: Cast, first: Incident) -> None:
    ada = make.make_customer("Ada Stone", phone="")
    (wrong,) = others(first, cast, uuid4(), customers=[ada]).logged
    make.close(wrong, cast.manager, "void")
    again = others(first, cast, uuid4(), customers=[ada])
    assert ([each.who for each in again.logged], again.refused) == (["Ada Stone"], [])


def test_what_cannot_be_is_told_and_the_rest_is_there(cast: Cast, first: Incident) -> None:
    assert first.customer
    ada = make.make_customer("Ada Stone", phone="")
    done = others(first, cast, uuid4(), customers=[first.customer, ada])
    assert [each.who for each in done.logged] == ["Ada Stone"]
    assert done.refused == [(first.customer.name, "They have one for this already.")]


def test_somebody_elses_form(cast: Cast, first: Incident) -> None:
    key = uuid4()
    others(first, cast, key, hints=["A man"])
    other = make.make_incident(cast.desk)
    with pytest.raises(Refused):
        others(other, cast, key, hints=["A man"], by=cast.colleague)


def test_of_a_restricted_one_only_by_who_reads_it(cast: Cast) -> None:
    secret = make.make_incident(cast.desk, category="safety")
    with pytest.raises(NotYours):
        others(secret, cast, uuid4(), hints=["A man"])
    done = others(secret, cast, uuid4(), hints=["A man"], by=cast.manager)
    assert done.logged[0].is_restricted


def test_why_it_happened(cast: Cast, first: Incident) -> None:
    step, other = RootCause.objects.get(key="step_missed"), RootCause.objects.get(key="training")
    fields: dict[str, Any] = {"incident_id": first.pk, "now": NOW}
    with pytest.raises(NotYours):
        set_cause(root_cause=step, by=cast.desk, **fields)
    before = make.fresh(first).version
    for _again in range(2):
        assert set_cause(root_cause=step, by=cast.manager, **fields).root_cause == step
    assert make.fresh(first).version == before + 1
    set_cause(root_cause=None, by=cast.manager, **fields)
    assert [e.codes for e in first.events.filter(kind="cause_set")] == [{"before": None}, {"before": step.pk}]
    RootCause.objects.filter(pk=other.pk).update(is_active=False)
    with pytest.raises(Refused):
        set_cause(root_cause=RootCause.objects.get(pk=other.pk), by=cast.manager, **fields)
