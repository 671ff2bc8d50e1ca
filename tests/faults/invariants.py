"""What must hold whatever died: asked of the database at the end of every fault test.

`check()` waits for nothing. Ask it when all is quiet: everything that is due has had its turn.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import F

from incidents.actions import outbox, remind
from incidents.models import Apology, Attachment, FollowUp, Remedy, Round
from incidents.models.recovery import facts_of
from incidents.vocabulary import CloseReason, Stage
from incidents.workflow import missing, next_step


@dataclass(frozen=True)
class Invariant:
    """`sql` finds the rows that break it."""

    name: str
    sql: str


LIMITS = {"reminder": remind.MAX_TRIES, "mail": outbox.MAX_TRIES}
INVARIANTS = (
    Invariant(
        "notice_twice",
        """SELECT recipient_id, kind, subject_id, occurrence FROM incidents_notice
        GROUP BY 1, 2, 3, 4 HAVING count(*) > 1""",
    ),
    Invariant(
        "due_but_not_said",
        """SELECT id, state, tries FROM incidents_reminder
        WHERE due_at <= clock_timestamp() AND state NOT IN ('done', 'moot', 'dead')""",
    ),
    Invariant(
        "said_too_early",
        "SELECT id, due_at FROM incidents_reminder WHERE state = 'done' AND due_at > clock_timestamp()",
    ),
    Invariant(
        "reminder_nobody_can_claim",
        """SELECT id, state, tries FROM incidents_reminder
        WHERE state = 'pending' AND tries >= %(reminder)s
           OR state = 'claimed' AND lease_until > clock_timestamp() + interval '1 hour'""",
    ),
    Invariant(
        "done_without_notice",
        """SELECT r.id, r.kind FROM incidents_reminder r WHERE r.state = 'done' AND NOT EXISTS (
            SELECT 1 FROM incidents_notice n
            WHERE n.kind = r.kind AND n.subject_id = r.subject_id AND (n.occurrence = r.occurrence
               OR n.target_at = r.target_at AND nullif(split_part(n.occurrence, '/', 2), '')::int
                 >= nullif(split_part(split_part(r.occurrence, '/', 2), ':', 1), '')::int))""",
    ),
    Invariant("done_without_try", "SELECT id FROM incidents_reminder WHERE state = 'done' AND tries < 1"),
    Invariant(
        "call_ahead_without_reminder",
        """SELECT f.id FROM incidents_followup f
        WHERE f.answered_at IS NULL AND f.cancelled_at IS NULL AND f.due_at > clock_timestamp() AND NOT EXISTS (
            SELECT 1 FROM incidents_reminder r WHERE r.kind = 'follow_up_due' AND r.subject_id = f.id
              AND r.target_at = f.due_at AND r.state <> 'moot')""",
    ),
    Invariant(
        "promise_ahead_without_reminder",
        """SELECT p.id FROM incidents_promisemade p
        WHERE p.kept_at IS NULL AND p.broken_at IS NULL AND p.due_at > clock_timestamp() AND NOT EXISTS (
            SELECT 1 FROM incidents_reminder r WHERE r.kind = 'promise_due' AND r.subject_id = p.id
              AND r.target_at = p.due_at AND r.state <> 'moot')""",
    ),
    Invariant(
        "lease_ran_out",
        """SELECT 'reminder', id FROM incidents_reminder WHERE state = 'claimed' AND lease_until < clock_timestamp()
        UNION SELECT 'outbox', id FROM incidents_outbox WHERE state = 'claimed' AND lease_until < clock_timestamp()
        UNION SELECT 'job', id FROM incidents_job WHERE state = 'claimed' AND lease_until < clock_timestamp()""",
    ),
    Invariant(
        "mail_sent_without_try",
        "SELECT id FROM incidents_outbox WHERE state = 'sent' AND (tries < 1 OR sent_at IS NULL)",
    ),
    Invariant(
        "mail_waits_in_vain",
        """SELECT id, state, tries FROM incidents_outbox
        WHERE state IN ('pending', 'claimed') AND next_try_at <= clock_timestamp()
          AND NOT EXISTS (SELECT 1 FROM incidents_outboxhold)""",
    ),
    Invariant(
        "mail_nobody_can_claim",
        "SELECT id, tries FROM incidents_outbox WHERE state = 'pending' AND tries >= %(mail)s",
    ),
    Invariant(
        "notice_without_mail",
        """SELECT n.id FROM incidents_notice n JOIN incidents_staff s ON s.id = n.recipient_id
        WHERE s.wants_mail AND s.is_active AND NOT EXISTS (
            SELECT 1 FROM incidents_outboxline l WHERE l.notice_id = n.id)""",
    ),
    Invariant(
        "notice_in_two_mails",
        "SELECT notice_id, channel FROM incidents_outboxline GROUP BY 1, 2 HAVING count(*) > 1",
    ),
    Invariant(
        "incident_without_round",
        """SELECT i.id FROM incidents_incident i WHERE NOT EXISTS (
            SELECT 1 FROM incidents_round r WHERE r.incident_id = i.id AND r.number = i.round_number)""",
    ),
    Invariant("incident_without_assignee", "SELECT id FROM incidents_incident WHERE assignee_id IS NULL"),
    Invariant(
        "incident_without_reference",
        "SELECT id FROM incidents_incident WHERE reference !~ '^R-[0-9]{4}-[0-9]{5,9}$'",
    ),
    Invariant(
        "references_with_gaps",
        """SELECT coalesce(c.year, i.year), c.last, i.number, i.most FROM incidents_referencecounter c FULL JOIN (
            SELECT substr(reference, 3, 4)::int AS year, count(*) AS number, max(substr(reference, 8)::int) AS most
            FROM incidents_incident WHERE reference ~ '^R-[0-9]{4}-[0-9]{5,9}$' GROUP BY 1) i USING (year)
        WHERE (coalesce(c.last, 0), coalesce(i.number, 0)) IS DISTINCT FROM (
            coalesce(i.most, 0), coalesce(i.most, 0)::bigint)""",
    ),
    Invariant("form_sent_twice", "SELECT submit_key FROM incidents_incident GROUP BY submit_key HAVING count(*) > 1"),
    Invariant(
        "events_can_be_changed",
        """SELECT 'no trigger' WHERE NOT EXISTS (
            SELECT 1 FROM pg_trigger WHERE tgname = 'incidents_event_append_only' AND tgenabled = 'O'
              AND tgrelid = 'incidents_event'::regclass)""",
    ),
    Invariant(
        "incident_not_logged_once",
        """SELECT i.id, count(e.id) FROM incidents_incident i
        LEFT JOIN incidents_event e ON e.incident_id = i.id AND e.kind = 'logged'
        GROUP BY i.id HAVING count(e.id) <> 1""",
    ),
    Invariant("clock_twice", "SELECT round_id, clock FROM incidents_deadline GROUP BY 1, 2 HAVING count(*) > 1"),
    Invariant(
        "open_without_clock",
        """SELECT i.id FROM incidents_incident i WHERE i.closed_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM incidents_deadline d JOIN incidents_round r ON r.id = d.round_id
            WHERE d.incident_id = i.id AND r.number = i.round_number)""",
    ),
    Invariant(
        "next_due_is_not_the_earliest",
        """SELECT i.id, i.next_due_at, d.due FROM incidents_incident i JOIN (
            SELECT r.incident_id, r.number,
                coalesce(min(d.due_at) FILTER (WHERE d.met_at IS NULL), max(d.due_at)) AS due
            FROM incidents_deadline d JOIN incidents_round r ON r.id = d.round_id GROUP BY 1, 2) d
          ON d.incident_id = i.id AND d.number = i.round_number
        WHERE i.closed_at IS NULL AND i.next_due_at <> d.due""",
    ),
    Invariant(
        "put_right_without_call",
        """SELECT i.id FROM incidents_incident i
        JOIN incidents_round r ON r.incident_id = i.id AND r.number = i.round_number
        WHERE i.stage = 'follow_up' AND NOT EXISTS (
            SELECT 1 FROM incidents_followup f WHERE f.round_id = r.id AND f.cancelled_at IS NULL)""",
    ),
)


def broken(*, media: Path | None = None, mails: Counter[int] | None = None) -> dict[str, list[Any]]:
    """Every invariant that does not hold, with the rows that break it; of files and mails only when they are given."""
    found: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        for invariant in INVARIANTS:
            cursor.execute(invariant.sql, LIMITS)
            found[invariant.name] = cursor.fetchall()
    found["stage_is_not_the_next_step"] = wrong_stages()
    if media is not None:
        found |= files_and_rows(media)
    if mails is not None:
        found |= mails_and_rows(mails)
    return {name: rows for name, rows in found.items() if rows}


def check(*, media: Path | None = None, mails: Counter[int] | None = None) -> None:
    if found := broken(media=media, mails=mails):
        raise AssertionError(f"broken: {found}")


def wrong_stages() -> list[Any]:
    """Incidents that stand elsewhere than their own facts say. Five statements, however many there are."""
    of: dict[str, dict[int, list[Any]]] = {}
    for model in (Remedy, Apology, FollowUp):
        rows = of[model.__name__] = defaultdict(list)
        for row in model._default_manager.all():
            rows[row.round_id].append(row)
    wrong = []
    current = Round.objects.filter(number=F("incident__round_number")).select_related("incident")
    for round_ in current:
        remedies, apologies, calls = (of[name][round_.pk] for name in ("Remedy", "Apology", "FollowUp"))
        facts, incident = (
            facts_of(round_, finding=round_.incident.finding, remedies=remedies, apologies=apologies, calls=calls),
            round_.incident,
        )
        if incident.stage != Stage.CLOSED:
            is_right = incident.stage == next_step(facts)
        else:
            is_right = incident.close_reason != CloseReason.RECOVERED or not missing(facts)
        if not is_right:
            wrong.append((incident.pk, incident.stage, next_step(facts).value))
    return wrong


def files_and_rows(media: Path) -> dict[str, list[Any]]:
    there = {path.relative_to(media).as_posix() for path in media.glob("**/*") if path.is_file()}
    rows = dict(Attachment.objects.values_list("stored_name", "size"))
    whole = {name for name in there & set(rows) if (media / name).stat().st_size == rows[name]}
    return {"file_without_row": sorted(there - set(rows)), "row_without_whole_file": sorted(set(rows) - whole)}


def mails_and_rows(mails: Counter[int]) -> dict[str, list[Any]]:
    """What the mail host took, against what we believe to have sent."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, state FROM incidents_outbox")
        states = dict(cursor.fetchall())
    return {
        "sent_but_never_arrived": sorted(pk for pk, state in states.items() if state == "sent" and not mails[pk]),
        "mail_without_row": sorted(pk for pk in mails if pk not in states),
    }


def quiet() -> bool:
    """Nothing is due any more; False also while the database is away."""
    from tests.faults.cluster import asked

    return asked(lambda: not _waiting()) or False


def _waiting() -> bool:
    """Something is due, or a mail that did not get through will be tried again within a minute."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (SELECT 1 FROM incidents_reminder
                WHERE due_at <= clock_timestamp() AND state IN ('pending', 'claimed'))
            OR EXISTS (SELECT 1 FROM incidents_outbox WHERE state = 'claimed' OR state = 'pending'
                AND next_try_at <= clock_timestamp() + interval '1 minute')"""
        )
        (is_waiting,) = cursor.fetchone()
    return bool(is_waiting)


NAMES = frozenset(
    {invariant.name for invariant in INVARIANTS}
    | {
        "stage_is_not_the_next_step",
        "file_without_row",
        "row_without_whole_file",
        "sent_but_never_arrived",
        "mail_without_row",
    }
)
