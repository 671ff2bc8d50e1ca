"""The list of recoveries: views, filters, pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents import counting
from incidents.actions import endings
from incidents.actions import people as staffing
from incidents.board import register, tabs
from incidents.models import Incident, Location, prepared
from tests import make
from tests.make import DAY, HOUR, NOW, Cast

SignIn = Callable[..., Client]
LIST = "/incidents/"


def page(client: Client, query: str = "") -> str:
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(client: Client, query: str, *incidents: Incident) -> list[str]:
    """Which of `incidents` the page lists, in its order."""
    text = page(client, query)
    found = {text.index(f'href="/incidents/{i.reference}/"'): i.reference for i in incidents if i.reference in text}
    return [found[at] for at in sorted(found)]


def test_the_most_urgent_first(cast: Cast, sign_in: SignIn) -> None:
    minor = make.make_incident(cast.desk, severity=4)
    critical = make.make_incident(cast.desk, severity=1)
    assert shown(sign_in(cast.desk), "", minor, critical) == [critical.reference, minor.reference]


def test_a_stranger_signs_in_first(client: Client, db: None) -> None:
    assert client.get(LIST)["Location"] == f"/accounts/login/?next={LIST}"


def test_other_places_do_not_show(cast: Cast, sign_in: SignIn) -> None:
    ours, theirs = make.make_incident(cast.desk), make.make_incident(cast.outsider)
    assert shown(sign_in(cast.desk), "", ours, theirs) == [ours.reference]
    assert shown(sign_in(cast.outsider), "", ours, theirs) == [theirs.reference]
    assert len(shown(sign_in(cast.owner), "", ours, theirs)) == 2


def test_a_restricted_story_stays_with_those_who_may_read_it(cast: Cast, sign_in: SignIn) -> None:
    hurt = make.make_incident(cast.desk, category="safety", what_happened="Slipped near the boiler.")
    assert hurt.assignee == cast.manager
    assert "boiler" not in page(sign_in(cast.desk))
    assert hurt.reference in page(sign_in(cast.desk))
    assert hurt.reference not in page(sign_in(cast.desk), "?q=boiler")
    assert hurt.reference not in page(sign_in(cast.colleague))
    assert hurt.reference in page(sign_in(cast.manager), "?q=boiler")
    Incident.objects.filter(pk=hurt.pk).update(order_reference="ZX9988")
    assert hurt.reference not in page(sign_in(cast.desk), "?q=ZX9988")
    assert hurt.reference in page(sign_in(cast.manager), "?q=ZX9988")


def test_what_is_not_listed_may_be_elsewhere(cast: Cast, sign_in: SignIn) -> None:
    assert 'href="/search/?q=wiskers"' in page(sign_in(cast.desk), "?q=wiskers")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?view=mine", {"mine", "late"}),
        ("?view=late", {"late"}),
        ("?view=unhappy", set()),
        ("?view=closed", {"closed"}),
        ("?assignee=me", {"mine", "late"}),
        ("?overdue=1", {"late"}),
        ("?category=waiting", {"late"}),
        ("?category=waiting&category=room", {"late", "mine", "theirs"}),
        ("?severity=critical&severity=minor", {"late"}),
        ("?stage=apologize", {"late", "mine", "theirs"}),
        ("?stage=remedy", set()),
        ("?source=noticed", {"theirs"}),
        ("?q=PAPER", {"theirs"}),
        ("?q=Zdenka", {"late"}),
        ("?q=zdeňka", {"late"}),
        ("?q=100%25", set()),
        ("?q=room+paper", {"theirs"}),
        ("?q=Päper", {"theirs"}),
        ("?q=ab+12-34", {"late"}),
        ("?q=B123", {"late"}),
    ],
)
def test_filters(query: str, expected: set[str], cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.views.manage.timezone.now", lambda: NOW + HOUR / 60)
    many = {
        "mine": make.make_incident(cast.desk, severity=3),
        "late": make.make_incident(
            cast.desk,
            now=NOW - DAY,
            severity=1,
            category="waiting",
            customer=make.make_customer("Zdeňka Malá"),
        ),
        "theirs": make.make_incident(
            cast.colleague, severity=3, source="noticed", told_by="in_person", what_happened="No paper in the room"
        ),
        "closed": make.make_incident(cast.colleague),
    }
    Incident.objects.filter(pk=many["late"].pk).update(order_reference="AB1234")
    endings.close_incident(
        incident_id=many["closed"].pk, reason="withdrawn", by=cast.colleague, now=NOW, note="No need"
    )
    listed = shown(sign_in(cast.desk), query, *many.values())
    assert set(listed) == {many[name].reference for name in expected}


def test_an_unhappy_customer_is_a_view(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    make.call(incident, cast.desk, "unhappy")
    assert shown(sign_in(cast.desk), "?view=unhappy", incident) == [incident.reference]


def test_chosen_filters_are_chips_that_come_off(cast: Cast, sign_in: SignIn) -> None:
    text = page(sign_in(cast.desk), "?severity=major&severity=minor&q=tap&view=late")
    assert 'href="?view=late&amp;q=tap&amp;severity=minor"' in text
    assert "“tap”" in text
    assert "Nothing fits these filters" in text


@pytest.mark.parametrize(
    "query",
    [
        "?view=nonsense",
        "?severity=9&severity=S1",
        "?assignee=" + "9" * 5000,
        "?assignee=-1&location=abc&location=99999999999999999999",
        "?stage=closed&stage='--",
        "?after=nonsense",
        "?after=9999999999999999-999999999999999999",
        "?before=0000000000000000-0&view=closed",
        "?before=-1",
        "?overdue=maybe",
        "?q=" + "x" * 3000,
        "?q=%F0%9F%98%80%E2%80%AE",
        "?unknown=1",
    ],
)
def test_strange_values_are_left_out(query: str, cast: Cast, sign_in: SignIn) -> None:
    make.make_incident(cast.desk)
    page(sign_in(cast.desk), query)


def test_another_places_name_is_no_filter(cast: Cast, sign_in: SignIn) -> None:
    text = page(sign_in(cast.desk), f"?location={cast.elsewhere.pk}&assignee={cast.outsider.pk}")
    assert "Paper Shop" not in text
    assert "Otto Outsider" not in text


@pytest.mark.parametrize("view", ["all", "closed"])
def test_pages_hold_every_incident_once(
    view: str, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "PAGE", 2)
    guest = make.make_customer()
    many = [make.make_incident(cast.desk, customer=guest, severity=1 + n % 2) for n in range(5)]
    if view == "closed":
        for incident in many:
            endings.close_incident(incident_id=incident.pk, reason="withdrawn", by=cast.desk, now=NOW, note="No need")
    client = sign_in(cast.desk)
    pages, query = [], f"?view={view}"
    for _turn in range(3):
        pages.append(shown(client, query, *many))
        answer = client.get(LIST + query)
        query = answer.context["older_url"]
    assert query == ""
    assert [len(p) for p in pages] == [2, 2, 1]
    assert len({reference for p in pages for reference in p}) == 5
    newer = answer.context["newer_url"]
    assert shown(client, newer, *many) == pages[1]
    assert shown(client, client.get(LIST + newer).context["newer_url"], *many) == pages[0]


def test_beyond_the_end_leads_back(cast: Cast, sign_in: SignIn) -> None:
    assert "Back to the beginning" in page(sign_in(cast.desk), "?after=4102444799000000-1")


def test_an_empty_list_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    assert "Log a mistake" in page(sign_in(cast.desk))
    assert "Nothing is closed yet" in page(sign_in(cast.desk), "?view=closed")


def test_post_is_405(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.desk).post(LIST).status_code == 405


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("query", "statements"), [("", 7), ("?view=closed", 7), ("?q=shower", 8), ("?q=Guest", 8)])
def test_as_many_statements_whatever_is_listed(
    *,
    query: str,
    statements: int,
    number: int,
    cast: Cast,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for turn in range(number):
        place = make.make_location(f"House {turn}", created_at=NOW - dt.timedelta(days=turn))
        person = make.make_staff(f"Person{turn} Here", place)
        staffing._set_locations(cast.manager, [cast.here, *_places(cast), place])
        incident = make.make_incident(
            person, customer=make.make_customer(f"Guest {turn}"), category=["room", "late", "other"][turn]
        )
        if "closed" in query:
            endings.close_incident(incident_id=incident.pk, reason="withdrawn", by=person, now=NOW, note="No need")
    client = sign_in(cast.manager)
    with django_assert_num_queries(statements):
        text = page(client, query)
    assert text.count('class="rcard-name"') == number


def counts(client: Client, query: str = "") -> dict[str, int | str]:
    return {str(tab["label"]): tab["count"] for tab in client.get(LIST + query).context["tabs"]}


@pytest.mark.parametrize("query", ["", "?q=shower", "?category=room"])
def test_counts_stop(query: str, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late ones are counted among all that is open: the same number is where both stop."""
    client = sign_in(cast.desk)
    assert counts(client, query) == {"All": 0, "Overdue": 0, "Mine": 0, "Still unhappy": 0, "Closed": 0}
    unhappy = make.make_incident(cast.desk, now=NOW - 9 * DAY)
    make.apologize(unhappy, cast.desk)
    make.give(unhappy, cast.desk)
    make.call(unhappy, cast.desk, "unhappy")
    make.make_incident(cast.colleague, now=timezone.now())
    make.close(make.make_incident(cast.colleague), cast.colleague, "withdrawn")
    assert counts(client, query) == {"All": 2, "Overdue": 1, "Mine": 1, "Still unhappy": 1, "Closed": 1}
    for _number in range(2):
        make.make_incident(cast.desk, now=NOW - 9 * DAY)
    monkeypatch.setattr(counting, "MOST", 2)
    monkeypatch.setattr(tabs, "MOST", 2)
    monkeypatch.setattr(prepared, "_known", {})
    assert counts(client, query) == {"All": "2+", "Overdue": "2+", "Mine": "2+", "Still unhappy": 1, "Closed": 1}


