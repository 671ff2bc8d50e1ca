"""One chart of each kind with invented figures, for the style guide."""

from __future__ import annotations

import datetime as dt
from itertools import accumulate

from django.utils import formats
from django.utils.translation import gettext as _

from incidents.charts.rows import ageing, pairs, pareto
from incidents.charts.shapes import Chart, Point, Row
from incidents.charts.weeks import columns, line

_FIRST = dt.date(2026, 1, 5)
_COUNTS = ((9, 7), (12, 8), (7, 9), (10, 6), (14, 9), (8, 11), (6, 8), (9, 7), (11, 12), (5, 10), (8, 9), (7, 6))
_HOURS = ((5.0, 7.5), (4.5, 8.0), (None, 6.5), (6.0, 7.0), (3.5, 9.0), (4.0, 8.5), (2.5, 6.0))


def _week(at: int) -> str:
    return formats.date_format(_FIRST + dt.timedelta(weeks=at), "j M")


def _weeks() -> Chart:
    points = [Point(_week(at), now, str(now), before, str(before)) for at, (now, before) in enumerate(_COUNTS)]
    head = (_("Week of"), _("This year"), _("Last year"))
    return columns(points, title=_("Mistakes each week"), desc=_("Between 5 and 14 a week."), head=head)


def _time() -> Chart:
    points = [
        Point(_week(at), now, "" if now is None else f"{now:g} h", before, f"{before:g} h")
        for at, (now, before) in enumerate(_HOURS)
    ]
    head = (_("Week of"), _("This year"), _("Last year"))
    return line(
        points, title=_("Hours until it was put right"), desc=_("It falls from 5 to 2.5."), head=head, unit=" h"
    )


def _causes() -> Chart:
    named = (
        (_("Misfiled or wrong information"), 14),
        (_("No procedure"), 9),
        (_("Step missed"), 5),
        (_("Supplier"), 2),
    )
    sums = accumulate(number for _name, number in named)
    rows = [
        Row(name, number, str(number), cells=(f"{round(so_far / 0.3)} %",))
        for (name, number), so_far in zip(named, sums, strict=True)
    ]
    head = (_("Cause"), _("Mistakes"), _("Added up"))
    return pareto(rows, title=_("What let it happen"), desc=_("Two causes make up 77 %."), head=head, sum_words=head[2])


def _open() -> Chart:
    named = ((_("Today"), 6, 0), (_("1 to 2 days"), 4, 1), (_("3 to 7 days"), 3, 2), (_("Longer"), 1, 1))
    rows = [Row(name, number, str(number), late=late, cells=(str(late),)) for name, number, late in named]
    head = (_("Open for"), _("Open"), _("Late"))
    return ageing(
        rows,
        title=_("Open, and for how long"),
        desc=_("14 are open."),
        head=head,
        all_words=head[1],
        late_words=head[2],
    )


def _changed() -> Chart:
    named = ((_("Two names on each folder"), 6, 0), (_("Count the microphones with the customer"), 5, 2))
    rows = [
        Row(name, after, f"{before} → {after}", before=before, cells=(str(after), str(before)))
        for name, before, after in named
    ]
    head = (_("What we changed"), _("90 days after"), _("90 days before"))
    return pairs(rows, title=_("Did it help?"), desc=_("Both came back less often."), head=head)


def samples() -> list[tuple[str, Chart, str]]:
    """(id, chart, sentence) of each kind."""
    return [
        ("sample-weeks", _weeks(), _("Fewer than last year in 6 of 12 weeks.")),
        ("sample-time", _time(), _("Half as long as in January.")),
        ("sample-causes", _causes(), _("Two causes make up most of it.")),
        ("sample-open", _open(), _("Four are late.")),
        ("sample-changed", _changed(), _("Folders with two names did not get lost again.")),
    ]
