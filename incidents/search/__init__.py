"""Finding customers and incidents, and what a page may say of them. One concept a file; import from here."""

from incidents.search.drafts import newest_draft
from incidents.search.history import (
    among_lately,
    closed_lately,
    history_elsewhere,
    history_of,
    open_incidents_of,
    others_of_account,
    with_given,
)
from incidents.search.people import Page, customer_by_id, customer_page, plain, suggest_customers, with_numbers

__all__ = [
    "Page",
    "among_lately",
    "closed_lately",
    "customer_by_id",
    "customer_page",
    "history_elsewhere",
    "history_of",
    "newest_draft",
    "open_incidents_of",
    "others_of_account",
    "plain",
    "suggest_customers",
    "with_given",
    "with_numbers",
]
