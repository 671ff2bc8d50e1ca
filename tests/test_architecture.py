"""The shape of the code, read with `ast`: who imports whom, who writes state, how big things grow."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = "utf-8"

# Each floor imports only from floors further down. Rooms of one floor do not know each other; inside a room they do.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("urls", "context", "apps", "adapters"),
    ("views", "tasks", "management", "templatetags"),
    ("demo",),
    ("forms", "actions", "board", "reports", "search", "story", "admin"),
    ("models",),
    ("targets", "ladder", "access", "channels", "uploads", "calendars", "catalogue"),
    ("workflow",),
)
# Rooms of one floor that may know each other, and why.
NEIGHBOURS = {("calendars", "targets"): "a calendar adds a target to an instant"}


def modules(*folders: str) -> dict[str, Path]:
    found = {}
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules("incidents", "recovery")
TREES = {name: ast.parse(path.read_text(TEXT)) for name, path in MODULES.items()}
# Migrations are history and keep the shape they had.
CODE = {name: tree for name, tree in TREES.items() if ".migrations" not in name}


def is_for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Everything below `node` that runs: also inside functions, but not what is there for types only."""
    for child in ast.iter_child_nodes(node):
        if not is_for_types_only(child):
            yield child
            yield from statements(child)


def imports(name: str) -> set[str]:
    """Our own modules that `name` imports, anywhere in it."""
    found: set[str] = set()
    package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in statements(TREES[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
                base = f"{above}.{base}".rstrip(".")
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return {module for module in found if module in MODULES and module != name}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def floor(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if name in rooms)


def test_every_room_has_a_floor() -> None:
    rooms = {room(name) for name in CODE if name.startswith("incidents.")}
    assert rooms - {name for rooms_ in FLOORS for name in rooms_} == set()


def test_imports_go_down() -> None:
    wrong = []
    for name in CODE:
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
        for name in CODE
        if name.startswith("recovery")
        for other in imports(name)
        if other.startswith("incidents.") and ".".join(other.split(".")[:2]) not in allowed
    ]
    assert wrong == []


def test_there_are_no_circles() -> None:
    graph = {name: {other for other in imports(name) if not name.startswith(f"{other}.")} for name in CODE}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " > ".join([*trail[trail.index(name) :], name])
        if name not in done:
            for other in sorted(graph.get(name, ())):
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


# State, and the rows that have it. Only incidents/actions writes these.
STATE = {
    "stage",
    "close_reason",
    "closed_at",
    "round_number",
    "next_due_at",
    "reopen_count",
    "settled_at",
    "delivered_at",
    "answered_at",
    "cancelled_at",
    "made_at",
    "kept_at",
    "broken_at",
    "reopened_at",
    "lease_until",
    "review_state",
}
HISTORY = {
    "Incident",
    "Round",
    "Apology",
    "Remedy",
    "PromiseMade",
    "Closure",
    "Handover",
    "FollowUp",
    "Attempt",
    "Deadline",
    "Reminder",
    "Notice",
    "Job",
    "Event",
    "Note",
    "Attachment",
}


def writes_of_state(name: str) -> Iterator[str]:
    for node in ast.walk(TREES[name]):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr in STATE:
                yield f"{name}:{target.lineno} assigns .{target.attr}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from _writes_by_call(name, node, node.func)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr":
            yield f"{name}:{node.lineno} uses setattr"


def _writes_by_call(name: str, node: ast.Call, called: ast.Attribute) -> Iterator[str]:
    words = {keyword.arg for keyword in node.keywords if keyword.arg}
    if called.attr in ("update", "update_or_create") and words & STATE:
        yield f"{name}:{node.lineno} updates {sorted(words & STATE)}"
    if called.attr in ("bulk_update", "bulk_create"):
        yield f"{name}:{node.lineno} uses {called.attr}"
    model = ast.unparse(called.value).removesuffix(".objects")
    if called.attr in ("create", "get_or_create", "update_or_create") and model in HISTORY:
        yield f"{name}:{node.lineno} makes a {model}"


def test_only_actions_write_state() -> None:
    elsewhere = [name for name in CODE if name.startswith("incidents.") and room(name) not in ("actions", "models")]
    assert [write for name in elsewhere for write in writes_of_state(name)] == []


def test_the_rule_sees_a_write() -> None:
    """The control: the actions themselves break it, in every way it looks for."""
    seen = " ".join(write for name in CODE if room(name) == "actions" for write in writes_of_state(name))
    for way in ("assigns .stage", "updates ['reopened_at']", "uses bulk_create", "makes a FollowUp", "uses setattr"):
        assert way in seen


def scoped_rows(name: str) -> Iterator[str]:
    """Where `name` reaches rows of a scoped model otherwise than through what somebody may see."""
    asked = {
        ast.unparse(node.value)
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Attribute) and node.attr in ("visible_to", "for_inbox_of")
    }
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Attribute):
            said = ast.unparse(node)
            model, _dot, manager = said.rpartition(".")
            is_manager = manager in ("objects", "_default_manager", "_base_manager")
            if is_manager and model in HISTORY and said not in asked:
                yield f"{name}:{node.lineno} {said}"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("get_object_or_404", "get_list_or_404"):
            yield from (f"{name}:{node.lineno} {ast.unparse(node)}" for a in node.args[:1] if ast.unparse(a) in HISTORY)


