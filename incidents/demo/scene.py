"""What a story of the demo works with: places, people, customers, and the moment it is.

A story is a generator. It yields the moment at which it goes on; `play()` takes all stories forward together, in the
order of time, and lets every reminder ring when it falls due. So references, events and notices are as if the two
weeks had really passed.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import F, Min

from incidents.actions import (
    apologies,
    change,
    endings,
    follow_up,
    handovers,
    inbox,
    log,
    money,
    notes,
    promises,
    reach,
    remedies,
    remind,
    rounds,
)
from incidents.calendars import resolve_local
from incidents.models import (
    ApprovalRequest,
    Category,
    Customer,
    FollowUp,
    Incident,
    Location,
    Notice,
    Outbox,
    OutboxState,
    PromiseMade,
    Remedy,
    RemedyType,
    Reminder,
    ReminderState,
    Staff,
)

# A day and a time of the place's clock, like (-2, "09:30"); or minutes before the demo's present.
At = tuple[int, str] | int
Story = Generator[dt.datetime, None, None]


@dataclass
class Scene:
    """The demo's present is `as_of`; `now` is the moment being played."""

    as_of: dt.datetime
    now: dt.datetime
    places: dict[str, Location]
    people: dict[str, Staff]
    customers: dict[str, Customer]
    categories: dict[str, Category] = field(default_factory=dict)
    remedies: dict[str, RemedyType] = field(default_factory=dict)
    _keys: int = 0

    def __post_init__(self) -> None:
        self.categories = {category.key: category for category in Category.objects.all()}
        self.remedies = {kind.key: kind for kind in RemedyType.objects.all()}

    def key(self) -> UUID:
        self._keys += 1
        return uuid5(NAMESPACE_URL, f"recovery-demo/{self._keys}")

    def at(self, when: At, place: str) -> dt.datetime:
        """`when` on the clock of `place`, as UTC."""
        if isinstance(when, int):
            return self.as_of - dt.timedelta(minutes=when)
        days, clock = when
        zone = self.places[place].zone
        day = self.as_of.astimezone(zone).date() + dt.timedelta(days=days)
        return resolve_local(dt.datetime.combine(day, dt.time.fromisoformat(clock)), zone)

    def log(self, *, by: str, where: str, category: str, customer: str = "", **fields: Any) -> Incident:
        return log.log_incident(
            by=self.people[by],
            now=self.now,
            location=self.places[where],
            category=self.categories[category],
            customer=self.customers[customer] if customer else None,
            submit_key=self.key(),
            **fields,
        )

    def apologize(self, incident: Incident, *, by: str, channel: str = "in_person", **fields: Any) -> None:
        apologies.record_apology(
            incident_id=incident.pk,
            by=self.people[by],
            now=self.now,
            channel=channel,
            submit_key=self.key(),
            **fields,
        )

    def give(self, incident: Incident, *, by: str, kind: str, **fields: Any) -> Remedy:
        """A remedy: offered, or given already with `is_delivered`."""
        return remedies.add_remedy(
            incident_id=incident.pk,
            by=self.people[by],
            now=self.now,
            type=self.remedies[kind],
            submit_key=self.key(),
            **_with_money(fields),
        )

    def deliver(self, remedy: Remedy, *, by: str, **fields: Any) -> None:
        remedies.deliver_remedy(remedy_id=remedy.pk, by=self.people[by], now=self.now, **_with_money(fields))

    def deliver_last(self, incident: Incident, *, by: str, **fields: Any) -> None:
        self.deliver(incident.remedies.latest("id"), by=by, **fields)

    def turn_down(self, incident: Incident, *, by: str, declined_as: str, note: str) -> None:
        """The customer does not take what was offered last."""
        remedies.decline_remedy(
            remedy_id=incident.remedies.latest("id").pk,
            declined_as=declined_as,
            note=note,
            by=self.people[by],
            now=self.now,
        )

    def give_instead(self, incident: Incident, *, by: str, **fields: Any) -> None:
        """Something else in place of what was turned down."""
        self.give(incident, by=by, replaces=incident.remedies.latest("id"), **fields)

    def _asked(self, incident: Incident) -> int:
        return ApprovalRequest.objects.waiting().get(incident=incident).pk

    def decide(self, incident: Incident, *, by: str, is_approved: bool, reason: str = "") -> None:
        money.decide(
            request_id=self._asked(incident), is_approved=is_approved, reason=reason, by=self.people[by], now=self.now
        )

    def go_ahead(self, incident: Incident, *, by: str, reason: str) -> None:
        money.go_ahead(request_id=self._asked(incident), reason=reason, by=self.people[by], now=self.now)

    def reach(self, incident: Incident, *, by: str, at: str, until: dt.datetime) -> None:
        reach.set_reach(incident_id=incident.pk, by=self.people[by], now=self.now, reach_at=at, reach_until=until)

    def promise(self, incident: Incident, *, by: str, what: str, due_at: dt.datetime) -> PromiseMade:
        return promises.make_promise(
            incident_id=incident.pk,
            by=self.people[by],
            now=self.now,
            what=what,
            due_at=due_at,
            submit_key=self.key(),
        )

    def keep(self, promise: PromiseMade, *, by: str, note: str = "") -> None:
        promises.settle_promise(promise_id=promise.pk, by=self.people[by], now=self.now, is_kept=True, note=note)

    def move(self, promise: PromiseMade, *, by: str, due_at: dt.datetime, note: str) -> None:
        promises.move_promise(
            promise_id=promise.pk,
            due_at=due_at,
            expected_due_at=promise.due_at,
            note=note,
            by=self.people[by],
            now=self.now,
        )

    def note(self, incident: Incident, *, by: str, words: str) -> None:
        notes.add_note(incident_id=incident.pk, by=self.people[by], now=self.now, words=words, submit_key=self.key())

    def call(self, incident: Incident, *, by: str, outcome: str, **fields: Any) -> None:
        """The next planned call of `incident`, made now."""
        call = FollowUp.objects.planned().filter(incident=incident).earliest("due_at")
        follow_up.record_follow_up(
            follow_up_id=call.pk,
            by=self.people[by],
            now=self.now,
            outcome=outcome,
            submit_key=self.key(),
            **fields,
        )

    def go_back(self, incident: Incident, *, by: str, reason: str) -> None:
        rounds.go_back(incident_id=incident.pk, reason=reason, by=self.people[by], now=self.now)

    def learn(self, incident: Incident, *, by: str, **values: str) -> None:
        """What the category asks, found out later."""
        incident.refresh_from_db()
        change.change_incident(
            incident_id=incident.pk,
            expected_version=incident.version,
            by=self.people[by],
            now=self.now,
            field_values=incident.field_values | values,
        )

    def hand_over(self, incident: Incident, *, by: str, to: str, note: str) -> None:
        handovers.hand_over(incident_id=incident.pk, to=self.people[to], by=self.people[by], now=self.now, note=note)

    def take_over(self, incident: Incident, *, by: str) -> None:
        handovers.accept_handover(incident_id=incident.pk, by=self.people[by], now=self.now)

    def close(self, incident: Incident, *, by: str, reason: str, note: str, **fields: Any) -> None:
        endings.close_incident(
            incident_id=incident.pk, reason=reason, by=self.people[by], now=self.now, note=note, **fields
        )


