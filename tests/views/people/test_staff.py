"""Staff: listed, added, changed, let go, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.access import Role
from incidents.actions import people
from incidents.models import Incident, Staff
from tests import make
from tests.make import NOW, PASSWORD, Cast
from tests.views.procedures.addresses import written

SignIn = Callable[..., Client]
PAGES = ["/staff/", "/staff/new/", "/staff/{pk}/", "/staff/{pk}/deactivate/"]


def filled(cast: Cast, **over: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": "Nils New",
        "email": "nils@example.com",
        "phone": "",
        "role": Role.FRONT_DESK,
        "locations": [cast.here.pk],
        "how": "typed",
        "password": "quiet-harbour-9",
        "submit_key": str(uuid4()),
    }
    return fields | over


def changed(staff: Staff, **over: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": staff.name,
        "email": staff.email,
        "phone": staff.phone,
        "role": staff.role,
        "locations": staff.location_ids,
        "version": staff.version,
    }
    return fields | over


@pytest.mark.parametrize("address", PAGES)
def test_administrators_only(address: str, cast: Cast, sign_in: SignIn, client: Client) -> None:
    address = address.format(pk=cast.desk.pk)
    assert sign_in(cast.owner).get(address).status_code == 200
    for other in (cast.desk, cast.manager, cast.outsider):
        assert sign_in(other).get(address).status_code == 403
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"


@pytest.mark.parametrize("address", ["/staff/999999/", "/staff/999999/deactivate/", "/staff/99999999999999999999/"])
def test_a_bad_id_is_404(address: str, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.owner).get(address).status_code == 404


def test_reactivate_is_post_and_the_list_is_get(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    assert client.get(f"/staff/{cast.desk.pk}/reactivate/").status_code == 405
    assert client.post("/staff/").status_code == 405
    assert client.post("/staff/999999/reactivate/").status_code == 404
    assert sign_in(cast.manager).post(f"/staff/{cast.desk.pk}/reactivate/").status_code == 403


def test_someone_with_a_first_password_can_sign_in(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.owner).post("/staff/new/", filled(cast, email="Nils@Example.com"))
    assert answer["Location"] == "/staff/"
    nils = Staff.objects.get(email="nils@example.com")
    assert nils.location_ids == [cast.here.pk]
    assert Client().login(request=None, email=nils.email, password="quiet-harbour-9")


def test_someone_without_one_gets_a_link(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    cache.clear()
    settings.SITE_URL = "https://recovery.harbour.example"
    answer = sign_in(cast.owner).post("/staff/new/", filled(cast, how="link", password="ignored"), follow=True)
    assert "A link to choose a password is on its way" in answer.content.decode()
    (sent,) = mail.outbox
    assert sent.to == ["nils@example.com"]
    assert "https://recovery.harbour.example/accounts/password/reset/key/" in sent.body
    assert not Staff.objects.get(email="nils@example.com").has_usable_password()


def test_without_a_mail_server_no_link_is_offered(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    settings.MAIL = "off"
    client = sign_in(cast.owner)
    page = client.get("/staff/new/").content.decode()
    assert "no mail server is set up" in page
    assert "Send them a link" not in page
    assert client.post("/staff/new/", filled(cast, how="link")).status_code == 422


def test_a_mail_host_that_is_down_loses_nothing(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    cache.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = sign_in(cast.owner).post("/staff/new/", filled(cast, how="link"), follow=True)
    assert "could not be sent" in answer.content.decode()
    assert Staff.objects.filter(email="nils@example.com").exists()


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"email": "DORA@example.com"}, "Dora Desk has this e-mail already."),
        ({"email": "no address"}, "Enter a valid email address."),
        ({"name": ""}, "Fill this in."),
        ({"role": "owner"}, "Select a valid choice."),
        ({"locations": []}, "Choose at least one location."),
        ({"locations": ["999999"]}, "Select a valid choice."),
        ({"locations": ["9" * 400]}, "Select a valid choice."),
        ({"password": ""}, "Type a first password, or send a link."),
        ({"password": "nils@example.com"}, "too similar"),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_bad_input_is_said_and_kept(over: dict[str, Any], words: str, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.owner).post("/staff/new/", filled(cast, phone="+1 312 555 0177") | over)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert 'value="+1 312 555 0177"' in text
    assert "quiet-harbour-9" not in text


def test_the_same_form_twice_makes_one(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    client.post("/staff/new/", filled(cast))
    assert client.post("/staff/new/", filled(cast)).status_code == 422
    assert Staff.objects.filter(email="nils@example.com").count() == 1


def test_changing_someone(cast: Cast, sign_in: SignIn) -> None:
    sent = changed(cast.desk, name="Dora Manager", role=Role.MANAGER, locations=[cast.here.pk, cast.elsewhere.pk])
    assert sign_in(cast.owner).post(f"/staff/{cast.desk.pk}/", sent)["Location"] == "/staff/"
    dora = Staff.objects.get(pk=cast.desk.pk)
    assert (dora.name, dora.role, dora.version) == ("Dora Manager", Role.MANAGER, 1)
    assert set(dora.location_ids) == {cast.here.pk, cast.elsewhere.pk}


def test_a_saving_in_between_shows_both(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    late = changed(cast.desk, name="Dora Late")
    client.post(f"/staff/{cast.desk.pk}/", changed(cast.desk, name="Dora First"))
    answer = client.post(f"/staff/{cast.desk.pk}/", late)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Dora First" in text
    assert "Dora Late" in text
    assert Staff.objects.get(pk=cast.desk.pk).name == "Dora First"
    assert 'name="version" value="1"' in text
    assert client.post(f"/staff/{cast.desk.pk}/", late | {"version": 1}).status_code == 302
    assert Staff.objects.get(pk=cast.desk.pk).name == "Dora Late"


def test_the_only_administrator_stays_one(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.owner).post(f"/staff/{cast.owner.pk}/", changed(cast.owner, role=Role.MANAGER))
    assert answer.status_code == 409
    assert "This is the only administrator." in answer.content.decode()


def test_leaving_a_place_hands_over_what_is_there(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    sign_in(cast.owner).post(f"/staff/{cast.desk.pk}/", changed(cast.desk, locations=[cast.elsewhere.pk]))
    incident.refresh_from_db()
    assert incident.assignee == cast.manager


def test_deactivating_says_first_what_goes_to_whom(cast: Cast, sign_in: SignIn) -> None:
    mine = make.make_incident(cast.desk, customer=make.make_customer("Nora Novak"))
    text = sign_in(cast.owner).get(f"/staff/{cast.desk.pk}/deactivate/").content.decode()
    assert mine.reference in text
    assert "to Mona Manager" in text
    mine.refresh_from_db()
    assert mine.assignee == cast.desk


def test_deactivating_says_who_keeps_their_procedures(cast: Cast, sign_in: SignIn) -> None:
    procedure = written(cast, responsible=cast.desk)
    text = sign_in(cast.owner).get(f"/staff/{cast.desk.pk}/deactivate/").content.decode()
    assert procedure.title in text
    assert "They have nothing open" not in text


def test_deactivating_ends_sessions_at_once_and_hands_over(cast: Cast, sign_in: SignIn) -> None:
    mine = make.make_incident(cast.desk)
    theirs = make.make_incident(cast.colleague)
    make.apologize(theirs, cast.colleague)
    make.give(theirs, cast.colleague)
    call = make.planned_call(theirs)
    call.assignee = cast.desk
    call.save(update_fields=["assignee"])
    at_desk = Client()
    cache.clear()
    at_desk.post("/accounts/login/", {"login": cast.desk.email, "password": PASSWORD})
    assert at_desk.get("/").status_code == 200
    assert UserSession.objects.filter(user=cast.desk).count() == 1

    assert sign_in(cast.owner).post(f"/staff/{cast.desk.pk}/deactivate/")["Location"] == "/staff/"

    assert at_desk.get("/")["Location"] == "/accounts/login/?next=/"
    assert not UserSession.objects.filter(user=cast.desk).exists()
    mine.refresh_from_db()
    call.refresh_from_db()
    assert mine.assignee == cast.manager
    assert call.assignee == cast.colleague
    assert sign_in(cast.owner).post(f"/staff/{cast.desk.pk}/deactivate/").status_code == 404


def test_the_plan_is_what_happens(cast: Cast) -> None:
    cast.here.fallback_assignee = cast.desk
    cast.here.save(update_fields=["fallback_assignee"])
    about_manager = make.make_incident(cast.desk, category="safety")
    about_manager.concerns.create(staff=cast.manager)
    plain = make.make_incident(cast.desk)
    Incident.objects.filter(pk__in=[about_manager.pk, plain.pk]).update(assignee=cast.desk)
    people.deactivate_staff(staff_id=cast.desk.pk, by=cast.owner, now=NOW)
    about_manager.refresh_from_db()
    plain.refresh_from_db()
    assert (about_manager.assignee, plain.assignee) == (cast.owner, cast.manager)


def test_when_nobody_may_take_over_it_is_refused(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.outsider, category="safety")
    Incident.objects.filter(pk=incident.pk).update(assignee=cast.outsider)
    incident.concerns.create(staff=cast.owner)
    client = sign_in(cast.owner)
    assert "Nobody else may take over" in client.get(f"/staff/{cast.outsider.pk}/deactivate/").content.decode()
    assert client.post(f"/staff/{cast.outsider.pk}/deactivate/").status_code == 409
    cast.outsider.refresh_from_db()
    assert cast.outsider.is_active


def test_what_concerns_the_administrator_is_only_counted(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk, category="safety")
    Incident.objects.filter(pk=incident.pk).update(assignee=cast.desk)
    make.make_staff("Second Owner", role=Role.ADMINISTRATOR)
    incident.concerns.create(staff=cast.owner)
    text = sign_in(cast.owner).get(f"/staff/{cast.desk.pk}/deactivate/").content.decode()
    assert incident.reference not in text
    assert "1 more that you may not see" in text


def test_one_cannot_close_ones_own_access(cast: Cast, sign_in: SignIn) -> None:
    make.make_staff("Second Owner", role=Role.ADMINISTRATOR)
    answer = sign_in(cast.owner).post(f"/staff/{cast.owner.pk}/deactivate/")
    assert answer.status_code == 409
    assert "You cannot close your own access." in answer.content.decode()


def test_taking_someone_back(cast: Cast, sign_in: SignIn) -> None:
    people.deactivate_staff(staff_id=cast.desk.pk, by=cast.owner, now=NOW)
    assert sign_in(cast.owner).post(f"/staff/{cast.desk.pk}/reactivate/")["Location"] == "/staff/"
    cast.desk.refresh_from_db()
    assert cast.desk.is_active


@pytest.mark.parametrize("number", [1, 3])
def test_few_statements(
    number: int, cast: Cast, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for turn in range(number):
        place = make.make_location(f"House {turn}")
        person = make.make_staff(f"Person{turn} Here", place)
        people._set_locations(cast.desk, [place, *[m.location for m in cast.desk.memberships.all()]])
        make.make_incident(cast.desk, location=place, customer=make.make_customer(f"Guest {turn}"))
        helped = make.make_incident(person, customer=make.make_customer(f"Other {turn}"))
        make.give(helped, person, is_delivered=False, assignee=cast.desk)
    client = sign_in(cast.owner)
    with django_assert_max_num_queries(6):
        client.get("/staff/")
    with django_assert_max_num_queries(12):
        text = client.get(f"/staff/{cast.desk.pk}/deactivate/").content.decode()
    assert text.count("R-2026-") >= 2 * number
    with django_assert_max_num_queries(8):
        client.get(f"/staff/{cast.desk.pk}/")
