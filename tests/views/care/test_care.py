""" "How are you?" on its page, and walked through every door by which somebody else might learn of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from incidents.access import Role
from incidents.actions import care
from incidents.models import CheckIn, Event, Incident, Job, Notice, Outbox, Staff
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url

WORDS = "That was a hard one. How are you?"
TO_TALK = "would like to talk to you"


@kept_rows
def mine(cast: Cast) -> CheckIn:
    """The desk's, after something grave that ended just now."""
    now = timezone.now()
    incident = make.make_incident(cast.desk, severity=2, now=now)
    make.close(incident, cast.manager, "withdrawn", now=now)
    return CheckIn.objects.get(staff=cast.desk)


def show(check_in: CheckIn) -> str:
    return reverse("care-show", args=[check_in.pk])


def send(client: Any, check_in: CheckIn, **sent: Any) -> Any:
    return client.post(reverse("care-answer", args=[check_in.pk]), sent)


def test_the_line_in_the_inbox_leads_there(cast: Cast, sign_in: SignIn, mine: CheckIn) -> None:
    client = sign_in(cast.desk)
    assert WORDS in text_of(client.get(reverse("notice-list")))
    notice = Notice.objects.get(kind="check_in")
    answer = client.get(reverse("notice-open", args=[notice.pk]))
    assert answer["Location"] == show(mine)
    page = text_of(client.get(show(mine)))
    assert WORDS in page
    assert mine.incident.reference in page


def test_one_tap(cast: Cast, sign_in: SignIn, mine: CheckIn) -> None:
    client = sign_in(cast.desk)
    assert send(client, mine, answer="fine")["Location"] == show(mine)
    assert "You said: I am fine" in text_of(client.get(show(mine)))


def test_to_talk_one_says_to_whom(cast: Cast, sign_in: SignIn, mine: CheckIn) -> None:
    client = sign_in(cast.desk)
    bare = send(client, mine, answer="talk")
    assert bare.status_code == 422
    assert "Choose whom you would like to talk to." in text_of(bare)
    assert send(client, mine, answer="talk", talk_to=cast.manager.pk).status_code == 302
    assert "Mona Manager knows that you would like to talk" in text_of(client.get(show(mine)))


def test_whom_they_chose_reads_a_name_and_nothing_of_what(cast: Cast, sign_in: SignIn, mine: CheckIn) -> None:
    send(sign_in(cast.desk), mine, answer="talk", talk_to=cast.colleague.pk)
    client = sign_in(cast.colleague)
    inbox = text_of(client.get(reverse("notice-list")))
    assert "Somebody would like to talk to you" in inbox
    assert "Dora" not in inbox
    assert mine.incident.reference not in inbox
    page = text_of(client.get(show(mine)))
    assert f"Dora Desk {TO_TALK}" in page
    assert mine.incident.reference not in page
    assert send(client, mine, answer="fine").status_code == 403


@pytest.mark.parametrize("sent", [{}, {"answer": "great"}, {"answer": "talk", "talk_to": "999999"}])
def test_what_is_no_answer_is_422(cast: Cast, sign_in: SignIn, mine: CheckIn, sent: dict[str, str]) -> None:
    assert send(sign_in(cast.desk), mine, **sent).status_code == 422
    mine.refresh_from_db()
    assert mine.answer == ""


def test_of_a_restricted_one_only_who_may_know_is_offered(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk, category="safety")
    client = sign_in(cast.desk)
    there = client.post(url("recover-abuse", incident))["Location"]
    page = text_of(client.get(there))
    assert "Mona Manager" in page
    assert "Cole League" not in page
    check_in = CheckIn.objects.get()
    assert send(client, check_in, answer="talk", talk_to=cast.colleague.pk).status_code == 422


def test_whoever_sees_it_no_more_still_has_their_page(cast: Cast, sign_in: SignIn, mine: CheckIn) -> None:
    cast.desk.memberships.all().delete()
    page = text_of(sign_in(cast.desk).get(show(mine)))
    assert WORDS in page
    assert mine.incident.reference not in page


