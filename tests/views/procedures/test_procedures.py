"""The pages of how we do things."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.actions import procedures
from incidents.board import procedures as board
from incidents.models import MissedStep, Notice, Procedure, ProcedureRead
from tests import make
from tests.make import NOW, Cast
from tests.models.learned import make_change
from tests.views.procedures.addresses import written

SignIn = Callable[..., Client]


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def fields(cast: Cast, **over: Any) -> dict[str, Any]:
    return {
        "title": "Taking an order",
        "place": cast.here.pk,
        "words": "Ask slowly.",
        "steps": "Write the name\nRead it back",
        "responsible": cast.manager.pk,
        "review_every_days": "180",
        "categories": [make.category().pk],
        "submit_key": str(uuid4()),
        **over,
    }


def test_a_manager_writes_one_and_everybody_there_is_asked_to_read_it(cast: Cast, sign_in: SignIn) -> None:
    client, sent = sign_in(cast.manager), fields(cast)
    answer = client.post("/procedures/new/", sent)
    procedure = Procedure.objects.get()
    assert answer["Location"] == f"/procedures/{procedure.pk}/"
    assert list(procedure.steps.values_list("words", flat=True)) == ["Write the name", "Read it back"]
    told = Notice.objects.filter(kind="procedure_new").values_list("recipient__name", flat=True)
    assert set(told) == {"Dora Desk", "Cole League", "Olga Owner"}
    client.post("/procedures/new/", sent)
    assert Procedure.objects.count() == 1


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"title": ""}, "Fill this in."),
        ({"words": "", "steps": ""}, "Write what is done, or its steps."),
        ({"review_every_days": "3"}, "greater than or equal to 7"),
        ({"steps": "\n".join(f"Step {number}" for number in range(61))}, "60 steps at most"),
        ({"place": "all"}, "valid choice"),
        ({"responsible": "999999"}, "valid choice"),
    ],
)
def test_what_does_not_fit_keeps_what_was_typed(cast: Cast, sign_in: SignIn, over: dict[str, Any], words: str) -> None:
    answer = sign_in(cast.manager).post("/procedures/new/", fields(cast, title="Orders by phone") | over)
    assert answer.status_code in (409, 422)
    shown = answer.content.decode()
    assert words in shown
    assert ("Orders by phone" in shown) is ("title" not in over)
    assert not Procedure.objects.exists()


def test_all_places_is_for_administrators(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.owner).post("/procedures/new/", fields(cast, place="all"))
    procedure = Procedure.objects.get()
    assert procedure.location is None
    assert "Taking an order" in text(sign_in(cast.outsider), f"/procedures/{procedure.pk}/")
    assert sign_in(cast.manager).get(f"/procedures/{procedure.pk}/write/").status_code == 200  # who keeps it
    Procedure.objects.update(responsible=cast.owner)
    assert sign_in(cast.manager).get(f"/procedures/{procedure.pk}/write/").status_code == 403


def test_reading_it(cast: Cast, sign_in: SignIn) -> None:
    procedure, client = written(cast), sign_in(cast.desk)
    address = f"/procedures/{procedure.pk}/"
    assert "Taking an order" in text(client, "/procedures/?view=read")
    assert "Dora Desk" in text(client, address)
    for _twice in range(2):
        assert client.post(address + "read/", {"number": "1"})["Location"] == address
    assert ProcedureRead.objects.filter(staff=cast.desk).count() == 1
    assert not Notice.objects.filter(recipient=cast.desk, kind="procedure_new", read_at=None).exists()
    assert "You have read them all" in text(client, "/procedures/?view=read")
    assert client.post(address + "read/", {"number": "2"}).status_code == 409
    assert client.post(address + "read/", {"number": "²"}).status_code == 404


def test_a_new_version_is_compared_with_the_old_one(cast: Cast, sign_in: SignIn) -> None:
    procedure, client = written(cast), sign_in(cast.manager)
    steps = list(procedure.steps.all())
    assert "Say it back." in text(client, f"/procedures/{procedure.pk}/write/")
    sent = {"words": "Ask slowly.\nSay it back twice.", "steps": "Read the whole order back\nWrite the name"}
    answer = client.post(f"/procedures/{procedure.pk}/write/", sent | {"why": "One was lost", "version": "1"})
    assert answer.status_code == 302
    names = {step.pk: step.words for step in procedure.steps.filter(is_active=True)}
    assert names == {steps[0].pk: "Write the name", steps[1].pk: "Read the whole order back"}
    shown = text(client, f"/procedures/{procedure.pk}/versions/2/")
    assert "<del>back.</del>" in shown
    assert "<ins>back twice.</ins>" in shown.replace("<ins>back</ins> <ins>twice.</ins>", "<ins>back twice.</ins>")
    assert "One was lost" in shown
    assert "<table" in text(client, f"/procedures/{procedure.pk}/versions/2/?side=1")
    assert client.get(f"/procedures/{procedure.pk}/versions/3/").status_code == 404


def test_two_who_write_at_once_see_both(cast: Cast, sign_in: SignIn) -> None:
    procedure, client = written(cast), sign_in(cast.manager)
    answer = client.post(f"/procedures/{procedure.pk}/write/", {"words": "Mine.", "steps": "", "version": "0"})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Mine." in shown
    assert "Say it back." in shown
    again = client.post(f"/procedures/{procedure.pk}/write/", {"words": "Mine.", "steps": "", "version": "1"})
    assert again.status_code == 302


def test_a_change_is_carried_out(cast: Cast, sign_in: SignIn) -> None:
    procedure, client = written(cast), sign_in(cast.manager)
    incident = make.make_incident(cast.desk)
    action = make_change(cast, incident, old_text="Say it back.", new_text="Spell it back.", procedure=procedure)
    address = f"/procedures/{procedure.pk}/write/?change={action.pk}"
    shown = text(client, address)
    assert "Ask slowly.\nSpell it back." in shown
    client.post(address, {"words": "Ask slowly.\nSpell it back.", "steps": "", "why": "", "version": "1"})
    assert procedure.versions.get(number=2).action == action
    assert action.what in text(client, f"/procedures/{procedure.pk}/")


def test_a_change_goes_into_one_that_is_chosen_or_a_new_one(cast: Cast, sign_in: SignIn) -> None:
    procedure, client = written(cast), sign_in(cast.manager)
    incident = make.make_incident(cast.desk)
    assert "How we do it: Taking an order" in text(client, f"/incidents/{incident.reference}/")
    action = make_change(cast, incident, new_text="Spell it back.")
    assert f"/procedures/?change={action.pk}" in text(client, f"/changes/{action.pk}/")
    shown = text(client, f"/procedures/?change={action.pk}")
    assert f"/procedures/{procedure.pk}/write/?change={action.pk}" in shown
    assert "Spell it back." in text(client, f"/procedures/new/?change={action.pk}")
    client.post(f"/procedures/new/?change={action.pk}", fields(cast))
    action.refresh_from_db()
    assert action.procedure == Procedure.objects.latest("pk")
    assert action.what not in text(sign_in(cast.outsider), f"/procedures/?change={action.pk}")


def test_looking_at_it_again(cast: Cast, sign_in: SignIn) -> None:
    procedure, client = written(cast, review_every_days=30), sign_in(cast.manager)
    assert "Is it still true?" in text(client, f"/procedures/{procedure.pk}/")  # it was written in March
    assert "Taking an order" in text(client, "/procedures/?view=look")
    client.post(f"/procedures/{procedure.pk}/true/")
    assert "Is it still true?" not in text(client, f"/procedures/{procedure.pk}/")
    assert sign_in(cast.desk).post(f"/procedures/{procedure.pk}/true/").status_code == 403


def test_who_when_and_what_for(cast: Cast, sign_in: SignIn) -> None:
    procedure, client = written(cast), sign_in(cast.manager)
    address = f"/procedures/{procedure.pk}/about/"
    sent = {"title": "Orders", "responsible": cast.desk.pk, "review_every_days": "90", "version": "1"}
    assert client.post(address, sent | {"version": "0"}).status_code == 409
    assert client.post(address, sent | {"title": ""}).status_code == 422
    assert client.post(address, sent)["Location"] == f"/procedures/{procedure.pk}/"
    procedure.refresh_from_db()
    assert (procedure.title, procedure.responsible, procedure.categories.count()) == ("Orders", cast.desk, 0)
    assert sign_in(cast.desk).get(f"/procedures/{procedure.pk}/write/").status_code == 200


def test_retired_and_back(cast: Cast, sign_in: SignIn) -> None:
    procedure, client = written(cast), sign_in(cast.manager)
    client.post(f"/procedures/{procedure.pk}/retire/")
    assert "Nothing written yet" in text(client, "/procedures/")
    assert "Taking an order" in text(client, "/procedures/?view=retired")
    assert procedures.routine_for(make.category().pk, cast.here.pk) == []
    client.post(f"/procedures/{procedure.pk}/restore/")
    assert "Taking an order" in text(client, "/procedures/")


def test_a_bad_number_and_a_stranger(cast: Cast, sign_in: SignIn) -> None:
    procedure = written(cast)
    outsider = sign_in(cast.outsider)
    for act in ("", "write/", "versions/1/"):
        assert outsider.get(f"/procedures/{procedure.pk}/{act}").status_code == 404
    assert sign_in(cast.desk).get("/procedures/99999999999999999999/").status_code == 404
    assert sign_in(cast.desk).get(f"/procedures/{procedure.pk}/read/").status_code == 405


@pytest.mark.parametrize("number", [1, 3])
def test_statements(
    cast: Cast, sign_in: SignIn, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(number):
        procedure = written(cast, responsible=cast.desk if _each else cast.manager)
        make_change(cast, make.make_incident(cast.desk), procedure=procedure)
        step = procedure.steps.earliest("pk")
        MissedStep.objects.create(incident=make.make_incident(cast.desk), step=step, at=NOW, by=cast.manager)
    client = sign_in(cast.desk)
    with django_assert_max_num_queries(8):
        client.get("/procedures/")
    with django_assert_max_num_queries(12):
        client.get(f"/procedures/{procedure.pk}/")


def test_to_be_looked_at_from_the_day_of_the_reader_on_not_of_greenwich(cast: Cast) -> None:
    procedure = written(cast)
    Procedure.objects.filter(pk=procedure.pk).update(review_on=dt.date(2026, 3, 5))
    asked = {"view": "look", "place": "", "category": "", "after": ""}
    evening, morning = dt.datetime(2026, 3, 5, 2, tzinfo=dt.UTC), dt.datetime(2026, 3, 5, 15, tzinfo=dt.UTC)
    assert board.list_page(cast.manager, asked, now=evening).rows == []
    assert board.list_page(cast.manager, asked, now=morning).rows == [procedure]
