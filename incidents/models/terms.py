"""What is looked for in the list, as the columns of an incident are asked for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from incidents.models.base import number_key, sort_key
from incidents.models.customer import Customer
from incidents.models.prepared import Beside
from incidents.models.staff import Staff
from incidents.models.wording import asking, may_read, story_says, words_of

SHORTEST_PART = 3  # of an order number; less is in every one of them
_LOOKED_UP = re.compile(r"[0-9A-Za-z]{3}")  # an index of letters knows them by threes


@dataclass(frozen=True)
class Terms:
    """Each with what goes around it. `said` instead of `words` where a story is looked through word by word."""

    text: str
    name: str
    words: tuple[str, ...]
    counted: int = 0  # as many of the words, from the first, are long enough to be looked up
    said: str = ""
    number: str = ""
    customers: str = ""  # who is called so, where they are known

    @classmethod
    def of(cls, q: str) -> Terms:
        words, key = sorted(words_of(q), key=_is_short), number_key(q)
        is_number = len(key) >= SHORTEST_PART and any(c.isdigit() for c in key)
        return cls(
            text=_anywhere(q),
            name=_anywhere(sort_key(q)),
            words=tuple(_anywhere(word) for word in words or [q]),
            counted=sum(not _is_short(word) for word in words),
            said=asking(words) if words and not q.isascii() else "",
            number=_anywhere(key) if is_number else "",
        )

    @property
    def is_looked_up(self) -> bool:
        """Indexes find each of them; what they do not know they would read from end to end."""
        return self.counted > 0 and not _is_short(self.text)

    @property
    def beside(self) -> dict[str, str]:
        """By the names of `stand_ins`."""
        named = {name: getattr(self, name) for name in ("text", "name", "said", "number", "customers")}
        return named | {f"word{at}": word for at, word in enumerate(self.words)}

    def stand_ins(self) -> Terms:
        """The same for all that are put together alike."""
        return Terms(
            text=Beside("text"),
            name=Beside("name"),
            words=tuple(Beside(f"word{at}") for at in range(len(self.words))),
            counted=self.counted,
            said=Beside("said") if self.said else "",
            number=Beside("number") if self.number else "",
            customers=Beside("customers") if self.customers else "",
        )


def matching(staff: Staff, terms: Terms, is_called_so: Any) -> Q:
    """Reference, customer, company; order number or the words, where `staff` may read them."""
    words = Q(_story(terms)) | Q(_holds("customer_hint", terms.text))
    if terms.number:
        words |= ~Q(order_reference="") & Q(_like("order_reference", terms.number))
    words &= may_read(staff)
    return words | Q(is_called_so) | Q(_holds("reference", terms.text))


def called(name: str) -> QuerySet[Customer, int]:
    """The customers who, or whose company, are called so."""
    named = Customer.objects.filter(_like("sort_name", name)).values_list("pk", flat=True)
    return named.union(Customer.objects.filter(_like("account__sort_name", name)).values_list("pk", flat=True))


def listed(column: str, keys: str) -> Any:
    """Whether it is one of the keys in "{4,8,15}"."""
    return Func(
        F(column),
        Value(keys),
        template="%(expressions)s::bigint[])",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


def keys_of(found: Iterable[int]) -> str:
    """As `listed()` wants them."""
    return f"{{{','.join(map(str, found))}}}"


def told_so(word: str) -> Any:
    """Whether a word of our stories is meant too."""
    return _like("word", word)


def _story(terms: Terms) -> Any:
    """Each word is somewhere in the story; one with an accent begins a word of it, with or without."""
    if terms.said:
        return story_says(terms.said)
    held = Q()
    for word in terms.words:
        held &= Q(_holds("what_happened", word))
    return held


def _holds(column: str, pattern: str) -> Any:
    """The lookup of that name, in words that another statement can be asked with."""
    return Func(
        F(column), Value(pattern), template="%(expressions)s", arg_joiner=" ILIKE ", output_field=BooleanField()
    )


def _like(column: str, pattern: str) -> Any:
    return Func(F(column), Value(pattern), template="%(expressions)s", arg_joiner=" LIKE ", output_field=BooleanField())


def _is_short(word: str) -> bool:
    return not _LOOKED_UP.search(word)


def _anywhere(text: str) -> str:
    """A pattern with what PostgreSQL reads as a sign of it taken as it stands."""
    plain = text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{plain}%"
