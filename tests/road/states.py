"""The situations of the table, built by people doing things: a month before `now`, unless it says so."""

from __future__ import annotations

import datetime as dt
from typing import Any

from incidents.actions import change, handovers, remedies, rounds
from incidents.models import Incident, Remedy
from incidents.vocabulary import Severity
from tests import make
from tests.make import DAY, HOUR, Cast


class Scene:
    """One incident of the desk, a month old; `later` is when the next thing happens."""

    def __init__(self, cast: Cast, now: dt.datetime) -> None:
        self.cast, self.now = cast, now
        self.later = now - 30 * DAY
        self.incident: Incident

    def build(self, state: str) -> Incident:
        getattr(self, state.replace("-", "_"))()
        self.incident = Incident.objects.get(pk=self.incident.pk)
        return self.incident

    def log(self, **over: Any) -> None:
        self.incident = make.make_incident(self.cast.desk, now=self.later, **over)

    def sorry(self, **over: Any) -> None:
        make.apologize(self.incident, self.cast.desk, now=self.later, **over)

    def give(self, kind: str = "put_right", **over: Any) -> Remedy:
        return make.give(self.incident, self.cast.desk, kind, **{"now": self.later} | over)

    def call(self, outcome: str, *, ago: dt.timedelta | None = None, **over: Any) -> None:
        self.later = self.now - ago if ago else self.later + HOUR
        make.call(self.incident, self.cast.desk, outcome, now=self.later, **over)

    def end(self, remedy: Remedy, how: str) -> None:
        of: dict[str, Any] = {"remedy_id": remedy.pk, "by": self.cast.desk, "now": self.later}
        if how == "not_enough":
            remedies.decline_remedy(declined_as=how, **of)
        else:
            remedies.end_remedy(state=how, **of)

    def waive(self, waived_as: str) -> None:
        of: dict[str, Any] = {"incident_id": self.incident.pk, "by": self.cast.manager, "now": self.later}
        remedies.waive_remedy(waived_as=waived_as, note="x", is_told=True, **of)

    def close(self, reason: str, **over: Any) -> None:
        make.close(self.incident, self.cast.manager, reason, **{"now": self.later} | over)

    # Apologize
    def logged(self) -> None:
        self.log()

    def unknown(self) -> None:
        self.log(customer=None, customer_hint="A man with a hat")

    def apologized(self) -> None:
        self.log()
        self.sorry()

    def public(self) -> None:
        self.log()
        self.sorry(channel="public")

    def explained(self) -> None:
        self.log()
        self.sorry(kind="explanation")

    def not_ours(self) -> None:
        self.explained()
        version = make.fresh(self.incident).version
        of: dict[str, Any] = {"expected_version": version, "by": self.cast.desk, "now": self.later}
        change.change_incident(incident_id=self.incident.pk, finding="not_ours", **of)

    def travelling(self) -> None:
        self.log()
        self.sorry(channel="note", travels_with=self.give(is_delivered=False))

    # Put it right
    def offered(self) -> None:
        self.apologized()
        self.give(is_delivered=False)

    def receipt(self) -> None:
        self.apologized()
        self.give("reimburse")

    def failed(self) -> None:
        self.apologized()
        self.end(self.give(is_delivered=False), "failed")

    def withdrawn_gift(self) -> None:
        self.apologized()
        self.end(self.give(is_delivered=False), "withdrawn")

    def not_enough(self) -> None:
        self.apologized()
        self.end(self.give(is_delivered=False), "not_enough")

    def half_given(self) -> None:
        self.offered()
        self.give("redo")

    def replaced(self) -> None:
        self.failed()
        self.give(replaces=self.incident.remedies.get())

    def none_of_two(self) -> None:
        self.not_enough()
        self.end(self.give(replaces=self.incident.remedies.get(), is_delivered=False), "not_enough")

    def wants_none(self) -> None:
        self.apologized()
        self.waive("wants_nothing")

    def nothing_due(self) -> None:
        self.apologized()
        self.waive("no_remedy_due")

    # Call back
    def settled(self, **over: Any) -> None:
        self.log(**over)
        self.sorry()
        self.give()

    def one_of_two(self) -> None:
        self.settled(severity=Severity.CRITICAL)
        self.call("delighted")

    def so_so(self) -> None:
        self.settled()
        self.call("neutral")

    def so_so_score(self) -> None:
        self.settled()
        self.call("delighted", score=3)

    def unhappy(self) -> None:
        self.settled()
        self.call("unhappy")

    def twice_asked(self) -> None:
        """So-so at first, unhappy now."""
        self.so_so()
        self.give()
        self.call("unhappy")

    def not_received(self) -> None:
        self.settled()
        self.call("remedy_not_received")

    def tried_twice(self) -> None:
        self.settled()
        self.call("no_answer", ago=9 * DAY)
        self.call("voicemail", ago=8 * DAY, channel="email")

    def unreachable(self) -> None:
        self.tried_twice()
        self.call("no_answer", ago=DAY)

    def one_way(self) -> None:
        self.settled()
        for outcome in ("no_answer", "voicemail", "no_answer"):
            self.call(outcome)

    def in_one_day(self) -> None:
        self.settled()
        for hours, channel in ((9, "phone"), (8, "email"), (7, "phone")):
            self.call("voicemail", ago=hours * HOUR, channel=channel)

    def no_message(self) -> None:
        self.settled()
        for days, channel in ((9, "phone"), (8, "chat"), (7, "phone")):
            self.call("no_answer", ago=days * DAY, channel=channel)

    def reached_once(self) -> None:
        """They answered, and asked to be called later: the tries before that count no more."""
        self.unreachable()
        self.call("call_back", ago=12 * HOUR, call_back_at=self.now + DAY)
        self.call("no_answer", ago=HOUR)

    def gone_back(self) -> None:
        self.unreachable()
        of: dict[str, Any] = {"by": self.cast.desk, "now": self.now - HOUR, "reason": "contacted_us"}
        rounds.go_back(incident_id=self.incident.pk, **of)

    def wrong_number(self) -> None:
        self.settled()
        customer = self.incident.customer
        assert customer
        self.call("wrong_number", wrong_contact=customer.contact_points.get())

    def let_me_be(self) -> None:
        self.settled()
        self.call("do_not_contact")

    def unknown_said(self) -> None:
        self.settled(customer=None, customer_hint="A man with a hat")
        self.call("do_not_contact")

    def minor(self) -> None:
        self.settled(severity=Severity.MINOR)

    def minor_six(self) -> None:
        self.minor()
        self.call("voicemail", ago=6 * DAY)

    def minor_eight(self) -> None:
        self.minor()
        self.call("voicemail", ago=8 * DAY)

    def minor_spoke(self) -> None:
        """They called back after the message: it is answered."""
        self.minor_eight()
        self.call("call_back", ago=DAY, call_back_at=self.now + DAY)

    def given_away(self) -> None:
        self.log()
        of: dict[str, Any] = {"to": self.cast.colleague, "by": self.cast.desk, "now": self.later}
        handovers.hand_over(incident_id=self.incident.pk, **of)

    # Closed
    def recovered(self) -> None:
        self.settled()
        self.call("satisfied")

    def withdrawn(self) -> None:
        self.offered()
        self.close("withdrawn")

    def just_closed(self) -> None:
        self.log()
        make.close(self.incident, self.cast.desk, "withdrawn", now=self.now)

    def void(self) -> None:
        self.log()
        self.close("void")

    def duplicate(self) -> None:
        self.log()
        self.close("duplicate", duplicate_of=make.make_incident(self.cast.desk))

    # Second failure
    def worse(self) -> None:
        self.log()
        change.note_second_failure(incident_id=self.incident.pk, by=self.cast.desk, now=self.later)

    def in_the_wrong(self) -> None:
        self.log(category="in_the_wrong")
