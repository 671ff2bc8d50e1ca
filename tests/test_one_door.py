"""Who writes state, and how rows of a place are reached: read from the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.source import code, room, trees

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
    "waiting_since",
    "waiting_until",
    "raised_by",
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
    for node in ast.walk(trees()[name]):
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
    elsewhere = [name for name in code() if name.startswith("incidents.") and room(name) not in ("actions", "models")]
    assert [write for name in elsewhere for write in writes_of_state(name)] == []


def test_the_rule_sees_a_write() -> None:
    """The control: the actions themselves break it, in every way it looks for."""
    seen = " ".join(write for name in code() if room(name) == "actions" for write in writes_of_state(name))
    for way in ("assigns .stage", "updates ['reopened_at']", "uses bulk_create", "makes a FollowUp", "uses setattr"):
        assert way in seen


def scoped_rows(name: str) -> Iterator[str]:
    """Where `name` reaches rows of a scoped model otherwise than through what somebody may see."""
    asked = {
        ast.unparse(node.value)
        for node in ast.walk(trees()[name])
        if isinstance(node, ast.Attribute) and node.attr in ("visible_to", "for_inbox_of")
    }
    for node in ast.walk(trees()[name]):
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
    assert [row for name in code() if room(name) == "views" for row in scoped_rows(name)] == []
    assert list(scoped_rows("incidents.actions.remind")), "the control: actions do reach rows"
