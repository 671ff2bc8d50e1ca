"""The catalogue's addresses, for the tests of all addresses: who may, which filters, which forms."""

from __future__ import annotations

from typing import Any

#                        GET by desk, manager,      POST by desk, manager,
#                        administrator, outsider    administrator, outsider
TABLE = """
catalogue                403 200 200 403            403 405 405 403
category-list            403 200 200 403            403 405 405 403
category-new             403 403 200 403            403 403 422 403
category-change          403 200 200 403            403 403 422 403
category-default         403 405 405 403            403 404 404 403
category-up              403 403 405 403            403 403 302 403
category-down            403 403 405 403            403 403 302 403
category-retire          403 403 405 403            403 403 302 403
category-restore         403 403 405 403            403 403 302 403
category-field           403 403 200 403            403 403 422 403
question-change          403 403 200 403            403 403 422 403
question-up              403 403 405 403            403 403 302 403
question-down            403 403 405 403            403 403 302 403
question-retire          403 403 405 403            403 403 302 403
question-restore         403 403 405 403            403 403 302 403
remedy-list              403 200 200 403            403 405 405 403
remedy-new               403 403 200 403            403 403 422 403
remedy-change            403 200 200 403            403 403 422 403
remedy-default           403 405 405 403            403 404 404 403
remedy-up                403 403 405 403            403 403 302 403
remedy-down              403 403 405 403            403 403 302 403
remedy-off               403 403 405 403            403 403 302 403
remedy-on                403 403 405 403            403 403 302 403
cause-list               403 200 200 403            403 405 405 403
cause-new                403 403 200 403            403 403 422 403
cause-change             403 403 200 403            403 403 422 403
cause-up                 403 403 405 403            403 403 302 403
cause-down               403 403 405 403            403 403 302 403
cause-retire             403 403 405 403            403 403 302 403
cause-restore            403 403 405 403            403 403 302 403
limits                   403 200 200 403            403 403 422 403
limits-default           403 405 405 403            403 404 404 403
playbook-list            403 200 200 403            403 405 405 403
playbook-change          403 200 200 403            403 403 422 403
playbook-default         403 405 405 403            403 404 404 403
delays                   403 200 200 403            403 403 422 403
delays-default           403 405 405 403            403 404 404 403
"""
SHOWN: tuple[str, ...] = ("catalogue", "category-list", "category-change", "remedy-list", "remedy-change")
SHOWN += ("limits", "playbook-list", "playbook-change", "delays")
FILTERS = {name: ["at"] for name in SHOWN}
KEY = {"submit_key": ""}
QUESTION = {"name": "Where", "kind": "text", "is_private": None, "minuend": None, "subtrahend": None}
REMEDY = {"name": "Late checkout", "nature": "goodwill", "cost_kind": "time", "typical_amount": None}
FORMS: dict[str, dict[str, Any]] = {
    "category-new": KEY
    | {"name": "Lost luggage", "severity": "3", "icon": "briefcase", "is_restricted": None, "is_second_failure": None},
    "category-change": {"name": None, "severity": "3", "icon": "briefcase", "version": "0"},
    "category-field": KEY | QUESTION,
    "question-change": QUESTION,
    "remedy-new": KEY | REMEDY | {"needs_receipt": None},
    "remedy-change": REMEDY | {"version": "0"},
    "cause-new": KEY | {"name": "Nobody was asked"},
    "cause-change": {"name": "Nobody was asked", "was": None},
    "limits": {"stamp": "x", "front_desk_any": "50", "manager_any": None, "administrator_any": None},
    "playbook-change": {"stamp": "none", "words": "Say sorry first.", "steps": None},
    "delays": {"stamp": "x", "no_answer_hours": "4", "no_answer_minutes": None, "voicemail_hours": None},
}
POSTED: tuple[str, ...] = (
    "category-up",
    "category-down",
    "category-retire",
    "category-restore",
    "question-up",
    "question-down",
)
POSTED += ("question-retire", "question-restore", "remedy-up", "remedy-down", "remedy-off", "remedy-on")
POSTED += ("cause-up", "cause-down", "cause-retire", "cause-restore")
DEFAULTS = ("category-default", "remedy-default", "limits-default", "playbook-default", "delays-default")
NO_FIELDS = {*POSTED, *DEFAULTS}
