"""What the page shows of one promise, and the forms that belong to it."""

from __future__ import annotations

from typing import Any

from incidents import story
from incidents.forms.desk import Choices, DeskForm
from incidents.forms.recover.promises import MovePromiseForm, SettlePromiseForm
from incidents.models import PromiseMade


class PromiseCard(dict[str, Any]):
    """A promise as the template sees it; `card.settle` and `card.move` are its forms, made when they are shown.

    `bound` (called `name`) is the form that did not go through, when it is one of these.
    """

    def __init__(self, promise: PromiseMade, choices: Choices, bound: DeskForm | None, name: str) -> None:
        super().__init__(promise=promise, told=story.promised(promise, choices.incident, choices.now))
        self.promise, self.choices = promise, choices
        own = {f"promise{promise.pk}": "settle", f"move_promise{promise.pk}": "move"}.get(name)
        if bound and own:
            self[own] = bound

    def __missing__(self, name: str) -> DeskForm:
        if name == "settle":
            made: DeskForm = SettlePromiseForm(choices=self.choices, name=f"promise{self.promise.pk}")
        elif name == "move":
            made = MovePromiseForm(choices=self.choices, promise=self.promise)
        else:
            raise KeyError(name)
        self[name] = made
        return made
