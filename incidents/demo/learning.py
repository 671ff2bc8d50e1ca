"""Meetings of the demo: each place has one every week, people add to the agenda, and somebody is thanked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from incidents.actions import agenda, meetings, outcomes, reviewing, room, series, thanks
from incidents.demo.cast import HOTEL, SHOP
from incidents.demo.scene import Scene, Story
from incidents.models import Consent, Incident, Meeting, MeetingSeries, ReviewOutcome
from incidents.models.incident import ReviewState
from incidents.vocabulary import NOT_AN_INCIDENT


def _weekly(scene: Scene, where: str, by: str, *, days: int, at: str) -> MeetingSeries:
    """From `days` after today on."""
    place = scene.places[where]
    today = scene.as_of.astimezone(place.zone).date()
    return series.make_series(
        location=place,
        starts_on=today + dt.timedelta(days=days),
        at=dt.time.fromisoformat(at),
        every_weeks=1,
        minutes=30,
        facilitator=scene.people[by],
        by=scene.people[by],
        now=scene.now,
        submit_key=scene.key(),
    )


def hotel_met(scene: Scene) -> Story:
    """A week ago: the first mistake changes something, the others do not need to; what was left is for next time."""
    boss = scene.people["manager"]
    yield scene.at((-9, "10:00"), HOTEL)
    meeting = meetings.make_meeting(
        location=scene.places[HOTEL],
        starts_at=scene.at((-7, "14:30"), HOTEL),
        minutes=30,
        facilitator=boss,
        by=boss,
        now=scene.now,
        submit_key=scene.key(),
    )
    yield scene.at((-8, "17:20"), HOTEL)
    for incident in _lately(scene):
        agenda.add_incident(meeting_id=meeting.pk, incident_id=incident.pk, by=scene.people["priya"], now=scene.now)
    yield scene.at((-7, "14:32"), HOTEL)
    present = [boss, scene.people["desk"], scene.people["priya"]]
    room.begin(meeting_id=meeting.pk, present=present, writer=scene.people["desk"], by=boss, now=scene.now)
    for number, item in enumerate(meeting.items.filter(incident__isnull=False)):
        yield scene.at((-7, f"14:{36 + 8 * number}"), HOTEL)
        _go_through(scene, meeting, item.incident_id or 0, changes=number == 0)
    yield scene.at((-7, "15:01"), HOTEL)
    room.end(meeting_id=meeting.pk, put_off=True, by=boss, now=scene.now)


def _lately(scene: Scene) -> list[Incident]:
    """The two newest of the hotel that no meeting has heard of."""
    rows = Incident.objects.filter(
        location=scene.places[HOTEL], is_restricted=False, review_state=ReviewState.NOT_REQUIRED
    )
    rows = rows.exclude(category__key="other").exclude(close_reason__in=NOT_AN_INCIDENT)
    return list(rows.order_by("-reported_at", "-pk")[:2])


def _go_through(scene: Scene, meeting: Meeting, incident_id: int, *, changes: bool) -> None:
    boss, writes = scene.people["manager"], scene.people["desk"]
    of: dict[str, Any] = {"by": writes, "now": scene.now}
    review = reviewing.open_review(incident_id=incident_id, meeting_id=meeting.pk, **of)
    if not changes:
        reason = "It was put right within the hour, and nobody could have known before."
        outcomes.end_review(review_id=review.pk, outcome=ReviewOutcome.NO_ACTION, reason=reason, **of)
        return
    reviewing.commit_in_review(
        review_id=review.pk,
        kind="checklist",
        what="Whoever closes the evening reads the arrivals of the night aloud to the night desk",
        assignee=boss,
        due_on=(scene.now + dt.timedelta(days=21)).date(),
        submit_key=scene.key(),
        **of,
    )
    outcomes.end_review(review_id=review.pk, outcome=ReviewOutcome.ACTION, **of)


def hotel_meets(scene: Scene) -> Story:
    """Called the day before yesterday; the desk wants to talk about the key cards."""
    yield scene.at((-2, "18:10"), HOTEL)
    weekly = _weekly(scene, HOTEL, "manager", days=1, at="14:30")
    yield scene.at((-1, "21:40"), HOTEL)
    following = weekly.meetings.earliest("starts_at")
    topic = "Key cards at night: who makes new ones when the machine is locked away?"
    agenda.add_topic(meeting_id=following.pk, topic=topic, by=scene.people["priya"], now=scene.now)


def shop_meets(scene: Scene) -> Story:
    yield scene.at((-2, "17:00"), SHOP)
    _weekly(scene, SHOP, "sam", days=2, at="08:30")


def said_thanks(scene: Scene) -> Story:
    """One agreed with the name, one was asked just now, one does not sign in."""
    yield scene.at((-3, "11:00"), HOTEL)
    told: dict[str, Any] = {"location": scene.places[HOTEL], "by": scene.people["manager"]}
    drove = thanks.give_thanks(
        staff=scene.people["joel"],
        words="Drove across town at midnight so that a guest had a bed.",
        minutes=75,
        now=scene.now,
        submit_key=scene.key(),
        **told,
    )
    thanks.give_thanks(
        name="The caretaker",
        may_name=True,
        words="Came in on his day off to mend the boiler.",
        minutes=120,
        now=scene.now,
        submit_key=scene.key(),
        **told,
    )
    yield scene.at((-3, "15:00"), HOTEL)
    thanks.answer_thanks(thanks_id=drove.pk, consent=Consent.NAMED, by=scene.people["joel"], now=scene.now)
    yield scene.at((-1, "09:20"), HOTEL)
    words = "Gave up her break to sort the orders that had been misfiled."
    thanks.give_thanks(staff=scene.people["desk"], words=words, now=scene.now, submit_key=scene.key(), **told)


LEARNING = (said_thanks, hotel_met, hotel_meets, shop_meets)
