"""The page that takes a list out: the same rows as on the screen, at once or as long work."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from incidents.actions import exports as actions
from incidents.models import Event, Incident, Job, Staff
from tests import make
from tests.exports.reading import column
from tests.kept import kept_rows
from tests.make import Cast

SignIn = Callable[[Staff], Client]
ADDRESS = "/export/"


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def sent(form: str = "csv", **over: Any) -> dict[str, Any]:
    return {"form": form, "submit_key": str(uuid4())} | over


def taken(client: Client, query: str = "", form: str = "csv") -> bytes:
    response: Any = client.post(ADDRESS + query, sent(form))
    assert response.status_code == 200, response.content[:500]
    content: bytes = response.getvalue()
    return content


def references(client: Client, query: str = "", form: str = "csv") -> list[str]:
    return column(taken(client, query, form), "Reference", form)


@kept_rows
def several(cast: Cast) -> list[Incident]:
    """Open ones of several kinds, one closed, one elsewhere, one restricted."""
    now = timezone.now()
    rows = [
        make.make_incident(cast.desk, now=now - make.DAY * 9, severity=2, what_happened="The lift stood still."),
        make.make_incident(cast.colleague, now=now, category="waiting", severity=4),
        make.make_incident(cast.desk, now=now - make.HOUR, severity=3, source="noticed", what_happened="Loud lift."),
        make.make_incident(cast.manager, now=now, category="safety", what_happened="A secret fall"),
        make.make_incident(cast.desk, now=now - make.DAY * 2),
        make.make_incident(cast.desk, now=now - make.DAY * 3),
    ]
    for closed in rows[4:]:
        make.close(closed, cast.manager, "withdrawn", now=now)
    make.make_incident(cast.outsider, now=now)
    return rows


QUERIES = [
    "",
    "?view=mine",
    "?view=late",
    "?view=closed",
    "?view=unhappy",
    "?severity=major&severity=minor",
    "?q=lift",
    "?q=lift&view=mine",
    "?category=waiting",
    "?source=noticed",
    "?assignee=me",
    "?overdue=1",
    "?lacks=apology",
    "?reported=7",
    "?stage=apologize&severity=minor",
    "?severity=nonsense&view=nonsense&pattern=nonsense",
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("who", ["desk", "manager", "owner"])
def test_it_is_the_list_row_by_row(cast: Cast, several: list[Incident], sign_in: SignIn, query: str, who: str) -> None:
    client = sign_in(getattr(cast, who))
    page: Any = client.get(reverse("incident-list") + (query or "?view=all"))
    shown = [card.incident.reference for card in page.context["cards"]]
    assert references(client, query or "?view=all") == shown
    if query in ("", "?view=closed"):
        assert shown
        assert references(client, query or "?view=all", "xlsx") == shown


@pytest.mark.parametrize("sort", ["due", "-due", "reported", "severity", "-severity", "customer", "-given", "nonsense"])
def test_it_is_the_table_row_by_row(cast: Cast, several: list[Incident], sign_in: SignIn, sort: str) -> None:
    make.give(several[1], cast.manager, "gift_card", estimated_amount=Decimal(10), now=timezone.now())
    client = sign_in(cast.manager)
    page: Any = client.get(f"/board/?view=all&as=table&sort={sort}")
    shown = [card.incident.reference for card in page.context["page"].cards]
    assert len(shown) == 4
    assert references(client, f"?as=table&sort={sort}") == shown
    if sort == "-severity":
        assert re.search(rb'href="/export/\?[^"]*as=table&amp;sort=-severity', page.content)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_it_is_a_file_that_a_browser_saves(cast: Cast, sign_in: SignIn, form: str) -> None:
    make.make_incident(cast.desk)
    response: Any = sign_in(cast.desk).post(ADDRESS, sent(form))
    day = timezone.now().astimezone(cast.desk.zone).date()
    assert response.headers["Content-Disposition"] == f'attachment; filename="recoveries-{day}.{form}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Type"].startswith("text/csv" if form == "csv" else "application/vnd.")
    assert len(column(response.getvalue(), "Reference", form)) == 1


def test_restricted_ones_are_not_in_it(cast: Cast, several: list[Incident], sign_in: SignIn) -> None:
    for who in (cast.desk, cast.colleague, cast.outsider):
        assert b"secret" not in taken(sign_in(who))
        assert b"secret" not in taken(sign_in(who), "?q=secret")
    assert b"secret" in taken(sign_in(cast.manager))


def test_every_time_it_is_written_down_by_codes(cast: Cast, several: list[Incident], sign_in: SignIn) -> None:
    taken(sign_in(cast.desk), "?q=lift&severity=major&view=all")
    event = Event.objects.get(kind="exported")
    assert (event.by, event.incident, event.subject_id) == (cast.desk, None, None)
    assert event.codes == {
        "list": "incidents",
        "form": "csv",
        "rows": 1,
        "filters": {"q": True, "severity": ["major"], "view": "all"},
    }
    sign_in(cast.desk).get(ADDRESS)
    assert Event.objects.filter(kind="exported").count() == 1


def test_an_administrator_who_takes_restricted_ones_out_is_noted(
    cast: Cast, several: list[Incident], sign_in: SignIn
) -> None:
    taken(sign_in(cast.owner))
    taken(sign_in(cast.owner))
    noted = Event.objects.filter(kind="restricted_read", by=cast.owner)
    assert [event.incident for event in noted] == [several[3]]


def test_above_so_many_it_is_long_work(
    cast: Cast, several: list[Incident], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    client = sign_in(cast.manager)
    assert b"Write the file" in client.get(ADDRESS).content
    body = sent("xlsx")
    response = client.post(ADDRESS, body)
    job = Job.objects.get()
    assert response.status_code == 302
    assert response.headers["Location"] == job.get_absolute_url()
    assert (job.total, job.options["form"], job.options["list"]) == (4, "xlsx", "incidents")
    assert client.post(ADDRESS, body).headers["Location"] == job.get_absolute_url()
    assert Job.objects.count() == 1
    assert Event.objects.get(kind="exported").subject_id == job.pk


def test_nobody_piles_up_long_work(
    cast: Cast, several: list[Incident], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    client = sign_in(cast.manager)
    codes = [client.post(ADDRESS, sent()).status_code for _ in range(actions.MOST_WAITING + 1)]
    assert codes == [302] * actions.MOST_WAITING + [409]


def test_bad_input_keeps_what_was_chosen(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    for body in (sent("pdf"), sent(""), {}, sent("xlsx", submit_key="nonsense")):
        response = client.post(f"{ADDRESS}?severity=major", body)
        assert response.status_code == 422
        assert b"Major" in response.content
    assert b'value="xlsx" id="id_form_1" checked' in response.content.replace(b"  ", b" ")
    assert client.put(ADDRESS).status_code == 405


def test_a_full_disk_is_said_and_leaves_nothing(
    cast: Cast, several: list[Incident], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **more: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("incidents.exports.sheet.Csv.join", full)
    response = sign_in(cast.desk).post(ADDRESS, sent())
    assert response.status_code == 503
    assert b"no room for the file" in response.content
    assert not Event.objects.filter(kind="exported").exists()


def test_calls_are_those_of_the_page(cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    for by in (cast.desk, cast.desk, cast.colleague):
        incident = make.make_incident(by, now=now)
        make.apologize(incident, by, now=now)
        make.give(incident, by, now=now)
    page: Any = sign_in(cast.desk).get("/calls/?who=everyone")
    book = page.context["book"]
    shown = [row.incident.reference for row in [*book.late, *book.soon, *book.later, *book.done]]
    assert len(shown) == 3
    assert references(sign_in(cast.desk), "?of=calls&who=everyone") == shown
    assert len(references(sign_in(cast.desk), "?of=calls")) == 2
    assert b"/export/?of=calls" in sign_in(cast.desk).get("/calls/").content


def test_calls_of_restricted_ones_are_with_those_who_make_them(cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    incident = make.make_incident(cast.desk, now=now, category="safety")
    Incident.objects.filter(pk=incident.pk).update(assignee=cast.manager)
    make.apologize(incident, cast.manager, now=now)
    make.give(incident, cast.manager, now=now)
    incident.follow_ups.update(assignee=cast.manager)
    assert references(sign_in(cast.desk), "?of=calls&who=everyone") == []
    two_calls = [incident.reference] * 2  # it is critical
    assert references(sign_in(cast.manager), "?of=calls&who=everyone") == two_calls


def test_customers_are_for_managers(cast: Cast, sign_in: SignIn) -> None:
    for name in ("Zoe Quist", "Ada Abel", "Bea Abel"):
        make.make_customer(name)
    client = sign_in(cast.manager)
    assert column(taken(client, "?of=customers"), "Name") == ["Ada Abel", "Bea Abel", "Zoe Quist"]
    assert column(taken(client, "?of=customers&q=abel", "xlsx"), "Name", "xlsx") == ["Ada Abel", "Bea Abel"]
    assert b"/export/?of=customers&amp;q=abel" in client.get("/customers/?q=abel").content
    desk = sign_in(cast.desk)
    assert desk.get(f"{ADDRESS}?of=customers").status_code == 403
    assert desk.post(f"{ADDRESS}?of=customers", sent()).status_code == 403
    assert b"of=customers" not in desk.get("/customers/").content


def test_the_list_leads_to_it_with_its_filters(cast: Cast, several: list[Incident], sign_in: SignIn) -> None:
    page = sign_in(cast.desk).get("/incidents/?view=mine&severity=major")
    assert b"/export/?view=mine&amp;severity=major" in page.content


@pytest.mark.parametrize("number", [1, 3])
def test_statements_do_not_grow_with_the_rows(
    cast: Cast, sign_in: SignIn, number: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for each in range(number):
        incident = make.make_incident(cast.desk, customer=make.make_customer(f"Guest {each}"))
        make.give(incident, cast.desk, "gift_card", estimated_amount=Decimal(10))
    client = sign_in(cast.desk)
    client.get(ADDRESS)
    with django_assert_num_queries(7):  # session, person, places, frame, what to choose from, how many, files
        client.get(ADDRESS)
    with django_assert_num_queries(9):  # as before; which rows, the rows, the event in a transaction
        taken(client)


def test_old_files_are_offered_again(cast: Cast, sign_in: SignIn) -> None:
    from tests.views.exports.files import exported

    exported(cast.manager, now=timezone.now())
    exported(cast.manager, now=timezone.now() - dt.timedelta(days=8))
    page: Any = sign_in(cast.manager).get(ADDRESS)
    assert len(page.context["files"]) == 1
    assert b"recoveries-2026-03-04.csv" in page.content
    assert b"recoveries-2026-03-04.csv" not in sign_in(cast.owner).get(ADDRESS).content
