"""How bad it is: preset in words, raised by what weighs more, taken back in one tap."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from incidents.models import Account, Incident
from incidents.vocabulary import Severity
from tests import make

FIELDS, NEW = "/incidents/new/fields/", "/incidents/new/"


@pytest.fixture
def desk(cast: make.Cast, sign_in: Any) -> Any:
    return sign_in(cast.desk)


def level(client: Any, **asked: Any) -> tuple[str, str]:
    """(what is chosen, why) of the fragment."""
    form = client.get(FIELDS, {"category": "room"} | asked).context["form"]
    return Severity(int(form["severity"].value())).name, form.why


def saved(client: Any, **over: Any) -> Incident:
    facts = {"category": "room", "what_happened": "Cold.", "source": "customer", "new_name": "Ada Stone"}
    if "customer" in over:
        facts.pop("new_name")
    answer = client.post(NEW, facts | {"submit_key": uuid4(), "draft_key": uuid4()} | over)
    assert answer.status_code == 302
    return Incident.objects.latest("id")


def key_customer() -> Any:
    customer = make.make_customer(account="Rowing Club")
    Account.objects.update(is_key=True)
    return customer


def test_the_kind_says_it(desk: Any) -> None:
    assert level(desk) == ("MODERATE", "")
    assert saved(desk, severity="3", severity_preset="3").severity == Severity.MODERATE


def test_their_first_order_raises_it_in_words(desk: Any) -> None:
    assert level(desk, is_first_order="on") == ("MAJOR", "Major, since it is their first order.")
    incident = saved(desk, is_first_order="on", severity="2", severity_preset="2")
    assert (incident.severity, incident.raised_by, incident.is_first_order) == (2, "first_order", True)


def test_without_scripts_the_rule_holds_as_well(desk: Any) -> None:
    incident = saved(desk, is_first_order="on", severity="3", severity_preset="3")
    assert (incident.severity, incident.raised_by) == (2, "first_order")


def test_taken_back_in_one_tap(desk: Any) -> None:
    incident = saved(desk, is_first_order="on", severity="3", severity_preset="2")
    assert (incident.severity, incident.raised_by, incident.is_first_order) == (3, "", True)


def test_what_somebody_chose_stands(desk: Any) -> None:
    assert level(desk, severity="4", severity_preset="3", is_first_order="on") == ("MINOR", "")
    assert saved(desk, severity="1", severity_preset="3", is_first_order="on").severity == Severity.CRITICAL


def test_a_key_account(desk: Any) -> None:
    customer = key_customer()
    assert level(desk, customer=customer.pk) == ("MAJOR", "Major, since they belong to a key account.")
    incident = saved(desk, customer=customer.pk, severity="2", severity_preset="2")
    assert (incident.severity, incident.raised_by) == (2, "key_account")


@pytest.mark.parametrize(("ago", "words"), [(80, "Major, since it happened again within 90 days."), (100, "")])
def test_again_within_90_days(cast: make.Cast, desk: Any, ago: int, words: str) -> None:
    then = timezone.now() - dt.timedelta(days=ago)
    first = make.close(make.make_incident(cast.desk, now=then), cast.desk, "withdrawn", now=timezone.now())
    chosen, why = level(desk, customer=first.customer_id, again=first.reference)
    assert why == words
    preset = str(Severity[chosen].value)
    fields = {"customer": first.customer_id, "again": first.reference, "severity": preset, "severity_preset": preset}
    assert saved(desk, **fields).severity == Severity[chosen]


def test_never_to_critical_and_never_twice(desk: Any) -> None:
    customer = key_customer()
    assert level(desk, category="late", is_first_order="on", customer=customer.pk) == ("MAJOR", "")
    both = {"is_first_order": "on", "customer": customer.pk}
    assert level(desk, **both) == ("MAJOR", "Major, since it is their first order.")
    assert saved(desk, **both).severity == Severity.MAJOR


def test_a_draft_keeps_what_was_tapped(desk: Any) -> None:
    key = str(uuid4())
    typed = {"what_happened": "Cold", "category": "room", "is_first_order": "on"}
    desk.post("/incidents/new/draft/", typed | {"draft_key": key, "severity": "3", "severity_preset": "2"})
    form = desk.get(NEW, {"draft": key}).context["form"]
    assert (str(form["severity"].value()), form.why) == ("3", "")
    assert form["is_first_order"].value()


def test_an_error_keeps_it_too(desk: Any) -> None:
    answer = desk.post(NEW, {"category": "room", "is_first_order": "on", "severity": "2", "severity_preset": "2"})
    assert answer.status_code == 422
    assert "Major, since it is their first order." in answer.content.decode()


def test_another_place_s_incident_is_not_asked(cast: make.Cast, desk: Any) -> None:
    foreign = make.make_incident(cast.outsider)
    assert desk.get(FIELDS, {"category": "room", "again": foreign.reference}).status_code == 404


def test_tapped_by_mistake_and_corrected(cast: make.Cast, desk: Any) -> None:
    incident = saved(desk, is_first_order="on", severity="2", severity_preset="2")
    form = desk.get(f"/incidents/{incident.reference}/change/").context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    assert typed.pop("is_first_order") is True
    assert desk.post(f"/incidents/{incident.reference}/change/", typed).status_code == 302
    fresh = make.fresh(incident)
    assert (fresh.is_first_order, fresh.severity, fresh.raised_by) == (False, Severity.MODERATE, "")
