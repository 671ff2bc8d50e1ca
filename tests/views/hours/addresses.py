"""The addresses of opening hours, targets and ladders, for the tests of all addresses: who may, filters, forms."""

from __future__ import annotations

from typing import Any

#                        GET by desk, manager,      POST by desk, manager,
#                        administrator, outsider    administrator, outsider
TABLE = """
hours-list               403 200 200 403            403 405 405 403
hours                    403 200 200 403            403 422 422 403
hours-days               403 200 200 403            403 405 405 403
hours-region             403 405 405 403            403 422 422 403
hours-close              403 405 405 403            403 422 422 403
hours-day                403 405 405 403            403 422 422 403
targets                  403 200 200 403            403 405 405 403
targets-change           403 200 200 403            403 403 422 403
targets-default          403 405 405 403            403 403 302 403
ladders                  403 200 200 403            403 405 405 403
ladders-of               403 200 200 403            403 405 405 403
ladders-change           403 200 200 403            403 403 422 403
ladders-default          403 405 405 403            403 403 302 403
"""
FILTERS = {
    "hours-list": ["at"],
    "hours": ["at"],
    "hours-days": ["at", "country"],
    "targets": ["at"],
    "targets-change": ["at", "preview"],
    "ladders": ["at"],
    "ladders-of": ["at"],
    "ladders-change": ["at", "preview"],
}
CLOSED = {f"d{day}_how": "closed" for day in range(1, 7)}
SAME = {f"{clock}_unit": "same" for clock in ("acknowledge", "offer", "deliver", "follow_up")}
FORMS: dict[str, dict[str, Any]] = {
    "hours": {"version": "0", "opens": "week", "d0_how": "hours", "d0_from_0": "09:00", "d0_to_0": "12:30"} | CLOSED,
    "hours-region": {"version": "0", "country": "DE", "part": "BY"},
    "hours-close": {"name": "Stocktaking", "date": "2030-01-07", "until": "2030-01-08"},
    "hours-day": {"date": "2030-12-25", "until": None, "how": "closed"},
    "targets-change": {"version": "0", "apologize_number": "2", "apologize_unit": "hours", "apologize_open": "on"}
    | {"again_number": None, "again_unit": "none"}
    | SAME,
    "ladders-change": {"version": "0", "r0_number": "5", "r0_unit": "60", "r0_side": "after", "r0_to": "managers"}
    | {"play-moment": None, "play-person": None},
}
NO_FIELDS = {"targets-default", "ladders-default"}
