"""What was to change, as one line on a wall."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _

from incidents.models import CheckVerdict, PreventionAction, PreventionCheck


@dataclass(frozen=True)
class Line:
    """A change in a list: what, who, by when, how it stands."""

    what: str
    who: str
    due: str
    state: str = ""
    is_late: bool = False
    is_bad: bool = False
    note: str = ""


def line_of(
    action: PreventionAction, check: PreventionCheck | None, *, say: Callable[[str], str], now: dt.datetime
) -> Line:
    """`say`: how its words are said before all. Who does it is named: they said they would."""
    is_late = action.is_open and action.due_at is not None and action.due_at < now
    note = ""
    if check is not None:
        counts = {"before": check.before, "after": check.after, "days": check.days}
        note = _("%(before)d in the %(days)d days before, %(after)d in those after") % counts
    return Line(
        what=say(action.what),
        who=str(action.assignee or ""),
        due=formats.date_format(action.due_on, _("D j M")) if action.due_on else "",
        state=_state(action, is_late=is_late),
        is_late=is_late,
        is_bad=action.verdict == CheckVerdict.RECURRED,
        note=note,
    )


def _state(action: PreventionAction, *, is_late: bool) -> str:
    if action.verdict and action.verdict != CheckVerdict.TOO_EARLY:
        back = action.verdict == CheckVerdict.RECURRED and action.done_at is None
        return _("Came back: open again") if back else str(CheckVerdict(action.verdict).label)
    if action.done_at is not None:
        return _("Done, not checked yet")
    return _("Late") if is_late else _("Under way")
