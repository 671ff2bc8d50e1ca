"""How and when a customer likes to be reached, what is not theirs, and who wants no contact."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from incidents.models import ContactPoint, Customer
from tests import make
from tests.kept import kept_rows
from tests.views.customers.test_change import sent


@kept_rows
def customer(cast: make.Cast) -> Customer:
    return make.make_customer()


def change(customer: Customer) -> str:
    return f"/customers/{customer.pk}/change/"


def test_channel_and_hours_are_kept_and_shown(cast: make.Cast, sign_in: Any, customer: Customer) -> None:
    client = sign_in(cast.desk)
    asked = sent(preferred_channel="chat", reach_from="18:00", reach_until="20:30")
    assert client.post(change(customer), asked).status_code == 302
    customer.refresh_from_db()
    assert (customer.preferred_channel, customer.reach_from) == ("chat", dt.time(18))
    page = client.get(f"/customers/{customer.pk}/").content.decode()
    assert "Chat, between 18:00 and 20:30" in page
    form = client.get(change(customer)).context["form"]
    assert [form[name].value() for name in ("preferred_channel", "reach_from", "reach_until")] == [
        *("chat", "18:00", "20:30")
    ]


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({"reach_from": "09:00"}, "Say both"),
        ({"reach_until": "09:00"}, "Say both"),
        ({"reach_from": "09:00", "reach_until": "09:00"}, "That is the same time"),
        ({"reach_from": "25:00", "reach_until": "09:00"}, "Write a time"),
        ({"preferred_channel": "pigeon"}, "Select a valid choice"),
    ],
)
def test_nonsense_is_422_and_keeps_the_rest(
    cast: make.Cast, sign_in: Any, customer: Customer, hours: dict[str, str], words: str
) -> None:
    answer = sign_in(cast.desk).post(change(customer), sent(**hours))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Left-handed" in answer.content.decode()


def test_hours_move_their_calls(cast: make.Cast, sign_in: Any, customer: Customer) -> None:
    now = timezone.now()
    incident = make.make_incident(cast.desk, customer=customer, now=now)
    make.apologize(incident, cast.desk, now=now)
    make.give(incident, cast.desk, now=now)
    for begin, end in ((3, 4), (17, 18)):
        sign_in(cast.desk).post(
            change(customer),
            sent(version=version_of(customer), reach_from=f"{begin:02}:00", reach_until=f"{end:02}:00"),
        )
        assert make.planned_call(incident).due_at.astimezone(cast.here.zone).hour == begin


def version_of(customer: Customer) -> int:
    """The one that is stored now."""
    customer.refresh_from_db()
    return customer.version


def test_no_contact_from_the_form_and_taken_back_on_the_page(cast: make.Cast, sign_in: Any, customer: Customer) -> None:
    incident = make.settle(make.make_incident(cast.desk, customer=customer), cast.desk)
    client = sign_in(cast.desk)
    client.post(change(customer), sent(wants_no_contact="on"))
    customer.refresh_from_db()
    assert customer.no_contact_since is not None
    assert not incident.follow_ups.planned().exists()
    page = client.get(f"/customers/{customer.pk}/").content.decode()
    assert "Does not want to be contacted" in page
    assert "They want to hear from us again" in page
    answer = client.post(f"/customers/{customer.pk}/wish/", {"is_wanted": "yes"}, follow=True)
    assert "They may be called again." in answer.content.decode()
    assert incident.follow_ups.planned().count() == 1


def test_both_versions_name_what_differs(cast: make.Cast, sign_in: Any, customer: Customer) -> None:
    client = sign_in(cast.desk)
    client.post(change(customer), sent(preferred_channel="email", wants_no_contact="on"))
    answer = client.post(change(customer), sent(preferred_channel="phone", reach_from="09:00", reach_until="10:00"))
    assert answer.status_code == 409
    rows = {label: (saved, typed) for label, saved, typed in answer.context["both"]}
    assert rows["How they like to hear from us"] == ("E-mail", "By phone")
    assert rows["Call them from"] == ("", "09:00")
    assert rows["They do not want to be contacted"] == ("Yes", "No")


def test_a_wrong_number_is_struck_through_with_a_way_back(cast: make.Cast, sign_in: Any, customer: Customer) -> None:
    client, point = sign_in(cast.desk), customer.contact_points.get()
    there = f"/customers/contact/{point.pk}/"
    page = client.post(there, {"is_wrong": "yes"}, follow=True).content.decode()
    assert "<s>+1 312 555 0100</s>" in page
    assert "tel:+13125550100" not in page
    page = client.post(there, {"is_wrong": "no"}, follow=True).content.decode()
    assert "tel:+13125550100" in page
    assert ContactPoint.objects.get().wrong_since is None


@pytest.mark.parametrize("name", ["wish", "contact"])
def test_rules(cast: make.Cast, sign_in: Any, customer: Customer, name: str) -> None:
    point = customer.contact_points.get()
    there = f"/customers/{customer.pk}/wish/" if name == "wish" else f"/customers/contact/{point.pk}/"
    client = sign_in(cast.desk)
    assert client.get(there).status_code == 405
    for answer in ({}, {"is_wanted": "perhaps", "is_wrong": "perhaps"}):
        assert client.post(there, answer).status_code == 422
    assert client.post(there.replace(str(customer.pk), "9" * 6).replace(f"/{point.pk}/", "/999999/")).status_code == 404
