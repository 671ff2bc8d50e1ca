"""Practice: a story made of what happened; who answers it is written down nowhere. See docs/practice.md."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.core.cache import cache
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.actions.advance import saved_before
from incidents.actions.catalogue.settings import save_playbook
from incidents.actions.learning_news import tell_of
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import (
    Category,
    Incident,
    Location,
    Notice,
    NoticeKind,
    Playbook,
    PracticeAnswer,
    Scenario,
    Staff,
)
from incidents.models.playbook import playbook_here
from incidents.models.practice import MOST_ANSWERS, SHOWN_FROM
from incidents.models.stamps import stamp_of_playbook

MIXED, EVERY = "answers-mixed", 50  # seconds: the clock rings once a minute
LOCK = 0x5354_4F52  # of PostgreSQL's own: the lock of a row would leave its mark on it
# Who is first in the table, and by which transaction, is the same for all: every answer is written anew, in an order
# that nobody can foresee.
_REWRITE = """
WITH gone AS (
    DELETE FROM incidents_practiceanswer a USING incidents_scenario s
    WHERE a.scenario_id = s.id AND {which}
    RETURNING a.id, a.scenario_id, a.words
), every AS (
    SELECT id, scenario_id, words FROM gone
    UNION ALL
    SELECT id, scenario_id, words FROM unnest(%(ids)s::uuid[], %(of)s::bigint[], %(words)s::text[])
        AS new (id, scenario_id, words)
)
INSERT INTO incidents_practiceanswer (id, scenario_id, words)
SELECT id, scenario_id, words FROM every ORDER BY gen_random_uuid()
"""
_OF_ONE = _REWRITE.format(which="s.id = %(one)s")
_OF_ALL_OPEN = _REWRITE.format(which="s.published_at IS NOT NULL AND s.closed_at IS NULL")


_FOR_FEW = _("This one is for few to read: it is no story for everybody.")


def make_scenario(
    *,
    location: Location,
    incident: Incident | None,
    category: Category | None,
    title: str,
    story: str,
    question: str,
    ending: str,
    by: Staff,
    now: dt.datetime,
    submit_key: UUID,
) -> Scenario:
    """A draft, of something that is over or of nothing in particular. Nobody else reads it before it is published."""
    _must_manage(by, location.pk)
    if saved := saved_before(Scenario.objects.filter(submit_key=submit_key), created_by=by, location=location):
        return saved
    if incident is not None:
        _must_fit(incident, location)
    return Scenario.objects.create(
        location=location,
        incident=incident,
        category=category,
        title=title,
        story=story,
        question=question,
        ending=ending,
        created_at=now,
        created_by=by,
        submit_key=submit_key,
    )


def _must_fit(incident: Incident, location: Location) -> None:
    if incident.location_id != location.pk:
        raise Refused(_("That happened at another place."))
    if incident.is_open:
        raise Refused(_("This recovery is not over yet: practise on it when the customer is done with."))
    if incident.is_restricted:
        raise Refused(_FOR_FEW)


def change_scenario(
    *, scenario_id: int, expected_version: int, by: Staff, now: dt.datetime, **said: str | Category | None
) -> Scenario:
    """Title, story, question, ending, category; until it is published, for people answer what it says."""
    with _held(scenario_id, by) as scenario:
        must_not_be_out(scenario)
        if scenario.version != expected_version:
            raise Stale(_("Someone else changed this meanwhile."), scenario)
        for name, value in said.items():
            setattr(scenario, name, value)
        _save(scenario, *said)
        return scenario


def must_not_be_out(scenario: Scenario) -> None:
    if scenario.published_at is not None:
        raise Refused(_("This story is out: people answer what it says."))


def publish(*, scenario_id: int, by: Staff, now: dt.datetime) -> Scenario:
    """Everybody may read and answer it from now on, and those of the place are told. The same again is harmless."""
    with _held(scenario_id, by) as scenario:
        if scenario.published_at is None:
            if scenario.incident is not None and scenario.incident.is_restricted:
                raise Refused(_FOR_FEW)
            scenario.published_at = now
            _save(scenario, "published_at")
            _tell(scenario, by=by, now=now)
        return scenario


def _tell(scenario: Scenario, *, by: Staff, now: dt.datetime) -> None:
    """The notice is never new: when somebody opened it would tell when they read the story."""
    people = Staff.objects.filter(memberships__location=scenario.location_id).distinct()
    tell_of(kind=NoticeKind.PRACTICE_OPEN, subject_id=scenario.pk, people=people, by=by, now=now)
    told = Notice.objects.filter(kind=NoticeKind.PRACTICE_OPEN, subject_id=scenario.pk, read_at__isnull=True)
    told.update(read_at=now)


def close(*, scenario_id: int, by: Staff, now: dt.datetime) -> Scenario:
    """No more answers. Those that are in are written anew once more: then nothing tells when the last one came."""
    with _held(scenario_id, by) as scenario:
        if scenario.published_at is None:
            raise Refused(_("This story is not out yet."))
        if scenario.closed_at is None:
            scenario.closed_at = now
            _save(scenario, "closed_at")
            _rewrite(_OF_ONE, scenario.pk)
        return scenario


def open_again(*, scenario_id: int, by: Staff, now: dt.datetime) -> Scenario:
    with _held(scenario_id, by) as scenario:
        if scenario.closed_at is not None:
            scenario.closed_at = None
            _save(scenario, "closed_at")
        return scenario


def answer(*, scenario_id: int, words: str) -> None:
    """Takes neither who nor when, on purpose. The same words twice are one answer: a form sent twice does no harm."""
    with transaction.atomic():
        _alone()
        scenario = Scenario.objects.taking_answers().filter(pk=scenario_id).first()
        if scenario is None:
            raise Refused(_("Answers are no longer taken."))
        answers = PracticeAnswer.objects.filter(scenario=scenario_id)
        if answers.filter(words=words).exists():
            return
        if answers.count() >= MOST_ANSWERS:
            raise Refused(_("There are as many answers as one can read: talk about these first."))
        _rewrite(_OF_ONE, scenario_id, words)


def remove_answer(*, scenario_id: int, answer_id: UUID, by: Staff, now: dt.datetime) -> None:
    """An answer that names or hurts somebody. Nothing is left of it, nor of who wrote it."""
    with _held(scenario_id, by):
        if PracticeAnswer.objects.filter(scenario=scenario_id).count() < SHOWN_FROM:
            raise Refused(_("There are too few answers to look at."))
        PracticeAnswer.objects.filter(pk=answer_id, scenario=scenario_id).delete()
        _rewrite(_OF_ONE, scenario_id)


def keep_mixing() -> int:
    """Once a minute, however often it is rung."""
    return mix_answers() if cache.add(MIXED, True, EVERY) else 0


def mix_answers() -> int:
    """Write all answers anew, whether one came or not, as often as the clock rings. How many there are.

    Rung only when an answer had come, it would tell when.
    """
    with transaction.atomic():
        _alone()
        return _rewrite(_OF_ALL_OPEN)


def keep_best(*, scenario_id: int, words: str, is_everywhere: bool, by: Staff, now: dt.datetime) -> Scenario:
    """What the group would do next time becomes a step of the playbook: of the place, or of the whole business."""
    with _held(scenario_id, by) as scenario:
        if scenario.published_at is None:
            raise Refused(_("This story is not out yet."))
        if scenario.category_id is None:
            raise Refused(_("Say first what kind of mistake it is about: playbooks are kept by kind."))
        scenario.best_answer = words
        _save(scenario, "best_answer")
        location = None if is_everywhere else scenario.location
        own = Playbook.objects.filter(category=scenario.category_id, location=location).first()
        book = own or playbook_here(scenario.category_id, scenario.location_id).first()
        steps = [*book.steps] if book else []
        save_playbook(
            category_id=scenario.category_id,
            location=location,
            expected=stamp_of_playbook(own),
            words=book.words if book else "",
            steps=steps if words in steps else [*steps, words],
            remedies=dict(book.remedies.values_list("type", "pre_approved_up_to")) if book else {},
            by=by,
            now=now,
        )
        return scenario


@contextmanager
def _held(scenario_id: int, by: Staff) -> Iterator[Scenario]:
    """Its row locked until the block ends, beside no answer that is just being written."""
    with transaction.atomic():
        _alone()
        Scenario.objects.select_for_update(no_key=True).values_list("pk").get(pk=scenario_id)
        scenario = Scenario.objects.select_related("location").get(pk=scenario_id)
        _must_manage(by, scenario.location_id)
        yield scenario


def _must_manage(by: Staff, location_id: int) -> None:
    if not access.can_set_up(by, location_id):
        raise NotYours(_("Only a manager of this place or an administrator does this."))


def _save(scenario: Scenario, *names: str) -> None:
    scenario.version += 1
    scenario.save(update_fields=[*names, "version"])


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _rewrite(sql: str, one: int = 0, *words: str) -> int:
    """All answers of `one`, or of every story that takes some, with those in `words` among them."""
    new: dict[str, Any] = {"ids": [uuid4() for _word in words], "of": [one] * len(words), "words": list(words)}
    with connection.cursor() as cursor:
        cursor.execute(sql, new | {"one": one})
        return int(cursor.rowcount)
