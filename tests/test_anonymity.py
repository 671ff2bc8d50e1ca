"""Who answered what, and when: looked for in everything that is kept, by somebody who may read all of it.

Several people sign in and answer through the real pages of a gunicorn, started as run.py and as docker-compose start
it. Before and after each step every row of every table is read, with where it lies and which transaction wrote it,
every sequence, what each connection asked last, and what the server wrote to its log. Each guard is also switched off
(`tests/traced.py`): then the same looking finds who it was. What cannot be hidden is in docs/practice.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from random import randrange, shuffle
from typing import Any
from urllib.parse import urlsplit

import pytest

from incidents.actions import practice
from incidents.models import Notice, NoticeKind, PracticeAnswer, Scenario
from tests import make
from tests.nameless import (
    ANSWERS,
    WAYS,
    House,
    asked_last,
    changed,
    dump,
    house,
    in_order_of_age,
    programs_here,
    static,
    toast_of_answers,
    transaction_now,
    without_lock,
)
from tests.programs import REPOSITORY, Programs
from tests.views.practice.addresses import scenario

__all__ = ["programs_here", "static"]


@dataclass
class Seen:
    """What was found out, answer by answer: tables that changed, lines that were written, when it was."""

    given: list[str] = field(default_factory=list)
    tables: list[dict[str, set[str]]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    windows: list[range] = field(default_factory=list)


def at_length() -> str:
    """What PostgreSQL cannot press together, and puts into a table of its own."""
    return "".join(chr(randrange(0x4E00, 0x9FA0)) for _n in range(900))


def watched(place: House, times: int) -> Seen:
    """Everybody answers, in an order that only this test knows; one of them at length."""
    seen, people = Seen(), [place.cast.desk, place.cast.colleague, place.cast.outsider] * times
    shuffle(people)
    before = dump()
    for number, person in enumerate(people):
        words = f"Answer {number} of {person.name}." + (at_length() if number == 1 else "")
        first, written = transaction_now(), place.log.stat().st_size
        place.answers(person, words)
        seen.given.append(words)
        seen.windows.append(range(first, transaction_now()))
        after = dump()
        seen.tables.append(changed(before, after))
        before = after
        seen.lines.append(place.log.read_bytes()[written:].decode())
        seen.queries.append(asked_last())
    return seen


@pytest.mark.parametrize("way", WAYS)
def test_nothing_tells_who_it_was_or_when(programs_here: Programs, way: str) -> None:
    place = house(programs_here, way)
    people = (place.cast.desk, place.cast.colleague, place.cast.outsider)
    place.come_in(*people)
    before = dump()
    seen = watched(place, 3)

    assert seen.lines == [""] * 9
    assert "account_login" in place.log.read_text()  # it does write lines
    for tables in seen.tables:
        assert set(tables) - {ANSWERS, "incidents_scenario"} <= toast_of_answers()
        assert len(without_lock(tables.get("incidents_scenario", set()))) <= 1  # locked by the answer, changed by none
    assert not any(words in queries for words in seen.given for queries in seen.queries)

    written = place.log.stat().st_size
    visitor = place.visitors[place.cast.desk.name]
    assert visitor.post(f"{place.address}answer/", {"words": ""}).status == 422
    assert visitor.post(f"{place.address}answer/", {"words": "x", "csrfmiddlewaretoken": "old"}).status == 403
    assert place.log.stat().st_size == written

    rows = in_order_of_age()
    assert len({transaction for transaction, _words in rows}) == 1
    assert [words for _transaction, words in rows] != seen.given  # by luck alone once in 362 880
    keys = list(PracticeAnswer.objects.order_by("pk").values_list("words", flat=True))
    assert sorted(keys) == sorted(seen.given)
    assert keys != seen.given
    assert {answer.pk.version for answer in PracticeAnswer.objects.all()} == {4}

    # Until the clock has rung, the transaction of all is that of the last one: whoever looks now knows as much anyway.
    assert rows[0][0] in seen.windows[-1]
    practice.mix_answers()
    assert not any(transaction in window for transaction, _words in in_order_of_age() for window in seen.windows)
    after = changed(before, dump())
    assert set(after) - {ANSWERS, "incidents_scenario"} <= toast_of_answers()
    names = {person.name.split()[0] for person in people}
    assert not any(name in row.partition("Answer")[0] for row in after[ANSWERS] for name in names)


def test_control_without_the_guards_each_of_them_tells(programs_here: Programs) -> None:
    place = house(programs_here, "run.py", "tests.traced:application")
    place.come_in(place.cast.desk, place.cast.colleague, place.cast.outsider)
    seen = watched(place, 2)
    # Rows that stay where they were put: in which order, and each in its own transaction, at its own time.
    rows = in_order_of_age()
    assert [words for _transaction, words in rows] == seen.given
    assert all(transaction in window for (transaction, _words), window in zip(rows, seen.windows, strict=True))
    # A line for each request: who.
    for words, lines in zip(seen.given, seen.lines, strict=True):
        who = next(person for name, person in people_of(place).items() if name in words)
        assert "scenario-answer" in lines
        assert re.search(rf"user['\"]?[=:] ?{who}\b", lines)
    # A session saved with every request: whose.
    assert all("django_session" in tables for tables in seen.tables)


def people_of(place: House) -> dict[str, int]:
    return {person.name: person.pk for person in (place.cast.desk, place.cast.colleague, place.cast.outsider)}


def test_opening_the_notice_tells_nothing(programs_here: Programs) -> None:
    place = house(programs_here, "run.py")
    Scenario.objects.update(published_at=None)
    place.come_in(place.cast.desk, place.cast.manager)
    assert place.visitors[place.cast.manager.name].post(f"{place.address}publish/", {}).status == 302
    told = Notice.objects.get(kind=NoticeKind.PRACTICE_OPEN, recipient=place.cast.desk)
    desk = place.visitors[place.cast.desk.name]

    def opens_it() -> tuple[dict[str, Any], str]:
        before, written = dump(), place.log.stat().st_size
        answer = desk.get(f"/notices/{told.pk}/")
        assert urlsplit(answer.location).path == place.address
        assert desk.get(place.address).status == 200
        return changed(before, dump()), place.log.read_bytes()[written:].decode()

    assert opens_it() == ({}, "")
    # Guard off: as every other notice it is new, and then it is read.
    Notice.objects.filter(pk=told.pk).update(read_at=None)
    tables, _lines = opens_it()
    assert set(tables) == {"incidents_notice"}


@pytest.mark.django_db
def test_the_page_keeps_nothing_and_asks_for_nothing(cast: make.Cast, sign_in: Any) -> None:
    """No draft, no poll, no key, no message, nothing kept by the browser; the form of another page has them."""
    text = sign_in(cast.desk).get(scenario(cast).get_absolute_url()).content.decode()
    other = sign_in(cast.desk).get("/incidents/new/").content.decode()
    for trace in ("data-draft-url", "data-poll", "submit_key"):
        assert trace in other
        assert trace not in text
    form = text[text.index("/answer/") : text.index("</form>", text.index("/answer/"))]
    assert set(re.findall(r'name="(\w+)"', form)) == {"csrfmiddlewaretoken", "words"}
    assert "hx-" not in form
    answer = sign_in(cast.desk).get(scenario(cast).get_absolute_url())
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies.get("recovery_session")


def test_the_servers_are_started_without_logs_of_their_own() -> None:
    """No access log of gunicorn or the proxy, no statements in PostgreSQL's log: as docs/practice.md asks."""
    for way in WAYS.values():
        assert not {"--access-logfile", "--capture-output"} & set(way(8000)[0])
    assert not re.search(r"^\s*log\b", (REPOSITORY / "recovery/production/Caddyfile").read_text(), re.MULTILINE)
    started = (REPOSITORY / "docker-compose.yml").read_text() + (
        REPOSITORY / "recovery/embedded/postgres.py"
    ).read_text()
    for setting in ("log_statement", "log_min_duration", "log_duration", "track_commit_timestamp", "auto_explain"):
        assert setting not in started