def test_views_reach_rows_through_visible_to_only() -> None:
    """No manager of a scoped model, no get_object_or_404(Model), in a view: another place's rows would show."""
    assert [row for name in CODE if room(name) == "views" for row in scoped_rows(name)] == []
    assert list(scoped_rows("incidents.actions.remind")), "the control: actions do reach rows"


def test_files_stay_short() -> None:
    limits = {"incidents/**/*.py": 300, "recovery/**/*.py": 300, "static/js/*.js": 300, "templates/**/*.html": 130}
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for pattern, limit in limits.items()
        for path in sorted(ROOT.glob(pattern))
        if (count := len(path.read_text(TEXT).splitlines())) > limit and "migrations" not in path.parts
    ]
    assert long == []


def test_functions_stay_short() -> None:
    """About forty lines without the signature and the docstring; the demo's stories are prose."""
    long = []
    for name, tree in CODE.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and room(name) != "demo":
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
                if lines > 45:
                    long.append(f"{name}.{node.name}: {lines}")
    assert long == []


def test_tasks_take_ids_and_delegate() -> None:
    """What Celery rings for is one action and no more."""
    tasks = [node for node in TREES["incidents.tasks"].body if isinstance(node, ast.FunctionDef)]
    assert tasks
    for task in tasks:
        assert len(task.body) <= 2, task.name
        assert not task.args.args, f"{task.name} takes its arguments by keyword"
        assert all(argument.arg.endswith(("_id", "_ids")) for argument in task.args.kwonlyargs)


def test_actions_take_keywords_and_time() -> None:
    """Every action that writes is called by keyword; one that knows who also knows when."""
    wrong = []
    for name, tree in CODE.items():
        if room(name) != "actions":
            continue
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            words = {argument.arg for argument in node.args.kwonlyargs}
            if "by" in words and "now" not in words and node.name not in NEEDS_NO_TIME:
                wrong.append(f"{name}.{node.name}")
    assert wrong == []


# Plans and drafts: nothing of theirs carries a time.
NEEDS_NO_TIME = {"drop_draft", "drop_drafts", "plan_leaving"}


@pytest.mark.parametrize("name", ["now", "utcnow", "today"])
def test_time_comes_in(name: str) -> None:
    """Below the doors nobody looks at a clock of their own."""
    inside = ("actions", "models", "story", "board", "search", "reports", *FLOORS[-2], *FLOORS[-1])
    wrong = [
        f"{module}:{node.lineno} {ast.unparse(node)}"
        for module, tree in CODE.items()
        if room(module) in inside
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
        and ast.unparse(node.func.value) in ("timezone", "dt.datetime", "datetime", "dt.date", "date")
    ]
    assert wrong == []


def test_nothing_is_marked_safe() -> None:
    wrong = [
        f"{module}:{node.lineno}"
        for module, tree in CODE.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).endswith(("mark_safe", "csrf_exempt"))
    ]
    assert wrong == []


def test_static_files_name_no_outside_host() -> None:
    """Nothing is fetched from elsewhere. Names of XML are not addresses."""
    names = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
    wrong = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for kind in ("css", "js", "svg")
        for path in sorted((ROOT / "static").rglob(f"*.{kind}"))
        if (found := names.search(_without_comments(path))) is not None
    ]
    assert wrong == []


def _without_comments(path: Path) -> str:
    """Licences and credits in comments name their homes; nobody fetches a comment."""
    return re.sub(r"/\*.*?\*/|(?<![:'\"])//[^\n]*", "", path.read_text(TEXT), flags=re.DOTALL)
