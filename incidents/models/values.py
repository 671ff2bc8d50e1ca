"""What a category's own fields hold: reading what was typed, and saying it again.

Stored in `Incident.field_values` and `private_values`: text as typed, numbers as int, money
as "12.50", days as ISO dates, moments as ISO instants in UTC, lines as a list. Nothing here
is ever required; empty answers are not stored. Pure but for `fields_of()`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from incidents.calendars import resolve_local
from incidents.models.base import EARLIEST, LATEST, LINE, number_key, sort_key
from incidents.models.catalogue import Category, CategoryField, FieldKind
from incidents.models.prepared import find_about

CENT = Decimal("0.01")
MOST_LINES = 50
# The private answer that says how we spoke to them; kept with a second failure whatever the category asks.
WORDS_USED = "words_used"
# Never part of words: NUL, other control characters (line ends aside), halves of characters.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?([+-][0-9]{2}:[0-9]{2})?")


def parse_text(raw: str) -> str:
    text = raw.strip()
    if UNPRINTABLE.search(text):
        raise ValidationError(_("That contains characters nobody can read."))
    if len(text) > LINE:
        raise ValidationError(_("Keep this under %(most)s characters.") % {"most": LINE})
    return text


def parse_lines(raw: str) -> list[str]:
    lines = [text for line in raw.splitlines() if (text := parse_text(line))]
    if len(lines) > MOST_LINES:
        raise ValidationError(_("Keep this under %(most)s lines.") % {"most": MOST_LINES})
    return lines


def parse_number(raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", raw):
        raise ValidationError(_("Write a whole number, like 3."))
    return int(raw)


def parse_money(raw: str) -> Decimal:
    """An amount of at least 0 with at most two decimals; nothing a person would not write."""
    if raw.startswith(("-", "\u2212")):
        raise ValidationError(_("An amount cannot be below zero."))
    if re.fullmatch(r"[0-9]+,[0-9]{1,2}", raw):
        raise ValidationError(_("Write cents after a point, like 12.50."))
    if re.fullmatch(r"[0-9]{1,7}\.[0-9]{3,}", raw):
        raise ValidationError(_("An amount has at most two decimals."))
    if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,2})?", raw):
        raise ValidationError(_("Write an amount, like 12.50."))
    return Decimal(raw).quantize(CENT)


def parse_day(raw: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(raw) if DAY.fullmatch(raw) else None
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(_("Write a day, like 2026-03-04."))
    if not EARLIEST.date() <= day < LATEST.date():
        raise ValidationError(_("That day is too far away."))
    return day


def parse_moment(raw: str, zone: dt.tzinfo) -> dt.datetime:
    """A local day and time of `zone` as UTC; one with an offset is taken as it is."""
    try:
        moment = dt.datetime.fromisoformat(raw) if MOMENT.fullmatch(raw) else None
    except ValueError:
        moment = None
    if moment is None:
        raise ValidationError(_("Write a day and a time, like 2026-03-04 15:30."))
    if not EARLIEST.year <= moment.year < LATEST.year:
        raise ValidationError(_("That day is too far away."))
    utc = moment.astimezone(dt.UTC) if moment.tzinfo else resolve_local(moment, zone)
    if not EARLIEST <= utc < LATEST:
        raise ValidationError(_("That day is too far away."))
    return utc


_PARSERS: dict[str, Callable[[str, dt.tzinfo], Any]] = {
    FieldKind.TEXT: lambda raw, zone: parse_text(raw),
    FieldKind.LINES: lambda raw, zone: parse_lines(raw),
    FieldKind.NUMBER: lambda raw, zone: parse_number(raw),
    FieldKind.MONEY: lambda raw, zone: str(parse_money(raw)),
    FieldKind.DATE: lambda raw, zone: parse_day(raw).isoformat(),
    FieldKind.MOMENT: lambda raw, zone: parse_moment(raw, zone).isoformat(),
}


def fields_of(category: Category) -> list[CategoryField]:
    """The questions a category asks now, differences included. One query."""
    return find_about(_asked, category.pk)


def _asked(category_id: int) -> QuerySet[CategoryField]:
    active = CategoryField.objects.filter(category=category_id, is_active=True)
    return active.select_related("minuend", "subtrahend").order_by("position", "id")


def clean_values(
    fields: Iterable[CategoryField], raw: Mapping[str, Any], zone: dt.tzinfo
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(field_values, private_values) of what was typed, keyed by field key.

    Takes stored values too. Raises one ValidationError with a message per wrong field;
    keys that the category does not ask for are dropped.
    """
    public: dict[str, Any] = {}
    private: dict[str, Any] = {}
    wrong: dict[str, Any] = {}
    for field in fields:
        typed = raw.get(field.key)
        text = (
            "\n".join(map(str, typed)) if isinstance(typed, list) else str(typed or "" if typed != 0 else 0)
        ).strip()
        if not text or field.kind == FieldKind.DIFFERENCE:
            continue
        try:
            (private if field.is_private else public)[field.key] = _PARSERS[field.kind](text.strip(), zone)
        except ValidationError as error:
            wrong[field.key] = error.messages
    if wrong:
        raise ValidationError(wrong)
    return public, private


