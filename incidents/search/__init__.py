"""Finding customers and incidents, and what a page may say of them. One concept a file; import from here."""

from incidents.search.accounts import (
    account_by_id,
    account_page,
    contacts_of,
    given_to_account,
    open_of_account,
    others_of_account,
)
from incidents.search.alike import resembling
from incidents.search.drafts import newest_draft
from incidents.search.everywhere import Found, Narrowed, look_for
from incidents.search.hints import Given, Hints, hints_for
from incidents.search.history import (
    among_lately,
    history_elsewhere,
    history_of,
    open_incidents_of,
    with_given,
)
from incidents.search.people import (
    Page,
    customer_by_id,
    customer_page,
    customers_called,
    last_shown,
    plain,
    suggest_customers,
    with_numbers,
)
from incidents.search.similar import Like, similar_to

__all__ = [
    "Found",
    "Given",
    "Hints",
    "Like",
    "Narrowed",
    "Page",
    "account_by_id",
    "account_page",
    "among_lately",
    "contacts_of",
    "customer_by_id",
    "customer_page",
    "customers_called",
    "given_to_account",
    "hints_for",
    "history_elsewhere",
    "history_of",
    "last_shown",
    "look_for",
    "newest_draft",
    "open_incidents_of",
    "open_of_account",
    "others_of_account",
    "plain",
    "resembling",
    "similar_to",
    "suggest_customers",
    "with_given",
    "with_numbers",
]
