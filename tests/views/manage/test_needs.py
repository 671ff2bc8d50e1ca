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
from incidents.models import Handled, HandledHow, Incident, NeedKind, Staff
from incidents.models.need import stage_now
from incidents.vocabulary import CloseReason
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
    assert "2+ need you" in text_of(sign_in(cast.manager))


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


class TestInPlace:
    """What other pages do too, done here: back to this page, and why not in a toast."""

    def follow(self, client: Client, address: str, **fields: Any) -> Any:
        return client.post(address, {"next": "/", **fields}, headers=HTMX, follow=True)

    def settles(self, client: Client, need: NeedKind, address: str, **fields: Any) -> Any:
        assert need.value in shown(client)
        answer = self.follow(client, address, **fields)
        assert answer.status_code == 200
        assert answer.content.decode().strip().startswith('<section id="needs"')
        assert '"toast"' in answer["HX-Trigger"]
        assert need.value not in shown(client)
        return answer

    def test_the_apology_in_two_taps(self, cast: Cast, late: Incident, sign_in: SignIn) -> None:
        client = sign_in(cast.manager)
        row = client.get("/").context["needs"].rows[0]
        fields = {"submit_key": str(row.new_key), "author": str(cast.desk.pk), "channel": "phone", "kind": "apology"}
        self.settles(client, NeedKind.APOLOGY_LATE, f"/incidents/{late.reference}/apologize/", **fields)
        assert late.apologies.get().author == cast.desk

    def test_an_apology_that_nobody_can_read_says_why(self, cast: Cast, late: Incident, sign_in: SignIn) -> None:
        client = sign_in(cast.manager)
        answer = self.follow(client, f"/incidents/{late.reference}/apologize/", channel="smoke")
        assert answer.status_code == 409
        assert answer["HX-Reswap"] == "none"
        assert "toast" in answer["HX-Trigger"]

    def test_yes(self, cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
        asked = dangers.one_of(NeedKind.APPROVAL, cast, now).approvals.get()
        address = f"/approvals/{asked.pk}/decide/"
        self.settles(sign_in(cast.manager), NeedKind.APPROVAL, address, is_approved="yes")

    def test_somebody_said_yes_before(self, cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
        asked = dangers.one_of(NeedKind.APPROVAL, cast, now).approvals.get()
        address = f"/approvals/{asked.pk}/decide/"
        self.follow(sign_in(cast.owner), address, is_approved="yes")
        answer = self.follow(sign_in(cast.manager), address, is_approved="yes")
        assert answer.status_code == 409
        assert '"refused"' in answer["HX-Trigger"]

    def test_it_was_right(self, cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
        asked = dangers.one_of(NeedKind.WENT_AHEAD, cast, now).approvals.get()
        address = f"/approvals/{asked.pk}/review/"
        self.settles(sign_in(cast.manager), NeedKind.WENT_AHEAD, address, was_right="yes")

    def test_ones_own_going_ahead_is_for_others(self, cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
        asked = dangers.one_of(NeedKind.WENT_AHEAD, cast, now).approvals.get()
        type(asked).objects.filter(pk=asked.pk).update(decided_by=cast.manager)
        assert shown(sign_in(cast.manager)) == {}
        assert shown(sign_in(cast.owner)) == {"went_ahead": [asked.incident_id]}

    def test_without_a_receipt(self, cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
        incident = dangers.one_of(NeedKind.RECEIPT_STUCK, cast, now)
        address = f"/incidents/{incident.reference}/remedy/{incident.remedies.get().pk}/no-receipt/"
        self.settles(sign_in(cast.manager), NeedKind.RECEIPT_STUCK, address, note="It got lost")

    def test_closed_as_unreachable_and_back(self, cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
        incident = dangers.one_of(NeedKind.UNREACHABLE, cast, now)
        client = sign_in(cast.manager)
        address = f"/incidents/{incident.reference}/close/"
        answer = self.settles(client, NeedKind.UNREACHABLE, address, reason="unreachable", note="Called 4 times.")
        assert make.fresh(incident).close_reason == CloseReason.UNREACHABLE
        assert f'"undo": "/incidents/{incident.reference}/undo-last/"' in answer["HX-Trigger"]
        undone = client.post(f"/incidents/{incident.reference}/undo-last/", {"next": "/"})
        assert undone["Location"] == "/"
        assert shown(client) == {"unreachable": [incident.pk]}

    def test_a_late_call_that_nobody_answers_is_closed_too(self, cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
        incident = dangers.one_of(NeedKind.UNREACHABLE, cast, now)
        call = make.planned_call(incident)
        incident.follow_ups.filter(pk=call.pk).update(due_at=now - HOUR)
        Incident.objects.filter(pk=incident.pk).update(next_due_at=now - HOUR)
        client = sign_in(cast.manager)
        row = client.get("/").context["needs"].rows[0]
        assert (row.kind, row.can_close) == (NeedKind.STEP_LATE, True)
        assert "Tried again and again, a message left." in text_of(client)
        address = f"/incidents/{incident.reference}/close/"
        self.settles(client, NeedKind.STEP_LATE, address, reason="unreachable", note=row.why_given_up)

    def test_given_to_somebody(self, cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
        incident = dangers.one_of(NeedKind.NEEDS_ASSIGNEE, cast, now)
        client = sign_in(cast.manager)
        row = client.get("/").context["needs"].rows[0]
        assert [(person.name, person.has) for person in row.people] == [
            ("Dora Desk", "0"),
            ("Mona Manager", "0"),
            ("Olga Owner", "0"),
        ]
        address = f"/incidents/{incident.reference}/hand-over/"
        fields = {"to": str(cast.desk.pk), "expected_assignee": str(cast.colleague.pk)}
        self.settles(client, NeedKind.NEEDS_ASSIGNEE, address, **fields)
        assert make.fresh(incident).assignee == cast.desk

    def test_i_have_it(self, cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
        incident = dangers.one_of(NeedKind.NEEDS_ASSIGNEE, cast, now)
        Incident.objects.filter(pk=incident.pk).update(assignee=cast.manager)
        incident.handovers.update(to_staff=cast.manager)
        address = f"/incidents/{incident.reference}/accept/"
        self.settles(sign_in(cast.manager), NeedKind.NEEDS_ASSIGNEE, address)

    @pytest.mark.parametrize("over", [{"is_active": False}, {"away_until": timezone.now() + DAY}])
    def test_whoever_has_it_is_gone(self, over: dict[str, Any], cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
        incident = dangers.calm(cast, now, "Petra Alone")
        Staff.objects.filter(pk=cast.desk.pk).update(**over)
        client = sign_in(cast.manager)
        assert shown(client) == {"needs_assignee": [incident.pk]}
        fields = {"kind": "needs_assignee", "occurrence": f"staff/{cast.desk.pk}"}
        self.settles(client, NeedKind.NEEDS_ASSIGNEE, f"/needs/{incident.reference}/take/", **fields)

    def test_tried_again(self, cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
        incident = dangers.one_of(NeedKind.DEAD_DELIVERY, cast, now)
        address = f"/reminders/{incident.reminders.get(state='dead').pk}/retry/"
        self.settles(sign_in(cast.manager), NeedKind.DEAD_DELIVERY, address)

    def test_where_next_leads_is_ours(self, cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
        incident = dangers.one_of(NeedKind.DEAD_DELIVERY, cast, now)
        address = f"/reminders/{incident.reminders.get(state='dead').pk}/retry/"
        answer = sign_in(cast.manager).post(address, {"next": "https://elsewhere.example/"})
        assert answer["Location"].startswith("/reminders/")


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
    with django_assert_max_num_queries(11):
        found = client.get("/").context["needs"]
    assert len(found.rows) == number * len(NeedKind)
    assert len(found.done) == 1
