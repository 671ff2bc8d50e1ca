"""Recording an apology."""

from __future__ import annotations

from uuid import uuid4

from django.utils import timezone

from incidents.vocabulary import Stage
from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


def test_one_press_records_mine(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    answer = sign_in(cast.desk).post(
        url("recover-apologize", incident), {"channel": "in_person", "submit_key": uuid4()}, follow=True
    )
    assert "Apology recorded." in text_of(answer)
    incident.refresh_from_db()
    assert incident.stage == Stage.REMEDY
    assert incident.apologies.get().author == cast.desk


def test_twice_the_same_key_is_once(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    asked = {"channel": "phone", "submit_key": uuid4()}
    client = sign_in(cast.desk)
    for _ in range(2):
        assert client.post(url("recover-apologize", incident), asked).status_code == 302
    assert incident.apologies.count() == 1


def test_a_typed_name_wins_and_local_time_is_the_places(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    asked = {
        "channel": "note",
        "author": cast.desk.pk,
        "author_name": "Sal, the sales manager",
        "made_at": "2026-03-04T10:30",
        "submit_key": uuid4(),
    }
    assert sign_in(cast.desk).post(url("recover-apologize", incident), asked).status_code == 302
    apology = incident.apologies.get()
    assert apology.who == "Sal, the sales manager"
    assert apology.made_at is not None
    assert apology.made_at.isoformat() == "2026-03-04T16:30:00+00:00"


def test_it_travels_with_a_delivery(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    remedy = make.give(incident, cast.desk, "personal_delivery", is_delivered=False)
    asked = {"channel": "note", "travels_with": remedy.pk, "submit_key": uuid4()}
    page = text_of(sign_in(cast.desk).post(url("recover-apologize", incident), asked, follow=True))
    assert "The apology travels with a delivery that has not arrived yet." in page
    assert incident.apologies.get().made_at is None


def test_bad_input_keeps_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    tomorrow = (timezone.now() + make.DAY).strftime("%Y-%m-%dT%H:%M")
    asked = {"channel": "telepathy", "words": "We are sorry", "made_at": tomorrow, "submit_key": uuid4()}
    answer = sign_in(cast.desk).post(url("recover-apologize", incident), asked)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "There is a problem" in page
    assert "We are sorry" in page
    assert "That is still to come." in page
    assert not incident.apologies.exists()


def test_a_closed_one_says_so(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    make.call(incident, cast.desk)
    answer = sign_in(cast.desk).post(url("recover-apologize", incident), {"channel": "phone", "submit_key": uuid4()})
    assert answer.status_code == 409
    assert "This recovery is closed." in text_of(answer)


def test_a_delivery_of_another_incident_is_no_choice(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    other = make.give(make.make_incident(cast.desk), cast.desk, is_delivered=False)
    asked = {"channel": "note", "travels_with": other.pk, "submit_key": uuid4()}
    assert sign_in(cast.desk).post(url("recover-apologize", incident), asked).status_code == 422


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    hold(cast, sign_in, "recover-apologize", make.make_incident(cast.desk))


def test_of_a_restricted_one_only_those_who_read_it(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk, category="safety")
    asked = {"channel": "phone", "submit_key": uuid4()}
    assert sign_in(cast.desk).post(url("recover-apologize", incident), asked).status_code == 403
