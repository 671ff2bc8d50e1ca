"""The table of who may what: every answer is asked of the rule itself, about people and things made up for it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace

from django.db import connection
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from incidents.access import Role, SeenThrough
from incidents.models import Staff
from incidents.rules import RULES

HERE, ELSEWHERE = 1, 2  # places
SOMEBODY, A_MANAGER, A_DESK = 91, 92, 93
READERS = {role: at for at, role in enumerate(Role, 1)}
YES, EVERYWHERE, THEIRS, NO = "yes", "everywhere", "theirs", "no"
WORDS: dict[str, LazyText] = {
    YES: _("Yes"),
    EVERYWHERE: _("Yes, at every place"),
    THEIRS: _("When it is theirs"),
    NO: _("No"),
}


@dataclass(frozen=True)
class Cell:
    role: Role
    code: str

    @property
    def words(self) -> LazyText:
        return WORDS[self.code]


@dataclass(frozen=True)
class Row:
    what: LazyText
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    title: LazyText
    rows: list[Row]


@dataclass(frozen=True, eq=False)
class Tables:
    """All of it. The same one for everybody: what was made of it for the page is known by it."""

    sections: list[Table]
    roles: list[LazyText]


@cache
def tables() -> Tables:
    """Asked once while this process lives: the rules are code, and no rows of anybody are among what they are asked."""
    return Tables(sections(), [role.label for role in Role])


def sections() -> list[Table]:
    """One statement."""
    rest = [Table(each.title, [Row(rule.what, cells_of(rule.asks)) for rule in each.rules]) for each in RULES]
    return [Table(_("Seeing"), list(_seeing())), *rest]


def reader(role: Role) -> Staff:
    """Somebody of that role who works HERE. Is nowhere in the database."""
    made = Staff(pk=READERS[role], role=role)
    vars(made)["_places"] = [(HERE, "UTC")]
    return made


def cells_of(asks: Callable[..., bool]) -> list[Cell]:
    """What the rule answers for each role."""
    return [Cell(role, answer_of(asks, role)) for role in Role]


def answer_of(asks: Callable[..., bool], role: Role) -> str:
    staff = reader(role)
    wanted = list(inspect.signature(asks).parameters)[1:]

    def says(*, place: int = HERE, owner: int = SOMEBODY) -> bool:
        """About something restricted at `place` that `owner` has."""
        things = {
            "incident": SimpleNamespace(is_restricted=True, assignee_id=owner, location_id=place),
            "location_id": place,
            "view": SimpleNamespace(owner_id=owner, is_shared=True),
            "meeting": SimpleNamespace(location_id=place, facilitator_id=owner, writer_id=None),
            "procedure": SimpleNamespace(location_id=place, responsible_id=owner),
        }
        return bool(asks(staff, *(things[name] for name in wanted)))

    if says():
        return EVERYWHERE if "location_id" in wanted and says(place=ELSEWHERE) else YES
    return THEIRS if says(owner=READERS[role]) else NO


@dataclass(frozen=True)
class _Case:
    """A recovery: where, whether restricted, who logged it and has it, who has a call in it, and whom it is about."""

    what: LazyText
    place: int = HERE
    is_restricted: bool = False
    is_logged: bool = False
    is_theirs: bool = False
    has_call: bool = False
    about: int = 0  # -1: the reader


CASES = (
    _Case(_("A recovery of their place")),
    _Case(_("A recovery of another place"), place=ELSEWHERE),
    _Case(_("A restricted one of their place"), is_restricted=True),
    _Case(_("A restricted one that they logged"), is_restricted=True, is_logged=True),
    _Case(_("A restricted one that they have"), is_restricted=True, is_theirs=True),
    _Case(_("A restricted one in which they have a step"), is_restricted=True, has_call=True),
    _Case(_("A restricted one about somebody of the front desk"), is_restricted=True, about=A_DESK),
    _Case(_("A restricted one about a manager"), is_restricted=True, about=A_MANAGER),
    _Case(_("A restricted one about themselves"), is_restricted=True, about=-1),
)
# Made-up rows under the names of the tables that the rule reads, for one statement.
_MADE_UP = """
    WITH incidents_incident (id, location_id, is_restricted, logged_by_id, assignee_id) AS (VALUES {incidents}),
    incidents_staff (id, role) AS (VALUES {people}),
    incidents_concern (incident_id, staff_id) AS (VALUES (0, 0){concerns}),
    incidents_followup (incident_id, assignee_id) AS (VALUES (0, 0){calls}),
    incidents_remedy (incident_id, assignee_id) AS (VALUES (0, 0)),
    incidents_promisemade (incident_id, assignee_id) AS (VALUES (0, 0))
    SELECT {answers}
"""


def _seeing() -> Iterator[Row]:
    """`visible_to()`, asked of the database about rows that are not in it."""
    each = [(role, case, READERS[role] * 100 + at) for role in Role for at, case in enumerate(CASES)]
    answers: list[str] = []
    params: list[int] = []
    for role, _case, pk in each:
        rule = SeenThrough(reader(role), "incident")
        answers.append(rule.words.format(through=pk))
        params += rule.params
    sql = _MADE_UP.format(
        incidents=", ".join(_incident(pk, case, READERS[role]) for role, case, pk in each),
        people=", ".join(_person(pk, role) for pk, role in _people()),
        concerns=_pairs((pk, READERS[role] if case.about < 0 else case.about) for role, case, pk in each if case.about),
        calls=_pairs((pk, READERS[role]) for role, case, pk in each if case.has_call),
        answers=", ".join(answers),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = dict(zip(((role, pk) for role, _case, pk in each), cursor.fetchone(), strict=True))
    for at, case in enumerate(CASES):
        yield Row(case.what, [Cell(role, YES if found[role, READERS[role] * 100 + at] else NO) for role in Role])


def _people() -> list[tuple[int, Role]]:
    return [*((pk, role) for role, pk in READERS.items()), (A_MANAGER, Role.MANAGER), (A_DESK, Role.FRONT_DESK)]


def _person(pk: int, role: Role) -> str:
    return f"({pk}, '{role.value}')"


def _incident(pk: int, case: _Case, reader_pk: int) -> str:
    logged, has = (reader_pk if is_own else SOMEBODY for is_own in (case.is_logged, case.is_theirs))
    return f"({pk}, {case.place}, {case.is_restricted}, {logged}, {has})"


def _pairs(rows: Iterable[tuple[int, int]]) -> str:
    return "".join(f", ({incident}, {staff})" for incident, staff in rows)
