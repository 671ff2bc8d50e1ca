"""The cards of the remedies: each with its forms, made when the page first shows them."""

from __future__ import annotations

from typing import Any

from incidents import story
from incidents.forms.desk import Choices, DeskForm
from incidents.forms.recover import remedies
from incidents.models import CostKind, Remedy

# What may be done to one remedy, by the name of its form.
FORMS: dict[str, type[DeskForm]] = {
    "deliver": remedies.DeliverForm,
    "end": remedies.EndRemedyForm,
    "decline": remedies.DeclineForm,
    "change": remedies.ChangeRemedyForm,
    "waive": remedies.WaiveReceiptForm,
    "letgo": remedies.LetGoForm,
    "again": remedies.AskAgainForm,
    "ahead": remedies.GoAheadForm,
}


# The fold of each form that does not stand in one of its own name.
_FOLDS = {
    "think_of": "care",
    **dict.fromkeys(("wants_nothing", "no_remedy_due"), "nothing"),
    **dict.fromkeys(("change", "waive", "letgo", "end"), "more"),
    "move_promise": "move",
}


def fold_of(form_name: str) -> str:
    """The key of the fold that a form stands in: `more-12` for `change12`."""
    name = form_name.rstrip("0123456789")
    pk = form_name.removeprefix(name)
    if not pk:
        return _FOLDS.get(name, name)
    return f"{'settle' if name == 'promise' else _FOLDS.get(name, name)}-{pk}"


def form_of(name: str, remedy: Remedy, choices: Choices, data: Any = None) -> DeskForm:
    """The form of that name for one remedy; its ids are its own."""
    kind = FORMS.get(name, remedies.TapForm)
    given: dict[str, Any] = {"remedy": remedy} if name in ("deliver", "change") else {}
    return kind(data, choices=choices, name=f"{name}{remedy.pk}", **given)


def told_of_types(told: story.Story) -> dict[str, dict[str, str]]:
    """Of each type what it usually comes to, and what may still be given of it without asking."""
    allowance, found = told.allowance, {}
    for type_ in told.rows.types:
        said: dict[str, str] = {}
        if type_.typical_amount is not None:
            said["data-typical"] = f"{type_.typical_amount:.2f}"
        if allowance and type_.cost_kind != CostKind.TIME and (left := allowance.of(type_.pk)):
            said |= {"data-left": f"{left.left:.2f}", "data-left-words": f"{left.words}."}
        if said:
            found[str(type_.pk)] = said
    return found


class Card(dict[str, Any]):
    """A remedy as the template sees it; `card.deliver` and the like are its forms."""

    def __init__(self, view: story.RemedyView, choices: Choices, bound: DeskForm | None, bound_name: str) -> None:
        remedy = view.remedy
        super().__init__(
            view=view,
            remedy=remedy,
            is_mine=remedy.assignee_id == choices.staff.pk,
            is_pending=remedy.is_pending,
        )
        self.choices = choices
        own = bound_name.removesuffix(str(remedy.pk))
        if bound and own in FORMS and bound_name == f"{own}{remedy.pk}":
            self[own] = bound

    def __missing__(self, name: str) -> DeskForm:
        if name not in FORMS:
            raise KeyError(name)
        self[name] = made = form_of(name, self["remedy"], self.choices)
        return made
