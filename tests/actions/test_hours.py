"""The week, the special days and the holidays of a place: who may, what is refused, what follows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from incidents.actions import hours
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import Event, Job, Location, OpenHours, SpecialDay
from tests.make import DAY, NOW, Cast
from tests.office import WEEK, keep_office_hours

T = dt.time
SUNDAY, MONDAY, TUESDAY = 6, 0, 1
CHRISTMAS = dt.date(2026, 12, 25)


def set_week(cast: Cast, week: Any, **over: Any) -> Job | None:
    version = Location.objects.values_list("version", flat=True).get(pk=cast.here.pk)
    fields: dict[str, Any] = {"by": cast.manager, "now": NOW, "expected_version": version}
    return hours.set_hours(location_id=cast.here.pk, week=week, **fields | over)


def set_day(cast: Cast, **over: Any) -> Job | None:
    fields: dict[str, Any] = {"by": cast.manager, "now": NOW, "date": CHRISTMAS, "is_open": False, "name": "Rest"}
    return hours.set_special_day(location_id=cast.here.pk, **fields | over)


def drop_day(cast: Cast, **over: Any) -> Job | None:
    fields: dict[str, Any] = {"by": cast.manager, "now": NOW, "date": CHRISTMAS}
    return hours.drop_special_day(location_id=cast.here.pk, **fields | over)


def set_region(cast: Cast, region: str, **over: Any) -> Job | None:
    fields: dict[str, Any] = {"by": cast.manager, "now": NOW, "expected_version": cast.here.version}
    return hours.set_holiday_region(location_id=cast.here.pk, region=region, **fields | over)


def stored() -> list[tuple[int, dt.time, dt.time]]:
    return list(OpenHours.objects.order_by("weekday", "opens").values_list("weekday", "opens", "closes"))


class TestWeek:
    def test_it_is_the_whole_week(self, cast: Cast) -> None:
        set_week(cast, [(SUNDAY, T(8), T(9))])
        job = set_week(cast, reversed(WEEK))
        assert stored() == WEEK
        assert job is not None
        assert (job.kind, job.options["location"], job.asked_by) == ("reckon_clocks", cast.here.pk, cast.manager)
        said = Event.objects.filter(kind="hours_changed").values_list("by", "subject_id", "codes")
        assert list(said) == [(cast.manager.pk, cast.here.pk, {"what": "hours"})] * 2

    def test_none_is_always_open(self, cast: Cast) -> None:
        keep_office_hours(cast.here)
        set_week(cast, [])
        assert stored() == []

    def test_as_it_is_already_nothing_happens(self, cast: Cast) -> None:
        set_week(cast, WEEK)
        assert set_week(cast, WEEK, expected_version=0) is None  # the same form sent twice
        assert Event.objects.filter(kind="hours_changed").count() == 1
        assert Location.objects.get(pk=cast.here.pk).version == 1

    def test_somebody_was_faster(self, cast: Cast) -> None:
        set_week(cast, WEEK)
        with pytest.raises(Stale) as stale:
            set_week(cast, [], expected_version=0)
        assert stale.value.current.version == 1
        assert stored() == WEEK

    @pytest.mark.parametrize(
        ("week", "words"),
        [
            ([(0, T(9), T(13)), (0, T(12), T(17))], "Monday 09:00 to 13:00 and Monday 12:00 to 17:00 overlap"),
            ([(0, T(9), T(17)), (0, T(9), T(12))], "overlap"),
            ([(0, T(9), T(17)), (0, T(9), T(17))], "overlap"),
            ([(0, T(9), T(17)), (0, T(10), T(11)), (0, T(12), T(13))], "Monday 09:00 to 17:00 and"),
            ([(0, T(22), T(2)), (1, T(1), T(5))], "Monday 22:00 to 02:00 and Tuesday 01:00 to 05:00 overlap"),
            ([(6, T(22), T(2)), (0, T(1), T(5))], "Sunday 22:00 to 02:00 and Monday 01:00 to 05:00 overlap"),
            ([(0, T(), T()), (0, T(9), T(10))], "overlap"),
            ([(0, T(6), T(6)), (1, T(5), T(8))], "overlap"),
            ([(2, T(h), T(h, 30)) for h in range(9)], "Wednesday has more than 8 intervals"),
        ],
    )
    def test_intervals_that_overlap_are_refused_in_words(self, cast: Cast, week: Any, words: str) -> None:
        with pytest.raises(Refused, match=words):
            set_week(cast, week)
        assert stored() == []
        assert not Job.objects.exists()

    @pytest.mark.parametrize(
        "week",
        [
            [(0, T(9), T(12)), (0, T(12), T(17))],
            [(day, T(), T()) for day in range(7)],
            [(day, T(6), T(6)) for day in range(7)],
            [(0, T(22), T(2)), (1, T(2), T(5))],
            [(0, T(), T(5)), (6, T(22), T())],
            [(3, T(17), T(9))],
        ],
    )
    def test_intervals_that_only_touch_are_not(self, cast: Cast, week: Any) -> None:
        set_week(cast, week)
        assert stored() == week


class TestSpecialDays:
    def test_one_day(self, cast: Cast) -> None:
        assert set_day(cast) is not None
        assert set_day(cast) is None
        assert set_day(cast, name="Christmas") is not None
        assert SpecialDay.objects.values_list("date", "name", "is_open").get() == (CHRISTMAS, "Christmas", False)

    def test_a_fortnight_and_back(self, cast: Cast) -> None:
        last = CHRISTMAS + 13 * DAY
        set_day(cast, until=last)
        assert SpecialDay.objects.count() == 14
        drop_day(cast, date=CHRISTMAS + DAY, until=last + DAY)
        assert SpecialDay.objects.get().date == CHRISTMAS
        assert drop_day(cast, date=CHRISTMAS + DAY) is None
        assert drop_day(cast) is not None

    def test_of_another_place_it_is_another_day(self, cast: Cast) -> None:
        set_day(cast)
        hours.drop_special_day(location_id=cast.elsewhere.pk, date=CHRISTMAS, by=cast.owner, now=NOW)
        assert SpecialDay.objects.get().location == cast.here

    @pytest.mark.parametrize(
        "days",
        [
            {"date": dt.date(1999, 12, 31)},
            {"date": dt.date(2100, 1, 1)},
            {"until": dt.date(2100, 1, 1)},
            {"until": CHRISTMAS - DAY},
            {"until": CHRISTMAS + 366 * DAY},
        ],
    )
    def test_days_nobody_means_are_refused(self, cast: Cast, days: Any) -> None:
        with pytest.raises(Refused):
            set_day(cast, **days)
        assert not SpecialDay.objects.exists()

    def test_open_on_a_day_without_hours_is_refused(self, cast: Cast) -> None:
        keep_office_hours(cast.here)
        with pytest.raises(Refused, match="no hours for Sunday"):
            set_day(cast, is_open=True, date=dt.date(2026, 12, 27))
        assert set_day(cast, is_open=True) is not None  # a Friday


class TestHolidays:
    def test_a_country_or_a_part_of_it(self, cast: Cast) -> None:
        assert set_region(cast, "DE-BY") is not None
        assert Location.objects.get(pk=cast.here.pk).holiday_region == "DE-BY"
        assert set_region(cast, "DE-BY") is None
        assert set_region(cast, "", expected_version=1) is not None

    def test_one_nobody_knows_is_refused(self, cast: Cast) -> None:
        for region in ("XX", "DE-ZZ", "de", "US-"):
            with pytest.raises(Refused, match="do not know"):
                set_region(cast, region)

    def test_somebody_was_faster(self, cast: Cast) -> None:
        set_region(cast, "DE")
        with pytest.raises(Stale):
            set_region(cast, "US")


@pytest.mark.parametrize("act", [set_day, drop_day, lambda cast, **o: set_week(cast, WEEK, **o)])
@pytest.mark.parametrize("who", ["desk", "outsider"])
def test_only_managers_of_the_place_and_administrators(cast: Cast, act: Any, who: str) -> None:
    with pytest.raises(NotYours):
        act(cast, by=getattr(cast, who))
    assert not Job.objects.exists()
