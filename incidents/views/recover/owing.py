"""What the page shows of one promise, and the forms that belong to it."""

from __future__ import annotations

from typing import Any

from incidents import story
from incidents.forms.desk import Choices, DeskForm
from incidents.forms.recover.promises import MovePromiseForm, SettlePromiseForm
from incidents.models import PromiseMade


def promise_card(promise: PromiseMade, choices: Choices, bound: DeskForm | None, name: str) -> dict[str, Any]:
    """`bound` (called `name`) is the form that did not go through, when it is one of these."""
    settle, move = f"promise{promise.pk}", f"move_promise{promise.pk}"
    return {
        "promise": promise,
        "told": story.promised(promise, choices.incident, choices.now),
        "settle": bound if name == settle else SettlePromiseForm(choices=choices, name=settle),
        "move": bound if name == move else MovePromiseForm(choices=choices, promise=promise),
    }
