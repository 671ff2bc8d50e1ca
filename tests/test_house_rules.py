"""How big things grow, where time comes from, what no page holds: read from the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source import FLOORS, ROOT, TEXT, code, room

PYTHON = ("*.py", "bench/**/*.py", "incidents/**/*.py", "recovery/**/*.py", "tests/**/*.py")
LINES = dict.fromkeys(PYTHON, 300) | {"static/js/*.js": 300, "templates/**/*.html": 130}
# Neither ours to cut: history, and what others wrote.
NOT_CUT = {"migrations", "vendor"}
FUNCTION_LINES = 45
# Where longer functions are right, and why.
MAY_BE_LONG = {"incidents/demo/stories.py": "a story reads from its first line to its last"}


def ours(*patterns: str) -> Iterator[tuple[str, str]]:
    """(path, text) of each file."""
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if not NOT_CUT & set(path.parts):
                yield path.relative_to(ROOT).as_posix(), path.read_text(TEXT)


def long_functions(path: str, text: str) -> Iterator[str]:
    """Counted from `def` to the last line, signature and docstring too."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{path} {node.name}: {lines}"


def test_files_stay_short() -> None:
    long = [
        f"{path}: {count}"
        for pattern, limit in LINES.items()
        for path, text in ours(pattern)
        if (count := len(text.splitlines())) > limit
    ]
    assert long == []


def test_functions_stay_short() -> None:
    assert [f for path, text in ours(*PYTHON) if path not in MAY_BE_LONG for f in long_functions(path, text)] == []


def test_what_may_be_long_is() -> None:
    """The control, and the end of an exception that nothing needs any more."""
    assert all(list(long_functions(path, (ROOT / path).read_text(TEXT))) for path in MAY_BE_LONG)


def test_actions_take_keywords_and_time() -> None:
    """Every action that writes is called by keyword; one that knows who also knows when."""
    wrong = []
    for name, tree in code().items():
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
NEEDS_NO_TIME = {"drop_draft", "drop_drafts", "drop_words", "pass_on_meetings", "plan_keeping", "plan_leaving"}


@pytest.mark.parametrize("name", ["now", "utcnow", "today"])
def test_time_comes_in(name: str) -> None:
    """Below the doors nobody looks at a clock of their own."""
    inside = ("actions", "models", "story", "board", "search", "reports", *FLOORS[-2], *FLOORS[-1])
    wrong = [
        f"{module}:{node.lineno} {ast.unparse(node)}"
        for module, tree in code().items()
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
        for module, tree in code().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).endswith(("mark_safe", "csrf_exempt"))
    ]
    assert wrong == []


def test_text_is_called_safe_in_one_place() -> None:
    wrong = [
        f"{module}:{node.lineno}"
        for module, tree in code().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("SafeString", "SafeText"))
    ]
    assert {place.partition(":")[0] for place in wrong} == {"incidents.forms.markup"}


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
