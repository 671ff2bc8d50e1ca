"""The business, its places and its people: who comes, who leaves, who gets their work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client

from incidents.access import Role
from incidents.actions import people, promises
from incidents.actions.refusals import Refused, Stale
from incidents.models import Business, Concern, Event, Handover, Incident, Location, Staff
from tests import make
from tests.make import DAY, NOW, PASSWORD, Cast


def leave(staff: Staff, by: Staff) -> None:
    people.deactivate_staff(staff_id=staff.pk, by=by, now=NOW)


class TestLeaving:
    @pytest.fixture
    def incident(self, cast: Cast) -> Incident:
        return make.make_incident(cast.desk)

    def test_open_incidents_go_to_the_fallback_of_the_place(self, cast: Cast, incident: Incident) -> None:
        leave(cast.desk, cast.owner)
        incident.refresh_from_db()
        assert incident.assignee == cast.manager
        assert Handover.objects.get().from_staff == cast.desk

    def test_their_calls_promises_and_remedies_go_along(self, cast: Cast, incident: Incident) -> None:
        make.apologize(incident, cast.desk)
        make.give(incident, cast.desk)
        pending = make.give(incident, cast.desk, is_delivered=False)
        promise = self.promise(incident, cast.desk)
        leave(cast.desk, cast.owner)
        pending.refresh_from_db()
        promise.refresh_from_db()
        assert pending.assignee == promise.assignee == make.planned_call(incident).assignee == cast.manager

    def promise(self, incident: Incident, by: Staff) -> Any:
        return promises.make_promise(
            incident_id=incident.pk, by=by, now=NOW, what="Write", due_at=NOW + DAY, submit_key=uuid4()
        )

    def test_their_steps_in_others_incidents_go_to_who_has_those(self, cast: Cast, incident: Incident) -> None:
        remedy = make.give(incident, cast.desk, is_delivered=False, assignee=cast.colleague)
        leave(cast.colleague, cast.owner)
        remedy.refresh_from_db()
        incident.refresh_from_db()
        assert remedy.assignee == incident.assignee == cast.desk

    def test_a_promise_of_a_closed_recovery_finds_somebody_too(self, cast: Cast, incident: Incident) -> None:
        promise = self.promise(incident, cast.desk)
        make.apologize(incident, cast.desk)
        make.give(incident, cast.desk)
        make.call(incident, cast.desk)
        leave(cast.desk, cast.owner)
        promise.refresh_from_db()
        incident.refresh_from_db()
        assert (promise.assignee, incident.assignee) == (cast.manager, cast.desk)

    def test_what_they_did_stays_theirs(self, cast: Cast, incident: Incident) -> None:
        apology = make.apologize(incident, cast.desk)
        leave(cast.desk, cast.owner)
        apology.refresh_from_db()
        incident.refresh_from_db()
        assert (apology.author, incident.logged_by) == (cast.desk, cast.desk)

    def test_not_to_a_fallback_who_may_not_see_it(self, cast: Cast, incident: Incident) -> None:
        Concern.objects.create(incident=incident, staff=cast.manager)
        leave(cast.desk, cast.owner)
        incident.refresh_from_db()
        assert incident.assignee == cast.owner

    def test_when_the_fallback_leaves_another_manager_takes_over(self, cast: Cast) -> None:
        second = make.make_staff("Max Manager", cast.here, role=Role.MANAGER)
        incident = make.make_incident(cast.manager)
        leave(cast.manager, cast.owner)
        incident.refresh_from_db()
        assert incident.assignee == second

    def test_their_sessions_end_at_once(self, cast: Cast) -> None:
        client = Client()
        client.force_login(cast.desk)
        session = client.session
        UserSession.objects.create(
            user=cast.desk, session_key=session.session_key, ip="127.0.0.1", user_agent="A browser"
        )
        assert Session.objects.filter(session_key=session.session_key).exists()
        leave(cast.desk, cast.owner)
        assert not UserSession.objects.exists()
        assert not SessionStore(session.session_key).get("_auth_user_id")
        assert not client.login(email=cast.desk.email, password=PASSWORD)

    def test_the_only_administrator_stays(self, cast: Cast) -> None:
        helper = make.make_staff("Hal Helper", cast.here, role=Role.MANAGER)
        with pytest.raises(Refused, match="only administrator"):
            leave(cast.owner, helper)
        second = make.make_staff("Ada Admin", cast.here, role=Role.ADMINISTRATOR)
        leave(cast.owner, second)
        assert not Staff.objects.get(pk=cast.owner.pk).is_active

    def test_nobody_closes_their_own_access(self, cast: Cast) -> None:
        with pytest.raises(Refused, match="your own access"):
            leave(cast.owner, cast.owner)

    def test_coming_back(self, cast: Cast) -> None:
        leave(cast.desk, cast.owner)
        people.reactivate_staff(staff_id=cast.desk.pk, by=cast.owner, now=NOW)
        assert Client().login(email=cast.desk.email, password=PASSWORD)
        assert list(Event.objects.filter(incident=None).values_list("kind", flat=True)) == [
            "staff_deactivated",
            "staff_reactivated",
        ]


class TestChanging:
    def change(self, staff: Staff, by: Staff, **over: Any) -> Staff:
        staff.refresh_from_db()
        fields: dict[str, Any] = {
            "expected_version": staff.version,
            "name": staff.name,
            "email": staff.email,
            "role": staff.role,
            "locations": Location.objects.filter(staff=staff),
        }
        return people.change_staff(staff_id=staff.pk, by=by, now=NOW, **fields | over)

    def test_places_and_role(self, cast: Cast) -> None:
        self.change(cast.desk, cast.owner, role=Role.MANAGER, locations=[cast.here, cast.elsewhere])
        found = Staff.objects.get(pk=cast.desk.pk)
        assert (found.role, set(found.location_ids)) == (Role.MANAGER, {cast.here.pk, cast.elsewhere.pk})

    def test_moving_away_leaves_the_work_behind(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        self.change(cast.desk, cast.owner, locations=[cast.elsewhere])
        incident.refresh_from_db()
        assert incident.assignee == cast.manager

    def test_the_only_administrator_keeps_the_role(self, cast: Cast) -> None:
        with pytest.raises(Refused, match="only administrator"):
            self.change(cast.owner, cast.owner, role=Role.MANAGER)

    def test_an_administrator_who_left_does_not_count(self, cast: Cast) -> None:
        make.make_staff("Ada Admin", cast.here, role=Role.ADMINISTRATOR, is_active=False)
        with pytest.raises(Refused, match="only administrator"):
            self.change(cast.owner, cast.owner, role=Role.MANAGER)

    def test_somebody_saved_in_between(self, cast: Cast) -> None:
        seen = cast.desk.version
        self.change(cast.desk, cast.owner, name="Dora Dean")
        with pytest.raises(Stale) as stale:
            self.change(cast.desk, cast.owner, name="Dora Dunn", expected_version=seen)
        assert stale.value.current.name == "Dora Dean"

    def test_the_address_of_somebody_else_whatever_the_case(self, cast: Cast) -> None:
        with pytest.raises(Refused, match="has this e-mail already"):
            self.change(cast.desk, cast.owner, email=cast.manager.email.upper())
        with pytest.raises(Refused, match="has this e-mail already"):
            people.add_staff(
                by=cast.owner,
                now=NOW,
                name="Twin",
                email=" Dora@Example.com ",
                role=Role.FRONT_DESK,
                locations=[cast.here],
                submit_key=uuid4(),
            )

    def test_without_a_password_nobody_signs_in(self, cast: Cast) -> None:
        assert not hire(cast).has_usable_password()

    def test_the_same_form_again_gives_the_one_it_added(self, cast: Cast) -> None:
        key = uuid4()
        first = hire(cast, submit_key=key)
        assert hire(cast, submit_key=key, email="NIA@example.com ", now=NOW + DAY) == first
        assert first.date_joined == NOW
        with pytest.raises(Refused, match="already used"):
            hire(cast, submit_key=key, email="noa@example.com")
        assert Event.objects.filter(kind="staff_added").count() == 1


def hire(cast: Cast, **over: Any) -> Staff:
    fields: dict[str, Any] = {
        "now": NOW,
        "name": "Nia New",
        "email": "nia@example.com",
        "role": Role.FRONT_DESK,
        "locations": [cast.here],
        "submit_key": uuid4(),
    }
    return people.add_staff(by=cast.owner, **fields | over)


def save_place(cast: Cast, **over: Any) -> Location:
    here = Location.objects.get(pk=cast.here.pk)
    fields: dict[str, Any] = {
        "name": here.name,
        "time_zone": here.time_zone,
        "currency": here.currency,
        "country": here.country,
        "fallback_assignee": cast.manager,
        "location_id": here.pk,
        "expected_version": here.version,
    }
    return people.save_location(by=cast.owner, now=NOW, **fields | over)


class TestPlaces:
    def test_a_new_one(self, cast: Cast) -> None:
        place = save_place(cast, location_id=None, name="Lake House", currency="EUR")
        assert Location.objects.get(name="Lake House") == place

    def test_the_same_form_again_gives_the_one_it_added(self, cast: Cast) -> None:
        key = uuid4()
        first = save_place(cast, location_id=None, name="Lake House", submit_key=key)
        assert save_place(cast, location_id=None, name="Lake House", submit_key=key) == first
        with pytest.raises(Refused, match="already used"):
            save_place(cast, location_id=None, name="Pier House", submit_key=key)
        assert not Location.objects.filter(name="Pier House").exists()

    def test_money_given_keeps_the_currency(self, cast: Cast) -> None:
        save_place(cast, currency="EUR")
        make.make_incident(cast.desk)
        with pytest.raises(Refused, match="currency stays"):
            save_place(cast, currency="USD")

    def test_somebody_saved_in_between(self, cast: Cast) -> None:
        seen = Location.objects.get(pk=cast.here.pk).version
        save_place(cast, time_zone="Europe/Berlin")
        with pytest.raises(Stale):
            save_place(cast, time_zone="Asia/Tokyo", expected_version=seen)

    def test_two_with_one_name(self, cast: Cast) -> None:
        with pytest.raises(Refused, match="has this name"):
            save_place(cast, location_id=None, name=cast.elsewhere.name)


def start(**over: Any) -> Staff:
    fields: dict[str, Any] = {
        "business": "Lake & Co",
        "location": "Lake House",
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "country": "DE",
        "name": "Ada Admin",
        "email": "Ada@example.com",
        "password": "a long password",
    }
    return people.start_business(now=NOW, **fields | over)


def test_starting_a_business(db: None) -> None:
    ada = start()
    assert (ada.role, ada.email, Business.objects.get().name) == (Role.ADMINISTRATOR, "ada@example.com", "Lake & Co")
    assert Location.objects.get().fallback_assignee == ada
    with pytest.raises(Refused, match="already has a business"):
        start(email="eve@example.com")
    assert Staff.objects.count() == 1


def test_ten_clicks_at_once_add_one(together: Callable[[Callable[[int], Any], int], list[Any]]) -> None:
    cast, key = make.make_cast(), uuid4()
    added = together(lambda n: hire(cast, submit_key=key), 10)
    assert {staff.pk for staff in added} == {Staff.objects.get(email="nia@example.com").pk}


def test_control_ten_pages_at_once_clash(together: Callable[[Callable[[int], Any], int], list[Any]]) -> None:
    cast = make.make_cast()
    answers = together(lambda n: hire(cast), 10)
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused"] * 9 + ["Staff"]