def _with_money(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a step, amounts written as words made into money."""
    return {name: Decimal(value) if name.endswith("_amount") else value for name, value in fields.items()}


def play(scene: Scene, stories: Iterable[Callable[[Scene], Story]]) -> None:
    """Play all stories together, ringing each reminder at its time, up to `scene.as_of`."""
    going = [story(scene) for story in stories]
    queue = [(next(story), position) for position, story in enumerate(going)]
    heapq.heapify(queue)
    while queue:
        moment, position = heapq.heappop(queue)
        if not scene.now <= moment <= scene.as_of:
            raise ValueError(f"story {position} goes on at {moment}, but it is {scene.now}")
        _ring(moment)
        scene.now = moment
        following = next(going[position], None)
        if following is not None:
            heapq.heappush(queue, (following, position))
    _ring(scene.as_of)
    _read_older_notices(scene)
    # The demo's people have no mailboxes: what was queued while the weeks passed has left long ago.
    Outbox.objects.update(state=OutboxState.SENT, sent_at=F("created_at"), tries=1)


def _read_older_notices(scene: Scene) -> None:
    for notice in Notice.objects.filter(at__lt=scene.as_of - dt.timedelta(days=2)):
        inbox.read_notice(notice=notice, now=notice.at + dt.timedelta(minutes=20))


def _ring(until: dt.datetime) -> None:
    waiting = Reminder.objects.filter(state=ReminderState.PENDING, due_at__lte=until)
    while due := waiting.aggregate(first=Min("due_at"))["first"]:
        remind.sweep(partial(_unchanged, due))


def _unchanged(moment: dt.datetime) -> dt.datetime:
    return moment
