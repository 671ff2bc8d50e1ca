"""Refusals that escape a view, and a database that is away, end on pages in our words."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from incidents.actions.refusals import NotYours, Refused, Stale, StepRefused
from incidents.urls import urlpatterns as ours
from incidents.workflow import APOLOGY_ALONE, FOLLOW_UP_EARLY

REASONS = {
    "refused": Refused("Not like this."),
    "not-yours": NotYours("A manager does this."),
    "stale": Stale("Someone else changed this meanwhile.", None),
    "step": StepRefused((APOLOGY_ALONE, FOLLOW_UP_EARLY)),
    "away": OperationalError("connection refused"),
}


def raises(request: HttpRequest, reason: str, reference: str = "") -> HttpResponse:
    raise REASONS[reason]


urlpatterns = [
    path("raises/<slug:reason>/", raises),
    path("raises/<slug:reason>/<reference:reference>/", raises),
    path("accounts/", include("allauth.urls")),
    *ours,
]
handler500 = "incidents.views.public.server_error"

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.mark.parametrize(
    ("reason", "status", "words"),
    [
        ("refused", 409, "Not like this."),
        ("not-yours", 403, "A manager does this."),
        ("stale", 409, "Someone else was faster"),
        ("step", 422, "An apology alone is not a recovery."),
        ("away", 503, "Recovery is not ready yet"),
    ],
)
def test_the_page_has_the_words_and_what_was_typed(reason: str, status: int, words: str, client: Client) -> None:
    answer = client.post(f"/raises/{reason}/", {"what_happened": "The tap dripped", "password": "secret-word"})
    assert answer.status_code == status
    page = answer.content.decode()
    assert words in page
    assert "The tap dripped" in page
    assert "secret-word" not in page


def test_a_refused_ending_lists_every_gate_and_offers_the_remedy_form(client: Client) -> None:
    page = client.post("/raises/step/R-2026-00042/").content.decode()
    assert str(FOLLOW_UP_EARLY.words) in page
    assert "/incidents/R-2026-00042/remedy/" in page


def test_back_leads_to_our_own_pages_only(client: Client) -> None:
    ours = client.post("/raises/refused/", headers={"Referer": "http://testserver/calls/"}).content.decode()
    assert 'href="http://testserver/calls/"' in ours
    theirs = client.post("/raises/refused/", headers={"Referer": "http://evil.example/calls/"}).content.decode()
    assert "evil.example" not in theirs


def test_htmx_gets_a_toast(client: Client) -> None:
    answer = client.post("/raises/refused/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert json.loads(answer["HX-Trigger"]) == {"toast": {"text": "Not like this.", "bad": True}, "refused": {}}
