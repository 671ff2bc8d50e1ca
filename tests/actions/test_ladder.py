"""Before it is due, when it is, again, up to the managers and the administrators, and then no more."""

from __future__ import annotations

import datetime as dt

import pytest

from incidents.actions import change, handovers, promises
from incidents.ladder import CRITICAL_LADDERS, LADDERS, Audience, Kind, Rung, first_rung, newest_rung, next_rung
from incidents.models import Handover, Incident, Notice, Reminder, ReminderState, Staff
from incidents.models.notice_words import sentence, why
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.reminding import DUE, FIRST, SECOND, promise, settle, sweep

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def settled(cast: Cast) -> Incident:
    return settle(cast)


def told(kind: str = "follow_up_due") -> list[tuple[str, str, str]]:
    """Who was told, how urgently and why, in order."""
    rows = Notice.objects.filter(kind=kind).order_by("at", "id").select_related("recipient")
    return [(row.recipient.get_short_name(), row.urgency, row.reason) for row in rows]


def test_a_call_from_the_warning_to_the_last_word(cast: Cast, settled: Incident) -> None:
    for moment in (FIRST, DUE, DUE + 2 * HOUR, DUE + DAY, DUE + 3 * DAY, DUE + 30 * DAY):
        sweep(moment - SECOND)
        sweep(moment)
    assert told() == [
        ("Dora", "soon", "yours"),
        ("Dora", "due", "yours"),
        ("Dora", "late", "yours"),
        ("Dora", "late", "yours"),
        ("Mona", "late", "manager"),
        ("Dora", "late", "yours"),
        ("Mona", "late", "manager"),
        ("Olga", "late", "administrator"),
    ]
    assert not Reminder.objects.filter(state=ReminderState.PENDING).exists()


def test_once_it_was_made_no_rung_speaks_again(cast: Cast, settled: Incident) -> None:
    sweep(DUE)
    make.call(settled, cast.desk, "satisfied", now=DUE + HOUR)
    assert sweep(DUE + 30 * DAY) == 0
    assert told() == [("Dora", "due", "yours")]


def test_a_later_rung_takes_the_place_of_an_earlier_one_in_the_inbox(cast: Cast, settled: Incident) -> None:
    settle(cast, customer=make.make_customer("Otto Other"))
    for moment in (FIRST, DUE, DUE + 2 * HOUR, DUE + DAY):
        sweep(moment)
    unread = Notice.objects.filter(read_at=None).order_by("id")
    assert [(row.recipient, row.at) for row in unread] == 2 * [(cast.desk, DUE + DAY), (cast.manager, DUE + DAY)]


def test_after_an_outage_only_the_newest_rung_speaks(cast: Cast, settled: Incident) -> None:
    sweep(DUE + DAY + HOUR)
    assert told() == [("Dora", "late", "yours"), ("Mona", "late", "manager")]
    assert Reminder.objects.get(state=ReminderState.PENDING).due_at == DUE + 3 * DAY


def test_moved_nearer_and_farther_it_follows(cast: Cast, settled: Incident) -> None:
    make.call(settled, cast.desk, "call_back", now=NOW + HOUR, call_back_at=NOW + 20 * HOUR)
    sweep(NOW + 20 * HOUR)
    make.call(settled, cast.desk, "call_back", now=NOW + 21 * HOUR, call_back_at=NOW + 5 * DAY)
    assert sweep(NOW + 4 * DAY) == 0
    assert sweep(NOW + 5 * DAY) == 1
    assert told() == [("Dora", "due", "yours")] * 2


def test_what_was_past_when_it_was_entered_sends_nothing(cast: Cast) -> None:
    """Reported yesterday, entered now: the numbers count it as late, nobody is woken for it."""
    incident = make.make_incident(cast.desk, reported_at=NOW - DAY)
    promise(incident, cast.desk, NOW - HOUR)
    assert not Reminder.objects.exists()
    assert sweep(NOW + 30 * DAY) == 0
    assert incident.next_due_at is not None
    assert incident.next_due_at < NOW


