"""What satisfied customers before: remedies of the newest closed incidents of the same kind and severity."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection

from incidents.vocabulary import HAPPY, NOT_AN_INCIDENT, VERDICTS, Raised, RemedyState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incidents.models import Incident, RemedyType

LOOKED_AT = 300  # closed incidents; older ones say less of how it is done today
FEWEST = 5  # answers, before anything is said of them
SHOWN = 3
# One that was raised because its customer was not satisfied counts as what it was before: else what did not satisfy
# would be missing from every count. A round counts by its last verdict, with all that was delivered in it. A restricted
# incident is nobody's example.
_SQL = """
    WITH stayed AS (
        SELECT id, closed_at FROM incidents_incident
        WHERE category_id = %(category)s AND severity = %(severity)s AND closed_at IS NOT NULL
          AND raised_by <> 'unhappy' AND NOT is_restricted AND close_reason <> ALL(%(never)s) AND id <> %(this)s
        ORDER BY closed_at DESC LIMIT %(most)s
    ), rose AS (
        SELECT id, closed_at FROM incidents_incident
        WHERE category_id = %(category)s AND severity = %(severity)s - 1 AND closed_at IS NOT NULL
          AND raised_by = 'unhappy' AND NOT is_restricted AND close_reason <> ALL(%(never)s) AND id <> %(this)s
        ORDER BY closed_at DESC LIMIT %(most)s
    ), alike AS (
        SELECT id FROM (TABLE stayed UNION ALL TABLE rose) AS both_of_them
        ORDER BY closed_at DESC LIMIT %(most)s
    ), heard AS (
        SELECT DISTINCT ON (round_id) round_id, outcome FROM incidents_followup
        WHERE incident_id IN (SELECT id FROM alike) AND answered_at IS NOT NULL AND outcome = ANY(%(verdicts)s)
        ORDER BY round_id, answered_at DESC, id DESC
    ), given AS (
        SELECT remedy.type_id, remedy.round_id, heard.outcome = ANY(%(happy)s) AS is_happy,
            sum(coalesce(actual_amount, estimated_amount)) FILTER (WHERE currency = %(currency)s) AS cost
        FROM incidents_remedy AS remedy JOIN heard USING (round_id)
        WHERE remedy.state = %(delivered)s
        GROUP BY remedy.type_id, remedy.round_id, heard.outcome
    )
    SELECT type_id, count(*), count(*) FILTER (WHERE is_happy), count(cost),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY cost)
    FROM given GROUP BY type_id HAVING count(*) >= %(fewest)s
"""


@dataclass(frozen=True)
class Precedent:
    """`satisfied` of `answered` customers who got it; `median` in the incident's currency, None when few cost any."""

    type: RemedyType
    answered: int
    satisfied: int
    median: Decimal | None

    @property
    def strength(self) -> float:
        """The share who were satisfied, drawn towards a half while few have answered."""
        return (self.satisfied + 1) / (self.answered + 2)


def precedents(incident: Incident, types: Iterable[RemedyType]) -> tuple[Precedent, ...]:
    """The remedies that satisfied most, best first; none that this place does not give any more. One statement.

    Counts and amounts of all places, as a customer's page says them; nothing under five answers.
    """
    if incident.is_restricted:
        return ()
    given = {kind.pk: kind for kind in types if kind.is_active}
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "category": incident.category_id,
                "severity": incident.severity + (incident.raised_by == Raised.UNHAPPY),
                "never": [reason.value for reason in NOT_AN_INCIDENT],
                "this": incident.pk,
                "most": LOOKED_AT,
                "verdicts": [verdict.value for verdict in VERDICTS],
                "happy": [verdict.value for verdict in HAPPY],
                "delivered": RemedyState.DELIVERED.value,
                "currency": incident.location.currency,
                "fewest": FEWEST,
            },
        )
        rows = cursor.fetchall()
    found = [
        Precedent(given[pk], answered, satisfied, _cents(median) if costs >= FEWEST else None)
        for pk, answered, satisfied, costs, median in rows
        if pk in given and satisfied
    ]
    return tuple(sorted(found, key=lambda row: (-row.strength, -row.answered, row.type.position))[:SHOWN])


def _cents(median: float | Decimal | None) -> Decimal | None:
    return None if median is None else Decimal(median).quantize(Decimal("0.01"))
