"""After two records were put together: whichever door somebody takes, there is one person."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from incidents.actions import customers, merges
from incidents.models import Customer, Draft, Incident, Merge
from tests import make
from tests.kept import kept_rows


@kept_rows
def kept(cast: make.Cast) -> Customer:
    return make.make_customer("Nora Novak", phone="+1 312 555 0100")


@kept_rows
def dropped(cast: make.Cast) -> Customer:
    return make.make_customer("Zdenka Quill", phone="+1 773 555 0177", email="zq@example.org", account="Rowing Club")


@pytest.fixture
def done(cast: make.Cast, kept: Customer, dropped: Customer) -> Merge:
    return merges.merge_customers(
        kept_id=kept.pk, dropped_id=dropped.pk, submit_key=uuid4(), by=cast.manager, now=timezone.now()
    )


@pytest.fixture
def client(cast: make.Cast, sign_in: Any) -> Client:
    found: Client = sign_in(cast.desk)
    return found


def test_its_addresses_lead_to_the_kept_one(client: Client, done: Merge) -> None:
    for rest in ("", "change/"):
        assert client.get(f"/customers/{done.dropped_id}/{rest}")["Location"] == f"/customers/{done.kept_id}/{rest}"


def test_the_typeahead_the_list_and_the_search_know_one(client: Client, done: Merge) -> None:
    for term in ("zdenka", "quill", "zdenka quil"):
        assert client.get("/customers/suggest/", {"q": term}).context["found"] == []
    for term in ("zdenka", "0177", "zq@example"):
        rows = client.get("/customers/", {"q": term}).context["page"].rows
        assert rows == ([] if term == "zdenka" else [done.kept])
    assert done.dropped not in client.get("/customers/").context["page"].rows
    html = client.get("/search/", {"q": "zdenka quill"}).content.decode()
    assert f"/customers/{done.dropped_id}/" not in html


def test_the_fragment_of_whom_we_know_names_the_kept_one(client: Client, done: Merge) -> None:
    asked = {"name": "Zdenka Quill", "phone": "773-555-0177"}
    assert [each.customer for each in client.get("/customers/like/", asked).context["alike"]] == [done.kept]


def test_the_log_form_with_the_old_number_logs_for_the_kept_one(client: Client, done: Merge) -> None:
    opened = client.get("/incidents/new/", {"customer": done.dropped_id}).context["form"]
    assert opened["customer"].value() == done.kept_id
    sent = {
        "submit_key": str(uuid4()),
        "customer": done.dropped_id,
        "customer_name": "Zdenka Quill",
        "category": "room",
        "what_happened": "Cold.",
        "source": "customer",
    }
    assert client.post("/incidents/new/", sent).status_code == 302
    assert Incident.objects.get().customer == done.kept
    assert "Already has 1 open" in client.get("/incidents/new/open/", {"customer": done.dropped_id}).content.decode()


def test_what_was_begun_for_the_old_one_goes_on_with_the_kept_one_s_name(client: Client, done: Merge) -> None:
    begun = {"customer": done.dropped_id, "customer_name": "Zdenka Quill", "category": "room", "source": "customer"}
    client.post("/incidents/new/draft/", begun | {"draft_key": str(uuid4())})
    kept = client.get("/incidents/new/", {"draft": str(Draft.objects.get().key)}).context["form"]
    answer = client.post("/incidents/new/", begun | {"submit_key": str(uuid4()), "what_happened": ""})
    assert answer.status_code == 422
    for form in (kept, answer.context["form"]):
        assert (str(form["customer"].value()), form["customer_name"].value()) == (str(done.kept_id), "Nora Novak")


def test_an_incident_changed_with_the_old_number_is_the_kept_one_s(
    cast: make.Cast, client: Client, done: Merge
) -> None:
    incident = make.make_incident(cast.desk, customer_hint="A hat")
    sent = {
        "version": incident.version,
        "customer": done.dropped_id,
        "customer_name": "Zdenka Quill",
        "what_happened": incident.what_happened,
        "category": "room",
        "severity": incident.severity,
    }
    assert client.post(f"/incidents/{incident.reference}/change/", sent).status_code == 302
    assert make.fresh(incident).customer == done.kept


def test_a_form_that_was_open_shows_both_versions(client: Client, done: Merge) -> None:
    from tests.views.customers.test_change import sent

    answer = client.post(f"/customers/{done.dropped_id}/change/", sent(name="Zdenka Q."))
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Both records were put together meanwhile." in html
    assert f'action="/customers/{done.kept_id}/change/"' in html


def test_what_is_sent_for_the_old_one_reaches_the_kept_one(
    client: Client, kept: Customer, dropped: Customer, cast: make.Cast
) -> None:
    same = customers.add_contact(
        customer=dropped, kind="phone", value="+1 312 555 0100", country="US", now=timezone.now()
    )
    merges.merge_customers(
        kept_id=kept.pk, dropped_id=dropped.pk, submit_key=uuid4(), by=cast.manager, now=timezone.now()
    )
    client.post(f"/customers/{dropped.pk}/contact/", {"kind": "phone", "value": "312 555 0188"})
    client.post(f"/customers/contact/{same.pk}/", {"is_wrong": "yes"})
    assert client.post(f"/customers/{dropped.pk}/wish/", {"is_wanted": "no"}).status_code == 302
    kept.refresh_from_db()
    assert kept.contact_points.filter(normalized="+13125550188").exists()
    assert kept.contact_points.get(normalized="+13125550100").wrong_since is not None
    assert kept.no_contact_since is not None


def test_a_bad_number_sent_for_the_old_one_comes_back_on_the_kept_one_s_page(client: Client, done: Merge) -> None:
    answer = client.post(f"/customers/{done.dropped_id}/contact/", {"kind": "phone", "value": "12"})
    assert answer.status_code == 422
    assert answer.context["customer"] == done.kept
    assert 'value="12"' in answer.content.decode()


def test_the_calls_page_names_the_kept_one(cast: make.Cast, client: Client, kept: Customer, dropped: Customer) -> None:
    now = timezone.now() - 3 * make.DAY
    incident = make.make_incident(cast.desk, customer=dropped, now=now)
    make.apologize(incident, cast.desk, now=now)
    make.give(incident, cast.desk, now=now)
    merges.merge_customers(
        kept_id=kept.pk, dropped_id=dropped.pk, submit_key=uuid4(), by=cast.manager, now=timezone.now()
    )
    html = client.get("/calls/").content.decode()
    assert "Nora Novak" in html
    assert "Zdenka Quill" not in html
    assert "Nora Novak" in client.get(f"/incidents/{incident.reference}/").content.decode()


def test_approvals_name_the_kept_one(cast: make.Cast, sign_in: Any, kept: Customer, dropped: Customer) -> None:
    asked = make.ask_for(make.make_incident(cast.desk, customer=dropped), cast.desk)
    merges.merge_customers(
        kept_id=kept.pk, dropped_id=dropped.pk, submit_key=uuid4(), by=cast.manager, now=timezone.now()
    )
    html = sign_in(cast.manager).get(f"/approvals/{asked.pk}/").content.decode()
    assert "Nora Novak" in html
    assert "Zdenka Quill" not in html


def test_the_account_has_one_contact(client: Client, done: Merge) -> None:
    done.kept.refresh_from_db()
    html = client.get(f"/accounts/{done.kept.account_id}/").content.decode()
    assert "Nora Novak" in html
    assert "Zdenka Quill" not in html
    assert client.get("/accounts/").context["page"].rows[0].contact_count == 1


def test_undone_every_door_knows_two_again(cast: make.Cast, client: Client, done: Merge) -> None:
    merges.undo_merge(merge_id=done.pk, by=cast.manager, now=timezone.now())
    assert client.get(f"/customers/{done.dropped_id}/").status_code == 200
    assert client.get("/customers/suggest/", {"q": "zdenka"}).context["found"] == [done.dropped]
    assert [row.name for row in client.get("/customers/", {"q": "0177"}).context["page"].rows] == ["Zdenka Quill"]
    assert client.get("/accounts/").context["page"].rows[0].contact_count == 1
