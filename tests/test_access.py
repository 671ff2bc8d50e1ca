"""Who sees which incident, row by row; who may do what."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from incidents import access
from incidents.access import Role
from incidents.actions import promises
from incidents.models import Concern, Incident, Notice, Round, Staff
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast

EVERYBODY = ("desk", "colleague", "manager", "boss", "owner", "outsider", "far_manager")


@kept_rows
def people(cast: Cast) -> dict[str, Staff]:
    """The cast, a second manager here (`boss`), and a manager elsewhere."""
    more = {
        "boss": make.make_staff("Berta Boss", cast.here, role=Role.MANAGER),
        "far_manager": make.make_staff("Fritz Far", cast.elsewhere, role=Role.MANAGER),
    }
    named = {name: getattr(cast, name) for name in ("desk", "colleague", "manager", "owner", "outsider")}
    return named | more


def seen_by(incident: Incident, people: dict[str, Staff]) -> set[str]:
    """Who sees it: the same people see what hangs on it."""
    anew = {name: Staff.objects.get(pk=staff.pk) for name, staff in people.items()}
    rounds = Round.objects.filter(incident=incident)
    through = {name for name, staff in anew.items() if access.visible_to(rounds, staff, through="incident").exists()}
    seen = {name for name, staff in anew.items() if Incident.objects.visible_to(staff).filter(pk=incident.pk).exists()}
    assert seen == through
    return seen


HERE = {"desk", "colleague", "manager", "boss", "owner"}
# category | logged by | then has it | concerned | who sees it
TABLE: list[tuple[str, str, str | None, tuple[str, ...], set[str]]] = [
    # An ordinary one is seen by everybody of the place, and by administrators.
    ("room", "desk", None, (), HERE),
    ("room", "manager", None, (), HERE),
    ("room", "outsider", None, (), {"outsider", "far_manager", "owner"}),
    # Concerned people of an ordinary one still see it: only restricted incidents hide.
    ("room", "desk", None, ("colleague",), HERE),
    # A restricted one: managers of the place, administrators, who logged it, who has it.
    ("safety", "manager", None, (), {"manager", "boss", "owner"}),
    ("safety", "desk", None, (), {"desk", "manager", "boss", "owner"}),
    ("safety", "manager", "colleague", (), {"colleague", "manager", "boss", "owner"}),
    ("safety", "outsider", None, (), {"outsider", "far_manager", "owner"}),
    # Never whom it is about, also when they logged it or have it.
    ("safety", "manager", None, ("desk",), {"manager", "boss", "owner"}),
    ("safety", "desk", None, ("desk",), {"manager", "boss", "owner"}),
    ("safety", "manager", "colleague", ("colleague",), {"manager", "boss", "owner"}),
    # About a manager: administrators only, and who logged it keeps their own entry.
    ("safety", "owner", None, ("boss",), {"owner"}),
    ("safety", "desk", "owner", ("boss",), {"desk", "owner"}),
    ("safety", "owner", None, ("boss", "desk"), {"owner"}),
    # About the administrator: not for them either.
    ("safety", "manager", None, ("owner",), {"manager"}),
]


@pytest.mark.parametrize("row", TABLE, ids=[f"{r[0]} by {r[1]}, has {r[2]}, about {'+'.join(r[3])}" for r in TABLE])
def test_who_sees_it(people: dict[str, Staff], row: tuple[str, str, str | None, tuple[str, ...], set[str]]) -> None:
    category, by, then, concerned, expected = row
    incident = make.make_incident(people[by], category=category)
    if then:
        Incident.objects.filter(pk=incident.pk).update(assignee=people[then])
    for name in concerned:
        Concern.objects.create(incident=incident, staff=people[name])
    assert seen_by(incident, people) == expected


@pytest.mark.parametrize("step", ["remedy", "promise", "call"])
def test_a_step_of_a_restricted_one_shows_it(people: dict[str, Staff], step: str) -> None:
    incident = make.make_incident(people["manager"], category="safety")
    if step == "remedy":
        make.give(incident, people["manager"], is_delivered=False, assignee=people["colleague"])
    elif step == "promise":
        promises.make_promise(
            incident_id=incident.pk,
            by=people["manager"],
            now=NOW,
            what="Visit",
            due_at=NOW + DAY,
            submit_key=uuid4(),
            assignee=people["colleague"],
        )
    else:
        make.apologize(incident, people["manager"])
        make.give(incident, people["manager"])
        incident.follow_ups.update(assignee=people["colleague"])
    assert seen_by(incident, people) == {"colleague", "manager", "boss", "owner"}


def test_a_step_elsewhere_shows_nothing(people: dict[str, Staff]) -> None:
    incident = make.make_incident(people["manager"])
    make.give(incident, people["manager"], is_delivered=False, assignee=people["outsider"])
    assert "outsider" not in seen_by(incident, people)


def test_without_a_place_one_sees_nothing(people: dict[str, Staff]) -> None:
    incident = make.make_incident(people["desk"])
    people["desk"].memberships.all().delete()
    assert "desk" not in seen_by(incident, people)


def test_notices_of_what_one_no_longer_sees_are_gone(people: dict[str, Staff]) -> None:
    incident = make.make_incident(people["desk"], category="safety")
    manager = people["manager"]
    assert Notice.objects.for_inbox_of(manager).count() == 2
    Concern.objects.create(incident=incident, staff=manager)
    assert Notice.objects.for_inbox_of(manager).count() == 0


def test_other_places_show_only_what_is_not_restricted(people: dict[str, Staff]) -> None:
    make.make_incident(people["desk"])
    away = make.make_incident(people["outsider"])
    make.make_incident(people["far_manager"], category="safety")
    assert list(Incident.objects.elsewhere(people["desk"])) == [away]
    assert not Incident.objects.elsewhere(people["owner"]).exists()


def test_a_restricted_story_is_read_whole_by_managers_and_who_has_it(people: dict[str, Staff]) -> None:
    incident = make.make_incident(people["desk"], category="safety")
    readers = {name for name in EVERYBODY if access.can_read_whole(people[name], incident)}
    assert readers == {"manager", "boss", "owner", "far_manager"}
    ordinary = make.make_incident(people["desk"])
    assert access.can_read_whole(people["colleague"], ordinary)


# what | who may
MAY: list[tuple[str, set[str]]] = [
    ("can_void", {"manager", "boss", "owner", "far_manager"}),
    ("can_withdraw", {"desk", "manager", "boss", "owner", "far_manager"}),
]


@pytest.mark.parametrize(("what", "who"), MAY)
def test_who_may_do_what_with_an_incident(people: dict[str, Staff], what: str, who: set[str]) -> None:
    incident = make.make_incident(people["desk"])
    assert {name for name in EVERYBODY if getattr(access, what)(people[name], incident)} == who


def test_who_may_do_what(people: dict[str, Staff]) -> None:
    assert {n for n in EVERYBODY if access.can_administer(people[n])} == {"owner"}
    assert {n for n in EVERYBODY if access.can_read_private_words(people[n])} == {
        "manager",
        "boss",
        "owner",
        "far_manager",
    }


@pytest.mark.parametrize(
    ("decorator", "allowed"),
    [
        ("desk", set(EVERYBODY)),
        ("managers", {"manager", "boss", "owner", "far_manager"}),
        ("administrators", {"owner"}),
    ],
)
def test_the_desk_decorators(people: dict[str, Staff], decorator: str, allowed: set[str]) -> None:
    @getattr(access, decorator)  # type: ignore[untyped-decorator]
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("yes")

    def answer(user: Any) -> int | None:
        request = HttpRequest()
        request.META = {"SERVER_NAME": "testserver", "SERVER_PORT": "80"}
        request.user = user
        try:
            return int(view(request).status_code)
        except PermissionDenied:
            return 403

    assert {name for name in EVERYBODY if answer(people[name]) == 200} == allowed
    assert {answer(people[name]) for name in set(EVERYBODY) - allowed} <= {403}
    assert answer(AnonymousUser()) == 302
