"""What the playbook says about an incident's kind of mistake, at its place. Tips; reads only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incidents.models import RemedyType
    from incidents.story.gather import Rows


@dataclass(frozen=True)
class Usual:
    """A remedy this kind of mistake usually gets. `up_to` may be given without asking."""

    type: RemedyType
    amount: Decimal | None
    up_to: Decimal | None


@dataclass(frozen=True)
class Advice:
    """Never empty: where nobody wrote anything there is none."""

    words: str
    steps: tuple[str, ...]
    usual: tuple[Usual, ...]

    @property
    def has_words(self) -> bool:
        return bool(self.words or self.steps)


def advice(rows: Rows) -> Advice | None:
    """What somebody here wrote for this kind of mistake. Remedies that are no longer given are left out."""
    if not rows.playbooks:
        return None
    book = rows.playbooks[0]
    types = {kind.pk: kind for kind in rows.types if kind.is_active}
    usual = tuple(
        Usual(types[row.type_id], types[row.type_id].typical_amount, row.pre_approved_up_to)
        for row in rows.playbook_remedies
        if row.type_id in types
    )
    found = Advice(book.words.strip(), tuple(step for step in book.steps if step.strip()), usual)
    return found if found.has_words or found.usual else None
