"""What few may know of since the meeting stands in no minutes any more, and stays in what is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from incidents.actions.minutes import correct_minutes
from incidents.models import Incident, Meeting, Minutes, Staff
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast
from tests.views.minutes import past

SignIn = Callable[[Staff], Client]
OF_IT = ("called twice", "A list by the door", "Because a colleague", "called a colleague")


@kept_rows
def meeting(cast: Cast) -> Meeting:
    incident = past.told(cast)
    over = past.meeting_over(cast, incident)
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    return over


@pytest.mark.parametrize("page", ["meeting-minutes", "meeting-minutes-correct"])
def test_no_page_tells_it(page: str, meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.manager).get(reverse(page, args=[meeting.pk])).content.decode()
    assert "Keys of the customer" in text
    for words in OF_IT:
        assert words not in text


def test_not_on_paper(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    url = reverse("meeting-minutes-pdf", args=[meeting.pk])
    text = sign_in(cast.desk).get(url, {"form": "print"}).content.decode()
    assert not [words for words in OF_IT if words in text]


def test_a_correction_keeps_it_and_what_changed_does_not_tell_it(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    item = meeting.items.get(incident__isnull=False)
    said = {"notes": {item.pk: "Called thrice."}, "remark": ""}
    correct_minutes(meeting_id=meeting.pk, expected_number=1, by=cast.manager, now=NOW + DAY, **said)  # type: ignore[arg-type]
    text = sign_in(cast.desk).get(reverse("meeting-minutes", args=[meeting.pk])).content.decode()
    assert "Called thrice" not in text
    assert Minutes.objects.get(meeting=meeting, number=2).body["items"][0]["notes"] == "Called thrice."


def test_what_it_said_before_is_there_for_others(cast: Cast, sign_in: SignIn) -> None:
    over = past.meeting_over(cast, past.told(cast))
    past_of_another = make.make_incident(cast.desk)
    Incident.objects.filter(pk=past_of_another.pk).update(is_restricted=True)
    text = sign_in(cast.desk).get(reverse("meeting-minutes", args=[over.pk])).content.decode()
    assert "called twice" in text
