"""The address at which a list that was taken out once can be taken out again."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse

LISTS = {"incidents": "incident-list", "calls": "call-list", "customers": "customer-list"}


def export_again_url(options: dict[str, Any]) -> str:
    """The page that writes it, with the same filters; the list itself where words were searched for: they are not kept.

    Also of what was asked for before filters were kept.
    """
    listing, filters = str(options["list"]), options.get("filters")
    if filters is None or "q" in filters:
        return reverse(LISTS[listing]) + _query({k: v for k, v in (filters or {}).items() if k != "q"})
    return reverse("export") + _query(filters if listing == "incidents" else {"of": listing, **filters})


def _query(values: dict[str, Any]) -> str:
    query = QueryDict(mutable=True)
    for name, value in values.items():
        several = value if isinstance(value, list) else ["1" if value is True else value]
        query.setlist(name, [str(each) for each in several])
    return f"?{query.urlencode()}" if values else ""