@pytest.mark.parametrize("query", ["?stage=apologize", "?stage=apologize&q=shower", "?overdue=1&category=room"])
def test_nothing_closed_is_counted_where_only_open_ones_were_asked_for(query: str, cast: Cast, sign_in: SignIn) -> None:
    make.make_incident(cast.desk, now=NOW - 9 * DAY)
    make.close(make.make_incident(cast.desk), cast.desk, "withdrawn")
    client = sign_in(cast.desk)
    assert counts(client, query) == {"All": 1, "Overdue": 1, "Mine": 1, "Still unhappy": 0, "Closed": 0}
    assert 'class="rcard-name"' not in page(client, query + "&view=closed")


def _places(cast: Cast) -> list[Location]:
    return [m.location for m in cast.manager.memberships.select_related("location")]


def test_the_late_ones_end_where_nothing_is_late(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read as the most urgent of all that is open: a full last page has nothing older."""
    monkeypatch.setattr(register, "PAGE", 2)
    late = [make.make_incident(cast.desk, now=NOW - 9 * DAY) for _number in range(4)]
    make.make_incident(cast.desk, now=timezone.now())
    client = sign_in(cast.desk)
    first = client.get(LIST + "?view=late").context
    assert [card.incident for card in first["cards"]] == late[:2]
    last = client.get(LIST + first["older_url"]).context
    assert ([card.incident for card in last["cards"]], last["older_url"]) == (late[2:], "")
    assert [card.incident for card in client.get(LIST + last["newer_url"]).context["cards"]] == late[:2]
