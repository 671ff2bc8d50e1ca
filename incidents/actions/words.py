"""Counting the words of our stories: what is rare tells them apart, what is known mends what is mistyped."""

from __future__ import annotations

from django.core.cache import cache
from django.db import connection, transaction

COUNTED = "words-counted"  # the key in the cache while they need no counting
HOUR = 3600
TURN = 7_220_002  # the advisory lock under which they are counted

# Restricted stories are left out: their words would show through what a search mends. Compounds, addresses and long
# numbers are too: nobody mistypes them into each other, and they say who somebody is.
_COUNT = """
    WITH counted AS MATERIALIZED (
        SELECT word, ndoc FROM ts_stat($$
            SELECT to_tsvector('incidents_words'::regconfig, COALESCE(what_happened, ''))
            FROM incidents_incident WHERE NOT is_restricted $$)
        WHERE word ~ '^([[:alpha:]]{1,40}|[0-9]{1,3})$'
    ), gone AS (
        DELETE FROM incidents_word AS known WHERE NOT EXISTS (SELECT FROM counted WHERE counted.word = known.word)
    )
    INSERT INTO incidents_word (word, stories) SELECT word, ndoc FROM counted
    ON CONFLICT (word) DO UPDATE SET stories = EXCLUDED.stories WHERE incidents_word.stories <> EXCLUDED.stories
"""


def count_words() -> bool:
    """Count all of them anew: two or three seconds for 100 000 stories. False while another process does."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TURN])
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(_COUNT)
    return True


def keep_words() -> bool:
    """The same, at most once an hour, however often it is rung. Whether they were counted."""
    if not cache.add(COUNTED, True, HOUR):
        return False
    try:
        return count_words()
    except Exception:
        cache.delete(COUNTED)
        raise
