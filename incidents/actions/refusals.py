"""Why an action did not happen, in words a page can show. Nothing was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise as LazyText

if TYPE_CHECKING:
    from incidents.workflow import Gate


class Refused(Exception):
    """The action cannot be done as things stand. `words` says why."""

    def __init__(self, words: LazyText | str) -> None:
        super().__init__(words)  # translated when somebody reads it
        self.words = words


class StepRefused(Refused):
    """An ending was asked for while gates are unmet. `gates` lists what is missing."""

    def __init__(self, gates: tuple[Gate, ...]) -> None:
        super().__init__(gates[0].words)
        self.gates = gates


class NotYours(Refused):
    """Visible, but this person may not do it (403)."""


class Stale(Refused):
    """Someone else saved first (409). `current` is the row as it is now."""

    def __init__(self, words: LazyText | str, current: Any) -> None:
        super().__init__(words)
        self.current = current
