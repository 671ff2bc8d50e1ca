"""Correct the facts of an incident."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.models import Incident
from tests import make
from tests.kept import kept_rows


@kept_rows
def late(cast: make.Cast) -> Incident:
    values = {"promised_at": "2026-03-04T15:00:00+00:00", "actual_at": "2026-03-04T17:05:00+00:00"}
    return make.make_incident(cast.desk, category="late", field_values=values)


def url(incident: Incident) -> str:
    return f"/incidents/{incident.reference}/change/"


def sent(incident: Incident, **over: Any) -> dict[str, Any]:
    customer = incident.customer
    assert customer is not None
    return {
        "version": incident.version,
        "customer": customer.pk,
        "customer_name": customer.name,
        "what_happened": incident.what_happened,
        "category": incident.category.key,
        "severity": incident.severity,
        "value_promised_at": "2026-03-04T09:00",
        "value_actual_at": "2026-03-04T11:05",
        **over,
    }


def test_shows_what_is_known_and_what_follows_from_it(late: Incident, cast: make.Cast, sign_in: Any) -> None:
    html = sign_in(cast.desk).get(url(late)).content.decode()
    assert 'value="2026-03-04T09:00"' in html
    assert "2 hours 5 minutes" in html


def test_changed(late: Incident, cast: make.Cast, sign_in: Any) -> None:
    fields = sent(late, what_happened="It came late.", value_actual_at="2026-03-04T12:00", occurred_on="2026-03-04")
    answer = sign_in(cast.desk).post(url(late), fields)
    late.refresh_from_db()
    assert answer.url == f"/incidents/{late.reference}/"
    assert late.what_happened == "It came late."
    assert late.field_values["actual_at"] == "2026-03-04T18:00:00+00:00"
    assert str(late.occurred_on) == "2026-03-04"
    assert late.events.filter(kind="facts_changed").exists()


def test_both_versions_when_somebody_was_faster(late: Incident, cast: make.Cast, sign_in: Any) -> None:
    client, before = sign_in(cast.desk), sent(late, what_happened="Mine")
    sign_in(cast.colleague).post(url(late), sent(late, what_happened="Theirs", value_actual_at="2026-03-04T13:00"))
    answer = client.post(url(late), before)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert '<td data-label="Saved now">Theirs</td>' in html
    assert '<td data-label="You typed">Mine</td>' in html
    assert answer.context["form"]["what_happened"].value() == "Mine"
    assert "[&#x27;" not in html
    late.refresh_from_db()
    assert late.what_happened == "Theirs"
    client.post(url(late), before | {"version": answer.context["form"]["version"].value()})
    late.refresh_from_db()
    assert late.what_happened == "Mine"


@pytest.mark.parametrize(
    "over",
    [
        {"what_happened": ""},
        {"customer": "", "customer_name": "Somebody else"},
        {"customer": "", "customer_name": ""},
        {"category": "nonsense"},
        {"severity": "0"},
        {"version": "x"},
        {"value_actual_at": "9999-12-31T23:59"},
        {"occurred_on": "2026-02-30"},
    ],
)
def test_nonsense_is_422_and_stays(late: Incident, cast: make.Cast, sign_in: Any, over: dict[str, Any]) -> None:
    answer = sign_in(cast.desk).post(url(late), sent(late, place="By the lift", **over))
    assert answer.status_code == 422
    assert "By the lift" in answer.content.decode()


def test_private_words_stay_private_and_stay(cast: make.Cast, sign_in: Any) -> None:
    incident = make.make_incident(cast.desk, category="in_the_wrong", private_values={"words_used": "Your own fault"})
    client = sign_in(cast.desk)
    assert "Your own fault" not in client.get(url(incident)).content.decode()
    client.post(url(incident), sent(incident, place="Desk", value_words_used="x"))
    incident.refresh_from_db()
    assert (incident.place, incident.private_values) == ("Desk", {"words_used": "Your own fault"})
    assert "Your own fault" in sign_in(cast.manager).get(url(incident)).content.decode()


def test_who_may_not(late: Incident, cast: make.Cast, sign_in: Any) -> None:
    assert sign_in(cast.outsider).get(url(late)).status_code == 404
    assert sign_in(cast.desk).get("/incidents/R-1999-99999/change/").status_code == 404
    harm = make.make_incident(cast.desk, category="safety")
    assert harm.assignee == cast.manager
    assert sign_in(cast.colleague).get(url(harm)).status_code == 404
    assert sign_in(cast.desk).post(url(harm), sent(harm)).status_code == 403


def test_statements(late: Incident, cast: make.Cast, sign_in: Any, django_assert_max_num_queries: Any) -> None:
    client = sign_in(cast.desk)
    client.get(url(late))  # counts once a day which kinds are used
    with django_assert_max_num_queries(12):
        client.get(url(late))
    with django_assert_max_num_queries(12):
        client.post(url(late), sent(late, what_happened=""))
