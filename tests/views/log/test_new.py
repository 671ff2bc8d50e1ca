"""Log a mistake: four things needed, everything else can wait."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents.actions import log as logging
from incidents.models import Customer, Draft, Incident, Membership
from tests import make

URL = "/incidents/new/"


def sent(**over: Any) -> dict[str, Any]:
    """The least that saves; None takes a field away."""
    fields: dict[str, Any] = {
        "submit_key": str(uuid4()),
        "draft_key": str(uuid4()),
        "customer_name": "",
        "customer": "",
        "what_happened": "The shower stayed cold.",
        "category": "room",
        "source": "customer",
    }
    if "customer" not in over and "customer_hint" not in over:
        over.setdefault("new_name", "Ada Stone")
    return {name: value for name, value in (fields | over).items() if value is not None}


@pytest.fixture
def desk(cast: make.Cast, sign_in: Any) -> Any:
    return sign_in(cast.desk)


def test_the_page_asks_four_things(desk: Any) -> None:
    page = desk.get(URL)
    assert page.status_code == 200
    html = page.content.decode()
    for name in ("customer_name", "what_happened", "category", "source"):
        assert f'name="{name}"' in html
    assert 'value="customer" id="id_source_0" required checked' in html or "checked" in html


def test_four_things_save(desk: Any, cast: make.Cast) -> None:
    customer = make.make_customer()
    fields = sent(customer=customer.pk, customer_name=customer.name)
    answer = desk.post(URL, fields, follow=True)
    incident = Incident.objects.get()
    assert answer.redirect_chain == [(f"/incidents/{incident.reference}/", 302)]
    assert incident.customer == customer
    assert (incident.logged_by, incident.assignee, incident.location) == (cast.desk, cast.desk, cast.here)
    assert incident.severity == make.category("room").severity


def test_a_new_customer_comes_with_it(desk: Any) -> None:
    fields = sent(
        new_name="Ada Stone", new_phone="(312) 555-0142", new_email="Ada@Example.org", new_account="Stone Ltd"
    )
    desk.post(URL, fields)
    customer = Customer.objects.get()
    assert [p.normalized for p in customer.contact_points.all()] == ["+13125550142", "ada@example.org"]
    assert str(customer.account) == "Stone Ltd"
    assert Incident.objects.get().customer == customer


def test_a_typed_name_is_enough_without_scripts(desk: Any) -> None:
    desk.post(URL, sent(new_name="", customer_name="Ada Stone"))
    assert Incident.objects.get().customer == Customer.objects.get(name="Ada Stone")


def test_a_typed_name_we_know_is_asked_about_once(desk: Any) -> None:
    known = make.make_customer("Ada Stone")
    answer = desk.post(URL, sent(new_name="", customer_name="ada stone"))
    assert answer.status_code == 422
    assert "Is it one of them?" in answer.content.decode()
    desk.post(URL, sent(new_name="", customer_name="ada stone", pick=str(known.pk)))
    assert Incident.objects.get().customer == known
    desk.post(URL, sent(new_name="", customer_name="ada stone", pick="new"))
    assert Customer.objects.filter(sort_name="ada stone").count() == 2


def test_nobody_knows_the_name(desk: Any) -> None:
    desk.post(URL, sent(customer_hint="Green coat, table 4"))
    incident = Incident.objects.get()
    assert incident.customer is None
    assert incident.who == "Green coat, table 4"


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"customer_hint": ""}, "Say who it happened to"),
        ({"what_happened": "  "}, "Say what happened"),
        ({"category": None}, "Choose what kind"),
        ({"category": "\x00"}, "Choose what kind"),
        ({"source": "form"}, "Select a valid choice"),
        ({"customer": str(10**30)}, "Select a valid choice"),
        ({"new_phone": "12"}, "not a phone number"),
        ({"new_email": "nobody"}, "valid email address"),
        ({"what_happened": "x" * 4001}, "at most 4000"),
        ({"occurred_on": "2199-01-01"}, "too far away"),
        ({"occurred_on": "Friday"}, "Write a day"),
        ({"occurred_time": "25:00"}, "Write a time"),
        ({"reported_at": "9999-12-31T23:59"}, "too far away"),
        ({"location": "999"}, "Select a valid choice"),
        ({"severity": "9"}, "Select a valid choice"),
        ({"is_on_the_spot": "on", "amount": "1,50"}, "after a point"),
        ({"is_on_the_spot": "on", "amount": "NaN"}, "like 12.50"),
        ({"is_on_the_spot": "on", "minutes": "-3"}, "greater than or equal to 0"),
        ({"category": "price", "value_charged": "-5"}, "below zero"),
    ],
)
def test_nonsense_is_told_and_what_was_typed_stays(desk: Any, over: dict[str, Any], words: str) -> None:
    answer = desk.post(URL, sent(place="By the long window", **over))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert "There is a problem" in html
    assert "By the long window" in html
    assert not Incident.objects.exists()
    assert not Customer.objects.exists()


def test_the_category_s_own_fields(desk: Any) -> None:
    values = {"value_promised_at": "2026-03-04T09:00", "value_actual_at": "2026-03-04T11:05"}
    desk.post(URL, sent(category="late", **values))
    assert Incident.objects.get().field_values["actual_at"] == "2026-03-04T17:05:00+00:00"


def test_words_used_are_private(desk: Any) -> None:
    desk.post(URL, sent(category="in_the_wrong", value_words_used="You should have asked"))
    incident = Incident.objects.get()
    assert incident.field_values == {}
    assert incident.private_values == {"words_used": "You should have asked"}


def test_a_day_without_a_time(desk: Any, cast: make.Cast) -> None:
    desk.post(URL, sent(occurred_day="yesterday"))
    today = timezone.now().astimezone(cast.here.zone).date()
    incident = Incident.objects.get()
    assert (incident.occurred_on, incident.occurred_at) == (today - dt.timedelta(days=1), None)


def test_times_are_the_place_s(desk: Any) -> None:
    desk.post(URL, sent(occurred_on="2026-01-05", occurred_time="23:00", reported_at="2026-01-06T08:30"))
    incident = Incident.objects.get()
    assert incident.occurred_at == dt.datetime(2026, 1, 6, 5, 0, tzinfo=dt.UTC)
    assert incident.reported_at == dt.datetime(2026, 1, 6, 14, 30, tzinfo=dt.UTC)


def test_handled_on_the_spot(desk: Any) -> None:
    fields = sent(is_on_the_spot="on", remedy_type="free_item", remedy_what="A fresh coffee", amount="4.5", minutes="3")
    desk.post(URL, fields)
    incident = Incident.objects.get()
    remedy = incident.remedies.get()
    assert (remedy.state, str(remedy.actual_amount), remedy.minutes) == ("delivered", "4.50", 3)
    assert incident.apologies.count() == 1
    assert incident.stage == "follow_up"
    assert incident.follow_ups.planned().count() == 1


def test_what_is_folded_away_cannot_stop_it(desk: Any) -> None:
    assert desk.post(URL, sent(amount="1,50", remedy_type="nonsense")).status_code == 302


def test_sending_it_again_lands_on_the_same_one(desk: Any) -> None:
    fields = sent(new_name="", customer_name="Ada Stone")
    first, second = desk.post(URL, fields), desk.post(URL, fields)
    assert first.url == second.url
    assert (Incident.objects.count(), Customer.objects.count()) == (1, 1)


def test_somebody_else_s_key_is_refused(desk: Any, cast: make.Cast, sign_in: Any) -> None:
    fields = sent()
    sign_in(cast.colleague).post(URL, fields)
    assert desk.post(URL, fields).status_code == 409
    assert Incident.objects.count() == 1


def test_a_page_without_a_key_gets_a_new_one(desk: Any) -> None:
    answer = desk.post(URL, sent(submit_key="nonsense"))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.data["submit_key"] != "nonsense"
    assert form["what_happened"].value() == sent()["what_happened"]


def test_message_undo_and_another(desk: Any) -> None:
    desk.post(URL, sent())
    incident = Incident.objects.get()
    html = desk.get("/customers/").content.decode()
    assert f"Logged, {incident.reference}" in html
    assert f'action="/incidents/{incident.reference}/undo/"' in html
    assert f"/incidents/new/?with={incident.reference}" in html


def test_another_for_this_customer(desk: Any, cast: make.Cast) -> None:
    first = make.make_incident(cast.desk)
    page = desk.get(URL, {"with": first.reference})
    assert page.context["form"]["customer"].value() == first.customer_id
    assert "Already has 1 open" in page.content.decode()
    desk.post(URL, sent(customer=first.customer_id, **{"with": first.reference}))
    assert Incident.objects.latest("id").told_with == first


def test_another_for_a_foreign_incident_is_404(desk: Any, cast: make.Cast) -> None:
    foreign = make.make_incident(cast.outsider)
    for reference in (foreign.reference, "R-1999-99999", "nonsense"):
        assert desk.get(URL, {"with": reference}).status_code == 404
        assert desk.post(URL, sent(**{"with": reference})).status_code == 404
    assert Incident.objects.count() == 1


def test_another_place_s_location_is_refused(desk: Any, cast: make.Cast) -> None:
    assert desk.post(URL, sent(location=cast.elsewhere.pk)).status_code == 422


def test_without_a_place_the_page_says_who_can_help(cast: make.Cast, sign_in: Any) -> None:
    Membership.objects.filter(staff=cast.desk).delete()
    client = sign_in(cast.desk)
    assert "Ask an administrator" in client.get(URL).content.decode()
    assert client.post(URL, sent()).status_code == 422


def test_the_draft_goes_with_the_save(desk: Any, cast: make.Cast) -> None:
    fields = sent()
    logging.save_draft(by=cast.desk, form="log", key=fields["draft_key"], values={}, now=timezone.now())
    desk.post(URL, fields)
    assert not Draft.objects.exists()


def test_a_stranger_signs_in_first(client: Any) -> None:
    assert client.get(URL).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("drafts", [1, 3])
def test_statements(desk: Any, cast: make.Cast, drafts: int, django_assert_max_num_queries: Any) -> None:
    for _ in range(drafts):
        logging.save_draft(by=cast.desk, form="log", key=uuid4(), values={"customer_name": "A"}, now=timezone.now())
        make.make_incident(cast.desk)
    desk.get(URL)  # counts once a day which kinds are used
    with django_assert_max_num_queries(12):
        desk.get(URL)
    with django_assert_max_num_queries(12):
        desk.post(URL, sent(category="late", what_happened="", is_on_the_spot="on"))


@pytest.mark.parametrize("number", [1, 3])
def test_statements_for_a_customer_and_a_kind(
    desk: Any, cast: make.Cast, number: int, django_assert_max_num_queries: Any
) -> None:
    customer = make.make_customer()
    for _each in range(number):
        make.make_incident(cast.desk, customer=customer)
        make.call(make.settle(make.make_incident(cast.desk, customer=customer), cast.desk), cast.desk)
    desk.get(URL)
    with django_assert_max_num_queries(12):
        desk.get(URL, {"customer": customer.pk})
    with django_assert_max_num_queries(12):
        desk.get(URL, {"customer": customer.pk, "category": "late"})


def test_statements_of_saving(desk: Any, cast: make.Cast, django_assert_num_queries: Any) -> None:
    """Of one that is not the first of its year: that one makes the counter."""
    make.make_incident(cast.desk)
    customer = make.make_customer()
    fields = sent(customer=customer.pk, customer_name=customer.name)
    with django_assert_num_queries(16):  # savepoints among them
        desk.post(URL, fields)
