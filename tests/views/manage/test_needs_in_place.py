"""What other pages do too, done on the first page of a manager."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import Incident, NeedKind, Staff
from incidents.vocabulary import CloseReason
from tests import dangers, make
from tests.make import DAY, HOUR, Cast

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
