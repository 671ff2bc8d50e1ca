"""One of everything, and every address of the app: what tests of all pages at once need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from incidents import uploads
from incidents.access import Role
from incidents.actions import handovers, needs, promises
from incidents.actions.attach import attach_file
from incidents.models import CheckIn, Concern, ExportFile, Incident, Job, Notice, Outbox, SavedView, Staff
from incidents.models.need import NeedKind
from tests import make
from tests.databases import rows_for_many
from tests.pictures import PDF
from tests.views.changes import addresses as changes
from tests.views.customers import pairs
from tests.views.deliveries import rows
from tests.views.exports.files import exported
from tests.views.minutes import addresses as minutes
from tests.views.patterns import addresses as patterns
from tests.views.practice import addresses as practice
from tests.views.procedures import addresses as procedures
from tests.views.review import addresses as review

QUERY = {
    "log-fields": "?category=room",
    "customer-suggest": "?q=no",
    "pattern-look": "?kind=item&value=room+1",
}
STORY, SECRET = "Zanzibar shower story", "Quetzal injury story"


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address outside the admin, as it is written in the urlconf."""
    for found in (resolver or get_resolver()).url_patterns:
        route = before + str(found.pattern)
        if isinstance(found, URLPattern):
            yield route, found
        elif found.namespace != "admin":
            yield from routes(found, route)


@cache
def parameters() -> dict[str, set[str]]:
    """The names of all addresses that have one, each with its parameters."""
    return {found.name: set(found.pattern.regex.groupindex) for _route, found in routes() if found.name}


@dataclass
class World:
    """The cast, a plain and a restricted incident that have one of everything, and who must not see the second."""

    cast: make.Cast
    plain: Incident
    restricted: Incident
    concerned: Staff
    elsewhere: Staff

    _numbers: dict[int, dict[str, int]] = field(default_factory=dict)

    def address(self, name: str, incident: Incident | None = None) -> str:
        """The address of a thing that is there."""
        of = incident or self.plain
        wanted = parameters()[name]
        fields: dict[str, Any] = {"reference": of.reference} if "reference" in wanted else {}
        if "name" in wanted:
            fields["name"] = "more" if "pk" in wanted else "close"
        if "severity" in wanted:
            fields["severity"] = 3
        if "number" in wanted:
            fields["number"] = 1
        if name.startswith("numbers-"):
            fields |= {"key": "incidents"} if "key" in wanted else {"part": "causes"}
        if "reminder" in wanted:
            fields["reminder"] = "apology_due"
        if "pk" in wanted:
            numbers = self._numbers.setdefault(of.pk, {}) or self._numbers_of(of)
            fields["pk"] = numbers[name if name in numbers else name.partition("-")[0]]
        return reverse(name, kwargs=fields) + QUERY.get(name, "")

    def _numbers_of(self, of: Incident) -> dict[str, int]:
        remedy, asked = of.remedies.get(needs_receipt=True), of.approvals.get()
        assert of.customer
        self._numbers[of.pk] = {
            "recover": remedy.pk,
            "open-work-all": of.assignee_id,
            "recover-ask-again": asked.remedy_id,
            "recover-go-ahead": asked.remedy_id,
            "approval": asked.pk,
            "recover-follow-up": make.planned_call(of).pk,
            "recover-reach": make.planned_call(of).pk,
            "customer-mark-contact": of.customer.contact_points.get().pk,
            "recover-settle-promise": of.promises.get().pk,
            "recover-move-promise": of.promises.get().pk,
            "file-show": of.attachments.get().pk,
            "need": of.handled.get().pk,
            "customer": of.customer.pk,
            "customer-change-contact": of.customer.contact_points.get().pk,
            "customer-remove-contact": of.customer.contact_points.get().pk,
            **pairs.numbers(of.customer),
            **patterns.numbers(of, self.cast.manager),
            **review.numbers(of, self.cast),
            **practice.numbers(self.cast),
            **procedures.numbers(self.cast),
            **minutes.numbers(of, self.cast),
            **changes.numbers(of, self.cast.owner),
            "notice-open": Notice.objects.filter(recipient=self.cast.desk).earliest("pk").pk,
            "care": CheckIn.objects.get(staff=self.cast.owner).pk,
            "job": Job.objects.get(asked_by=self.cast.desk, kind="demo_incidents").pk,
            "export": ExportFile.objects.get(job__asked_by=self.cast.desk).pk,
            "view": SavedView.objects.get(owner=self.cast.desk).pk,
            "bulk": Job.objects.get(asked_by=self.cast.desk, kind="bulk").pk,
            "delivery-retry-reminder": of.reminders.get(state="dead").pk,
            "delivery-retry-mail": Outbox.objects.get(recipient=self.cast.desk, state="failed").pk,
            "staff": self.cast.colleague.pk,
            "location": self.cast.here.pk,
            "hours": self.cast.here.pk,
            "board": of.events.earliest("id").pk,  # followed by others
            "category": make.category().pk,
            "playbook": make.category().pk,
            "question": make.category().fields.get(key="place").pk,
            "remedy": make.remedy_type().pk,
        }
        return self._numbers[of.pk]


