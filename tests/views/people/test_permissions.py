"""Who may what: every rule is on the page, and the pages of the app answer as it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from incidents import access, rules
from incidents.access import Role
from incidents.board import permissions
from incidents.board.permissions import EVERYWHERE, NO, THEIRS, YES
from incidents.models import Incident, Staff
from tests import make
from tests.access_table import EXPECTED
from tests.make import Cast
from tests.views.recover.rules import SignIn, text_of
from tests.world import routes

PAGE = "/permissions/"
ALL = [rule for section in rules.RULES for rule in section.rules]
DECORATORS = {name: getattr(access, name).allows for name in ("desk", "managers", "administrators")}


def guarded() -> Iterator[tuple[str, Any]]:
    """Every address with a name, and what stands before its view."""
    for _route, found in routes():
        if found.name and hasattr(found.callback, "allows"):
            yield found.name, found.callback.allows


def test_every_can_is_a_rule() -> None:
    asked = {rule.asks for rule in ALL}
    own = {name: what for name, what in vars(access).items() if name.startswith("can_")}
    assert [name for name, what in own.items() if what not in asked] == []
    assert len(own) >= 8


def test_every_decorator_is_a_rule() -> None:
    asked = {rule.asks for rule in ALL}
    assert [name for name, allows in DECORATORS.items() if allows not in asked] == []
    assert {allows for _name, allows in guarded()} <= set(DECORATORS.values())


def test_whatever_is_not_for_everybody_stands_under_a_rule() -> None:
    bare = {name for name, allows in guarded() if allows is not DECORATORS["desk"] and rules.rule_of(name) is None}
    assert bare == set()


def test_no_guard_stands_before_nothing() -> None:
    names = {name for name, _allows in guarded()}
    empty = [guard for rule in ALL for guard in rule.guards if not any(name.startswith(guard) for name in names)]
    assert empty == []


# Theirs alone for some minutes, whoever logged it; without a place in the address of the whole business; the thanked's.
NOT_BY_ROLE = {"log-undo", "targets-default", "ladders-default", "thanks-answer"} | {
    f"prevention-{act}"
    for act in ("move", "finish", "drop", "check")  # whoever has it
}
# Whoever leads, writes or keeps it may, whatever their role.
BY_PART = {access.can_run_meeting, access.can_write_procedure}


@pytest.mark.parametrize(("column", "role"), list(enumerate(Role)))
def test_the_app_answers_as_the_page_says(column: int, role: Role) -> None:
    """tests/test_access_matrix.py holds the table against the app; this the rules against the table."""
    wrong = []
    for name, codes in EXPECTED.items():
        rule = rules.rule_of(name)
        if rule is None or name in NOT_BY_ROLE or rule.asks in BY_PART:
            continue
        refuses = {codes[column], codes[column + 4]} - {404, 405} == {403}  # what is not theirs in any way
        says_no = permissions.answer_of(rule.asks, role) == NO
        if refuses != says_no:
            wrong.append(f"{name}: {codes}, but the page says no: {says_no}")
    assert "\n".join(wrong) == ""


def cells(asks: Any) -> list[str]:
    return [cell.code for cell in permissions.cells_of(asks)]


@pytest.mark.parametrize(
    ("asks", "expected"),
    [
        (access.can_read_whole, [THEIRS, YES, YES]),
        (access.can_read_private_words, [NO, YES, YES]),
        (access.can_void, [NO, YES, YES]),
        (access.can_withdraw, [THEIRS, YES, YES]),
        (access.can_administer, [NO, NO, YES]),
        (access.can_set_up, [NO, YES, EVERYWHERE]),
        (access.is_reading_noted, [NO, NO, YES]),
        (DECORATORS["desk"], [YES, YES, YES]),
        (DECORATORS["managers"], [NO, YES, YES]),
        (DECORATORS["administrators"], [NO, NO, YES]),
    ],
)
def test_what_the_rules_answer(asks: Any, expected: list[str]) -> None:
    assert cells(asks) == expected


def test_who_sees_what(db: None) -> None:
    """As tests/test_access.py has it of rows that are there."""
    seeing = permissions.sections()[0]
    assert [[cell.code for cell in row.cells] for row in seeing.rows] == [
        [YES, YES, YES],
        [NO, NO, YES],
        [NO, YES, YES],
        [YES, YES, YES],
        [YES, YES, YES],
        [YES, YES, YES],
        [NO, YES, YES],
        [NO, NO, YES],
        [NO, NO, NO],
    ]


def test_real_rows_change_nothing(cast: Cast) -> None:
    """What is made up is asked about, not what is there."""
    before = permissions.sections()
    make.make_incident(cast.desk, category="safety")
    assert permissions.sections() == before
    assert Incident.objects.count() == 1


@pytest.mark.parametrize("who", ["desk", "manager", "owner", "outsider"])
def test_everybody_may_read_it(cast: Cast, sign_in: SignIn, who: str) -> None:
    text = text_of(sign_in(getattr(cast, who)).get(PAGE))
    for words in ("Who may what", "A restricted one about themselves", "When it is theirs", "Yes, at every place"):
        assert words in text


def test_a_rule_that_changes_shows_at_once(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the page asks, it does not know."""
    before = cells(access.can_void)
    monkeypatch.setattr(Staff, "is_manager", property(lambda staff: True))
    assert cells(access.can_void) != before


def test_rules(cast: Cast, sign_in: SignIn, client: Any, django_assert_num_queries: Any) -> None:
    assert client.get(PAGE).status_code == 302
    signed = sign_in(cast.desk)
    assert signed.post(PAGE).status_code == 405
    permissions.tables.cache_clear()
    for statements in (5, 4):  # the rules are code: they are asked once
        with django_assert_num_queries(statements):
            assert signed.get(PAGE).status_code == 200
