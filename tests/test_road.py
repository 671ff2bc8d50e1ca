"""The hand-written table of tests/road/table.py, at every door: the page, a crafted POST, many at once, the admin."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.actions import change, endings, remedies, rounds, undo
from incidents.actions.refusals import NotYours, Refused, StepRefused
from incidents.models import Incident, Staff
from incidents.vocabulary import CloseReason
from tests import make
from tests.make import Cast
from tests.road.states import Scene
from tests.road.table import ENDINGS, EXCEPTIONS, GATES, NOT_YOURS, ROLES, WAYS_BACK, WORDS, rows

Attempt = tuple[Callable[..., Any], dict[str, Any], str, dict[str, Any]]


def attempt(name: str, incident: Incident, twin: Incident) -> Attempt:
    """The action and its words; the address and what a browser sends there."""
    which: dict[str, Any] = {"incident_id": incident.pk}
    if name in CloseReason.values:
        of = which | {"reason": name, "note": "Why.", "is_told": True}
        sent = {"reason": name, "note": "Why.", "is_told": "on", "duplicate_of": twin.reference}
        return endings.close_incident, of | {"duplicate_of": twin}, "recover-close", sent
    if name in ("deliver", "fail"):
        which = {"remedy_id": incident.remedies.latest("id").pk}
        if name == "deliver":
            return remedies.deliver_remedy, which, "recover-deliver", {"actual_amount": "10", "paid_on": "2026-03-03"}
        return remedies.end_remedy, which | {"state": "failed"}, "recover-end-remedy", {"state": "failed"}
    found: dict[str, Attempt] = {
        "wants-nothing": (remedies.waive_remedy, which | {"waived_as": "wants_nothing"}, "recover-wants-nothing", {}),
        "none-due": (
            remedies.waive_remedy,
            which | {"waived_as": "no_remedy_due", "note": "x", "is_told": True},
            "recover-no-remedy-due",
            {"note": "x", "is_told": "on"},
        ),
        "made-worse": (change.note_second_failure, which, "recover-second-failure", {}),
        "not-worse": (change.drop_second_failure, which, "recover-drop-second-failure", {}),
        "undo": (undo.undo_last, which, "recover-undo-last", {}),
    }
    if name in found:
        return found[name]
    reason, _colon, untrue = name.partition(":")
    back = {"reason": reason, "untrue": untrue}
    return rounds.go_back, which | back, "recover-go-back", back


def taken_back(do: Callable[[], Any]) -> Any:
    with transaction.atomic():
        found = do()
        transaction.set_rollback(True)
    return found


def by_action(found: Attempt, by: Staff) -> tuple[type[Refused] | None, list[str]]:
    """Many at once is a plain loop over the action: what it says of one."""
    action, of, _url, _sent = found

    def do() -> tuple[type[Refused] | None, list[str]]:
        try:
            with transaction.atomic():
                action(by=by, now=timezone.now(), **of)
        except StepRefused as refused:
            return StepRefused, [str(gate.words) for gate in refused.gates]
        except Refused as refused:
            return type(refused), [str(refused.words)]
        return None, []

    answer: tuple[type[Refused] | None, list[str]] = taken_back(do)
    return answer


def answer_of(code: str) -> tuple[type[Refused] | None, list[str], int]:
    """What the table's answer means: the refusal, its words, and the status of a crafted POST."""
    if code == "may":
        return None, [], 302
    words = [WORDS[name] for name in code.split("+")]
    if code in NOT_YOURS:
        return NotYours, words, 403
    return (StepRefused, words, 422) if code.partition("+")[0] in GATES else (Refused, words, 409)


