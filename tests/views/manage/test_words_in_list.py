"""Words in the list: whichever way they are looked for, the same rows in the same order, and the same numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from incidents.actions.words import count_words
from incidents.board import register
from incidents.board.tabs import counts_of
from incidents.models import Account, Incident, Staff, looking, prepared
from incidents.models.chosen import ALL, CLOSED, LATE, MINE, UNHAPPY, Filters
from incidents.models.looking import looked_up
from incidents.models.matching import rows_of
from incidents.models.reading import Word
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, HOUR, NOW, Cast

SignIn = Callable[..., Client]
LATER = NOW + 2 * DAY
VIEWS = (ALL, MINE, LATE, UNHAPPY, CLOSED)
ALL_NAMED, NAMED_OPEN, IN_ORDER, AS_BEFORE = "all are named", "open ones are named", "in the order", "as before"
WAYS = {
    ALL_NAMED: {},
    NAMED_OPEN: {"MOST": 5},
    IN_ORDER: {"STORIES": -1, "COMMON": 10**9},
    AS_BEFORE: {"STORIES": -1, "COMMON": 0},
}
LOOKED_FOR = (
    *("shower", "SHOWER", "how", "shower cold", "cold  shower", "nobody says so", "100%", "100_", "a\\b", "be", "!!!"),
    *("hartley", "Hartley", "big firm", "red coat", "R-2026", "R-2026-00003", "00003", "AB-12 34", "ab1234", "novák"),
    *("crème", "creme", "crèm br", "'; drop", "%", "_", "secret", "it is co"),
)
CHOSEN = (Filters(), Filters(severity=(1, 2)), Filters(assignee=("me",)), Filters(overdue=True))


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How words are looked for; its statements are made anew."""
    for name, value in WAYS[request.param].items():
        monkeypatch.setattr(looking, name, value)
    monkeypatch.setattr(prepared, "_known", {})
    monkeypatch.setattr(prepared, "_searches", {})
    return str(request.param)


@kept_rows
def stories(cast: Cast) -> None:
    firm = Account.objects.create(name="Big Firm", sort_name="big firm", created_at=NOW)
    hartley, novak = make.make_customer("Gabriela Hartley"), make.make_customer("Jana Novák")
    novak.account = firm
    novak.save(update_fields=["account"])
    for number, told in enumerate(
        (
            "The shower was cold and nobody came.",
            "A cold dinner. It took the shower man 100% of the day.",
            "The crème brûlée was cold, wrote a\\b to us.",
            "Her name is nowhere: SHOWERS are what she asked for.",
            "The secret of the shower.",
            "An order came late; it is cold outside, 100_000 times.",
        )
    ):
        for by, is_over in ((cast.desk, False), (cast.desk, True), (cast.outsider, number % 2 == 0)):
            one = make.make_incident(by, what_happened=told, customer=(hartley, novak, None)[number % 3])
            hint, order = ("man in a red coat", "AB1234") if number == 1 else ("", "")
            due = NOW + (number - 3) * HOUR
            Incident.objects.filter(pk=one.pk).update(
                customer_hint=hint, order_reference=order, next_due_at=due, is_restricted="secret" in told
            )
            if is_over:
                make.close(one, by, "withdrawn", now=LATER + number * HOUR)
    count_words()


def seen_by(cast: Cast) -> list[Staff]:
    return [Staff.objects.get(pk=one.pk) for one in (cast.desk, cast.manager, cast.outsider)]


def test_the_same_is_found_each_way(way: str, stories: None, cast: Cast) -> None:
    """Each word in each way by one of the three in turn; all three are slow."""
    people, turn = seen_by(cast), list(WAYS).index(way)
    for number, q in enumerate(LOOKED_FOR):
        same_rows_and_numbers(people[(turn + number) % len(people)], Filters(q=q), (ALL, CLOSED))
    for number, chosen in enumerate(CHOSEN):
        same_rows_and_numbers(people[(turn + number) % len(people)], replace(chosen, q="cold"), VIEWS)


@pytest.mark.slow
def test_everybody_finds_the_same_each_way(way: str, stories: None, cast: Cast) -> None:
    for staff in seen_by(cast):
        for q in LOOKED_FOR:
            same_rows_and_numbers(staff, Filters(q=q), (ALL, CLOSED))
        for chosen in CHOSEN:
            same_rows_and_numbers(staff, replace(chosen, q="cold"), VIEWS)


