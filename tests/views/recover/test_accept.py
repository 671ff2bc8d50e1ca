"""Taking over what a colleague handed over."""

from __future__ import annotations

from incidents.actions import handovers
from incidents.models import Handover, Incident
from tests import make
from tests.kept import kept_rows
from tests.make import NOW, Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


@kept_rows
def given(cast: Cast) -> Incident:
    incident = make.make_incident(cast.desk)
    return handovers.hand_over(
        incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=NOW, note="She is back at six."
    )


def test_it_works(cast: Cast, sign_in: SignIn, given: Incident) -> None:
    client = sign_in(cast.colleague)
    page = text_of(client.get(given.get_absolute_url()))
    assert "<strong>Dora Desk</strong> gave this to you." in page
    assert "She is back at six." in page
    page = text_of(client.post(url("recover-accept", given), follow=True))
    assert "You have it now." in page
    assert "gave this to you" not in page
    assert Handover.objects.get().accepted_at is not None


def test_the_giver_sees_that_it_waits_and_may_not_answer_for_them(cast: Cast, sign_in: SignIn, given: Incident) -> None:
    client = sign_in(cast.desk)
    page = text_of(client.get(given.get_absolute_url()))
    assert "not taken over yet" in page
    assert "I have it" not in page
    answer = client.post(url("recover-accept", given))
    assert answer.status_code == 409
    assert "Nothing here waits for you to take it over." in text_of(answer)


def test_a_second_tap_says_so(cast: Cast, sign_in: SignIn, given: Incident) -> None:
    client = sign_in(cast.colleague)
    client.post(url("recover-accept", given))
    assert client.post(url("recover-accept", given)).status_code == 409


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    hold(cast, sign_in, "recover-accept", make.make_incident(cast.desk))
