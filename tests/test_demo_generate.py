"""The generated demo: as if the actions had written it, the same every time, in slices that a job can make."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import Any

import pytest
from django.db import transaction

from incidents.actions import advance, clocks, handovers, remind
from incidents.demo.cast import assemble
from incidents.demo.generate import NobodyThere, Plan, generate, generate_slice, make_plan
from incidents.demo.generate.unfinished import MOST_TRIES
from incidents.models import (
    Attempt,
    Closure,
    ContactPoint,
    Customer,
    Deadline,
    Event,
    FollowUp,
    Handover,
    Incident,
    Notice,
    PromiseMade,
    ReferenceCounter,
    Remedy,
    Reminder,
    ReminderKind,
    ReminderState,
    Round,
    Staff,
    normalize_contact,
)
from incidents.models.base import STORY, sort_key
from incidents.models.values import clean_values, fields_of
from incidents.vocabulary import CloseReason, RemedyState, Severity, Stage
from incidents.workflow import missing, next_step
from tests import make

AS_OF = dt.datetime(2026, 3, 4, 15, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def business(db: None) -> Staff:
    """The demo's places and people, and nothing that went wrong yet."""
    return assemble(AS_OF).people["desk"]


@pytest.fixture
def year(business: Staff) -> list[Incident]:
    generate(count=400, as_of=AS_OF)
    return list(Incident.objects.select_related("location", "category", "customer", "assignee").order_by("id"))


def portrait() -> list[Any]:
    """Everything a page could show, without ids."""
    incidents = Incident.objects.order_by("reference").values_list(
        "reference", "what_happened", "stage", "assignee__email", "next_due_at", "submit_key", "customer__name"
    )
    events = Event.objects.filter(incident__isnull=False).order_by("id")
    remedies = Remedy.objects.order_by("id").values_list("incident__reference", "what", "state", "actual_amount")
    return [*incidents, *events.values_list("incident__reference", "kind", "at", "by__email", "codes"), *remedies]


# As if the actions had written it


def test_the_stored_state_is_what_the_workflow_says(year: list[Incident]) -> None:
    for incident in year:
        round_ = incident.current_round()
        if incident.is_open:
            assert next_step(round_.facts(incident.finding)) == incident.stage, incident
        elif incident.close_reason == CloseReason.RECOVERED:
            assert missing(round_.facts(incident.finding)) == (), incident


def test_the_actions_find_nothing_to_change(year: list[Incident]) -> None:
    """`advance()` settles, plans and sets the clocks anew: all of it stands as it would put it."""
    open_ = [incident for incident in year if incident.is_open]
    assert len(open_) >= 10
    for incident in open_:
        with transaction.atomic():
            before = (incident.stage, incident.next_due_at, incident.current_round().settled_at)
            counts = (Event.objects.count(), FollowUp.objects.count(), Reminder.objects.count())
            advance.advance(incident, now=AS_OF, by=incident.assignee)
            assert (incident.stage, incident.next_due_at, incident.current_round().settled_at) == before, incident
            assert (Event.objects.count(), FollowUp.objects.count(), Reminder.objects.count()) == counts, incident


def test_the_clocks_of_every_try_are_those_of_the_actions(year: list[Incident]) -> None:
    stored = {(d.round_id, d.clock): (d.due_at, d.met_at) for d in Deadline.objects.all()}
    for incident in year[::4]:
        for round_ in incident.rounds.all():
            clocks.refresh(incident, round_)
    assert {(d.round_id, d.clock): (d.due_at, d.met_at) for d in Deadline.objects.all()} == stored


def test_only_what_is_to_come_will_ring(year: list[Incident]) -> None:
    rows = Reminder.objects.all()
    assert rows.exists()
    assert not rows.filter(due_at__lte=AS_OF).exists()
    assert set(rows.values_list("state", flat=True)) == {ReminderState.PENDING}
    closed = rows.filter(incident__closed_at__isnull=False)
    assert set(closed.values_list("kind", flat=True)) <= {ReminderKind.PROMISE_DUE}
    before = rows.count()
    for call in FollowUp.objects.planned().select_related("incident"):
        assert call.incident.is_open
        remind.schedule(
            incident=call.incident,
            kind=ReminderKind.FOLLOW_UP_DUE,
            subject_id=call.pk,
            target_at=call.due_at,
            now=AS_OF,
        )
    for promise in PromiseMade.objects.filter(kept_at=None, broken_at=None).select_related("incident"):
        remind.schedule(
            incident=promise.incident,
            kind=ReminderKind.PROMISE_DUE,
            subject_id=promise.pk,
            target_at=promise.due_at,
            now=AS_OF,
        )
    assert rows.count() == before