def test_an_apology_that_nobody_gave(cast: Cast) -> None:
    incident = make.make_incident(cast.desk)
    due = incident.deadlines.get(clock="apologize").due_at
    for moment in (due - 30 * MINUTE, due, due + HOUR, due + 2 * HOUR, due + DAY):
        sweep(moment)
    assert [line[:2] for line in told("apology_due")][:3] == [("Dora", "soon"), ("Dora", "due"), ("Dora", "late")]
    assert ("Olga", "late", "administrator") in told("apology_due")


def test_an_apology_takes_its_reminder_away(cast: Cast) -> None:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    assert Reminder.objects.get(kind="apology_due").state == ReminderState.MOOT


def test_a_worse_incident_is_due_sooner(cast: Cast) -> None:
    incident = make.make_incident(cast.desk)
    version = Incident.objects.get(pk=incident.pk).version
    change.change_incident(incident_id=incident.pk, expected_version=version, by=cast.desk, now=NOW, severity=2)
    row = Reminder.objects.get(kind="apology_due", state=ReminderState.PENDING)
    assert row.target_at == NOW + HOUR
    assert Reminder.objects.filter(kind="apology_due").count() == 2


def test_critical_climbs_in_minutes(cast: Cast) -> None:
    incident = make.make_incident(cast.manager, category="safety", severity=1)
    due = incident.deadlines.get(clock="apologize").due_at
    Notice.objects.all().delete()
    sweep(due + 10 * MINUTE)
    assert told("apology_due") == [("Mona", "late", "yours")]
    sweep(due + HOUR)
    assert ("Olga", "late", "administrator") in told("apology_due")


class TestHandover:
    @pytest.fixture
    def given(self, cast: Cast) -> Incident:
        incident = settle(cast)
        return handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=NOW)

    def test_nobody_took_it_over(self, cast: Cast, given: Incident) -> None:
        sweep(NOW + 30 * MINUTE)
        sweep(NOW + 90 * MINUTE)
        assert told("handover_open") == [
            ("Cole", "due", "yours"),
            ("Dora", "due", "giver"),
            ("Cole", "late", "yours"),
            ("Dora", "late", "giver"),
            ("Mona", "late", "manager"),
        ]

    def test_a_tap_takes_it_over(self, cast: Cast, given: Incident) -> None:
        handovers.accept_handover(incident_id=given.pk, by=cast.colleague, now=NOW + MINUTE)
        assert Handover.objects.get().accepted_at == NOW + MINUTE
        assert sweep(NOW + HOUR) == 0

    def test_acting_on_it_takes_it_over_too(self, cast: Cast, given: Incident) -> None:
        make.give(given, cast.colleague, now=NOW + MINUTE)
        assert Handover.objects.get().accepted_at == NOW + MINUTE

    def test_what_somebody_else_does_on_it_does_not(self, cast: Cast, given: Incident) -> None:
        make.give(given, cast.desk, now=NOW + MINUTE)
        assert Handover.objects.get().accepted_at is None

    def test_passed_on_once_more_only_the_last_is_asked(self, cast: Cast, given: Incident) -> None:
        handovers.hand_over(incident_id=given.pk, to=cast.manager, by=cast.colleague, now=NOW + MINUTE)
        sweep(NOW + HOUR)
        assert {name for name, *_rest in told("handover_open")} == {"Mona", "Cole"}

    def test_whoever_takes_it_themselves_is_not_asked(self, cast: Cast) -> None:
        incident = settle(cast)
        handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.colleague, now=NOW)
        assert not Reminder.objects.filter(kind="handover_open").exists()


