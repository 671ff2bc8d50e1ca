"""The pages that are measured, who opens them, and how slow each may be beside the empty view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

EMPTY = "empty view, signed in"
LIST, OTHER = 8, 12  # SQL statements allowed on lists and on other pages


@dataclass(frozen=True)
class Page:
    """`address` may name a fact that `bench.inside look` found: `{incident}`, `{rare}` and so on.

    `aim` is a multiple of the empty view's median; `statements` how much SQL the page may ask. `is_planned`: its
    query plans may not read the whole incident table.
    """

    name: str
    who: str
    address: str
    aim: float
    statements: int = OTHER
    is_planned: bool = False
    status: int = 200  # 304 where who has everything is told so

    def at(self, facts: dict[str, Any]) -> str:
        """Its address where these facts hold."""
        return self.address.format(**{name: quote(str(fact)) for name, fact in facts.items()})


PAGES = (
    Page("open list, page 1", "manager", "/incidents/", 5, LIST, is_planned=True),
    Page("open list, filtered", "manager", "/incidents/?severity=major&stage=remedy", 5, LIST, is_planned=True),
    Page("closed list, page 1", "manager", "/incidents/?view=closed", 5, LIST, is_planned=True),
    Page("list, rare word", "manager", "/incidents/?q={rare}", 6, LIST),
    Page("list, common word", "manager", "/incidents/?q={common}", 8, LIST),
    Page("one incident", "desk", "{incident}", 5, is_planned=True),
    Page("typeahead, rare", "desk", "/customers/suggest/?q={rare_name}", 5, LIST, is_planned=True),
    Page("typeahead, common", "desk", "/customers/suggest/?q={common_name}", 5, LIST, is_planned=True),
    Page("customers, page 1", "desk", "/customers/", 5, LIST, is_planned=True),
    Page("one customer", "desk", "{customer}", 5, is_planned=True),
    Page("calls due, mine", "desk", "/calls/", 6, LIST, is_planned=True),
    Page("calls due, everyone’s", "manager", "/calls/?who=everyone", 6, LIST, is_planned=True),
    Page("first page, manager", "manager", "/", 6, is_planned=True),
    Page("first page, desk", "desk", "/", 6, is_planned=True),
    Page("notices", "desk", "/notices/", 5, LIST, is_planned=True),
    Page("bell", "desk", "/notices/bell/", 2, is_planned=True),
    Page("form to log", "desk", "/incidents/new/", 5),
)
CREATE = "log one (POST to redirect)"
CREATE_AIM = 5.0
GROWTH_AIM = 1.2
GROWS = ("list, common word",)  # what it finds grows with what there is
