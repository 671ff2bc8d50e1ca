"""Past incidents whose stories are like this one: words that few stories share weigh most, then letters decide.

A shortlist by the rarest words, along the index of words, however many stories there are; then the whole words of the
shortlist beside its groups of three letters, which forgive endings and slips. `bench/similar.py` measures it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext

from incidents.models import FollowUp, Incident, Remedy, Staff
from incidents.models.wording import words_in
from incidents.vocabulary import CloseReason, Outcome, RemedyState

READ = 2500  # as many entries of the index of words are read, the rarest words first
SHORTLIST = 40
LEAST = 0.12  # of the weight of its words another story shares; with less it is not like it
LETTERS = 3

# `simple` words of the text that stories know, with how many; and how many stories there are.
_KNOWN = """
    SELECT word, stories, (SELECT reltuples FROM pg_class WHERE oid = 'incidents_incident'::regclass)
    FROM incidents_word WHERE word = ANY(tsvector_to_array(to_tsvector('incidents_words'::regconfig, %(text)s)))
"""
# Restricted stories never, whoever asks; nor what was no incident of its own.
_SHORTLIST = """
    WITH shared AS (
        SELECT past.id, past.letters, sum(asked.weight) AS weight
        FROM unnest(%(words)s::text[], %(weights)s::float8[]) AS asked (word, weight)
        CROSS JOIN LATERAL (
            SELECT id, length(what_happened) AS letters FROM incidents_incident
            WHERE to_tsvector('incidents_words'::regconfig, COALESCE(what_happened, '')) @@ asked.word::tsquery
              AND closed_at IS NOT NULL AND NOT is_restricted
              AND close_reason <> ALL(%(never)s::text[]) AND id <> %(exclude)s
            LIMIT %(read)s
        ) AS past
        GROUP BY past.id, past.letters
    ), best AS (
        SELECT id, letters FROM shared
        ORDER BY weight / (1.25 + 0.75 * letters / (SELECT greatest(avg(letters), 1) FROM shared)) DESC, id DESC
        LIMIT %(shortlist)s
    )
    SELECT id, what_happened FROM best JOIN incidents_incident USING (id)
"""


@dataclass(frozen=True)
class Given:
    """What they were given; `amount` is nothing for what cost no money."""

    label: str
    amount: Decimal | None
    currency: str


@dataclass(frozen=True)
class Like:
    """A past incident. `url` and `story` are empty where the reader may not have it."""

    category: str
    place: str
    on: dt.date
    ended: str
    verdict: str
    given: list[Given]
    url: str
    story: str


def similar_to(text: str, *, staff: Staff, exclude: int = 0, limit: int = 5) -> list[Like]:
    """The most alike first. Three statements."""
    ids = most_alike(text, exclude=exclude, limit=limit)
    found = _rows(ids).in_bulk() if ids else {}
    return [_told(found[pk], staff) for pk in ids if pk in found]


def most_alike(text: str, *, exclude: int = 0, limit: int = 5, least: float = LEAST) -> list[int]:
    """The keys of past incidents that are not restricted, the most alike first. Two statements."""
    weights = _weights_in(text)
    shortlist = _shortlist(weights, exclude) if weights else {}
    total = sum(weight for weight, _stories in weights.values())
    words, letters = {}, _by_letters(text, shortlist)
    mean = sum(map(len, shortlist.values())) / max(len(shortlist), 1)
    for pk, story in shortlist.items():
        shared = sum(weights[word][0] for word in set(words_in(story)) & weights.keys())
        if shared >= least * total:
            words[pk] = shared / (1.25 + 0.75 * len(story) / mean)
    top_words, top_letters = max(words.values(), default=1) or 1, max(letters.values(), default=1) or 1
    ranked = sorted(words, key=lambda pk: (words[pk] / top_words + letters[pk] / top_letters, pk), reverse=True)
    return ranked[:limit]


def _weights_in(text: str) -> dict[str, tuple[float, int]]:
    """(weight, in how many stories) of each word of the text that stories know; the rarest first."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"text": text})
        rows = sorted(cursor.fetchall(), key=lambda row: (row[1], row[0]))
    total = max((max(stories, among) for _word, stories, among in rows), default=0)
    return {word: (math.log(1 + total / (stories + 0.5)), stories) for word, stories, _among in rows}


def _shortlist(weights: dict[str, tuple[float, int]], exclude: int) -> dict[int, str]:
    chosen: list[str] = []
    read = 0
    for word, (_weight, stories) in weights.items():
        read += stories
        if chosen and read > READ:
            break
        chosen.append(word)
    asked: dict[str, Any] = {
        "words": chosen,
        "weights": [weights[word][0] for word in chosen],
        "never": [CloseReason.VOID.value, CloseReason.DUPLICATE.value],
        "exclude": exclude,
        "read": READ,
        "shortlist": SHORTLIST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SHORTLIST, asked)
        return dict(cursor.fetchall())


def _by_letters(text: str, stories: dict[int, str]) -> dict[int, float]:
    """How much of the text's groups of letters each story shares; what few of them have weighs most."""
    asked = _groups(text)
    groups = {pk: _groups(story) for pk, story in stories.items()}
    shared = {pk: asked & found for pk, found in groups.items()}
    often = Counter(group for found in shared.values() for group in found)
    weights = {group: math.log(1 + len(stories) / (number + 0.5)) for group, number in often.items()}
    return {pk: sum(weights[group] for group in found) / math.sqrt(len(groups[pk]) + 8) for pk, found in shared.items()}


def _groups(text: str) -> set[str]:
    plain = f" {'  '.join(words_in(text))} "
    return {plain[at : at + LETTERS] for at in range(len(plain) - LETTERS + 1)}


def _rows(ids: list[int]) -> Any:
    delivered = Remedy.objects.filter(incident=OuterRef("pk"), state=RemedyState.DELIVERED).order_by("id")
    gift = JSONObject(label="type__name", amount=Coalesce("actual_amount", "estimated_amount"), currency="currency")
    answered = FollowUp.objects.filter(incident=OuterRef("pk"), answered_at__isnull=False).order_by("-answered_at")
    rows = Incident.objects.filter(pk__in=ids, is_restricted=False).select_related("category", "location")
    return rows.annotate(
        gifts=ArraySubquery(delivered.values(gift=gift)[:3]), verdict=Subquery(answered.values("outcome")[:1])
    )


def _told(incident: Any, staff: Staff) -> Like:
    is_visible = staff.sees_all or incident.location_id in staff.location_ids
    at = incident.occurred_at or incident.reported_at
    return Like(
        category=str(incident.category.label),
        place=incident.location.name,
        on=incident.occurred_on or at.astimezone(incident.location.zone).date(),
        ended=str(incident.get_close_reason_display()),
        verdict=str(Outcome(incident.verdict).label) if incident.verdict else "",
        given=[_gift(gift) for gift in incident.gifts],
        url=incident.get_absolute_url() if is_visible else "",
        story=incident.what_happened if is_visible else "",
    )


def _gift(gift: dict[str, Any]) -> Given:
    amount = None if gift["amount"] is None else Decimal(str(gift["amount"]))
    return Given(gettext(gift["label"]), amount or None, gift["currency"])