def same_rows_and_numbers(staff: Staff, chosen: Filters, views: tuple[str, ...]) -> None:
    now = NOW + 3 * DAY
    found = looked_up(staff, chosen, now)
    asked = tuple(replace(found, view=view) for view in views)
    pages = [[card.incident for card in register.page_of(staff, each, now=now).cards] for each in asked]
    rows = [list(rows_of(staff, replace(chosen, view=view), now)) for view in views]
    assert pages == rows, (chosen, staff)
    assert counts_of(staff, asked, now) == [len(each) for each in rows], (chosen, staff)


@pytest.mark.parametrize("view", [ALL, CLOSED])
def test_the_pages_after_the_first(
    view: str, way: str, stories: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "PAGE", 2)
    now = NOW + 3 * DAY
    staff = seen_by(cast)[1]
    chosen = Filters(q="cold", view=view)
    shown: list[Incident] = []
    after = ""
    while True:
        page = register.page_of(staff, chosen, now=now, after=after)
        shown += [card.incident for card in page.cards]
        after = page.older
        if not after:
            break
    assert shown == list(rows_of(staff, chosen, now))
    assert len(shown) == 4


def test_each_way_is_taken(way: str, stories: None, cast: Cast) -> None:
    chosen = looked_up(seen_by(cast)[1], Filters(q="cold"), NOW)
    assert (chosen.found is not None, chosen.terms is not None) == {
        ALL_NAMED: (True, False),
        NAMED_OPEN: (True, False),
        IN_ORDER: (False, True),
        AS_BEFORE: (False, False),
    }[way]
    if chosen.found:
        assert chosen.found.is_cut is (way == NAMED_OPEN)


def test_what_is_restricted_is_found_by_nobody_who_may_not_read_it(way: str, stories: None, cast: Cast) -> None:
    Incident.objects.filter(is_restricted=True).update(assignee=cast.manager)
    desk, manager = seen_by(cast)[:2]
    for staff, is_found in ((manager, True), (desk, False)):
        chosen = looked_up(staff, Filters(q="secret"), NOW)
        assert bool(register.page_of(staff, chosen, now=NOW).cards) is is_found
        assert bool(chosen.found and chosen.found.many_open) is (is_found and way in (ALL_NAMED, NAMED_OPEN))
        assert counts_of(staff, (chosen, replace(chosen, view=CLOSED)), NOW) == [int(is_found), int(is_found)]


def test_a_word_that_was_never_counted_is_found(way: str, cast: Cast) -> None:
    one = make.make_incident(cast.desk, what_happened="A zeppelin in the lobby.")
    page = register.page_of(seen_by(cast)[0], Filters(q="zeppelin"), now=NOW)
    assert [card.incident for card in page.cards] == [one]


def test_nobody_is_told_more_than_one_moment_ago(stories: None, cast: Cast) -> None:
    """What was found is asked for again by key: what is over since is not shown as open."""
    staff = seen_by(cast)[1]
    chosen = looked_up(staff, Filters(q="cold"), NOW)
    gone = register.page_of(staff, chosen, now=NOW).cards[0].incident
    Incident.objects.filter(pk=gone.pk).update(
        closed_at=NOW, stage="closed", close_reason="withdrawn", next_due_at=None
    )
    assert gone not in [card.incident for card in register.page_of(staff, chosen, now=NOW + dt.timedelta(1)).cards]


def test_common_words_need_not_be_common_together(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(8):
        newest = make.make_incident(cast.desk).pk
    Word.objects.bulk_create([Word(word=word, stories=newest // 2) for word in ("cold", "dinner")])
    monkeypatch.setattr(looking, "STORIES", newest * 3 // 8)
    monkeypatch.setattr(prepared, "_known", {})
    alone, together = (looked_up(seen_by(cast)[1], Filters(q=q), NOW) for q in ("cold", "cold dinner"))
    assert (alone.found, together.terms) == (None, None)
    assert alone.terms is not None
    assert together.found is not None


def test_letters_by_one_or_two_are_in_no_index(stories: None, cast: Cast) -> None:
    for q, is_read in (("co", True), ("a b", True), ("cold", False), ("Ås", False)):
        assert (looked_up(seen_by(cast)[1], Filters(q=q), NOW).terms is not None) is is_read
