"""What the pages of meetings, practice and procedures have PostgreSQL keep says the same as when it is put together."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from incidents.access import Role
from incidents.board import learning, meeting_list, meetings, practice, procedures
from incidents.models import Account, Customer, Incident, Staff, agenda, hidden, open_places, staff
from incidents.models.prepared import find, find_about, rows_about
from incidents.story import room
from tests import make
from tests.make import DAY, HOUR, NOW
from tests.meetings import call, on_the_list
from tests.models.test_prepared import columns
from tests.views.practice.addresses import scenario

FOR_SOMEBODY: tuple[Any, ...] = (
    *(meeting_list._listed, meeting_list._going_on, meeting_list._waiting, meeting_list._for_few),
    *(practice._open, practice._drafts, practice._proposed),
    *(learning._following, learning._theirs, learning._asked),
    *(procedures._first_page, staff._open_to),
)
ABOUT_A_PLACE = (meeting_list._listed_at, meeting_list._waiting_at, meeting_list._for_few_at)
HUGE = 10**19


def told(rows: Any) -> list[dict[str, Any]]:
    return sorted(map(columns, rows), key=lambda row: int(row["id"]))


@pytest.fixture
def busy(cast: make.Cast) -> make.Cast:
    """At each place a meeting ahead and one that was, a story, something that is over, something for few."""
    now = timezone.now()
    for by in (cast.desk, cast.outsider):
        place = by.locations.get()
        for days in (-30, 9):
            call(cast, location=place, now=now + days * DAY, by=cast.owner, facilitator=cast.owner)
        on_the_list(by, now=now)
        make.close(make.make_incident(by, now=now - HOUR), cast.owner, "withdrawn")
        few = on_the_list(by, now=now)
        Incident.objects.filter(pk=few.pk).update(is_restricted=True)
        scenario(cast, location=place)
        scenario(cast, location=place, published_at=None)
    return cast


@pytest.mark.parametrize("name", ["desk", "manager", "owner"])
def test_for_whoever_is_there(busy: make.Cast, name: str) -> None:
    person: Staff = getattr(busy, name)
    other = make.make_staff("Oda Other", busy.elsewhere, role=Role(person.role))
    for each in (person, other, person):
        now = timezone.now()
        for build in FOR_SOMEBODY:
            assert told(find(build, staff=each, now=now)) == told(build(each, now)), build
        for build in ABOUT_A_PLACE:
            for place in (busy.here.pk, busy.elsewhere.pk):
                found = find(build, staff=each, now=now, about=place)
                assert told(found) == told(build(each, now, place)), build


def test_about_what_is_asked(busy: make.Cast) -> None:
    now = timezone.now()
    for place in (busy.here, busy.elsewhere):
        meeting = place.meetings.all()[0]
        for build in (meetings._people_of, room._people_of, agenda._shown_in):
            assert told(find_about(build, meeting.pk)) == told(build(meeting.pk))
        assert told(find_about(meetings._queue, place.pk, now=now)) == told(meetings._queue(place.pk, now))
        assert told(find_about(hidden._staff, place.pk)) == told(hidden._staff(place.pk))


def test_a_meeting_is_found_by_whoever_may_see_it(busy: make.Cast) -> None:
    theirs, other = (place.meetings.all()[0] for place in (busy.here, busy.elsewhere))
    assert agenda.meeting_of(busy.desk, theirs.pk) == theirs
    assert agenda.meeting_of(busy.desk, other.pk) is None
    assert agenda.meeting_of(busy.owner, other.pk) == other
    assert agenda.meeting_of(busy.owner, HUGE) is None
    assert find_about(meetings._people_of, HUGE) == []


def test_places_open_to_somebody(cast: make.Cast) -> None:
    nobody = Staff.objects.create_user("no@place.example", name="Nora Nowhere", role=Role.FRONT_DESK)
    make.make_staff("Iva", cast.here)
    assert open_places(cast.desk) == [cast.here]
    assert set(open_places(cast.owner)) == {cast.here, cast.elsewhere}
    assert open_places(nobody) == []
    cast.here.is_active = False
    cast.here.save()
    assert open_places(cast.desk) == []


@pytest.mark.parametrize("is_known", [True, False])
def test_names_of_one_and_of_many_are_read_alike(cast: make.Cast, *, is_known: bool) -> None:
    """In statements that are kept for one, in others for many."""
    account = Account.objects.create(name="Acme", sort_name="acme", created_at=NOW)
    one = make.make_incident(cast.desk, customer=make.make_customer("Nora Novak"))
    others = [make.make_customer(name) for name in ("Ada Ames", "Bo Bell")]
    Customer.objects.filter(name__in=["Ada Ames", "Bo Bell", "Nora Novak"]).update(account=account)
    told_with = make.make_incident(cast.desk, customer=make.make_customer("Cy Cole"))
    Incident.objects.filter(pk=told_with.pk).update(told_with=one)
    if not is_known:
        Incident.objects.filter(pk=one.pk).update(customer=None)
    one = make.fresh(one)
    customers, people, rows = hidden._of_one(one)
    anew = hidden._of([one], None)
    assert [told(customers), told(people), set(rows)] == [told(anew[0]), told(anew[1]), set(anew[2])]
    assert {each.name for each in customers} == (
        {"Nora Novak", "Cy Cole", *(each.name for each in others)} if is_known else {"Cy Cole"}
    )
    assert rows_about(hidden._rows_naming, HUGE) == []
