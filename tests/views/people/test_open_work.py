"""Who has what: by name, as much as the reader may see, and no comparing."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from incidents.access import Role
from incidents.actions import handovers, jobs
from incidents.board import people
from incidents.models import Concern, Incident, Membership, Staff
from tests import make
from tests.make import DAY, Cast
from tests.preventing import commit
from tests.views.recover.rules import SignIn, text_of

PAGE = "/open-work/"


def row(text: str, name: str) -> str:
    """The table row of one person, without markup."""
    found = next(
        part for part in text.split("<tr>") if f'<th scope="row"><span class="strong">{name}<' in part
    ).partition("</tr>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def numbers(text: str, name: str) -> list[str]:
    """Open, late, calls due, waiting to be taken over."""
    found = next(
        part for part in text.split("<tr>") if f'<th scope="row"><span class="strong">{name}<' in part
    ).partition("</tr>")[0]
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r'<td class="num"[^>]*>(.*?)</td>', found)]


def late(incident: Incident) -> Incident:
    Incident.objects.filter(pk=incident.pk).update(next_due_at=timezone.now() - DAY)
    return incident


def test_each_by_name_with_what_they_have(cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    late(make.make_incident(cast.desk, now=now))
    given = make.make_incident(cast.desk, now=now)
    handovers.hand_over(incident_id=given.pk, to=cast.colleague, by=cast.desk, now=now)
    called = make.make_incident(cast.desk, now=now)
    make.settle(called, cast.desk)
    called.follow_ups.update(due_at=now - DAY)
    text = text_of(sign_in(cast.manager).get(PAGE))
    assert numbers(text, "Dora Desk")[:3] == ["2", "2", "1"]
    assert numbers(text, "Cole League") == ["1", "0", "0", "1"]
    assert numbers(text, "Mona Manager") == ["0", "0", "0", "0"]
    names = re.findall(r'<th scope="row"><span class="strong">([^<]+)<', text)
    assert names == ["Cole League", "Dora Desk", "Mona Manager", "Olga Owner"]
    assert "Otto Outsider" not in text


def test_never_in_the_order_of_numbers(cast: Cast, sign_in: SignIn) -> None:
    for _n in range(3):
        make.make_incident(cast.owner)
    text = text_of(sign_in(cast.manager).get(PAGE))
    names = re.findall(r'<th scope="row"><span class="strong">([^<]+)<', text)
    assert names == sorted(names)
    assert numbers(text, names[-1])[0] == "3"


def test_numbers_are_of_what_the_reader_sees(cast: Cast, sign_in: SignIn) -> None:
    hidden = make.make_incident(cast.desk, category="safety")
    Incident.objects.filter(pk=hidden.pk).update(assignee=cast.colleague)
    boss = make.make_staff("Berta Boss", cast.here, role=Role.MANAGER)
    assert numbers(text_of(sign_in(boss).get(PAGE)), "Cole League")[0] == "1"
    Concern.objects.create(incident=hidden, staff=cast.manager)
    assert numbers(text_of(sign_in(boss).get(PAGE)), "Cole League")[0] == "0"
    assert numbers(text_of(sign_in(cast.owner).get(PAGE)), "Cole League")[0] == "1"


def test_away_on_duty_and_who_stands_in(cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    cast.desk.on_duty_until = now + DAY
    cast.desk.save(update_fields=["on_duty_until"])
    cast.manager.away_until, cast.manager.stand_in = now + 3 * DAY, cast.owner
    cast.manager.save(update_fields=["away_until", "stand_in"])
    text = text_of(sign_in(cast.owner).get(PAGE))
    assert "On duty" in row(text, "Dora Desk")
    assert "Away until" in row(text, "Mona Manager")
    assert "Olga Owner stands in" in row(text, "Mona Manager")


def test_whoever_left_with_work_comes_first(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.colleague)
    Staff.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    text = text_of(sign_in(cast.manager).get(PAGE))
    assert "Cannot sign in any more, and still has work" in text
    assert text.index("Cole League") < text.index("Dora Desk")
    # No filter of the list offers them.
    assert f'href="/incidents/?assignee={cast.colleague.pk}"' not in text
    assert f'href="/incidents/?pick={incident.reference}"' not in text
    assert f'href="{PAGE}{cast.colleague.pk}/"' in text


def test_whoever_left_without_work_is_gone(cast: Cast, sign_in: SignIn) -> None:
    Staff.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    assert "Cole League" not in text_of(sign_in(cast.manager).get(PAGE))


def test_whoever_works_elsewhere_now_still_hands_over_what_they_have_here(cast: Cast, sign_in: SignIn) -> None:
    make.make_incident(cast.colleague)
    Membership.objects.filter(staff=cast.colleague).update(location=cast.elsewhere)
    client = sign_in(cast.manager)
    assert f'href="{PAGE}{cast.colleague.pk}/"' in text_of(client.get(PAGE))
    assert "1 open recovery" in text_of(client.get(f"{PAGE}{cast.colleague.pk}/"))


@pytest.mark.parametrize("is_active", [True, False])
def test_hand_over_everything_takes_what_is_theirs_and_nothing_else(
    cast: Cast, sign_in: SignIn, is_active: bool
) -> None:
    """From the button to whoever has them then."""
    mine = [make.make_incident(cast.colleague) for _n in range(2)]
    other = make.make_incident(cast.desk)
    Staff.objects.filter(pk=cast.colleague.pk).update(is_active=is_active)
    client = sign_in(cast.manager)
    part = next(part for part in text_of(client.get(PAGE)).split("<tr>") if '"strong">Cole League<' in part)
    there = re.search(rf'href="({PAGE}[0-9]+/)"', part)
    assert there
    page = client.get(there[1], {"to": cast.manager.pk})
    assert "2 open recoveries" in text_of(page)
    client.post(there[1], {"to": cast.manager.pk, "submit_key": str(uuid4())})
    jobs.work()
    assert {make.fresh(incident).assignee for incident in mine} == {cast.manager}
    assert make.fresh(other).assignee == cast.desk


def test_one_place_at_a_time(cast: Cast, sign_in: SignIn) -> None:
    make.make_incident(cast.outsider)
    client = sign_in(cast.owner)
    assert "Otto Outsider" in text_of(client.get(PAGE))
    text = text_of(client.get(PAGE, {"place": cast.elsewhere.pk}))
    assert "Otto Outsider" in text
    assert "Cole League" not in text
    assert f"location={cast.elsewhere.pk}" in text
    for strange in ("999999", "x", str(cast.elsewhere.pk) * 9):
        assert "Cole League" in text_of(client.get(PAGE, {"place": strange}))
    assert "Otto Outsider" not in text_of(sign_in(cast.manager).get(PAGE, {"place": cast.elsewhere.pk}))


def test_many_people_come_in_pages(cast: Cast, sign_in: SignIn) -> None:
    for n in range(41):
        make.make_staff(f"P{n:02} Person", cast.here)
    client = sign_in(cast.manager)
    first = text_of(client.get(PAGE))
    more = re.search(r'href="(\?after=\d+)"', first)
    assert more
    second = text_of(client.get(PAGE + more[1]))
    assert "P40 Person" in second
    assert "P00 Person" not in second
    assert "Cole League" not in second


@pytest.mark.parametrize("number", [1, 3])
def test_statements(cast: Cast, sign_in: SignIn, number: int, django_assert_num_queries: Any) -> None:
    for n in range(number):
        person = make.make_staff(f"Q{n} Person", cast.here)
        left = make.make_staff(f"L{n} Left", cast.here)
        for each in (person, left):
            late(make.make_incident(each))
        Staff.objects.filter(pk=left.pk).update(is_active=False)
    client = sign_in(cast.manager)
    with django_assert_num_queries(7):
        assert client.get(PAGE).status_code == 200


def test_counting_stops(cast: Cast, sign_in: SignIn) -> None:
    assert people.capped(99) == "99"
    assert people.capped(100) == "99+"


def test_rules(cast: Cast, sign_in: SignIn, client: Any) -> None:
    assert client.get(PAGE).status_code == 302
    assert sign_in(cast.desk).get(PAGE).status_code == 403
    assert sign_in(cast.manager).post(PAGE).status_code == 405
    assert sign_in(cast.manager).get(PAGE, {"after": "9" * 30}).status_code == 200


def test_what_somebody_who_left_was_to_change_is_found_and_given_on(cast: Cast, sign_in: SignIn) -> None:
    action = commit(make.make_incident(cast.colleague), cast.manager, assignee=cast.desk)
    Staff.objects.filter(pk=cast.desk.pk).update(is_active=False)
    client = sign_in(cast.manager)
    text = text_of(client.get(PAGE))
    assert "1 change" in row(text, "Dora Desk")
    assert f"/changes/?who={cast.desk.pk}" in text
    commit(make.make_incident(cast.colleague), cast.manager, assignee=cast.colleague, what="Another one")
    listed = text_of(client.get(f"/changes/?who={cast.desk.pk}"))
    assert action.what in listed
    assert "Another one" not in listed
    assert "Another one" in text_of(client.get("/changes/?who=99999999999999999999"))
    assert "Another one" in text_of(sign_in(cast.colleague).get(f"/changes/?who={cast.desk.pk}"))