def checked_values(
    category: Category, zone: dt.tzinfo, public: Mapping[str, Any], private: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """`clean_values()` for an action: what a form or a story hands over, put in its place."""
    if not public and not private:
        return {}, {}
    return clean_values(fields_of(category), {**public, **private}, zone)


def kept_answers(category: Category, values: Mapping[str, Any]) -> dict[str, Any]:
    """Answers to questions the category asks no more: they stay with the incident. One query when there are any."""
    if not values:
        return {}
    retired = category.fields.filter(is_active=False, key__in=list(values)).values_list("key", flat=True)
    return {key: values[key] for key in retired}


class Named(NamedTuple):
    """What the answers name: the order it is about (`number_key()`) and the item (`sort_key()`); "" for neither."""

    order: str = ""
    item: str = ""


def named_in(category: Category, answers: Mapping[str, Any]) -> Named:
    """The order and the item that what was answered names.

    What is asked now comes before what was asked once. One query when there are answers.
    """
    if not answers:
        return Named()
    names = Q(is_order=True) | Q(is_item=True)
    asks = category.fields.filter(names, is_private=False, key__in=list(answers))
    found = list(asks.order_by("-is_active", "position", "id").values_list("key", "is_order", "is_item"))
    orders = (number_key(str(answers[key])) for key, is_order, _is_item in found if is_order)
    items = (item_key(answers[key]) for key, _is_order, is_item in found if is_item)
    return Named(next(filter(None, orders), ""), next(filter(None, items), ""))


def item_key(answer: Any) -> str:
    """As items are compared: whatever the accents, the case and the spaces; of several lines the first."""
    text = answer[0] if isinstance(answer, list) and answer else answer
    return " ".join(sort_key(str(text)).split())


def as_typed(field: CategoryField, value: Any, zone: dt.tzinfo) -> str:
    """A stored value as its input shows it: moments in local time, lines one under the other."""
    if value is None:
        return ""
    if field.kind == FieldKind.LINES:
        return "\n".join(value)
    if field.kind == FieldKind.MOMENT:
        return dt.datetime.fromisoformat(value).astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    return str(value)


def described(
    fields: Iterable[CategoryField], values: Mapping[str, Any], *, zone: dt.tzinfo, currency: str
) -> list[tuple[str, str]]:
    """(label, words) of every field that has an answer, differences computed; retired questions too."""
    lines = []
    for field in fields:
        if field.kind == FieldKind.DIFFERENCE:
            if field.is_computed_anew:
                continue
            words = difference_words(field.difference(dict(values)), currency)
        else:
            words = _words(field, values.get(field.key), zone, currency)
        if words:
            lines.append((field.label, words))
    return lines


def _words(field: CategoryField, value: Any, zone: dt.tzinfo, currency: str) -> str:
    if value is None or value in ("", []):
        return ""
    if field.kind == FieldKind.LINES:
        return ", ".join(value)
    if field.kind == FieldKind.MONEY:
        return _money(Decimal(value), currency)
    if field.kind == FieldKind.DATE:
        return date_words(dt.date.fromisoformat(value), _("D j M Y"), get_language())
    if field.kind == FieldKind.MOMENT:
        local = dt.datetime.fromisoformat(value).astimezone(zone).replace(tzinfo=None)
        return date_words(local, _("D j M, H:i"), get_language())
    return str(value)


@lru_cache(maxsize=4096)
def date_words(day: dt.date, form: str, _language: str | None) -> str:
    """As Django writes it, which takes long. A moment is a wall clock's: it has no zone."""
    return formats.date_format(day, form)


def _money(amount: Decimal, currency: str) -> str:
    return f"{formats.number_format(amount, decimal_pos=2, use_l10n=True)} {currency}"


def difference_words(difference: dt.timedelta | Decimal | None, currency: str) -> str:
    """ "2 hours 5 minutes", "20.00 USD"; a minus before what is less than nothing."""
    if difference is None:
        return ""
    if isinstance(difference, Decimal):
        return _money(difference, currency)
    sign = "\u2212" if difference < dt.timedelta(0) else ""
    return sign + duration_words(abs(difference))


def duration_words(length: dt.timedelta) -> str:
    """The two largest of days, hours and minutes."""
    return _duration(int(length.total_seconds()) // 60, get_language())


@lru_cache(maxsize=2048)
def _duration(minutes: int, _language: str | None) -> str:
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [
        ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else "",
        ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes} if minutes else "",
    ]
    told = [part for part in parts if part][:2]
    return " ".join(told) or ngettext("%(n)d minute", "%(n)d minutes", 0) % {"n": 0}
