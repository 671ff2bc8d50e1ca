"""A second tap while the first is on its way is dropped: each form that posts in place says so."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
FORM = re.compile(r"<form\b(?:[^>'\"]|'[^'\"]*'|\"[^\"]*\")*>")
WRITTEN = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "incidents").rglob("*.py")]


def _forms(text: str) -> list[str]:
    """Their opening tags; of text that code writes in pieces, too."""
    return FORM.findall(re.sub(r"'\n\s+'", "", text))


def test_every_form_that_posts_in_place_drops_a_second_tap() -> None:
    in_place = {(path.name, form) for path in WRITTEN for form in _forms(path.read_text()) if "hx-post=" in form}
    assert len(in_place) > 10
    assert not {(name, form) for name, form in in_place if 'hx-sync="this:drop"' not in form}
