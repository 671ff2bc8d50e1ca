"""What happens is counted, whoever is doing what at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection

from incidents.actions import merges
from incidents.actions.fold import fold
from incidents.actions.reckon import reckon_incident
from incidents.models import Fact, FactState, FactToReckon, Flag, Incident, Meeting
from tests import make
from tests.make import DAY, HOUR, NOW, Cast

_FUNCTIONS = """
    CREATE OR REPLACE FUNCTION incidents_reckon_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO incidents_facttoreckon (incident_id)
        SELECT DISTINCT incident_id FROM added WHERE incident_id IS NOT NULL {conflict};
        RETURN NULL;
    END $$;
    CREATE OR REPLACE FUNCTION incidents_reckon_itself() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO incidents_facttoreckon (incident_id) VALUES (NEW.id) {conflict};
        RETURN NULL;
    END $$;
"""
UNIQUE = "ALTER TABLE incidents_facttoreckon ADD CONSTRAINT one_of_each UNIQUE (incident_id);" + _FUNCTIONS.format(
    conflict="ON CONFLICT DO NOTHING"
)
AS_IT_WAS = "ALTER TABLE incidents_facttoreckon DROP CONSTRAINT one_of_each;" + _FUNCTIONS.format(conflict="")


@contextmanager
def somebody_else() -> Iterator[psycopg.Connection[Any]]:
    """Another connection to the same database, with its own transactions."""
    known = connection.settings_dict
    parts = {"dbname": known["NAME"], "user": known["USER"], "password": known["PASSWORD"]}
    parts |= {"host": known["HOST"], "port": known["PORT"]}
    with psycopg.connect(**{name: value for name, value in parts.items() if value}) as other:
        yield other


def spoil(other: psycopg.Connection[Any], incident: Incident) -> None:
    """We made it worse, with its event, not committed yet."""
    other.execute("UPDATE incidents_incident SET is_second_failure = true WHERE id = %s", [incident.pk])
    other.execute(
        "INSERT INTO incidents_event (incident_id, kind, at, round_number, codes)"
        " VALUES (%s, 'second_failure_noted', now(), 1, '{}')",
        [incident.pk],
    )


def counted_as_worse(incident: Incident) -> bool:
    return bool(Fact.objects.get(pk=incident.pk).flags & Flag.MADE_WORSE)


def work_while_it_is_counted(incident: Incident) -> None:
    """Somebody writes; it is counted without them; they commit; it is counted again."""
    assert FactToReckon.objects.filter(incident_id=incident.pk).exists()
    with somebody_else() as other:
        spoil(other, incident)
        fold()
        assert not counted_as_worse(incident)
        other.commit()
    fold()


def test_what_commits_while_it_is_counted_is_counted_next(committed: None) -> None:
    incident = make.make_incident(make.make_cast().desk)
    work_while_it_is_counted(incident)
    assert counted_as_worse(incident)
    assert not FactToReckon.objects.exists()


def test_one_row_for_each_would_lose_it(committed: None) -> None:
    """The control: were there at most one row of an incident, what commits meanwhile would never be counted."""
    with connection.cursor() as cursor:
        FactToReckon.objects.all().delete()
        cursor.execute(UNIQUE)
    try:
        incident = make.make_incident(make.make_cast().desk)
        work_while_it_is_counted(incident)
        assert not counted_as_worse(incident)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(AS_IT_WAS)


def test_two_do_not_count_at_once(committed: None) -> None:
    make.make_incident(make.make_cast().desk)
    with somebody_else() as other:
        other.execute("SELECT pg_advisory_xact_lock(7220007)")
        assert fold() == 0
        assert not Fact.objects.exists()
        other.rollback()
    assert fold() > 0
    assert Fact.objects.count() == 1


def test_in_slices(cast: Cast) -> None:
    for _each in range(3):
        make.make_incident(cast.desk)
    FactState.objects.update(counted_up_to=None)
    waiting = FactToReckon.objects.count()
    assert fold(slice_size=1, budget=0) == 1
    assert FactState.objects.get().counted_up_to is None
    assert fold(slice_size=2, budget=None) == waiting - 1
    assert FactState.objects.get().counted_up_to is not None
    assert Fact.objects.count() == 3


def test_no_more_than_a_slice_however_it_is_planned(cast: Cast) -> None:
    """With a nested loop PostgreSQL asks a subquery again for every row."""
    for _each in range(3):
        make.make_incident(cast.desk)
    with connection.cursor() as cursor:
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "indexscan", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    assert fold(slice_size=1, budget=0) == 1


def test_logged_by_mistake_it_is_not_counted(cast: Cast) -> None:
    incident = make.make_incident(cast.desk)
    fold()
    make.close(incident, cast.manager, "void")
    fold()
    assert not Fact.objects.exists()


def test_what_changes_without_an_event(cast: Cast) -> None:
    """Whose it is, hours, the clock on the wall, the meeting that should have talked about it."""
    incident = make.make_incident(cast.desk, severity=2)
    fold()
    kept = make.make_customer("Somebody Else")
    merges.merge_customers(
        kept_id=kept.pk, dropped_id=incident.customer_id or 0, submit_key=uuid4(), by=cast.manager, now=NOW
    )
    fold()
    assert Fact.objects.get().customer_id == kept.pk

    Incident.objects.filter(pk=incident.pk).update(next_due_at=NOW + 3 * DAY)
    fold()
    assert Fact.objects.get().step_open == NOW + 3 * DAY
    reckon_incident(incident_id=incident.pk, now=NOW)
    fold()
    assert Fact.objects.get().step_open == make.fresh(incident).next_due_at

    cast.here.time_zone = "Asia/Tokyo"
    cast.here.save(update_fields=["time_zone"])
    fold()
    assert Fact.objects.get().day == (NOW + 9 * HOUR).date()

    meeting = Meeting.objects.create(
        location=cast.here, starts_at=NOW + DAY, facilitator=cast.manager, created_at=NOW, created_by=cast.manager,
        submit_key=uuid4(),
    )  # fmt: skip
    fold()
    assert Fact.objects.get().review_open == NOW + DAY + HOUR / 2
    meeting.starts_at = NOW + 2 * DAY
    meeting.save(update_fields=["starts_at"])
    fold()
    assert Fact.objects.get().review_open == NOW + 2 * DAY + HOUR / 2


def test_logging_adds_no_statement(cast: Cast, django_assert_max_num_queries: Any) -> None:
    """The rows that say what to count come from triggers: whoever writes asks for nothing more."""
    with django_assert_max_num_queries(400) as asked:
        make.make_incident(cast.desk)
    assert not [each["sql"] for each in asked.captured_queries if "fact" in each["sql"].lower()]
    assert FactToReckon.objects.exists()
