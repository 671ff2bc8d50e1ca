"""The addresses of customers and accounts, for the tests of all addresses: who may, which filters, which forms."""

from __future__ import annotations

from typing import Any

#                        GET by desk, manager,      POST by desk, manager,
#                        administrator, outsider    administrator, outsider
TABLE = """
customer-new             200 200 200 200            422 422 422 422
customer-alike           200 200 200 200            405 405 405 405
customer-merge           403 200 200 403            403 422 422 403
customer-change-contact  200 200 200 200            422 422 422 422
customer-remove-contact  405 405 405 405            302 302 302 302
resemblance-list         403 200 200 403            403 405 405 403
resemblance-look         403 405 405 403            403 422 422 403
resemblance-dismiss      403 405 405 403            403 302 302 403
merge-list               403 200 200 403            403 405 405 403
merge-undo               403 405 405 403            403 302 302 403
account-list             200 200 200 200            405 405 405 405
account-show             200 200 200 200            405 405 405 405
account-change           200 200 200 200            422 422 422 422
account-key              405 405 405 405            422 422 422 422
"""
FILTERS: dict[str, list[str]] = {
    "customer-new": ["name", "account"],
    "customer-alike": [
        *("name", "phone", "email", "account", "loyalty_number", "address", "pick"),
        *("new_name", "new_phone", "new_email", "new_account"),
    ],
    "customer-merge": ["with", "q"],
    "resemblance-list": ["after"],
    "account-list": ["q", "after"],
    "account-show": ["after"],
}
FORMS: dict[str, dict[str, Any]] = {
    "customer-new": {"submit_key": "", "name": "Nora Novak", "phone": None, "email": None, "account": None}
    | {"job_title": None, "note": None, "loyalty_number": None, "address": None, "language": None}
    | {"preferred_channel": None},
    "customer-merge": {"submit_key": "", "dropped": None},
    "customer-change-contact": {"value": "+1 312 555 0177"},
    "resemblance-look": {"submit_key": ""},
    "account-change": {"version": "0", "name": "Rowing Club", "note": None},
    "account-key": {"is_key": "yes"},
}
NO_FIELDS = {"customer-remove-contact", "resemblance-dismiss", "merge-undo"}
