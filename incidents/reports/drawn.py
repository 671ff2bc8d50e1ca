"""The charts of the numbers, each with one sentence on what changed or stands out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents import charts
from incidents.charts import Chart, Point, Row
from incidents.models import Staff
from incidents.reports.ageing import ageing
from incidents.reports.figures import Figure, Unit
from incidents.reports.over_time import Week, weekly_of
from incidents.reports.pareto import pareto
from incidents.reports.prevention import before_after
from incidents.reports.scope import Scope
from incidents.reports.words import say, words_of

MOST_CAUSES = 8
MOST_CHANGES = 8
HOURS, DAYS = 3600, 86400


@dataclass(frozen=True)
class Drawn:
    """`sentence` is shown above it, `empty` instead of it when there is nothing."""

    id: str
    chart: Chart
    sentence: str
    empty: str


Draw = Callable[[Staff, Scope, dt.datetime], list[Drawn]]


def _head() -> tuple[str, str, str]:
    return _("Week of"), _("This period"), _("The time before")


def _points(now: list[Week], before: list[Week], of: Callable[[Figure], float | None]) -> list[Point]:
    """The last weeks beside each other: of what is short, the beginning is missing."""
    pairs = list(zip_longest(reversed(now), reversed(before)))[: len(now)]
    points = [
        Point(
            formats.date_format(week.start, "j M"),
            of(week.figure),
            words_of(week.figure),
            of(past.figure) if past else None,
            words_of(past.figure) if past else "",
        )
        for week, past in pairs
    ]
    return points[::-1]


def weeks(staff: Staff, scope: Scope, now: dt.datetime) -> list[Drawn]:
    """Six statements."""
    number, time = "incidents", "time_to_remedy"
    found, before = (weekly_of(staff, each, (number, time), now) for each in (scope, scope.before))
    return [_mistakes(found[number], before[number]), _time_taken(found[time], before[time])]


def _mistakes(weeks: list[Week], before: list[Week]) -> Drawn:
    points = _points(weeks, before, lambda figure: float(figure.value or 0))
    total, past = (sum(each.figure.n for each in found) for found in (weeks, before))
    title, empty = _("Mistakes each week"), _("Nothing was reported in this time.")
    if not total:
        return Drawn("mistakes", charts.columns([], title=title, desc=empty, head=_head()), "", empty)
    said = {"n": total, "past": past, "more": abs(total - past)}
    if total == past:
        sentence = _("%(n)d, as many as in the time before.") % said
    elif total > past:
        sentence = _("%(n)d, %(more)d more than in the time before.") % said
    else:
        sentence = _("%(n)d, %(more)d fewer than in the time before.") % said
    return Drawn("mistakes", charts.columns(points, title=title, desc=sentence, head=_head()), sentence, empty)


def _time_taken(weeks: list[Week], before: list[Week]) -> Drawn:
    highest = max((float(each.figure.value or 0) for each in (*weeks, *before)), default=0)
    size, unit = (DAYS, _(" d")) if highest >= 3 * DAYS else (HOURS, _(" h"))
    points = _points(weeks, before, lambda f: None if f.value is None else float(f.value) / size)
    title, empty = _("Time until it was put right"), _("Nothing of this time is put right yet.")
    known = [each.figure for each in weeks if each.figure.value is not None]
    sentence = ""
    if known:
        words = {"first": words_of(known[0]), "last": words_of(known[-1])}
        sentence = _("The middle one: %(first)s in the first week with any, %(last)s in the last.") % words
    return Drawn("time", charts.line(points, title=title, desc=sentence, head=_head(), unit=unit), sentence, empty)


def causes(staff: Staff, scope: Scope, now: dt.datetime) -> Drawn:
    found = pareto(staff, scope)
    known = [row for row in found.rows if row.cause_id is not None]
    unknown = sum(row.count for row in found.rows if row.cause_id is None)
    total = sum(row.count for row in known)
    rows, so_far = [], 0
    for row in known[:MOST_CAUSES]:
        so_far += row.count
        share = say(100 * so_far / total, Unit.PERCENT)
        cost = say(row.cost, Unit.MONEY, found.currency) if found.currency else ""
        rows.append(Row(row.name, row.count, str(row.count), cells=(share, cost)))
    if len(known) > MOST_CAUSES:
        rest = known[MOST_CAUSES:]
        cost = say(sum((row.cost for row in rest), rest[0].cost * 0), Unit.MONEY, found.currency)
        number = sum(row.count for row in rest)
        cells = (say(100, Unit.PERCENT), cost if found.currency else "")
        rows.append(Row(_("The others"), number, str(number), cells=cells))
    head = (_("What let it happen"), _("Mistakes"), _("Added up"), _("Cost"))
    sentence = ""
    if known:
        most = {"name": known[0].name, "n": known[0].count, "total": total}
        sentence = _("Most often: %(name)s, %(n)d of %(total)d.") % most
        if unknown:
            sentence += " " + ngettext(
                "Of %(n)d more nobody has said yet.", "Of %(n)d more nobody has said yet.", unknown
            ) % {"n": unknown}
    empty = _("Nobody has said yet what let these happen. Managers say so on the page of each, or in the meeting.")
    chart = charts.pareto(rows, title=head[0], desc=sentence, head=head, sum_words=head[2])
    return Drawn("causes", chart, sentence, empty)


def still_open(staff: Staff, scope: Scope, now: dt.datetime) -> Drawn:
    """Whenever it was reported."""
    found = ageing(staff, scope, now)
    number, late = sum(each.open for each in found), sum(each.late for each in found)
    rows = [
        Row(
            str(each.label),
            each.open,
            _("%(n)d, %(late)d late") % {"n": each.open, "late": each.late} if each.late else str(each.open),
            late=each.late,
            cells=(str(each.late),),
        )
        for each in found
    ]
    words = {"n": number, "late": late}
    sentence = _("%(n)d open now, %(late)d of them late. Whenever they were reported.") % words if number else ""
    title, head = _("Open, and for how long"), (_("Open for"), _("Open"), _("Late"))
    chart = charts.ageing(rows, title=title, desc=sentence, head=head, all_words=_("Open"), late_words=_("Late"))
    return Drawn("open", chart, sentence, _("Nothing is open."))


def changed(staff: Staff, scope: Scope, now: dt.datetime) -> list[Drawn]:
    """Four statements."""
    found = before_after(staff, scope, now)[:MOST_CHANGES]
    rows = [
        Row(
            each.action.what,
            each.after,
            f"{each.before} → {each.after}",
            before=each.before,
            cells=(str(each.after), str(each.before), str(each.days), str(each.verdict.label)),
        )
        for each in found
    ]
    fewer = sum(each.after < each.before for each in found)
    sentence = ""
    if found:
        sentence = ngettext(
            "After %(fewer)d of %(n)d change it came less often.",
            "After %(fewer)d of %(n)d changes it came less often.",
            len(found),
        ) % {"fewer": fewer, "n": len(found)}
    head = (_("What we changed"), _("After"), _("Before"), _("Days compared"), _("So far"))
    chart = charts.pairs(rows, title=_("Did what we changed help?"), desc=sentence, head=head)
    empty = _("No change was in effect in this time, or none of what it is to prevent came before or after.")
    return [Drawn("changed", chart, sentence, empty)]


def reasons(staff: Staff, scope: Scope, now: dt.datetime) -> list[Drawn]:
    return [causes(staff, scope, now), still_open(staff, scope, now), *changed(staff, scope, now)]


# Each is a part of the page that is fetched by itself: a page of numbers shall not wait for its charts.
PARTS: dict[str, Draw] = {"weeks": weeks, "causes": reasons}


def all_of_them(staff: Staff, scope: Scope, now: dt.datetime) -> list[Drawn]:
    """For paper."""
    return [drawn for draw in PARTS.values() for drawn in draw(staff, scope, now)]
