"""How often mail comes, and of what: as each one chose. The inbox has all of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.actions import notify, outbox
from incidents.actions.profile import change_profile
from incidents.models import Incident, Notice, NoticeKind, Outbox, OutboxState, Staff
from incidents.models.mail_times import EVERY, TIMES, next_mail_at
from incidents.models.staff import MailRule
from incidents.news import NEWS, News, news_of
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.reminding import clock, settle, sweep

MINUTE = dt.timedelta(minutes=1)
CHICAGO = ZoneInfo("America/Chicago")


def local(text: str, zone: ZoneInfo = CHICAGO) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(dt.UTC)


def somebody(zone: ZoneInfo = CHICAGO, **over: Any) -> Staff:
    """Nobody in the database: their clock is known."""
    person = Staff(**over)
    person.__dict__["_places"] = [(1, zone.key)]
    return person


def send(moment: dt.datetime) -> int:
    return outbox.send_due(clock(moment), senders=1)


def tell(
    person: Staff, incident: Incident, at: dt.datetime, kind: NoticeKind = NoticeKind.ASSIGNED, mark: str = ""
) -> None:
    person.refresh_from_db()
    said = mark or at.isoformat()
    notify.notify(kind=kind, incident=incident, recipients=[person], subject_id=incident.pk, occurrence=said, now=at)


class TestWhen:
    @pytest.mark.parametrize(
        ("rule", "now", "at"),
        [
            ("gathered", "2026-03-06T09:13", "2026-03-06T09:13"),
            ("hourly", "2026-03-06T09:13", "2026-03-06T09:13"),
            ("twice", "2026-03-06T07:59", "2026-03-06T08:00"),
            ("twice", "2026-03-06T08:00", "2026-03-06T08:00"),
            ("twice", "2026-03-06T08:01", "2026-03-06T16:00"),
            ("twice", "2026-03-06T16:01", "2026-03-07T08:00"),
            ("daily", "2026-03-06T08:01", "2026-03-07T08:00"),
            ("daily", "2026-03-07T08:01", "2026-03-08T08:00"),  # the clocks go forward in between
            ("daily", "2026-10-31T08:01", "2026-11-01T08:00"),  # and back
        ],
    )
    def test_by_the_clock_on_their_wall(self, rule: str, now: str, at: str) -> None:
        assert next_mail_at(somebody(mail_rule=rule), local(now)) == local(at)

    def test_zones(self) -> None:
        for zone in ("Asia/Kolkata", "Pacific/Auckland", "America/Los_Angeles"):
            here = ZoneInfo(zone)
            at = next_mail_at(somebody(here, mail_rule="daily"), local("2026-06-01T08:30", here))
            assert at == local("2026-06-02T08:00", here)

    @pytest.mark.parametrize(
        ("rule", "hours", "now", "at"),
        [
            ("twice", (9, 17), "2026-03-06T07:00", "2026-03-06T16:00"),
            ("daily", (9, 17), "2026-03-06T07:00", "2026-03-06T09:00"),
            ("daily", (9, 17), "2026-03-06T09:30", "2026-03-07T09:00"),
            ("daily", (22, 6), "2026-03-06T09:30", "2026-03-06T22:00"),
            ("twice", (22, 10), "2026-03-06T09:30", "2026-03-07T08:00"),
            ("hourly", (9, 17), "2026-03-06T18:30", "2026-03-07T09:00"),
        ],
    )
    def test_inside_their_hours(self, rule: str, hours: tuple[int, int], now: str, at: str) -> None:
        begins, ends = (dt.time(hour) for hour in hours)
        person = somebody(mail_rule=rule, reachable_from=begins, reachable_until=ends)
        assert next_mail_at(person, local(now)) == local(at)

    def test_on_their_days(self) -> None:
        person = somebody(mail_rule="daily", reachable_days="1000000")
        assert next_mail_at(person, local("2026-03-06T09:00")) == local("2026-03-09T08:00")

    def test_one_that_came_late_counts_for_its_day(self) -> None:
        person, late = somebody(mail_rule="daily"), local("2026-03-06T07:40")
        assert next_mail_at(person, local("2026-03-06T07:50"), [late]) == local("2026-03-07T08:00")
        twice = somebody(mail_rule="twice")
        both = [local("2026-03-06T08:00"), local("2026-03-06T07:40")]
        assert next_mail_at(twice, local("2026-03-06T08:10"), both) == local("2026-03-07T08:00")


moments = st.integers(0, 365 * 24 * 60).map(lambda minutes: local("2026-01-01T00:00") + minutes * MINUTE)
times = st.times().map(lambda time: time.replace(second=0, microsecond=0, tzinfo=None))
zones = st.sampled_from(
    ["America/Chicago", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca"]
)
people = st.builds(
    lambda zone, rule, hours, days: somebody(
        ZoneInfo(zone), mail_rule=rule, reachable_from=hours[0], reachable_until=hours[1], reachable_days=days
    ),
    zones,
    st.sampled_from(MailRule.values),
    st.tuples(times, times).filter(lambda both: both[0] != both[1]) | st.just((None, None)),
    st.text("01", min_size=7, max_size=7).filter(lambda days: "1" in days),
)


@given(person=people, begin=moments, gaps=st.lists(st.integers(0, 20 * 60), min_size=1, max_size=40), late=st.data())
def test_nobodys_day_has_more_than_they_chose(
    person: Staff, begin: dt.datetime, gaps: list[int], late: st.DataObject
) -> None:
    """News at any time; a mail leaves when it should, or later after an outage; what comes before it leaves joins."""
    now, sent, waiting = begin, list[dt.datetime](), None
    for gap in gaps:
        now += gap * MINUTE
        if waiting is not None and waiting <= now:
            leaves = waiting + late.draw(st.integers(0, int((now - waiting) / MINUTE))) * MINUTE
            sent.append(leaves)
            waiting = None
        if waiting is None:
            waiting = next_mail_at(person, now, sorted(sent[-2:], reverse=True))
            assert waiting >= now
            assert waiting <= now + 9 * DAY, "nothing is put off for ever"
    zone = ZoneInfo(person.zone.key)
    if most := TIMES.get(person.mail_rule):
        by_day = Counter(moment.astimezone(zone).date() for moment in sent)
        assert max(by_day.values(), default=0) <= len(most)
    else:
        gaps_between = [later - earlier for earlier, later in pairwise(sent)]
        assert all(gap >= EVERY[person.mail_rule] for gap in gaps_between)


class TestOfWhat:
    def test_every_kind_of_news_has_a_group_or_stays_in_the_inbox(self) -> None:
        assert set(NEWS) <= set(NoticeKind.values)
        assert {kind for kind in NoticeKind.values if news_of(kind) is None} == {NoticeKind.CHECK_IN}
        assert set(NEWS.values()) == set(News)

    def test_what_they_did_not_want_stays_in_the_inbox(self, cast: Cast) -> None:
        incident = settle(cast)
        Outbox.objects.all().delete()
        Staff.objects.filter(pk=cast.desk.pk).update(not_by_mail=["handovers"])
        tell(cast.desk, incident, NOW)
        assert not Outbox.objects.exists()
        assert Notice.objects.filter(kind="assigned").count() == 1
        tell(cast.desk, incident, NOW, NoticeKind.UNHAPPY)
        assert Outbox.objects.count() == 1

    def test_a_private_word_never_goes_by_mail(self, cast: Cast) -> None:
        incident = settle(cast, severity=1)
        Outbox.objects.all().delete()
        Staff.objects.filter(pk=cast.desk.pk).update(on_duty_until=NOW + DAY)
        tell(cast.desk, incident, NOW, NoticeKind.CHECK_IN)
        assert not Outbox.objects.exists()

    def test_the_critical_cannot_be_switched_off_on_duty(self, cast: Cast) -> None:
        off = {"wants_mail": False, "not_by_mail": News.values, "mail_rule": "daily"}
        Staff.objects.filter(pk=cast.manager.pk).update(on_duty_until=NOW + HOUR, **off)
        make.make_incident(cast.desk, severity=1)
        message = Outbox.objects.get(recipient=cast.manager)
        assert (message.is_digest, message.next_try_at) == (False, NOW)
        Staff.objects.filter(pk=cast.manager.pk).update(on_duty_until=None)
        make.make_incident(cast.desk, severity=1)
        assert Outbox.objects.filter(recipient=cast.manager).count() == 1

    def test_off_duty_the_critical_waits_for_the_hours_and_not_for_the_rule(self, cast: Cast) -> None:
        hours = {"reachable_from": dt.time(13), "reachable_until": dt.time(21), "mail_rule": "daily"}
        Staff.objects.filter(pk=cast.manager.pk).update(**hours)
        make.make_incident(cast.desk, severity=1)  # nine in the morning
        assert Outbox.objects.get(recipient=cast.manager).next_try_at == NOW + 4 * HOUR

    def test_what_somebody_asks_reaches_who_is_on_duty_at_once(self, cast: Cast) -> None:
        incident = settle(cast)
        Outbox.objects.all().delete()
        Staff.objects.filter(pk=cast.desk.pk).update(mail_rule="daily", on_duty_until=NOW + HOUR)
        tell(cast.desk, incident, NOW, NoticeKind.NUDGED)
        Staff.objects.filter(pk=cast.desk.pk).update(on_duty_until=None)
        tell(cast.desk, incident, NOW + MINUTE, NoticeKind.NUDGED)
        first, second = Outbox.objects.order_by("id")
        assert (first.is_digest, first.next_try_at) == (False, NOW)
        assert second.next_try_at == local("2026-03-05T08:00")


class TestGathered:
    def test_one_mail_carries_what_comes_before_it_leaves(self, cast: Cast) -> None:
        incident = settle(cast)
        Outbox.objects.all().delete()
        Staff.objects.filter(pk=cast.desk.pk).update(mail_rule="hourly")
        for minutes in (0, 10, 50, 61):
            tell(cast.desk, incident, NOW + minutes * MINUTE)
            send(NOW + minutes * MINUTE)
        first, second = Outbox.objects.order_by("id")
        assert (first.next_try_at, second.next_try_at) == (NOW, NOW + HOUR)
        assert second.lines.count() == 3
        assert {first.state, second.state} == {OutboxState.SENT}

    def test_two_days_of_outage_are_one_mail_the_oldest_first(self, cast: Cast, mailoutbox: list[Any]) -> None:
        Staff.objects.filter(pk=cast.desk.pk).update(mail_rule="daily")
        for hours in range(6):
            settle(cast, customer=make.make_customer(f"Guest {hours}"), now=NOW + hours * HOUR)
        Outbox.objects.all().delete()
        back = local("2026-03-08T10:00")  # two days after they fell due, and the clocks went forward meanwhile
        for hours in range(30):
            sweep(back + hours * HOUR)
            send(back + hours * HOUR)
        to_desk = Outbox.objects.filter(recipient=cast.desk, state=OutboxState.SENT)
        assert [message.sent_at for message in to_desk] == [local("2026-03-09T08:00")]
        mail = next(mail for mail in mailoutbox if mail.to == [cast.desk.email])
        places = [mail.body.index(f"Guest {hours}") for hours in range(6)]
        assert places == sorted(places)
        assert "6 things are waiting for you" in mail.subject

    def test_another_rule_moves_what_waits(self, cast: Cast) -> None:
        incident = settle(cast)
        Outbox.objects.all().delete()
        Staff.objects.filter(pk=cast.desk.pk).update(mail_rule="daily")
        tell(cast.desk, incident, NOW)
        cast.desk.refresh_from_db()
        chosen: dict[str, Any] = {"name": "Dora", "phone": "", "theme": "auto", "has_letter_keys": True}
        chosen |= {"wants_mail": True, "reachable_from": None, "reachable_until": None, "reachable_days": "1111111"}
        for rule, at in (("gathered", NOW + MINUTE), ("twice", local("2026-03-04T16:00"))):
            change_profile(staff=cast.desk, mail_rule=rule, not_by_mail=[], now=NOW + MINUTE, **chosen)
            assert Outbox.objects.get().next_try_at == at

    @pytest.mark.parametrize("choice", [{"wants_mail": False}, {"not_by_mail": ["handovers"]}])
    def test_what_they_switched_off_since_does_not_leave(
        self, cast: Cast, mailoutbox: list[Any], choice: dict[str, Any]
    ) -> None:
        incident = settle(cast)
        Outbox.objects.all().delete()
        Staff.objects.filter(pk=cast.desk.pk).update(mail_rule="daily")
        tell(cast.desk, incident, NOW)
        Staff.objects.filter(pk=cast.desk.pk).update(**choice)
        send(NOW + DAY)
        assert not mailoutbox
        assert Outbox.objects.get().state == OutboxState.MOOT
