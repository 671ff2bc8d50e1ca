"""What there is to find, for the pages that find it: a reference, digits of a telephone, a word mistyped, an order."""

from __future__ import annotations

from typing import Any

from bench.pages import Page

LIST = 8
FINDING = (
    Page("search, nothing typed", "desk", "/search/", 5, is_planned=True),
    Page("search, rare word", "manager", "/search/?q={rare_word}", 6, is_planned=True),
    Page("search, common word", "manager", "/search/?q={common_word}", 8, is_planned=True),
    Page("search, reference", "desk", "/search/?q={reference}", 6, is_planned=True),
    Page("search, digits of a phone", "desk", "/search/?q={digits}", 6, is_planned=True),
    Page("search, mistyped word", "desk", "/search/?q={mistyped}", 8, is_planned=True),
    Page("cases like this", "desk", "{incident}part/alike/", 8, is_planned=True),
    Page("hints at intake", "desk", "/incidents/new/open/?customer={customer_id}", 5, LIST, is_planned=True),
)


def to_find() -> dict[str, Any]:
    """The facts that those addresses name."""
    from incidents.models import ContactKind, ContactPoint, Incident, Word

    phone = ContactPoint.objects.filter(kind=ContactKind.PHONE).latest("pk").normalized
    many = Incident.objects.count()
    told = sorted(Word.objects.filter(word__regex="^[a-z]{5,}$").values_list("stories", "word"))
    long_one = Word.objects.filter(word__regex="^[a-z]{8,12}$", stories__gte=3).order_by("stories", "word")[0].word
    return {
        "rare_word": told[0][1],
        "common_word": min(told, key=lambda row: (abs(row[0] - many / 5), row))[1],
        "reference": Incident.objects.filter(is_restricted=False).latest("pk").reference,
        "digits": phone[-6:],
        "mistyped": f"{long_one[:3]}{long_one[4]}{long_one[3]}{long_one[5:]}",
    }