def everything(incident: Incident, by: Staff) -> Incident:
    """A receipt awaited, a question about money, a call planned, a promise, a file, a reminder that was given up."""
    now = timezone.now()
    make.apologize(incident, by, now=now)
    make.give(incident, by, now=now)
    make.give(incident, by, "reimburse", now=now, what="Taxi")
    make.limit(by, "gift_card", 10)
    make.give(incident, by, "gift_card", now=now, estimated_amount=Decimal(50), is_delivered=False)
    promises.make_promise(
        incident_id=incident.pk, by=by, now=now, what="A letter", due_at=now + make.DAY, submit_key=incident.submit_key
    )
    file = uploads.check(SimpleUploadedFile("bill.pdf", PDF))
    attach_file(incident_id=incident.pk, by=by, now=now, file=file, kind="photo")
    rows.dead(incident)
    needs.look_at(incident_id=incident.pk, kind=NeedKind.CRITICAL, by=by, now=now)
    incident.refresh_from_db()
    return incident


@pytest.fixture
def world(cast: make.Cast, settings: Settings, tmp_path: Path) -> World:
    """Made this moment: what may be taken back for a minute may be."""
    settings.MEDIA_ROOT = tmp_path
    return make_world(cast)


@pytest.fixture(scope="module")
def _world_for_many(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with rows_for_many(django_db_blocker), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield make_world(make.make_cast())


@pytest.fixture
def lasting(_world_for_many: World, db: None) -> World:
    """One world for all tests of a module, when none asks how old it is; what each of them writes is taken back.

    Beside it there is no room for `world`.
    """
    return _world_for_many


def make_world(cast: make.Cast) -> World:
    concerned = make.make_staff("Carl Concerned", cast.here)
    elsewhere = make.make_staff("Elsa Elsewhere", cast.elsewhere, role=Role.MANAGER)
    now = timezone.now()
    plain = everything(make.make_incident(cast.desk, now=now, what_happened=STORY), cast.desk)
    restricted = make.make_incident(cast.desk, now=now, category="safety", what_happened=SECRET)
    handovers.hand_over(incident_id=restricted.pk, to=cast.owner, by=cast.owner, now=now)
    restricted = everything(restricted, cast.owner)
    Concern.objects.create(incident=restricted, staff=concerned)
    rows.mail(cast.desk, state="failed")
    given = make.make_incident(cast.colleague, now=now)
    handovers.hand_over(incident_id=given.pk, to=cast.desk, by=cast.colleague, now=now)
    make.make_job(cast.desk, now=now)
    SavedView.objects.create(name="Nights", owner=cast.desk, query="overdue=1", created_at=now)
    CheckIn.objects.create(incident=plain, staff=cast.owner, reason="abuse", asked_at=now)
    make.make_job(cast.desk, now=now, kind="bulk", options={"act": "reassign", "to": cast.colleague.pk})
    exported(cast.desk, now=now)
    return World(cast, plain, restricted, concerned, elsewhere)


FORM = "application/x-www-form-urlencoded"
RENDER = "django.template.backends.django.Template.render"


@contextmanager
def unrendered() -> Iterator[None]:
    """For whom an answer's status is enough: views do all their work, but no page is put into words."""
    with mock.patch(RENDER, return_value=SafeString("")):
        yield


def ask(client: Client, method: str, address: str, body: bytes = b"") -> tuple[int, str]:
    """Status and text; whatever it wrote is taken back."""
    with transaction.atomic():
        response: Any = client.generic(method, address, body, content_type=FORM)
        content = response.getvalue() if response.streaming else response.content
        transaction.set_rollback(True)
    return response.status_code, content.decode(errors="replace")


def signed_in(staff: Staff) -> Client:
    return make.let_in(Client(raise_request_exception=False), staff)
