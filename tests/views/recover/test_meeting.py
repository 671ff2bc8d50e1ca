"""One incident for the next staff meeting, or not any more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from incidents.models import Incident, Staff
from incidents.models.incident import ReviewState
from incidents.vocabulary import CloseReason
from tests import make
from tests.kept import kept_rows
from tests.make import Cast

SignIn = Callable[[Staff], Client]
ON, OFF = "recover-meeting", "recover-meeting-off"


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk)


def post(client: Client, name: str, incident: Incident) -> int:
    return client.post(reverse(name, args=[incident.reference])).status_code


def events(incident: Incident) -> list[str]:
    return list(incident.events.filter(kind__startswith="review_").order_by("id").values_list("kind", flat=True))


@pytest.mark.parametrize("who", ["desk", "colleague", "manager", "owner"])
def test_anybody_who_sees_it_puts_it_on_the_list_and_takes_it_off(
    cast: Cast, sign_in: SignIn, incident: Incident, who: str
) -> None:
    client = sign_in(getattr(cast, who))
    assert post(client, ON, incident) == post(client, ON, incident) == 302
    assert make.fresh(incident).review_state == ReviewState.TO_REVIEW
    assert events(incident) == ["review_asked"], "once is enough"
    assertContains(client.get(incident.get_absolute_url()), "Take off")
    assert post(client, OFF, incident) == post(client, OFF, incident) == 302
    assert make.fresh(incident).review_state == ReviewState.NOT_REQUIRED
    assert events(incident) == ["review_asked", "review_dropped"]


def test_taken_off_it_is_as_it_was_before(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(review_state=ReviewState.REVIEWED)
    client = sign_in(cast.desk)
    post(client, ON, incident)
    post(client, OFF, incident)
    assert make.fresh(incident).review_state == ReviewState.REVIEWED


def test_a_closed_one_too_but_not_one_that_was_none(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    make.close(incident, cast.manager, CloseReason.WITHDRAWN)
    client = sign_in(cast.desk)
    assert post(client, ON, incident) == 302
    void = make.close(make.make_incident(cast.desk), cast.manager, CloseReason.VOID)
    assert post(client, ON, void) == 409
    assert make.fresh(void).review_state == ReviewState.NOT_REQUIRED


@pytest.mark.parametrize("state", [ReviewState.PREVENTING, ReviewState.VERIFIED])
def test_what_a_meeting_decided_is_not_thrown_away(
    cast: Cast, sign_in: SignIn, incident: Incident, state: ReviewState
) -> None:
    Incident.objects.filter(pk=incident.pk).update(review_state=state)
    assert post(sign_in(cast.desk), ON, incident) == 409
    assert make.fresh(incident).review_state == state


def test_whoever_wrote_a_restricted_one_down_may_too(cast: Cast, sign_in: SignIn) -> None:
    own = make.make_incident(cast.desk, category="safety")
    client = sign_in(cast.desk)
    assertContains(client.get(own.get_absolute_url()), "For the next meeting")
    assert post(client, ON, own) == 302
    assert post(sign_in(cast.colleague), ON, own) == 404


def test_rules(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    for name in (ON, OFF):
        assert post(sign_in(cast.outsider), name, incident) == 404
        assert sign_in(cast.desk).get(reverse(name, args=[incident.reference])).status_code == 405
        assert sign_in(cast.desk).post(reverse(name, args=["R-2026-99999"])).status_code == 404
