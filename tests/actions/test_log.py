"""Logging: saved once, numbered without gaps, in someone's hands from the first second."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, transaction

from incidents.actions import beginning, endings, log
from incidents.actions.refusals import Refused
from incidents.models import Draft, Incident, Notice, NoticeKind, ReferenceCounter
from incidents.vocabulary import Channel, CloseReason, Severity, Source, Stage
from tests import make
from tests.make import DAY, HOUR, NOW, Cast


def numbers() -> list[int]:
    return sorted(int(ref[-5:]) for ref in Incident.objects.values_list("reference", flat=True))


def test_what_is_logged_waits_for_an_apology(cast: Cast) -> None:
    incident = make.make_incident(cast.desk)
    assert (incident.stage, incident.round_number, incident.assignee) == (Stage.APOLOGIZE, 1, cast.desk)
    assert incident.severity == Severity.MODERATE
    assert incident.reference == "R-2026-00001"
    assert incident.rounds.get().settled_at is None
    assert [e.kind for e in incident.events.all()] == ["logged"]


def test_the_reported_moment_starts_the_clocks_not_the_typing(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, reported_at=NOW - DAY, occurred_on=(NOW - 3 * DAY).date())
    assert (incident.reported_at, incident.created_at) == (NOW - DAY, NOW)
    assert incident.rounds.get().started_at == NOW - DAY
    assert incident.next_due_at == NOW - DAY + 4 * HOUR


def test_the_same_key_twice_is_one_incident(cast: Cast) -> None:
    key = uuid4()
    first = make.make_incident(cast.desk, submit_key=key)
    second = make.make_incident(cast.desk, submit_key=key, what_happened="Typed again after going back.")
    assert second == first
    assert second.what_happened == "The shower stayed cold all morning."
    assert Incident.objects.count() == 1
    assert first.rounds.count() == 1


def test_somebody_elses_key_is_refused_in_words(cast: Cast) -> None:
    key = uuid4()
    make.make_incident(cast.desk, submit_key=key)
    with pytest.raises(Refused, match="Open a new one"):
        make.make_incident(cast.colleague, submit_key=key)
    assert numbers() == [1]


def test_references_count_from_one_without_gaps(cast: Cast) -> None:
    for _turn in range(3):
        make.make_incident(cast.desk)
    assert numbers() == [1, 2, 3]
    assert ReferenceCounter.objects.get(year=2026).last == 3


def test_a_rolled_back_save_leaves_no_gap(cast: Cast) -> None:
    make.make_incident(cast.desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_incident(cast.desk, what_happened="")
    with transaction.atomic():
        make.make_incident(cast.desk)
        transaction.set_rollback(True)
    make.make_incident(cast.desk)
    assert numbers() == [1, 2]


def test_the_year_is_that_of_the_place(cast: Cast) -> None:
    new_year = dt.datetime(2027, 1, 1, 3, tzinfo=dt.UTC)
    here = make.make_incident(cast.desk, now=new_year)
    there = make.make_incident(cast.outsider, now=new_year)
    assert (here.reference, there.reference) == ("R-2026-00001", "R-2027-00001")


def test_an_unknown_guest_is_described(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, customer=None, customer_hint="Man in a grey coat")
    assert incident.who == "Man in a grey coat"
    assert make.make_incident(cast.desk, customer=None).who == "Unknown guest"


def test_a_restricted_one_goes_to_the_fallback_of_the_place(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, category="safety")
    assert incident.is_restricted
    assert (incident.logged_by, incident.assignee) == (cast.desk, cast.manager)
    kinds = set(Notice.objects.filter(recipient=cast.manager).values_list("kind", flat=True))
    assert kinds == {NoticeKind.ASSIGNED, NoticeKind.CRITICAL}


def test_a_manager_keeps_a_restricted_one(cast: Cast) -> None:
    assert make.make_incident(cast.owner, category="safety").assignee == cast.owner


def test_a_fallback_who_left_gets_nothing(cast: Cast) -> None:
    cast.manager.is_active = False
    cast.manager.save(update_fields=["is_active"])
    incident = make.make_incident(cast.desk, category="safety")
    assert incident.assignee == cast.desk


def test_a_critical_one_tells_the_managers_at_once(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, severity=Severity.CRITICAL)
    assert Notice.objects.get(incident=incident).recipient == cast.manager


def test_severity_comes_from_the_category_and_can_be_changed(cast: Cast) -> None:
    assert make.make_incident(cast.desk, category="late").severity == Severity.MAJOR
    assert make.make_incident(cast.desk, category="late", severity=Severity.MINOR).severity == Severity.MINOR


def test_treated_as_in_the_wrong_is_a_second_failure_that_the_desk_still_sees(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, category="in_the_wrong")
    assert incident.is_second_failure
    assert not incident.is_restricted


def test_told_together_are_not_repeats(cast: Cast) -> None:
    first = make.make_incident(cast.desk)
    second = make.make_incident(cast.desk, customer=first.customer, told_with=first)
    assert (second.told_with, second.repeat_of) == (first, None)
    third = make.make_incident(cast.desk, customer=first.customer, told_with=second)
    assert third.told_with == first


def on_the_spot(by: Any, **over: Any) -> Incident:
    fields: dict[str, Any] = {
        "now": NOW,
        "location": by.memberships.get().location,
        "category": make.category(),
        "what_happened": "Cold soup.",
        "customer": make.make_customer(),
        "remedy_type": make.remedy_type("free_item"),
        "submit_key": uuid4(),
    }
    return log.log_on_the_spot(by=by, **fields | over)


def test_handled_on_the_spot_still_plans_the_call(cast: Cast) -> None:
    incident = on_the_spot(cast.desk, minutes=5)
    assert incident.stage == Stage.FOLLOW_UP
    assert incident.apologies.get().channel == Channel.IN_PERSON
    assert incident.remedies.get().minutes == 5
    assert make.planned_call(incident).due_at == NOW + 2 * DAY


def test_handled_on_the_spot_twice_gives_once(cast: Cast) -> None:
    key = uuid4()
    first = on_the_spot(cast.desk, submit_key=key)
    assert on_the_spot(cast.desk, submit_key=key) == first
    assert first.remedies.count() == first.apologies.count() == first.follow_ups.count() == 1


def test_handled_on_the_spot_is_all_or_nothing(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        on_the_spot(cast.desk, minutes=200_000)
    assert not Incident.objects.exists()


def test_the_newest_draft_wins_and_goes_when_sent(cast: Cast) -> None:
    key = uuid4()
    for words in ("Cold", "Cold soup"):
        log.save_draft(by=cast.desk, form="log", key=key, values={"what_happened": words}, now=NOW)
    assert Draft.objects.get().values == {"what_happened": "Cold soup"}
    log.drop_draft(by=cast.colleague, form="log", key=key)
    assert Draft.objects.exists()
    log.drop_draft(by=cast.desk, form="log", key=key)
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_cannot_be_dropped_afterwards_does_not_make_it_fail(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_which: Any) -> None:
        raise OperationalError

    cast = make.make_cast()
    monkeypatch.setattr(log, "drop_draft", fail)
    assert make.make_incident(cast.desk, draft_key=uuid4()).stage == Stage.APOLOGIZE


def test_what_it_says_of_itself_is_what_is_stored(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, field_values={}, reach_at="Room 12", severity=Severity.MAJOR)
    stored = Incident.objects.get(pk=incident.pk)
    columns = [field.attname for field in Incident._meta.concrete_fields]
    assert {name: getattr(incident, name) for name in columns} == {name: getattr(stored, name) for name in columns}
    plain = make.make_incident(cast.desk)
    assert (plain.reach_at, plain.raised_by, plain.is_first_order) == ("", "", False)


def test_few_statements(cast: Cast, django_assert_num_queries: Any) -> None:
    """A savepoint around; the category's fields and how bad it is there; the counter, the hours, and all rows."""
    customer, category = make.make_customer(), make.category()
    make.make_incident(cast.desk)
    place = cast.desk.memberships.get().location
    with django_assert_num_queries(7):
        log.log_incident(
            by=cast.desk,
            now=NOW,
            location=place,
            category=category,
            customer=customer,
            what_happened="Cold soup.",
            submit_key=uuid4(),
            draft_key=uuid4(),
        )


