"""Minutes: what stands in them, versions, who has read them; no names on any of their pages."""

from __future__ import annotations

from collections.abc import Callable

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from incidents.actions.minutes import correct_minutes, write_minutes
from incidents.models import Meeting, Minutes, Notice, Staff
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast
from tests.views.minutes import past
from tests.views.minutes.past import NAMES

SignIn = Callable[[Staff], Client]
TOLD = (
    "The customer of their company called a colleague at the desk at a phone number about a number, an e-mail address."
)


@kept_rows
def meeting(cast: Cast) -> Meeting:
    return past.meeting_over(cast, past.told(cast))


def url(meeting: Meeting, name: str = "meeting-minutes") -> str:
    return reverse(name, args=[meeting.pk])


def nameless(text: str) -> None:
    """Of those who read it the page names the people who came; of the others nobody."""
    for name in (*NAMES[:-1], "Dear Nora", "555", "AB-1234", "nora@"):
        assert name not in text, name


def test_what_stands_in_them(meeting: Meeting, cast: Cast) -> None:
    body = Minutes.objects.get(meeting=meeting).body
    incident, topic, thanks, _numbers = body["items"]
    assert (body["present"], body["absent"]) == (["Dora Desk", "Mona Manager"], ["Cole League"])
    assert incident["notes"] == "A colleague at the desk said that the customer called twice."
    assert incident["lines"][:2] == [
        [
            "What happened",
            TOLD,
        ],
        ["How we put it right", "Taxi for the customer"],
    ]
    assert incident["actions"][0]["what"] == "A list by the door, as the customer asked"
    assert incident["actions"][0]["who"] == "Mona Manager"  # she said that she would
    assert ["Why", "Because a colleague at the desk was alone."] in incident["lines"]
    assert ["Steps that were missed", "Look twice"] in incident["lines"]
    assert topic["title"] == "Keys of the customer"
    assert thanks["lines"] == [["Cole League", "stayed late for the customer"]]


def test_they_are_written_once(meeting: Meeting, cast: Cast) -> None:
    assert write_minutes(meeting, by=cast.manager, now=NOW + DAY).number == 1
    assert meeting.versions.count() == 1


@pytest.mark.parametrize("kind", ["page", "print", "pdf"])
def test_no_names_on_page_or_paper(meeting: Meeting, cast: Cast, sign_in: SignIn, kind: str) -> None:
    address = url(meeting) if kind == "page" else url(meeting, "meeting-minutes-pdf")
    response = sign_in(cast.desk).get(address + ("?form=print" if kind == "print" else ""))
    text = response.content.decode() if kind != "pdf" else _pdf_text(response.content)
    assert "A list by the door" in text
    assert "the customer" in text
    nameless(text)