class TestData:
    """The tables themselves, so that a change of theirs is meant."""

    @pytest.mark.parametrize("ladders", [LADDERS, CRITICAL_LADDERS])
    def test_every_kind_has_a_ladder_that_climbs_and_ends(self, ladders: dict[Kind, tuple[Rung, ...]]) -> None:
        order = list(Audience)
        assert set(ladders) == set(Kind)
        for ladder in ladders.values():
            assert [rung.after for rung in ladder] == sorted({rung.after for rung in ladder})
            heights = [order.index(rung.to) for rung in ladder]
            assert heights == sorted(heights)

    def test_where_it_begins(self) -> None:
        ladder = LADDERS[Kind.FOLLOW_UP_DUE]
        assert first_rung(ladder, target=NOW + DAY, now=NOW) == 0
        assert first_rung(ladder, target=NOW + 40 * MINUTE, now=NOW) == 1, "no warning ten minutes after it was said"
        assert first_rung(ladder, target=NOW, now=NOW) == 2

    def test_where_it_stands_and_where_it_ends(self) -> None:
        ladder = LADDERS[Kind.FOLLOW_UP_DUE]
        assert newest_rung(ladder, target=NOW, now=NOW - DAY) is None
        assert newest_rung(ladder, target=NOW, now=NOW) == 1
        assert next_rung(ladder, target=NOW, after=NOW) == 2
        assert next_rung(ladder, target=NOW, after=NOW + 3 * DAY) is None


class TestWords:
    @pytest.mark.parametrize(
        ("moment", "words"),
        [
            (FIRST, "Call Nora Novak back by Fri 6 Mar, 09:00"),
            (DUE, "Call Nora Novak back now"),
            (DUE + 2 * HOUR, "Call Nora Novak back, it was due Fri 6 Mar, 09:00"),
        ],
    )
    def test_they_say_when_in_the_zone_of_the_place(
        self, cast: Cast, settled: Incident, moment: dt.datetime, words: str
    ) -> None:
        sweep(moment)
        notice = Notice.objects.latest("id")
        assert sentence(notice, notice.recipient) == words

    def test_they_say_why(self, cast: Cast, settled: Incident) -> None:
        Staff.objects.filter(pk=cast.desk.pk).update(is_active=False)
        sweep(DUE)
        assert why(Notice.objects.get()) == "You get this because you stand in for somebody who cannot."

    def test_managers_hear_what_goes_wrong_because_they_manage(self, cast: Cast, settled: Incident) -> None:
        make.call(settled, cast.desk, "unhappy", now=DUE)
        make.make_incident(cast.desk, severity=1)
        assert told("unhappy") == [("Mona", "due", "manager")]
        assert told("critical") == [("Mona", "due", "manager")]

    def test_who_has_to_take_over_is_told_what_to_say(self, cast: Cast, settled: Incident) -> None:
        handovers.hand_over(incident_id=settled.pk, to=cast.colleague, by=cast.desk, now=NOW)
        sweep(NOW + DAY)
        rows = Notice.objects.filter(kind="handover_open")
        said = {notice.recipient_id: sentence(notice, cast.desk) for notice in rows}
        assert said[cast.colleague.pk] == "Nora Novak still waits for you to say “I have it”"
        assert said[cast.desk.pk] == "Still nobody has taken over Nora Novak"

    def test_a_restricted_incident_is_not_named(self, cast: Cast) -> None:
        make.make_incident(cast.desk, category="safety")
        said = [sentence(notice, cast.owner) for notice in Notice.objects.all()]
        assert said
        assert "Nora" not in " ".join(said)

    def test_they_name_the_zone_for_a_reader_elsewhere(self, cast: Cast, settled: Incident) -> None:
        sweep(FIRST)
        assert sentence(Notice.objects.get(), cast.outsider).endswith("by Fri 6 Mar, 09:00 (Chicago)")


def test_a_promise_kept_late_stops_the_ladder(cast: Cast, settled: Incident) -> None:
    made = promise(settled, cast.desk, NOW + HOUR)
    sweep(NOW + HOUR)
    promises.settle_promise(promise_id=made.pk, by=cast.desk, now=NOW + 2 * HOUR, is_kept=True)
    assert sweep(DUE - HOUR) == 0


def test_what_was_done_is_no_longer_new_in_any_inbox(cast: Cast, settled: Incident) -> None:
    sweep(DUE + DAY)
    assert Notice.objects.unread().count() == 2
    make.call(settled, cast.colleague, "satisfied", now=DUE + DAY + HOUR)
    assert not Notice.objects.unread().exists()


def test_what_was_moved_is_no_longer_new_either(cast: Cast, settled: Incident) -> None:
    sweep(DUE)
    make.call(settled, cast.desk, "no_answer", now=DUE + HOUR)
    assert not Notice.objects.unread().exists()