class Doors:
    def __init__(self, cast: Cast, state: str) -> None:
        self.cast = cast
        self.incident = Scene(cast, timezone.now()).build(state)
        self.twin = make.make_incident(cast.desk)
        self.clients = {role: Client() for role in ROLES}
        for role, client in self.clients.items():
            make.let_in(client, getattr(cast, role))
        self.pages: dict[str, str] = {}
        self.admin: dict[str, int] = {}

    def wrong(self, name: str, role: str, code: str, *, is_posted: bool = True) -> list[str]:
        """What differs from the table, door by door."""
        refusal, words, status = answer_of(code)
        found = attempt(name, self.incident, self.twin)
        by = getattr(self.cast, role)
        wrong = []
        if (said := by_action(found, by)) != (refusal, words):
            wrong.append(f"many at once: {said}")
        if is_posted:
            answered, text = self.post(found, role)
            if answered != status or (status != 403 and any(each not in text for each in words)):
                wrong.append(f"crafted POST: {answered}")
        wrong += self.on_the_page(name, role, code) + self.in_the_admin(name, role, words)
        return [f"{name} by {role}: {each}" for each in wrong]

    def post(self, found: Attempt, role: str) -> tuple[int, str]:
        _action, of, name, sent = found
        args = [self.incident.reference, *([of["remedy_id"]] if "remedy_id" in of else [])]
        answer = taken_back(lambda: self.clients[role].post(reverse(name, args=args), sent))
        return answer.status_code, html.unescape(answer.content.decode())

    def page(self, role: str) -> str:
        if role not in self.pages:
            answer = self.clients[role].get(self.incident.get_absolute_url(), {"open": "close"})
            assert answer.status_code == 200
            self.pages[role] = html.unescape(answer.content.decode())
        return self.pages[role]

    def on_the_page(self, name: str, role: str, code: str) -> list[str]:
        """What may be chosen is offered; for an ending that may not be, the words stand there."""
        page = self.page(role)
        if name in CloseReason.values:
            is_offered = f'id="close_reason_{name}"' in page
            if not self.incident.is_open:
                return ["page: closed, and closing is offered"] if is_offered else []
            if is_offered != (code == "may" or name == CloseReason.RECOVERED):
                return [f"page: offered is {is_offered}"]
            first = code.partition("+")[0]
            return [] if code == "may" or WORDS[first] in page else ["page: does not say why not"]
        if name == "undo":
            return [] if ('name="event"' in page) == (code == "may") else ["page: the undo"]
        if ":" in name or name in ("contacted_us", "remedy_failed", "second_thought"):
            shown = f'name="untrue" value="{name.partition(":")[2]}"' if ":" in name else f'value="{name}"'
            return [] if (shown in page) == (code == "may") else ["page: the way back"]
        return []

    def in_the_admin(self, name: str, role: str, words: list[str]) -> list[str]:
        """Nobody changes a thing there; its one act asks the same action, and only administrators get in."""
        if role not in self.admin:  # one crafted form serves all attempts
            there = f"/admin/incidents/incident/{self.incident.pk}/change/"
            sent = {"stage": "closed", "close_reason": name, "round_number": 9}
            self.admin[role] = taken_back(lambda: self.clients[role].post(there, sent)).status_code
        if self.admin[role] not in ({403} if role == "owner" else {302, 403}):
            return [f"admin: {self.admin[role]}"]
        if name != CloseReason.RECOVERED or role != "owner":
            return []
        act = {"action": "close_as_recovered", "_selected_action": [self.incident.pk]}
        answer = taken_back(lambda: self.clients[role].post("/admin/incidents/incident/", act, follow=True))
        text = html.unescape(answer.content.decode())
        return [] if all(each in text for each in words) else ["admin: without the words"]


def of_state(table: str) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for state, name, answers in rows(table):
        found.setdefault(state, []).append((name, answers))
    return found


TABLE = of_state(ENDINGS + WAYS_BACK + EXCEPTIONS)


def posted_by(state: str, number: int, answers: tuple[str, ...]) -> set[str]:
    """Whose crafted POSTs the normal run sends: one in turn of those who get the same answer."""
    same: dict[str, list[str]] = {}
    for role, code in zip(ROLES, answers, strict=True):
        same.setdefault(code, []).append(role)
    turn = list(TABLE).index(state) + number
    return {roles[turn % len(roles)] for roles in same.values()}


@pytest.mark.parametrize("state", TABLE)
def test_every_door_answers_as_the_table_says(cast: Cast, state: str) -> None:
    """Every state, attempt and role; of crafted POSTs one for each answer."""
    doors = Doors(cast, state)
    wrong = []
    for number, (name, answers) in enumerate(TABLE[state]):
        posted = posted_by(state, number, answers)
        for role, code in zip(ROLES, answers, strict=True):
            wrong += doors.wrong(name, role, code, is_posted=role in posted)
    assert "\n".join(wrong) == ""


@pytest.mark.slow
@pytest.mark.parametrize("state", TABLE)
def test_every_crafted_post_is_answered_as_the_table_says(cast: Cast, state: str) -> None:
    doors = Doors(cast, state)
    wrong = []
    for name, answers in TABLE[state]:
        for role, code in zip(ROLES, answers, strict=True):
            wrong += doors.wrong(name, role, code)
    assert "\n".join(wrong) == ""


def test_the_table_speaks_of_every_ending_gate_and_word() -> None:
    named = {name for _state, name, _answers in rows(ENDINGS)}
    assert named == set(CloseReason.values)
    answers = {code for row in rows(ENDINGS + WAYS_BACK + EXCEPTIONS) for code in row[2]}
    assert {part for code in answers for part in code.split("+")} - {"may"} >= WORDS.keys() - {"nothing"}


@pytest.mark.parametrize("state", ["settled", "minor", "minor-six", "minor-eight", "minor-spoke"])
def test_minor_ones_closed_together_get_the_same_answer(cast: Cast, state: str) -> None:
    """The list of unanswered messages asks the same action for each."""
    incident = Scene(cast, timezone.now()).build(state)
    answers = next(answers for name, answers in TABLE[state] if name == "no_answer")
    for role, code in zip(ROLES, answers, strict=True):
        client = Client()
        make.let_in(client, getattr(cast, role))
        sent = {"pick": [incident.reference]}
        answer = taken_back(lambda: client.post(reverse("call-unanswered"), sent))  # noqa: B023 - done at once
        text = html.unescape(answer.content.decode())
        assert answer.status_code == 200
        assert ("Closed: no answer to our message." if code == "may" else WORDS[code]) in text, role


def test_the_table_sees_a_wrong_answer(cast: Cast) -> None:
    """The control: an answer that is not true."""
    doors = Doors(cast, "logged")
    assert len(doors.wrong("void", "desk", "may")) == 3