def _pdf_text(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as pages:
        return "\n".join(page.get_textpage().get_text_range() for page in pages)


def test_words_blacked_out_later_go_too(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    incident = meeting.items.get(kind="incident").incident
    assert incident
    client.post(url(meeting, "meeting-names"), {"incident": incident.pk, "words": "by the door", "instead": "there"})
    for address in (url(meeting), url(meeting, "meeting-minutes-pdf") + "?form=print"):
        text = client.get(address).content.decode()
        assert "by the door" not in text
        assert "A list there" in text


def test_a_correction_is_a_next_version(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    client, item = sign_in(cast.manager), meeting.items.get(kind="incident")
    others = {f"note_{each.pk}": each.notes for each in meeting.items.exclude(pk=item.pk)}
    data = others | {"number": 1, f"note_{item.pk}": "Nora Novak rang thrice.", "remark": "Thanks to Sam Rivers"}
    assert client.post(url(meeting, "meeting-minutes-correct"), data).status_code == 302
    new = meeting.versions.get(number=2)
    assert [each["after"] for each in new.body["changed"]] == ["The customer rang thrice.", "Thanks to a colleague"]
    text = client.get(url(meeting)).content.decode()
    assert "What changed in version 2" in text
    nameless(text)
    old = client.get(url(meeting) + "?version=1").content.decode()
    assert "called twice" in old
    assert "rang thrice" not in old
    assert meeting.versions.get(number=1).body["changed"] == []


def test_nothing_changed_is_no_version(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    item = meeting.items.get(kind="incident")
    data = {"number": 1, f"note_{item.pk}": "A colleague at the desk said that the customer called twice."}
    others = {f"note_{each.pk}": each.notes for each in meeting.items.exclude(pk=item.pk)}
    sign_in(cast.manager).post(url(meeting, "meeting-minutes-correct"), data | others)
    assert meeting.versions.count() == 1


def test_somebody_else_was_faster(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    correct_minutes(meeting_id=meeting.pk, expected_number=1, notes={}, remark="First", by=cast.manager, now=NOW + DAY)
    response = sign_in(cast.owner).post(url(meeting, "meeting-minutes-correct"), {"number": 1, "remark": "Second"})
    text = response.content.decode()
    assert response.status_code == 409
    assert "First" in text
    assert "Second" in text
    assert 'name="number" value="2"' in text


def test_what_is_typed_is_kept(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    client.post(url(meeting, "meeting-minutes-draft"), {"remark": "Half a sen", "number": "1"})
    assert "Half a sen" in client.get(url(meeting, "meeting-minutes-correct")).content.decode()
    assert "Half a sen" not in sign_in(cast.owner).get(url(meeting, "meeting-minutes-correct")).content.decode()
    client.post(url(meeting, "meeting-minutes-correct"), {"number": 1, "remark": "Half a sentence"})
    client.post(url(meeting, "meeting-minutes-draft"), {"remark": "Half a sentence", "number": "1"})  # comes late
    assert cast.manager.drafts.count() == 0


def test_too_long_a_note_stays_on_the_page(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.manager).post(
        url(meeting, "meeting-minutes-correct"), {"number": 1, "remark": "typed " + "x" * 5000}
    )
    assert response.status_code == 422
    assert "typed x" in response.content.decode()


def test_i_have_read_it(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    assert "I have read it" in client.get(url(meeting)).content.decode()
    assert client.post(url(meeting, "meeting-minutes-read"), {"number": 1}).status_code == 302
    assert meeting.people.get(staff=cast.desk).read_version == 1
    assert "I have read it" not in client.get(url(meeting)).content.decode()
    correct_minutes(meeting_id=meeting.pk, expected_number=1, notes={}, remark="New", by=cast.manager, now=NOW + DAY)
    assert client.post(url(meeting, "meeting-minutes-read"), {"number": 1}).status_code == 409
    assert "I have read it" in client.get(url(meeting)).content.decode()


def test_who_was_not_asked_to_come_is_not_counted(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.owner).post(url(meeting, "meeting-minutes-read"), {"number": 1}).status_code == 409


def test_those_asked_to_come_hear_of_each_version(meeting: Meeting, cast: Cast) -> None:
    told = Notice.objects.filter(kind="minutes", subject_id=meeting.pk)
    assert set(told.values_list("recipient", flat=True)) == {cast.desk.pk, cast.colleague.pk}
    correct_minutes(meeting_id=meeting.pk, expected_number=1, notes={}, remark="New", by=cast.manager, now=NOW + DAY)
    assert told.count() == 4


def test_no_minutes_yet(cast: Cast, sign_in: SignIn) -> None:
    running = past.meeting_of(cast.here, cast.manager)
    client = sign_in(cast.manager)
    assert "There are no minutes yet" in client.get(url(running)).content.decode()
    for name in ("meeting-minutes-pdf", "meeting-minutes-correct"):
        assert client.get(url(running, name)).status_code == 404


@pytest.mark.parametrize("more", [0, 2])
def test_statements(
    cast: Cast, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries, more: int
) -> None:
    meeting = past.meeting_of(cast.here, cast.manager, cast.manager, cast.desk)
    for name in ("Nora Novak", *("Ulla Unlucky", "Vera Vexed")[:more]):
        past.talk_about(meeting, make.make_incident(cast.desk, customer=make.make_customer(name)), cast.manager)
    past.end(meeting, cast.manager)
    client = sign_in(cast.manager)
    with django_assert_max_num_queries(10):
        client.get(url(meeting))
    with django_assert_max_num_queries(14):  # five of them tell the story as the wall does
        client.get(url(meeting, "meeting-names"))


def test_bad_versions(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    for version in ("2", "0", "x", "9" * 9):
        assert client.get(url(meeting) + f"?version={version}").status_code == 404
