"""The board: columns and table, how far each is shown, the same filters as the list, renewing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents import counting
from incidents.board import columns
from incidents.board.register import Filters
from incidents.models import Account, Incident, prepared
from tests import make
from tests.make import DAY, HOUR, Cast

SignIn = Callable[..., Client]
BOARD = "/board/"
PART = {"HX-Request": "true"}


def page(client: Client, query: str = "") -> str:
    answer = client.get(BOARD + query)
    assert answer.status_code == 200
    return answer.content.decode().replace("?view=all&amp;", "?")


def order(text: str, *incidents: Incident) -> list[str]:
    found = {text.index(f"/incidents/{i.reference}/"): i.reference for i in incidents if i.reference in text}
    return [found[at] for at in sorted(found)]


def column(text: str, stage: str) -> str:
    return text.split(f'id="column-{stage}"')[1].split("</section>", maxsplit=1)[0]


def head(text: str, stage: str) -> str:
    words = re.sub(r"<[^>]+>", " ", column(text, stage).split("<button")[0].partition(">")[2])
    return " ".join(words.split())


def test_each_stands_in_the_column_of_the_step_it_lacks(cast: Cast, sign_in: SignIn) -> None:
    new, said, right = (make.make_incident(cast.desk) for _ in range(3))
    make.apologize(said, cast.desk)
    make.settle(right, cast.desk)
    closed = make.close(make.make_incident(cast.manager), cast.manager, "withdrawn")
    text = page(sign_in(cast.desk))
    for stage, incident in (("apologize", new), ("remedy", said), ("follow_up", right)):
        assert order(column(text, stage), new, said, right) == [incident.reference]
    assert closed.reference not in text


def test_a_stranger_signs_in_first(client: Client, db: None) -> None:
    assert client.get(BOARD)["Location"] == f"/accounts/login/?next={BOARD}"


def test_post_is_405(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.desk).post(BOARD).status_code == 405


def test_other_places_do_not_show(cast: Cast, sign_in: SignIn) -> None:
    ours, theirs = make.make_incident(cast.desk), make.make_incident(cast.outsider)
    for query in ("", "?as=table"):
        assert order(page(sign_in(cast.manager), query), ours, theirs) == [ours.reference]
        assert len(order(page(sign_in(cast.owner), query), ours, theirs)) == 2


@pytest.mark.parametrize("query", ["", "?as=table"])
def test_a_restricted_one_says_no_more_than_one_may_read(query: str, cast: Cast, sign_in: SignIn) -> None:
    hurt = make.make_incident(cast.desk, category="safety")
    make.give(hurt, cast.manager, "gift_card", estimated_amount=Decimal(75), is_delivered=False)
    assert hurt.reference not in page(sign_in(cast.colleague), query)
    mine = page(sign_in(cast.desk), query)
    assert hurt.reference in mine
    assert "75.00" not in mine
    assert f"/incidents/{hurt.reference}/move/" not in mine
    assert f"/incidents/{hurt.reference}/assign/" not in mine
    theirs = page(sign_in(cast.manager), query)
    assert "75.00" in theirs
    assert f"/incidents/{hurt.reference}/move/" in theirs


def test_a_card_says_who_what_how_much_and_which_try(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk, place="Room 412")
    assert incident.customer
    incident.customer.account = Account.objects.create(
        name="Quill", sort_name="quill", is_key=True, created_at=make.NOW
    )
    incident.customer.save(update_fields=["account"])
    make.settle(incident, cast.desk)
    make.give(incident, cast.desk, "gift_card", estimated_amount=Decimal(20), is_delivered=False)
    make.give(incident, cast.desk, "gift_card", actual_amount=Decimal("5.50"))
    gone = make.give(incident, cast.desk, "gift_card", estimated_amount=Decimal(99), is_delivered=False)
    type(gone).objects.filter(pk=gone.pk).update(state="withdrawn")
    Incident.objects.filter(pk=incident.pk).update(round_number=2)
    for query in ("", "?as=table"):
        text = page(sign_in(cast.desk), query)
        for words in ("Late by", "Nora Novak", "Key account", "Room 412", "Dora Desk", "25.50", "USD", "2nd try"):
            assert words in text, words


@pytest.mark.parametrize("address", [BOARD, "/incidents/"])
def test_what_is_critical_says_so_in_a_word(address: str, cast: Cast, sign_in: SignIn) -> None:
    make.make_incident(cast.desk, severity=1)
    make.make_incident(cast.desk, severity=2)
    text = sign_in(cast.desk).get(address).content.decode()
    cards = dict(re.findall(r"card edge-(\d)(.*?)(?=card edge-|</main>)", text, re.DOTALL))
    assert [edge for edge, words in cards.items() if "Critical</span>" in words.partition("<nav")[0]] == ["1"]


def test_the_head_counts_and_says_how_many_are_late(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    for hours in (1, 30, 31):
        make.make_incident(cast.desk, now=now - hours * HOUR, severity=3)
    client = sign_in(cast.desk)
    assert head(page(client), "apologize") == "Apologize 3 open 2 late"
    assert head(page(client), "remedy") == "Put it right 0 open"
    monkeypatch.setattr(columns, "MOST", 1)
    monkeypatch.setattr(counting, "MOST", 1)
    prepared._known.clear()
    assert head(page(client), "apologize") == "Apologize 1+ open 1+ late"
    prepared._known.clear()


def test_what_waits_for_the_customer_stands_at_the_foot(cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    waits = make.make_incident(cast.desk, now=now - 3 * DAY)
    other = make.make_incident(cast.desk, now=now)
    Incident.objects.filter(pk=waits.pk).update(waiting_since=now - HOUR, waiting_until=now + DAY)
    over = make.make_incident(cast.desk, now=now - 2 * DAY)
    Incident.objects.filter(pk=over.pk).update(waiting_since=now - DAY, waiting_until=now - HOUR)
    text = column(page(sign_in(cast.desk)), "apologize")
    assert order(text, waits, other, over) == [over.reference, other.reference, waits.reference]
    assert "Waiting for them until" in text.split("Waiting for the customer")[1]
    assert "They have not answered us" in text


def test_more_of_a_column(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "PAGE", 2)
    monkeypatch.setattr(columns, "DEEPEST", 4)
    many = [make.make_incident(cast.desk, now=make.NOW + n * HOUR, severity=1) for n in range(7)]
    client = sign_in(cast.desk)
    refs = [i.reference for i in many]
    first = page(client)
    assert order(first, *many) == refs[:2]
    assert 'hx-get="/board/?n_apologize=4"' in first
    deeper = page(client, "?n_apologize=4")
    assert order(deeper, *many) == refs[:4]
    assert 'hx-get="/board/?n_apologize=4" hx-trigger="poll' in deeper  # renewed as deep as it is shown
    assert 'hx-get="/board/?n_apologize=6"' not in deeper  # no deeper than that
    seen, text = refs[:2], first
    while further := re.search(r'href="\?(after_apologize=[0-9-]+)"', text):
        text = page(client, f"?{further[1]}")
        seen += order(text, *many)
        assert "Back to the most urgent" in text
    assert seen == refs


def test_what_comes_after_the_deepest_can_be_reached(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST", 3)
    monkeypatch.setattr(columns, "MOST", 3)  # as it is: a hundred are shown at once, and ninety-nine counted
    monkeypatch.setattr(columns, "DEEPEST", 4)
    prepared._known.clear()
    for _number in range(5):
        make.make_incident(cast.desk)
    depth = columns.Depth({"apologize": 4})
    [first, *_rest] = columns.columns_of(cast.manager, Filters(), now=timezone.now(), depth=depth)
    assert (len(first.main.cards), first.count) == (4, "3+")
    assert first.main.more
    prepared._known.clear()


@pytest.mark.parametrize(
    "query",
    [
        "?as=nonsense&sort=password&col=closed",
        "?n_remedy=-1&n_apologize=99999&after_remedy=x&after_follow_up=9999999999999999-1",
        "?as=table&after=x&sort=given",
        "?as=table&sort=due&after=" + "A" * 700,
        "?as=table&after=WyIxZTk5OSIsMV0&sort=given",
        "?as=table&after=WyJOYU4iLDFd&sort=given",
        "?as=table&after=WyI5OTk5OTk5OTk5OTk5OTk5OTk5IiwxXQ",
        "?as=table&after=W1tdLDFd&sort=severity",
        "?as=table&before=bnVsbA&sort=customer",
        "?view=closed",
    ],
)
def test_what_cannot_be_understood_is_left_out(query: str, cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    assert incident.reference in page(sign_in(cast.desk), query)


def test_filters_are_those_of_the_list_and_come_off_one_by_one(cast: Cast, sign_in: SignIn) -> None:
    mine, theirs = make.make_incident(cast.desk, severity=2), make.make_incident(cast.colleague, severity=4)
    text = page(sign_in(cast.desk), "?assignee=me&severity=major&as=table&sort=-given")
    assert order(text, mine, theirs) == [mine.reference]
    assert 'href="?severity=major&amp;as=table&amp;sort=-given"' in text
    assert 'href="/incidents/?severity=major&amp;assignee=me"' in text
    assert 'href="/board/?severity=major&amp;assignee=me"' in text
    assert 'href="/board/?severity=major&amp;assignee=me' in page(sign_in(cast.desk), "?assignee=me&severity=major")
    text = page(sign_in(cast.desk), "?stage=remedy&stage=apologize")
    assert 'id="column-follow_up"' not in text
    assert 'data-columns="2"' in text
    assert "Nothing fits these filters" in page(sign_in(cast.desk), "?q=nowhere")
    assert order(page(sign_in(cast.desk), "?view=mine"), mine, theirs) == [mine.reference]


def test_with_nothing_open_it_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    assert "Nobody is waiting for us here" in page(sign_in(cast.desk))
    assert "There is nothing further" in page(sign_in(cast.desk), "?as=table&after=WyIxNzAwMDAwMDAwMDAwMDAwIiwxXQ")


@pytest.mark.parametrize("query", ["", "?as=table", "?n_apologize=40"])
def test_it_renews_itself_only_when_something_changed(query: str, cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    incident = make.make_incident(cast.desk, now=now)
    client = sign_in(cast.desk)
    whole = page(client, query)
    [(address, tag)] = re.findall(r'id="board" data-rows hx-get="([^"]+)"[^>]* data-poll="(\w+)"', whole)
    address = address.replace("&amp;", "&")
    same = client.get(address, headers={**PART, "HX-PTag": tag})
    assert (same.status_code, same.content) == (304, b"")
    make.apologize(incident, cast.desk, now=now)
    part = client.get(address, headers={**PART, "HX-PTag": tag})
    text = part.content.decode()
    assert part.status_code == 200
    assert text.startswith('<div id="board"')
    assert "<html" not in text
    assert tag not in text
    assert part["Cache-Control"] == "private, no-store"


def test_managers_are_led_to_it_and_the_desk_to_the_list(cast: Cast, sign_in: SignIn) -> None:
    assert 'href="/board/" aria-current="page" data-key="b"' in page(sign_in(cast.manager))
    assert 'href="/incidents/" aria-current="page" data-key="b"' in page(sign_in(cast.desk))


@pytest.mark.parametrize("query", ["", "?as=table", "?n_apologize=60", "?as=table&sort=-given"])
@pytest.mark.parametrize("number", [1, 3, 60])
def test_the_same_few_statements_at_any_number(
    query: str, number: int, cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = make.make_incident(cast.desk, place="1")
    for n in range(1, min(number, 6)):
        by = make.make_staff(f"P{n} Person", cast.here)
        kind = ("room", "waiting", "price", "defective", "agreement")[n - 1]
        other = make.make_incident(by, category=kind, customer=make.make_customer(f"C{n}"))
        make.give(other, by, "gift_card", estimated_amount=Decimal(n), is_delivered=False)
    if number == 60:
        copies(first, 54)
    client = sign_in(cast.manager)
    client.get(BOARD + query)
    with django_assert_num_queries(8 if "table" not in query else 7):
        text = page(client, query)
    assert text.count("/move/") >= min(number, 25)


def copies(first: Incident, number: int) -> None:
    """Rows of the same kind, in the other two columns and in this."""
    rows = []
    for n in range(number):
        row = Incident.objects.get(pk=first.pk)
        row.pk, row.reference = None, f"R-2026-8{n:04d}"
        row.submit_key = uuid4()
        row.stage = columns.STAGES[n % 3]
        row.next_due_at = make.NOW + dt.timedelta(minutes=n)
        rows.append(row)
    Incident.objects.bulk_create(rows)


def test_sixty_cards_are_shown_at_once(cast: Cast, sign_in: SignIn) -> None:
    copies(make.make_incident(cast.desk), 80)
    text = page(sign_in(cast.desk))
    assert text.count('class="bcard ') == 60
    assert text.count("Show more") == 3
    assert len(re.findall(r"<\w", text.split('id="board"')[1])) < 1200
