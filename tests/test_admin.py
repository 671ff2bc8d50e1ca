"""Django's admin: rows to look at, and endings only through the one door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client

from incidents.actions.learning_news import remind_of
from incidents.ladder import Kind
from incidents.models import Event, Incident, Notice, Reminder
from incidents.vocabulary import CloseReason, Stage
from incidents.workflow import APOLOGY_ALONE, FOLLOW_UP_EARLY
from tests import make
from tests.actions.limits import limit, propose, question
from tests.make import Cast

SignIn = Callable[..., Client]
LIST = "/admin/incidents/incident/"


def close(client: Client, *incidents: Incident) -> str:
    sent = {"action": "close_as_recovered", "_selected_action": [i.pk for i in incidents]}
    answer = client.post(LIST, sent, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_closing_after_the_apology_alone_is_refused_in_those_words(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    text = close(sign_in(cast.owner), incident)
    assert str(APOLOGY_ALONE.words) in text
    assert str(FOLLOW_UP_EARLY.words) in text
    incident.refresh_from_db()
    assert incident.stage == Stage.REMEDY
    assert incident.is_open
    assert not Event.objects.filter(incident=incident, kind="closed").exists()


def test_one_refusal_stops_no_other(cast: Cast, sign_in: SignIn) -> None:
    closed, bare, ready = (make.make_incident(cast.desk) for _n in range(3))
    for incident in (closed, ready):
        make.apologize(incident, cast.desk)
        make.give(incident, cast.desk)
        make.call(incident, cast.desk)
    _as_if_not_yet_closed(ready)
    text = close(sign_in(cast.owner), closed, bare, ready)
    assert "1 recovery closed." in text
    assert f"{closed.reference}: This recovery is closed." in text
    ready.refresh_from_db()
    assert ready.close_reason == CloseReason.RECOVERED


def _as_if_not_yet_closed(incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(
        stage=Stage.FOLLOW_UP, closed_at=None, close_reason="", next_due_at=make.NOW
    )
    incident.closures.all().delete()


def test_state_cannot_be_written(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    client = sign_in(cast.owner)
    assert client.get(f"{LIST}{incident.pk}/change/").status_code == 200
    answer = client.post(f"{LIST}{incident.pk}/change/", {"stage": "closed", "close_reason": "recovered"})
    assert answer.status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{incident.pk}/delete/", {"post": "yes"}).status_code == 403
    incident.refresh_from_db()
    assert incident.is_open


def test_only_superusers_get_in(cast: Cast, sign_in: SignIn, client: Client) -> None:
    assert sign_in(cast.owner).get("/admin/").status_code == 200
    for other in (cast.desk, cast.manager):
        assert sign_in(other).get(LIST).status_code != 200
    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model.__name__)
def test_every_list_opens(model: type, cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    make.call(incident, cast.desk, "no_answer")
    name = model._meta.model_name  # type: ignore[attr-defined]
    label = model._meta.app_label  # type: ignore[attr-defined]
    assert sign_in(cast.owner).get(f"/admin/{label}/{name}/").status_code == 200


def test_what_concerns_the_operator_stays_hidden(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk, category="safety")
    make.apologize(incident, cast.desk)
    client = sign_in(cast.owner)
    assert incident.reference in client.get(LIST).content.decode()
    incident.concerns.create(staff=cast.owner)
    assert incident.reference not in client.get(LIST).content.decode()
    assert incident.reference not in client.get("/admin/incidents/apology/").content.decode()
    assert client.get(f"{LIST}{incident.pk}/change/").status_code == 302


def test_a_catalogue_is_changed_on_its_own_page(cast: Cast, sign_in: SignIn) -> None:
    kind, client = make.category("room"), sign_in(cast.owner)
    address = f"/admin/incidents/category/{kind.pk}/"
    sent = {"name": "Room", "position": "3", "icon": "door-closed", "severity": "3", "is_active": "on", "key": "other"}
    assert client.post(f"{address}change/", sent).status_code == 403
    kind.refresh_from_db()
    assert (kind.key, kind.name) == ("room", "Room or facility")
    assert client.post(f"{address}delete/", {"post": "yes"}).status_code == 403


def test_decision_rows_are_read_and_never_written(cast: Cast, sign_in: SignIn) -> None:
    limit(50)
    request = question(propose(make.make_incident(cast.desk), cast.desk, 80))
    client, there = sign_in(cast.owner), "/admin/incidents/approvalrequest/"
    assert f"{request.remedy_id}: 80.00 USD" in client.get(there).content.decode()
    assert client.get(f"{there}{request.pk}/change/").status_code == 200
    forged = {"verdict": "approved", "decided_by": cast.owner.pk, "is_sole_approver": "on"}
    for address in ("add/", f"{request.pk}/change/", f"{request.pk}/delete/"):
        assert client.post(there + address, forged | {"post": "yes"}).status_code == 403
    client.post(there, {"action": "delete_selected", "_selected_action": [request.pk], "post": "yes"})
    request.refresh_from_db()
    assert request.is_waiting


def test_what_hangs_on_no_incident_is_listed_too(cast: Cast, sign_in: SignIn) -> None:
    """Notices of what is learned, and reminders of procedures and meetings."""
    Notice.objects.create(kind="procedure_new", subject_id=77, occurrence="Quetzal", recipient=cast.desk, at=make.NOW)
    remind_of(kind=Kind.PROCEDURE_DUE, subject_id=78, target_at=make.NOW + make.DAY, now=make.NOW)
    client = sign_in(cast.owner)
    for name, model in (("notice", Notice), ("reminder", Reminder)):
        row = model.objects.get(incident=None)
        text = client.get(f"/admin/incidents/{name}/").content.decode()
        assert f"/admin/incidents/{name}/{row.pk}/change/" in text
        assert client.get(f"/admin/incidents/{name}/{row.pk}/change/").status_code == 200
