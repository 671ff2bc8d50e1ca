"""The code as text and trees, read once, and the floors of the house."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEXT = "utf-8"

# Each floor imports only from floors further down. Rooms of one floor do not know each other; inside a room they do.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("urls", "context", "apps", "adapters"),
    ("learning_urls",),
    ("views", "tasks", "management", "templatetags"),
    ("demo",),
    ("forms", "actions", "board", "reports", "search", "story", "admin"),
    ("exports",),
    ("models",),
    ("rules",),
    (
        "targets",
        "ladder",
        "access",
        "channels",
        "uploads",
        "calendars",
        "public_holidays",
        "catalogue",
        "alike",
        "news",
        "rising",
        "charts",
    ),
    ("workflow", "hiding", "undated", "blame"),
    ("vocabulary", "addresses", "common_words", "counting"),
)


def modules(*folders: str) -> dict[str, Path]:
    found = {}
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules("incidents", "recovery")


@cache
def trees() -> dict[str, ast.Module]:
    """Every module, parsed when the first test asks: whoever collects tests need not read them all."""
    return {name: ast.parse(path.read_text(TEXT)) for name, path in MODULES.items()}


@cache
def code() -> dict[str, ast.Module]:
    """Without migrations: they are history and keep the shape they had."""
    return {name: tree for name, tree in trees().items() if ".migrations" not in name}


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
    for node in statements(trees()[name]):
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