def test_nothing_lies_in_the_future_and_every_story_runs_forward(year: list[Incident]) -> None:
    assert not Event.objects.filter(at__gt=AS_OF).exists()
    assert not Notice.objects.filter(at__gt=AS_OF).exists()
    assert not Attempt.objects.filter(at__gt=AS_OF).exists()
    tries = Counter(Attempt.objects.values_list("follow_up", flat=True))
    assert 4 <= max(tries.values()) <= MOST_TRIES + 2, "and nobody rings for ever"
    assert not Handover.objects.filter(accepted_at__gt=AS_OF).exists()
    last: dict[int, dt.datetime] = {}
    for incident_id, at in Event.objects.filter(incident__isnull=False).order_by("id").values_list("incident", "at"):
        assert last.get(incident_id, at) <= at
        last[incident_id] = at
    for incident in year:
        assert incident.reported_at <= incident.created_at <= AS_OF
        assert incident.created_at > AS_OF - dt.timedelta(days=366)


def test_work_lies_with_people_who_may_have_it(year: list[Incident]) -> None:
    for incident in year:
        assert handovers.can_take(incident.assignee, incident), incident
        if incident.is_restricted:
            assert incident.assignee.is_manager
    for step in (FollowUp, PromiseMade, Remedy):
        rows: Any = step._default_manager.filter(assignee__isnull=False).select_related("incident", "assignee")
        assert all(row.incident.location_id in row.assignee.location_ids for row in rows)


def test_answers_are_stored_as_a_form_would_store_them(year: list[Incident]) -> None:
    answered = [i for i in year if i.field_values or i.private_values]
    assert len(answered) > 150
    for incident in answered:
        given = {**incident.field_values, **incident.private_values}
        cleaned = clean_values(fields_of(incident.category), given, incident.location.zone)
        assert cleaned == (incident.field_values, incident.private_values), incident


def test_customers_can_be_found_and_called(year: list[Incident]) -> None:
    for customer in Customer.objects.all():
        assert customer.sort_name == sort_key(customer.name)
    for point in ContactPoint.objects.all():
        assert normalize_contact(point.kind, point.value, "US") == point.normalized


# References


def test_references_are_gapless_and_the_next_one_follows(year: list[Incident], business: Staff) -> None:
    for counter in ReferenceCounter.objects.all():
        given = Incident.objects.filter(reference__startswith=f"R-{counter.year}-").order_by("reference")
        numbers = [int(reference[-5:]) for reference in given.values_list("reference", flat=True)]
        assert numbers == list(range(1, counter.last + 1))
    assert ReferenceCounter.objects.count() == 2
    last = ReferenceCounter.objects.get(year=2026).last
    assert make.make_incident(business, now=AS_OF).reference == f"R-2026-{last + 1:05d}"


def test_a_second_one_goes_on_where_the_first_ended(business: Staff) -> None:
    assert generate(count=30, as_of=AS_OF) == 30
    assert generate(count=30, as_of=AS_OF) == 30
    assert Incident.objects.count() == 60
    assert Incident.objects.values("what_happened").distinct().count() > 50


# Slices


def made(business: Staff, *, seed: int = 0, slices: tuple[int, ...] = (60,)) -> list[Any]:
    """What comes out, taken back again."""
    with transaction.atomic():
        plan, first = make_plan(count=60, as_of=AS_OF, seed=seed), 0
        for size in slices:
            first += generate_slice(plan=Plan.from_json(plan.as_json()), first=first, count=size)
        assert first == 60
        found = portrait()
        transaction.set_rollback(True)
    assert not Incident.objects.exists()
    assert not ReferenceCounter.objects.filter(last__gt=0).exists()
    return found


def test_it_is_the_same_every_time_and_another_for_another_seed(business: Staff) -> None:
    assert made(business) == made(business)
    assert made(business) != made(business, seed=1)


