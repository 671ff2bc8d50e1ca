"""The coach reads along: a fragment, no state, nothing logged."""

from __future__ import annotations

import logging
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.models import Apology, Event, Incident
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url

INCONVENIENCE = "“any inconvenience” fits everybody"
SAME = "These are the words of an earlier apology."
LATE = "We have known for more than a day."
WORDS = "We are sorry that your shower was cold two mornings running."


def heard(cast: Cast, sign_in: SignIn, incident: Incident, words: str, **also: object) -> str:
    answer = sign_in(cast.desk).post(url("recover-coach", incident), {"words": words, **also})
    assert answer.status_code == 200
    return text_of(answer).strip()


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk, now=timezone.now())


def test_it_says_what_a_listener_stumbles_over(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    fragment = heard(cast, sign_in, incident, "We apologize for ANY inconvenience. Cole forgot it.")
    assert INCONVENIENCE in fragment
    assert "This sounds like a colleague’s fault." in fragment
    assert "<html" not in fragment


def test_nothing_to_say_is_nothing(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    for words in ("", "We let you wait in the cold. I am sorry."):
        assert heard(cast, sign_in, incident, words) == ""


def test_nothing_is_kept_or_logged(
    cast: Cast, sign_in: SignIn, incident: Incident, caplog: pytest.LogCaptureFixture
) -> None:
    events, version = Event.objects.count(), incident.version
    with caplog.at_level(logging.DEBUG):
        answer = sign_in(cast.desk).post(url("recover-coach", incident), {"words": "Quetzal, any inconvenience"})
    incident.refresh_from_db()
    assert (Event.objects.count(), Apology.objects.count(), incident.version) == (events, 0, version)
    assert "Quetzal" not in caplog.text + text_of(answer)


def test_nobody_is_blamed_by_the_name_of_whoever_speaks(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    words = "Cole forgot it."
    assert heard(cast, sign_in, incident, words)
    assert heard(cast, sign_in, incident, words, author=cast.colleague.pk) == ""
    assert heard(cast, sign_in, incident, words, author_name="Cole from the bar") == ""
    assert heard(cast, sign_in, incident, words, to_whom="Cole Porter") == ""


def test_somebody_of_another_place_is_no_colleague(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    assert heard(cast, sign_in, incident, "Otto forgot it.") == ""


def test_the_same_words_as_before(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    now = timezone.now()
    other = make.make_incident(cast.desk, now=now)
    make.apologize(other, cast.desk, now=now, words=f"Dear Nora, {WORDS}")
    assert SAME in heard(cast, sign_in, incident, f"Dear Tom, {WORDS}")
    assert SAME not in heard(cast, sign_in, incident, WORDS, author=cast.colleague.pk)
    make.apologize(incident, cast.manager, now=now, words=WORDS)
    assert SAME in heard(cast, sign_in, incident, WORDS, author=cast.colleague.pk)


def test_what_was_said_90_days_ago_is_forgotten(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    now = timezone.now()
    make.apologize(
        make.make_incident(cast.desk, now=now - 91 * make.DAY), cast.desk, now=now - 91 * make.DAY, words=WORDS
    )
    assert heard(cast, sign_in, incident, WORDS) == ""
    make.apologize(
        make.make_incident(cast.desk, now=now - 89 * make.DAY), cast.desk, now=now - 89 * make.DAY, words=WORDS
    )
    assert SAME in heard(cast, sign_in, incident, WORDS)


def test_more_than_a_day_without_an_apology(cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    incident = make.make_incident(cast.desk, now=now - 2 * make.DAY)
    assert LATE in heard(cast, sign_in, incident, "")
    then = (now - 1.5 * make.DAY).astimezone(incident.location.zone).strftime("%Y-%m-%dT%H:%M")
    assert LATE not in heard(cast, sign_in, incident, "", made_at=then)
    make.apologize(incident, cast.desk, now=now)
    assert LATE not in heard(cast, sign_in, incident, "")


def test_of_bad_fields_the_words_are_still_read(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    there, client = url("recover-coach", incident), sign_in(cast.desk)
    answer = client.post(there, {"words": "Sorry for any inconvenience.", "author": "-1", "made_at": "soon"})
    assert answer.status_code == 422
    assert INCONVENIENCE in text_of(answer)
    assert client.post(there, {"words": "x" * 10_000}).status_code == 422


@pytest.mark.parametrize("many", [1, 3])
def test_few_queries(
    cast: Cast, sign_in: SignIn, incident: Incident, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(many):
        by = make.make_staff(f"Anna{number} Other{number}", cast.here)
        make.apologize(make.make_incident(by), by, words=WORDS)
        make.apologize(incident, by, words=WORDS)
    client = sign_in(cast.desk)
    with django_assert_num_queries(7):
        client.post(url("recover-coach", incident), {"words": WORDS})


def test_rules(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    hold(cast, sign_in, "recover-coach", incident)


def test_of_a_restricted_one_only_those_who_read_it(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk, category="safety")
    assert sign_in(cast.desk).post(url("recover-coach", incident), {"words": "x"}).status_code == 403
    assert sign_in(cast.manager).post(url("recover-coach", incident), {"words": "x"}).status_code == 200


class TestWithoutScript:
    """Saved all the same; the note comes afterwards."""

    def send(self, cast: Cast, sign_in: SignIn, incident: Incident, **also: object) -> str:
        asked = {"channel": "phone", "words": "Sorry for any inconvenience.", "submit_key": uuid4(), **also}
        return text_of(sign_in(cast.desk).post(url("recover-apologize", incident), asked, follow=True))

    def test_a_quiet_note(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        page = self.send(cast, sign_in, incident)
        assert "Apology recorded." in page
        assert f"For next time: {INCONVENIENCE}" in page
        assert incident.apologies.get().words == "Sorry for any inconvenience."

    def test_none_when_the_coach_was_heard(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        assert "For next time" not in self.send(cast, sign_in, incident, coached="on")

    def test_none_when_there_is_nothing(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        assert "For next time" not in self.send(cast, sign_in, incident, words="We forgot you.")

    def test_sent_twice_is_not_said_before(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        key = uuid4()
        for _ in range(2):
            assert SAME not in self.send(cast, sign_in, incident, words=WORDS, submit_key=key)

    def test_none_when_it_was_not_saved(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        page = self.send(cast, sign_in, incident, channel="telepathy")
        assert "For next time" not in page
        assert INCONVENIENCE in page  # beside the field, where it can still be changed


def test_the_page_says_it_is_late_before_a_word_is_typed(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk, now=timezone.now() - 2 * make.DAY)
    page = text_of(sign_in(cast.desk).get(url("recover-show", incident)))
    assert LATE in page
    assert "What makes a good apology" in page