def test_raised_by_a_rule_as_it_is_saved(cast: Cast) -> None:
    """Told in the order in which it came about."""
    first = make.make_incident(cast.desk)
    again = make.make_incident(cast.desk, customer=first.customer, repeat_of=first)
    assert [event.kind for event in again.events.all()] == ["logged", "severity_raised", "review_asked"]
    assert (again.severity, again.raised_by, again.version) == (Severity.MAJOR, "repeat", 2)
    assert make.fresh(again).review_state == "to_review"


def test_the_ways_we_hear_of_it(cast: Cast) -> None:
    for source in (Source.CUSTOMER, Source.NOTICED, Source.ASKED, Source.FORM):
        assert make.make_incident(cast.desk, source=source).source == source


def test_an_ending_is_not_undone_by_a_late_resubmit(cast: Cast) -> None:
    key = uuid4()
    incident = on_the_spot(cast.desk, submit_key=key)
    endings.undo_log(incident_id=incident.pk, by=cast.desk, now=NOW)
    again = on_the_spot(cast.desk, submit_key=key)
    assert again.close_reason == CloseReason.VOID


Together = Callable[[Callable[[int], Any], int], list[Any]]


def test_twenty_at_once_with_one_key_are_one(together: Together) -> None:
    cast, customer, key = make.make_cast(), make.make_customer(), uuid4()
    saved = together(lambda n: make.make_incident(cast.desk, customer=customer, submit_key=key), 20)
    assert {type(one) for one in saved} == {Incident}
    assert len({one.pk for one in saved}) == 1
    assert (numbers(), ReferenceCounter.objects.get().last) == ([1], 1)


def test_twenty_at_once_with_their_own_keys_have_no_gap(together: Together) -> None:
    cast, customer = make.make_cast(), make.make_customer()
    together(lambda n: make.make_incident(cast.desk, customer=customer), 20)
    assert numbers() == list(range(1, 21))


def test_without_the_locked_counter_they_collide(together: Together, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the lock off, the same twenty do damage."""
    unlocked = """
        SELECT last + 1, nextval(pg_get_serial_sequence('incidents_incident', 'id')),
            nextval(pg_get_serial_sequence('incidents_round', 'id')), NULL
        FROM incidents_referencecounter WHERE year = %(year)s
    """
    monkeypatch.setattr(beginning, "_TAKE", unlocked)
    cast, customer = make.make_cast(), make.make_customer()
    ReferenceCounter.objects.create(year=2026)
    saved = together(lambda n: make.make_incident(cast.desk, customer=customer), 20)
    assert any(isinstance(one, IntegrityError) for one in saved)
