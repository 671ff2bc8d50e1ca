"""What needs a manager now: every kind of it, each act on it, and what stays away from whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.access import Role
from incidents.actions import needs
from incidents.board.needs import MOST_SHOWN, needs_of
from incidents.models import Concern, Handled, HandledHow, Incident, NeedKind, Staff
from incidents.models.need import stage_now
from tests import dangers, make
from tests.make import DAY, HOUR, Cast
from tests.views.deliveries import rows

SignIn = Callable[..., Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def late(cast: Cast, now: dt.datetime) -> Incident:
    return dangers.one_of(NeedKind.APOLOGY_LATE, cast, now, "Petra Late")


def shown(client: Client) -> dict[str, list[int]]:
    found = client.get("/").context["needs"]
    return {section.kind.value: [row.incident.pk for row in section.rows] for section in found.sections}


def text_of(client: Client) -> str:
    return client.get("/").content.decode()


def act(client: Client, incident: Incident, name: str, **over: Any) -> Any:
    fields = {"kind": "apology_late", "occurrence": stage_now(make.fresh(incident)), "hours": "4"}
    return client.post(f"/needs/{incident.reference}/{name}/", fields | over)


@pytest.mark.parametrize("kind", NeedKind)
def test_every_kind_is_found(kind: NeedKind, cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
    incident = dangers.one_of(kind, cast, now)
    dangers.calm(cast, now, "Nobody Special")
    for staff in (cast.manager, cast.owner):
        assert shown(sign_in(staff)) == {kind.value: [incident.pk]}
    text = text_of(sign_in(cast.manager))
    assert "1 needs you" in text
    assert incident.reference in text
    assert "Nobody Special" not in text


def test_the_gravest_first_each_once_with_all_that_is_wrong(cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
    made = {kind: dangers.one_of(kind, cast, now) for kind in reversed(NeedKind)}
    client = sign_in(cast.manager)
    assert shown(client) == {kind.value: [made[kind].pk] for kind in NeedKind}
    text = text_of(client)
    assert "12 need you" in text
    places = [text.index(f'id="needs-{kind.value}"') for kind in NeedKind]
    assert places == sorted(places)


def test_an_incident_is_there_once(cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
    hurt = make.make_incident(cast.desk, severity=1, category="safety", now=now - DAY)
    client = sign_in(cast.manager)
    assert shown(client) == {"critical": [hurt.pk]}
    row = client.get("/").context["needs"].rows[0]
    assert "Nobody has apologized" in row.also
    assert set(row.seen_with) == {NeedKind.APOLOGY_LATE, NeedKind.RESTRICTED}


def test_a_restricted_one_is_for_those_who_may_see_it(cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
    """Of every kind: neither its name nor its number, nor in a count."""
    far = make.make_staff("Elsa Elsewhere", cast.elsewhere, role=Role.MANAGER)
    made = [dangers.one_of(kind, cast, now, f"Zora Secret {number}") for number, kind in enumerate(NeedKind)]
    Incident.objects.filter(pk__in=[incident.pk for incident in made]).update(is_restricted=True)
    for incident in made:
        incident.concerns.create(staff=cast.manager)
    for staff in (cast.manager, far):
        client = sign_in(staff)
        assert shown(client) == {}
        text = text_of(client)
        assert "Nothing needs you now." in text
        assert not [incident for incident in made if incident.reference in text or "Zora Secret" in text]
    assert sum(len(rows) for rows in shown(sign_in(cast.owner)).values()) == len(made)


def test_what_was_done_to_a_restricted_one_is_not_told_to_others(cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
    hurt = dangers.one_of(NeedKind.RESTRICTED, cast, now, "Zora Secret")
    hurt.concerns.create(staff=cast.manager)
    handled = needs.look_at(incident_id=hurt.pk, kind=NeedKind.RESTRICTED, by=cast.owner, now=now)
    assert "Zora Secret" in text_of(sign_in(cast.owner))
    client = sign_in(cast.manager)
    assert "Zora Secret" not in text_of(client)
    assert client.post(f"/needs/{handled.pk}/undo/").status_code == 404
    assert act(client, hurt, "seen", kind="restricted").status_code == 404


def test_a_manager_without_a_place_has_nothing_to_do(cast: Cast, late: Incident, sign_in: SignIn) -> None:
    assert shown(sign_in(make.make_staff("Nora Nowhere", role=Role.MANAGER))) == {}


def test_only_some_of_each_kind_and_how_many_there_are(
    cast: Cast, now: dt.datetime, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.board.needs.SHOWN", 2)
    for number in range(3):
        dangers.one_of(NeedKind.APOLOGY_LATE, cast, now, f"Guest {number}")
    client = sign_in(cast.manager)
    assert len(shown(client)["apology_late"]) == 2
    text = text_of(client)
    assert "3 need you" in text
    assert 'href="/incidents/?stage=apologize&amp;overdue=1"' in text


def test_counting_stops(cast: Cast, now: dt.datetime, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.board.needs.MOST", 2)
    for number in range(3):
        dangers.one_of(NeedKind.STEP_LATE, cast, now, f"Guest {number}")
    assert "More than 2 need you" in text_of(sign_in(cast.manager))


HOW = {
    "remind": HandledHow.NUDGED,
    "take": HandledHow.LOOKED_AT,
    "seen": HandledHow.LOOKED_AT,
    "later": HandledHow.LATER,
}


@pytest.mark.parametrize("name", HOW)
class TestAct:
    def test_works(self, name: str, cast: Cast, late: Incident, sign_in: SignIn) -> None:
        client = sign_in(cast.manager)
        answer = act(client, late, name)
        assert (answer.status_code, answer["Location"]) == (302, "/")
        handled = Handled.objects.get()
        assert (handled.how, handled.by, handled.kind) == (HOW[name], cast.manager, NeedKind.APOLOGY_LATE)
        text = text_of(client)
        assert "Nothing needs you now." in text
        assert f'action="/needs/{handled.pk}/undo/"' in text
        assert "Dealt with today: 1" in text

    def test_a_script_gets_the_list_and_says_it(self, name: str, cast: Cast, late: Incident, sign_in: SignIn) -> None:
        client = sign_in(cast.manager)
        fields = {"kind": "apology_late", "occurrence": stage_now(late), "hours": "4"}
        answer = client.post(f"/needs/{late.reference}/{name}/", fields, headers=HTMX, follow=True)
        text = answer.content.decode()
        assert text.strip().startswith('<section id="needs"')
        assert f'"undo": "/needs/{Handled.objects.get().pk}/undo/"' in answer["HX-Trigger"]

    def test_a_stranger_404(self, name: str, cast: Cast, late: Incident, sign_in: SignIn) -> None:
        stranger = make.make_staff("Elsa Elsewhere", cast.elsewhere, role=Role.MANAGER)
        assert act(sign_in(stranger), late, name).status_code == 404

    def test_the_desk_403(self, name: str, cast: Cast, late: Incident, sign_in: SignIn) -> None:
        assert act(sign_in(cast.desk), late, name).status_code == 403

    def test_a_bad_number_404(self, name: str, cast: Cast, sign_in: SignIn) -> None:
        assert sign_in(cast.manager).post(f"/needs/R-2026-99999/{name}/").status_code == 404

    def test_get_405(self, name: str, cast: Cast, late: Incident, sign_in: SignIn) -> None:
        assert sign_in(cast.manager).get(f"/needs/{late.reference}/{name}/").status_code == 405

    def test_an_old_page_422(self, name: str, cast: Cast, late: Incident, sign_in: SignIn) -> None:
        for wrong in ({"kind": "nonsense"}, {"kind": ""}, {"occurrence": ""}, {"occurrence": "Ä"}, {"also": "x"}):
            answer = act(sign_in(cast.manager), late, name, **wrong)
            assert answer.status_code == 422
            assert "This page is too old" in answer.content.decode()

    def test_moved_on_409(self, name: str, cast: Cast, late: Incident, sign_in: SignIn) -> None:
        answer = act(sign_in(cast.manager), late, name, occurrence="1/remedy")
        assert answer.status_code == 409
        assert "It has moved on meanwhile." in answer.content.decode()

    def test_the_second_manager_409(self, name: str, cast: Cast, late: Incident, sign_in: SignIn) -> None:
        act(sign_in(cast.owner), late, "seen")
        answer = act(sign_in(cast.manager), late, name)
        assert answer.status_code == 409
        assert "Olga Owner looked at it at" in answer.content.decode()


def test_later_asks_when(cast: Cast, late: Incident, sign_in: SignIn) -> None:
    answer = act(sign_in(cast.manager), late, "later", hours="1000")
    assert answer.status_code == 422
    assert "Say when it should come back." in answer.content.decode()


class TestUndo:
    @pytest.fixture
    def handled(self, cast: Cast, late: Incident, now: dt.datetime) -> Handled:
        return needs.look_at(incident_id=late.pk, kind=NeedKind.APOLOGY_LATE, by=cast.manager, now=now)

    def test_it_is_back(self, cast: Cast, late: Incident, handled: Handled, sign_in: SignIn) -> None:
        client = sign_in(cast.manager)
        assert shown(client) == {}
        assert client.post(f"/needs/{handled.pk}/undo/")["Location"] == "/"
        assert shown(client) == {"apology_late": [late.pk]}

    def test_twice_is_404(self, cast: Cast, handled: Handled, sign_in: SignIn) -> None:
        client = sign_in(cast.manager)
        client.post(f"/needs/{handled.pk}/undo/")
        assert client.post(f"/needs/{handled.pk}/undo/").status_code == 404

    def test_what_came_back_by_itself_409(
        self, cast: Cast, handled: Handled, now: dt.datetime, sign_in: SignIn
    ) -> None:
        Handled.objects.update(at=now - 2 * DAY, until=now - DAY)
        assert sign_in(cast.manager).post(f"/needs/{handled.pk}/undo/").status_code == 409

    def test_strangers_the_desk_and_get(self, cast: Cast, handled: Handled, sign_in: SignIn) -> None:
        stranger = make.make_staff("Elsa Elsewhere", cast.elsewhere, role=Role.MANAGER)
        address = f"/needs/{handled.pk}/undo/"
        assert sign_in(stranger).post(address).status_code == 404
        assert sign_in(cast.desk).post(address).status_code == 403
        assert sign_in(cast.manager).get(address).status_code == 405


def test_a_mail_that_did_not_get_through(cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
    incident = dangers.calm(cast, now, "Petra Mail")
    notice = incident.notices.create(
        recipient=cast.desk, kind="assigned", subject_id=incident.pk, occurrence="1", at=now
    )
    mail = rows.mail(cast.desk, notice, state="dead", next_try_at=now - HOUR)
    client = sign_in(cast.manager)
    assert shown(client) == {"dead_delivery": [incident.pk]}
    text = text_of(client)
    assert "A mail to Dora Desk did not get through." in text
    assert f'formaction="/reminders/mails/{mail.pk}/retry/"' in text
    type(mail).objects.update(created_at=now - 8 * DAY)
    assert shown(client) == {}


@pytest.mark.parametrize("number", [1, 3])
def test_twelve_statements_at_most(
    number: int,
    cast: Cast,
    now: dt.datetime,
    sign_in: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for turn in range(number):
        for kind in NeedKind:
            dangers.one_of(kind, cast, now, f"Guest {turn} {kind.value}")
    seen = dangers.one_of(NeedKind.STEP_LATE, cast, now, "Petra Seen")
    needs.look_at(incident_id=seen.pk, kind=NeedKind.STEP_LATE, by=cast.owner, now=now)
    client = sign_in(cast.manager)
    client.get("/")
    with django_assert_max_num_queries(12):
        found = client.get("/").context["needs"]
    assert len(found.rows) == min(number * len(NeedKind), MOST_SHOWN)
    assert len(found.done) == 1


def test_who_is_back_is_offered_and_nobody_whom_it_is_about(cast: Cast, now: dt.datetime) -> None:
    incident = dangers.one_of(NeedKind.NEEDS_ASSIGNEE, cast, now)
    back, about = (make.make_staff(name, cast.here) for name in ("Berta Back", "Abe About"))
    Staff.objects.filter(pk=back.pk).update(away_until=now - DAY)
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    Concern.objects.create(incident=incident, staff=about)
    needs.look_at(incident_id=incident.pk, kind=NeedKind.RESTRICTED, by=cast.manager, now=now)
    [row] = needs_of(cast.manager, now).rows
    offered = [person.pk for person in row.people]
    assert back.pk in offered
    assert about.pk not in offered


def test_one_page_has_room_for_the_gravest_and_one_of_each(
    cast: Cast, now: dt.datetime, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.board.needs.MOST_SHOWN", 5)
    for kind in (NeedKind.CRITICAL, NeedKind.APOLOGY_LATE, NeedKind.RECEIPT_STUCK):
        for turn in range(4):
            dangers.one_of(kind, cast, now, f"Guest {turn} {kind.value}")
    sections = sign_in(cast.manager).get("/").context["needs"].sections
    assert [(section.kind, len(section.rows), section.number) for section in sections] == [
        (NeedKind.CRITICAL, 3, 4),
        (NeedKind.APOLOGY_LATE, 1, 4),
        (NeedKind.RECEIPT_STUCK, 1, 4),
    ]
