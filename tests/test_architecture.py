"""Who imports whom: read from the code with `ast`."""

from __future__ import annotations

import ast

from tests.source import FLOORS, code, floor, imports, room, trees

# Rooms of one floor that may know each other, and why.
NEIGHBOURS = {("calendars", "targets"): "a calendar adds a target to an instant"}


def test_every_room_has_a_floor() -> None:
    rooms = {room(name) for name in code() if name.startswith("incidents.")}
    assert rooms - {name for rooms_ in FLOORS for name in rooms_} == set()


def test_imports_go_down() -> None:
    wrong = []
    for name in code():
        if not name.startswith("incidents."):
            continue
        for other in imports(name):
            here, there = room(name), room(other)
            if other == "incidents" or here == there or (here, there) in NEIGHBOURS:
                continue
            if other.startswith("recovery") or floor(here) >= floor(there):
                wrong.append(f"{name} imports {other}")
    assert wrong == []


def test_the_project_knows_the_app_only_from_above() -> None:
    """`recovery` holds no business words: it may ring an action and read a heartbeat, and include the addresses."""
    allowed = {"incidents.models", "incidents.actions", "incidents.urls", "incidents.views"}
    wrong = [
        f"{name} imports {other}"
        for name in code()
        if name.startswith("recovery")
        for other in imports(name)
        if other.startswith("incidents.") and ".".join(other.split(".")[:2]) not in allowed
    ]
    assert wrong == []


def test_there_are_no_circles() -> None:
    graph = {name: {other for other in imports(name) if not name.startswith(f"{other}.")} for name in code()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " > ".join([*trail[trail.index(name) :], name])
        if name not in done:
            for other in sorted(graph.get(name, ())):
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_tasks_take_ids_and_delegate() -> None:
    """What Celery rings for is one action and no more."""
    tasks = [node for node in trees()["incidents.tasks"].body if isinstance(node, ast.FunctionDef)]
    assert tasks
    for task in tasks:
        assert len(task.body) <= 2, task.name
        assert not task.args.args, f"{task.name} takes its arguments by keyword"
        assert all(argument.arg.endswith(("_id", "_ids")) for argument in task.args.kwonlyargs)
