"""How we do things: written in versions, read, looked at again; and the routine steps that may be missed."""

from incidents.actions.procedures.keeping import bring_back, change_about, retire, say_read, say_still_true
from incidents.actions.procedures.steps import MOST_STEPS, routine_for, type_step
from incidents.actions.procedures.writing import make_procedure, write_version

__all__ = [
    "MOST_STEPS",
    "bring_back",
    "change_about",
    "make_procedure",
    "retire",
    "routine_for",
    "say_read",
    "say_still_true",
    "type_step",
    "write_version",
]