def test_abuse_leads_to_ones_own_page_and_leaves_nothing_behind(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    client = sign_in(cast.colleague)
    events = Event.objects.count()
    assert "Somebody was abusive to me" in text_of(client.get(url("recover-part", incident, "care")))
    answer = client.post(url("recover-abuse", incident))
    assert answer["Location"] == show(CheckIn.objects.get(staff=cast.colleague))
    assert Event.objects.count() == events
    assert "Somebody was abusive:" in text_of(client.get(answer["Location"]))


def test_a_manager_thinks_of_somebody(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    client = sign_in(cast.manager)
    assert 'name="to"' in text_of(client.get(url("recover-part", incident, "care")))
    answer = client.post(url("recover-think-of", incident), {"to": cast.colleague.pk}, follow=True)
    assert "Only they see it" in text_of(answer)
    assert "Mona Manager thought of you" in text_of(sign_in(cast.colleague).get(show(CheckIn.objects.get())))


def test_the_desk_has_no_such_form(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    client = sign_in(cast.desk)
    assert 'name="to"' not in text_of(client.get(url("recover-part", incident, "care")))
    assert client.post(url("recover-think-of", incident), {"to": cast.colleague.pk}).status_code == 403
    assert sign_in(cast.manager).post(url("recover-think-of", incident), {"to": "x"}).status_code == 422


def test_not_again(cast: Cast, sign_in: SignIn, mine: CheckIn) -> None:
    client = sign_in(cast.desk)
    assert "Do not ask me again" in text_of(client.get(show(mine)))
    there = reverse("profile-care")
    assert "We do not ask how you are" in text_of(client.post(there, {"wants": "no"}, follow=True))
    cast.desk.refresh_from_db()
    assert cast.desk.wants_check_ins is False
    assert "After a hard one we ask how you are" in text_of(client.post(there, {"wants": "yes"}, follow=True))
    assert client.post(there, {"wants": "maybe"}).status_code == 422
    assert client.get(there).status_code == 405


def test_rules(cast: Cast, sign_in: SignIn, mine: CheckIn) -> None:
    for name in ("recover-abuse", "recover-think-of"):
        hold(cast, sign_in, name, make.make_incident(cast.desk))
    client = sign_in(cast.desk)
    assert client.post(show(mine)).status_code == 405
    assert client.get(reverse("care-answer", args=[mine.pk])).status_code == 405
    assert client.get(reverse("care-show", args=[999_999])).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_statements(cast: Cast, sign_in: SignIn, mine: CheckIn, number: int, django_assert_num_queries: Any) -> None:
    for n in range(number):
        make.make_staff(f"Person{n} Listening", cast.here)
    client = sign_in(cast.desk)
    with django_assert_num_queries(7):
        assert client.get(show(mine)).status_code == 200


# Every door by which anybody but the two might learn of it.
PEOPLE = ("manager", "owner", "colleague", "boss", "outsider")
LISTS = (
    *("home", "incident-list", "board", "notice-list", "job-list", "staff-list", "delivery-list", "open-work"),
    *("approval-list", "call-list", "permissions", "customer-list"),
)


@pytest.fixture
def told(cast: Cast, sign_in: SignIn, mine: CheckIn) -> CheckIn:
    """The desk would like to talk to a manager, `boss`."""
    boss = make.make_staff("Berta Boss", cast.here, role=Role.MANAGER)
    care.answer_check_in(check_in_id=mine.pk, answer="talk", by=cast.desk, now=timezone.now(), talk_to=boss)
    mine.refresh_from_db()
    return mine


def person(cast: Cast, name: str) -> Staff:
    return Staff.objects.get(name="Berta Boss") if name == "boss" else getattr(cast, name)


@pytest.mark.parametrize("who", ["manager", "owner", "colleague", "outsider"])
def test_nobody_else_has_its_page_whatever_their_role(cast: Cast, sign_in: SignIn, told: CheckIn, who: str) -> None:
    client = sign_in(person(cast, who))
    for check_in in (told, CheckIn(pk=told.pk + 1000)):  # the same answer as for one that is not there
        assert client.get(show(check_in)).status_code == 404
        assert send(client, check_in, answer="fine").status_code == 404


def test_an_answer_that_is_not_talk_is_nobody_elses(cast: Cast, sign_in: SignIn, told: CheckIn) -> None:
    boss = person(cast, "boss")
    assert sign_in(boss).get(show(told)).status_code == 200
    send(sign_in(cast.desk), told, answer="fine")
    assert sign_in(boss).get(show(told)).status_code == 404
    assert TO_TALK not in text_of(sign_in(boss).get(reverse("notice-list")))


@pytest.mark.parametrize("who", ["manager", "owner", "colleague", "outsider"])
@pytest.mark.parametrize("name", LISTS)
def test_no_list_tells(cast: Cast, sign_in: SignIn, told: CheckIn, who: str, name: str) -> None:
    text = text_of(sign_in(person(cast, who)).get(reverse(name), follow=True))
    for words in (WORDS, "would like to talk", show(told)):
        assert words not in text


@pytest.mark.parametrize("who", ["desk", "manager", "owner", "colleague", "boss"])
def test_the_incident_and_its_timeline_do_not_tell(cast: Cast, sign_in: SignIn, told: CheckIn, who: str) -> None:
    client = sign_in(person(cast, who))
    parts = ("care", "times", "close", "hand_over")
    pages = [told.incident.get_absolute_url(), *(url("recover-part", told.incident, part) for part in parts)]
    pages += [reverse("customer-show", args=[told.incident.customer_id]), url("recover-looking", told.incident)]
    for page in pages:
        text = text_of(client.get(page))
        for words in (WORDS, "would like to talk", "I am fine", show(told)):
            assert words not in text, page


@pytest.mark.parametrize("q", ["talk", "hard one", "How are you", "abusive", "Berta"])
def test_search_finds_nothing_of_it(cast: Cast, sign_in: SignIn, told: CheckIn, q: str) -> None:
    for who in PEOPLE:
        text = text_of(sign_in(person(cast, who)).get(reverse("search-everywhere"), {"q": q}))
        assert WORDS not in text
        assert "/care/" not in text


def test_no_event_no_mail_no_job(cast: Cast, told: CheckIn) -> None:
    kinds = set(Event.objects.filter(incident=told.incident).values_list("kind", flat=True))
    assert not {kind for kind in kinds if "care" in kind or "check" in kind or "talk" in kind}
    assert not Outbox.objects.filter(lines__notice__kind__in=["check_in", "wants_to_talk"]).exists()
    assert not Job.objects.exists()


def test_the_admin_has_no_door_to_it(cast: Cast, sign_in: SignIn, told: CheckIn) -> None:
    assert CheckIn not in admin.site._registry
    client = sign_in(cast.owner)
    notice = Notice.objects.get(kind="wants_to_talk")
    assert client.get(f"/admin/incidents/notice/{notice.pk}/change/").status_code == 302  # not found: back to the list
    for kind in ("check_in", "wants_to_talk"):
        assert f"{kind} for" not in text_of(client.get("/admin/incidents/notice/"))
    assert client.get("/admin/incidents/checkin/").status_code == 404
    staff = text_of(client.get(f"/admin/incidents/staff/{cast.desk.pk}/change/"))
    assert "check_in" not in staff.lower().replace("wants_check_ins", "")


def test_what_belongs_to_someone_else_is_left_out_of_every_relation(cast: Cast, told: CheckIn) -> None:
    """The one door: a queryset that knows of nobody's role."""
    for who in ("manager", "owner", "colleague", "outsider"):
        assert not CheckIn.objects.visible_to(person(cast, who)).exists()
    assert CheckIn.objects.visible_to(cast.desk).get() == told
    assert CheckIn.objects.visible_to(person(cast, "boss")).get() == told
    assert not CheckIn.objects.own(person(cast, "boss")).exists()
    assert Incident.objects.visible_to(cast.owner).filter(pk=told.incident_id).exists()