def test_slices_of_any_size_begin_alike(business: Staff) -> None:
    """Customers who came in an earlier slice are found again."""
    whole, parts = made(business), made(business, slices=(7, 1, 30, 40))
    assert whole[:60] == parts[:60]


def test_it_stops_when_told_to(business: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.demo.generate.slices.SLICE", 10)
    asked: list[int] = []

    def enough(done: int) -> bool:
        asked.append(done)
        return done < 20

    assert generate(count=45, as_of=AS_OF, on_progress=enough) == 20
    assert asked == [10, 20]
    assert Incident.objects.count() == 20


def test_a_slice_belongs_to_the_transaction_around_it(business: Staff) -> None:
    plan = make_plan(count=20, as_of=AS_OF)
    with transaction.atomic():
        assert generate_slice(plan=plan, first=0, count=20) == 20
        transaction.set_rollback(True)
    assert not Incident.objects.exists()
    assert generate_slice(plan=plan, first=0, count=20) == 20
    assert generate_slice(plan=plan, first=20, count=20) == 0


def test_where_nobody_works_nothing_can_go_wrong() -> None:
    with pytest.raises(NobodyThere):
        generate(count=1, as_of=AS_OF)


# Believable


def test_it_is_skewed_as_life_is(year: list[Incident]) -> None:
    endings = Counter(i.close_reason for i in year)
    assert endings[CloseReason.RECOVERED] > 0.75 * len(year)
    assert len(endings) >= 8
    open_ = [i for i in year if i.is_open]
    assert 0.02 * len(year) < len(open_) < 0.09 * len(year)
    late = [i for i in open_ if i.next_due_at and i.next_due_at < AS_OF]
    assert 1 <= len(late) <= len(open_) / 2
    customers = Counter(i.customer_id for i in year if i.customer_id)
    assert customers.most_common(1)[0][1] >= 6
    assert len(customers) > 100
    loggers = Counter(i.logged_by_id for i in year).most_common()
    assert loggers[0][1] > 0.3 * len(year)
    assert len(loggers) >= 5
    assert set(Counter(i.severity for i in year)) == set(Severity.values)
    assert len({i.category_id for i in year}) >= 14
    assert any(i.is_restricted for i in year)
    assert any(i.round_number > 1 and not i.is_open for i in year)
    assert {i.stage for i in year} == set(Stage.values)


def test_it_has_all_that_happens_around_a_recovery(year: list[Incident]) -> None:
    assert Attempt.objects.filter(outcome="no_answer", follow_up__outcome="satisfied").exists()
    assert PromiseMade.objects.filter(kept_at__isnull=False).exists()
    assert Handover.objects.exists()
    assert Closure.objects.filter(reopened_at__isnull=False).exists()
    assert Round.objects.filter(reason="unhappy").exists()
    assert Remedy.objects.filter(state=RemedyState.FAILED, replaced_by__state=RemedyState.DELIVERED).exists()
    assert Remedy.objects.filter(type__needs_receipt=True).exists()
    paid_back = Remedy.objects.filter(state=RemedyState.DELIVERED, needs_receipt=True)
    assert paid_back.exists()
    waived_by = Staff.objects.filter(pk__in=paid_back.values("receipt_waived_by"))
    assert not paid_back.filter(receipt_waived_at=None).exists(), "it has no receipt"
    assert all(person.is_manager for person in waived_by)
    assert Remedy.objects.filter(declined_as="not_enough", replaced_by__state=RemedyState.DELIVERED).exists()
    assert len(set(Remedy.objects.exclude(actual_amount=None).values_list("actual_amount", flat=True))) > 60


def test_the_words_are_varied_and_whole(year: list[Incident]) -> None:
    stories = [incident.what_happened for incident in year]
    assert len(set(stories)) > 0.97 * len(stories)
    for words in stories:
        assert 15 < len(words) <= STORY
        assert not re.search(r"[{}|\\\t\n]|  | [.,]|None", words), words
    assert any(re.search("[à-ÿ]", words) for words in stories)
    assert sum(words[0].islower() for words in stories) < 0.1 * len(stories)
    lengths = sorted(map(len, stories))
    assert lengths[len(lengths) // 10] < 110
    assert lengths[-len(lengths) // 10] > 250
