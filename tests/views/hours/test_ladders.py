"""When a reminder speaks and to whom: in words, played through on a real day, for the business and for a place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from incidents.board import ladders as board
from incidents.ladder import EDITABLE, LADDERS, Audience, Kind, Rung
from incidents.models import Job, LadderRung, Location, OpenHours, Staff
from incidents.models.hours import ladders_of
from tests import make
from tests.make import Cast

SignIn = Callable[..., Client]
ADDRESS = "/catalogue/ladders/"
MODERATE = f"{ADDRESS}3/"
APOLOGY = f"{MODERATE}apology_due/"


def typed(**over: str) -> dict[str, str]:
    """Ten minutes before; when it is due and the managers."""
    rows = {"r0_number": "10", "r0_unit": "1", "r0_side": "before", "r0_to": "assignee"}
    return {"version": "0"} | rows | {"r1_side": "at", "r1_to": "managers", "r2_side": ""} | over


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_in_words() -> None:
    assert board.ladder_words(LADDERS[Kind.APOLOGY_DUE]) == (
        "30 minutes before, when it is due, 1 hour after, 2 hours after and the managers, "
        "1 day after and the administrators"
    )


def test_a_place_says_its_own(cast: Cast, sign_in: SignIn) -> None:
    client, at = sign_in(cast.manager), f"?at={cast.here.pk}"
    make.make_incident(cast.desk)
    assert "Different here." not in text_of(client, MODERATE + at)
    answer: Any = client.post(APOLOGY + at, typed())
    assert answer["Location"] == MODERATE + at
    page = text_of(client, MODERATE + at)
    assert "Different here." in page
    assert "Elsewhere: 30 minutes before, when it is due" in page
    assert "Setting the reminders of 1 open recovery anew" in page
    rungs = ladders_of(cast.here.pk).of(3, Kind.APOLOGY_DUE)
    assert rungs == (Rung(dt.timedelta(minutes=-10)), Rung(dt.timedelta(0), Audience.MANAGERS))
    assert "Differs at Harbour Hotel" in text_of(sign_in(cast.owner), MODERATE)
    assert 'name="r0_number" value="10"' in text_of(client, APOLOGY + at)
    client.post(f"{APOLOGY}default/{at}")
    assert not LadderRung.objects.exists()
    assert Job.objects.count() == 1  # the second change joined the first, which had not begun


def test_the_business_says_its_own(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    answer: Any = client.post(APOLOGY, typed(r0_number="2", r0_unit="1440"))
    assert answer["Location"] == MODERATE
    assert ladders_of(cast.here.pk).of(3, Kind.APOLOGY_DUE)[0].after == dt.timedelta(days=-2)
    assert "Recovery comes with: 30 minutes before" in text_of(client, APOLOGY)


def test_a_manager_reads_what_the_business_says(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    page = text_of(client, APOLOGY)
    assert "30 minutes before, when it is due" in page
    assert 'name="r0_side"' not in page
    assert client.post(APOLOGY, typed()).status_code == 403


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"r0_number": ""}, "Write how many."),
        ({"r0_number": "0"}, "greater than or equal to 1"),
        ({"r0_number": "8", "r0_unit": "1440"}, "From a week before it is due to 30 days after it."),
        ({"r0_side": "sideways"}, "Select a valid choice"),
        ({"r0_to": "everybody"}, "Select a valid choice"),
    ],
)
def test_bad_input_is_422_and_kept(over: dict[str, str], words: str, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.manager).post(f"{APOLOGY}?at={cast.here.pk}", typed(**over))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in text
    assert words in text
    assert not LadderRung.objects.exists()


def test_a_ladder_that_never_speaks_is_refused(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.manager).post(f"{APOLOGY}?at={cast.here.pk}", typed(r1_side=""))
    assert answer.status_code == 409
    assert "One of them has to speak when it is due, or after it." in answer.content.decode()
    assert 'value="10"' in answer.content.decode()


def test_nothing_at_all_is_refused(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.manager).post(f"{APOLOGY}?at={cast.here.pk}", {"version": "0"})
    assert answer.status_code == 409
    assert "Say between one and eight times" in answer.content.decode()


def test_two_at_once_see_both(cast: Cast, sign_in: SignIn) -> None:
    client, at = sign_in(cast.manager), f"?at={cast.here.pk}"
    client.post(APOLOGY + at, typed())
    answer = client.post(APOLOGY + at, typed(r0_number="20"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "10 minutes before" in text
    assert "20 minutes before" in text
    version = ladders_of(cast.here.pk).version(3, Kind.APOLOGY_DUE, ladders_of(cast.here.pk).whose(3, "apology_due"))
    assert client.post(APOLOGY + at, typed(r0_number="20", version=str(version))).status_code == 302


def test_more_rows_than_were_saved(cast: Cast, sign_in: SignIn) -> None:
    """Two more than are used, at most eight."""
    client, at = sign_in(cast.manager), f"?at={cast.here.pk}"
    assert text_of(client, f"{MODERATE}receipt_missing/{at}").count("_side") >= 3
    rows = {f"r{n}_{part}": value for n in range(8) for part, value in (("number", str(n + 1)), ("side", "after"))}
    assert client.post(f"{MODERATE}receipt_missing/{at}", {"version": "0"} | rows).status_code == 302
    assert LadderRung.objects.count() == 8


@pytest.mark.parametrize("address", ["9/", "3/shift_ended/", "3/lunch_due/", "9/apology_due/"])
def test_what_is_not_there(address: str, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.manager).get(ADDRESS + address).status_code == 404
    assert sign_in(cast.manager).get(f"{MODERATE}?at={cast.elsewhere.pk}").status_code == 404


class TestOnARealDay:
    """Monday to Friday nine to half past five; told on Friday at half past four."""

    @pytest.fixture
    def friday(self, cast: Cast) -> dt.datetime:
        for day in range(5):
            OpenHours.objects.create(location=cast.here, weekday=day, opens="09:00", closes="17:30")
        return dt.datetime(2026, 3, 6, 16, 30, tzinfo=cast.here.zone)

    def play(self, cast: Cast, moment: dt.datetime, **over: Any) -> board.Timeline:
        place = Location.objects.get(pk=cast.here.pk)
        rungs = over.pop("rungs", LADDERS[Kind.APOLOGY_DUE])
        person = Staff.objects.get(pk=cast.desk.pk)
        asked: dict[str, Any] = {"person": person, "moment": moment.astimezone(dt.UTC), "reader": cast.manager} | over
        return board.timeline(rungs, asked.pop("kind", Kind.APOLOGY_DUE), asked.pop("severity", 3), place, **asked)

    def told(self, timeline: board.Timeline) -> list[tuple[str, list[str]]]:
        return [(step.when, [f"{each.name}: {each.mail}" for each in step.hearings]) for step in timeline.steps]

    def test_over_a_weekend_and_a_change_of_clocks(self, cast: Cast, friday: dt.datetime) -> None:
        """One opening hour on Friday, three on Monday, which is summer time."""
        found = self.play(cast, friday)
        assert found.begins == "Told Fri 6 Mar, 16:30, so the apology is due Mon 9 Mar, 12:00."
        assert [step.when for step in found.steps] == [
            "Mon 9 Mar, 11:30",
            "Mon 9 Mar, 12:00",
            "Mon 9 Mar, 13:00",
            "Mon 9 Mar, 14:00",
            "Tue 10 Mar, 12:00",
        ]
        assert self.told(found)[3][1] == ["Dora Desk: by mail at once", "Mona Manager: by mail at once"]

    def test_managers_hear_it_when_their_hours_begin(self, cast: Cast, friday: dt.datetime) -> None:
        Staff.objects.filter(pk=cast.manager.pk).update(reachable_from=dt.time(9), reachable_until=dt.time(13))
        monday = "Mona Manager: by mail Tue 10 Mar, 09:00, when their hours begin"
        assert self.told(self.play(cast, friday))[3] == ("Mon 9 Mar, 14:00", ["Dora Desk: by mail at once", monday])

    def test_by_the_rule_they_chose(self, cast: Cast, friday: dt.datetime) -> None:
        Staff.objects.filter(pk=cast.desk.pk).update(mail_rule="daily")
        told = self.told(self.play(cast, friday))
        daily = "Dora Desk: by mail Tue 10 Mar, 08:00, as they chose"
        assert [people[0] for _when, people in told[:4]] == [daily] * 4

    def test_away_somebody_stands_in(self, cast: Cast, friday: dt.datetime) -> None:
        away = friday + dt.timedelta(days=3)
        Staff.objects.filter(pk=cast.desk.pk).update(away_until=away, stand_in=cast.colleague)
        step = self.play(cast, friday).steps[0]
        assert [(each.name, each.why) for each in step.hearings] == [("Dora Desk", ""), ("Cole League", "stands in")]

    def test_only_in_the_notices(self, cast: Cast, friday: dt.datetime, settings: Settings) -> None:
        Staff.objects.filter(pk=cast.desk.pk).update(not_by_mail=["apologies"])
        assert self.told(self.play(cast, friday))[0][1] == ["Dora Desk: in the notices only"]
        settings.MAIL = "off"
        Staff.objects.filter(pk=cast.desk.pk).update(not_by_mail=[])
        assert self.told(self.play(cast, friday))[0][1] == ["Dora Desk: in the notices only"]

    @pytest.mark.parametrize("kind", EDITABLE)
    def test_every_kind_has_a_day(self, kind: Kind, cast: Cast, friday: dt.datetime) -> None:
        found = self.play(cast, friday, kind=kind, rungs=LADDERS[kind], severity=1)
        assert found.begins.endswith(".")
        assert found.steps or kind == Kind.PROMISE_DUE

    def test_it_follows_what_is_typed(self, cast: Cast, friday: dt.datetime, sign_in: SignIn) -> None:
        client, at = sign_in(cast.manager), f"?at={cast.here.pk}&preview=1"
        chosen = {"play-moment": "2026-03-06T16:30", "play-person": str(cast.desk.pk)}
        answer = client.post(APOLOGY + at, typed() | chosen, headers={"HX-Request": "true"})
        text = " ".join(answer.content.decode().split())
        assert "<html" not in text
        assert "Told Fri 6 Mar, 16:30" in text
        assert "Mon 9 Mar, 11:50" in text
        assert "Mona Manager" in text
        whole = client.post(APOLOGY + at, typed() | chosen).content.decode()
        assert "Mon 9 Mar, 11:50" in whole
        assert not LadderRung.objects.exists()

    def test_what_makes_no_sense_is_left_out(self, cast: Cast, friday: dt.datetime, sign_in: SignIn) -> None:
        client, at = sign_in(cast.manager), f"?at={cast.here.pk}&preview=1"
        bad = {"play-moment": "yesterday\0", "play-person": "999"}
        answer = client.post(APOLOGY + at, typed(r0_number="x") | bad, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "so the apology is due" in answer.content.decode()

    def test_somewhere_else_the_zone_is_named(self, cast: Cast, friday: dt.datetime) -> None:
        assert self.play(cast, friday).zone == ""
        assert self.play(cast, friday, reader=cast.outsider).zone == "Chicago"


@pytest.mark.parametrize("managers", [1, 3])
def test_statements(
    managers: int, cast: Cast, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(managers - 1):
        make.make_staff(
            f"Max{number} Manager",
            cast.here,
            role="manager",  # type: ignore[arg-type]
            reachable_from=dt.time(9),
            reachable_until=dt.time(17),
            mail_rule="twice",
        )
    Staff.objects.filter(pk=cast.manager.pk).update(away_until=make.NOW + 400 * make.DAY, stand_in=cast.desk)
    client = sign_in(cast.manager)
    client.post(f"{APOLOGY}?at={cast.here.pk}", typed())
    for address in (ADDRESS, f"{MODERATE}?at={cast.here.pk}", f"{APOLOGY}?at={cast.here.pk}", APOLOGY):
        with django_assert_max_num_queries(12):
            client.get(address)
