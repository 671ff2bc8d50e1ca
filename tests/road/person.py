"""What people do to one incident in any order: the rules of the model test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from incidents.actions import apologies, change, endings, handovers, promises, remedies, rounds, undo, waiting
from incidents.actions import follow_up as calling
from incidents.actions.refusals import Refused
from incidents.models import Incident, PromiseMade, Remedy, Staff
from incidents.vocabulary import CloseReason, Outcome, RoundReason, Severity
from tests import make
from tests.make import NOW, Cast

WHO = st.sampled_from(["desk", "desk", "colleague", "manager"])
WAIT = st.sampled_from([1, 1, 30, 600, 14_400, 345_600])  # seconds until the act
WHICH = st.integers(0, 5)
KIND = st.sampled_from(["put_right", "redo", "gift_card", "reimburse"])
OUTCOME = st.sampled_from([*Outcome.values, "satisfied", "satisfied", "voicemail"])


class Person(RuleBasedStateMachine):
    """One incident. A refusal changes nothing; anything else that is raised is a mistake of ours."""

    cast: Cast  # set by the test, once for all runs
    incident: Incident

    @initialize(
        severity=st.sampled_from([Severity.CRITICAL, Severity.MODERATE, Severity.MINOR]),
        beginning=st.sampled_from(["logged", "settled", "settled", "so-so", "recovered"]),
        is_known=st.booleans(),
    )
    def log(self, severity: Severity, beginning: str, is_known: bool) -> None:
        self.hold = transaction.atomic()
        self.hold.__enter__()
        self.now = NOW
        desk = self.cast.desk
        over: dict[str, Any] = {} if is_known else {"customer": None, "customer_hint": "A man with a hat"}
        self.incident = make.make_incident(desk, severity=severity, **over)
        if beginning != "logged":
            make.settle(self.incident, desk)
        if beginning in ("so-so", "recovered"):
            while self.incident.is_open and self.incident.follow_ups.planned().exists():
                self.now += make.HOUR
                outcome = "neutral" if beginning == "so-so" else "delighted"
                make.call(self.incident, desk, outcome, now=self.now)
                if beginning == "so-so":
                    break

    def teardown(self) -> None:
        if hasattr(self, "hold"):
            transaction.set_rollback(True)
            self.hold.__exit__(None, None, None)

    def do(self, action: Callable[..., Any], who: str, wait: int, **fields: Any) -> None:
        self.now += dt.timedelta(seconds=wait)
        by: Staff = getattr(self.cast, who)
        before, words = self.stored(), ""
        try:
            with transaction.atomic():
                action(by=by, now=self.now, **fields)
        except Refused as refused:
            words = str(refused.words)
        assert not words or self.stored() == before, "a refusal changes nothing"
        self.incident = Incident.objects.select_related("customer", "category", "location").get(pk=self.incident.pk)

    def stored(self) -> tuple[Any, int]:
        return Incident.objects.values().get(pk=self.incident.pk), self.incident.events.count()

    def is_open(self) -> bool:
        return self.incident.is_open

    def a_remedy(self, number: int) -> Remedy | None:
        rows = list(Remedy.objects.filter(incident=self.incident).order_by("-id")[: number + 1])
        return rows[-1] if rows else None

    @precondition(is_open)
    @rule(who=WHO, wait=WAIT, channel=st.sampled_from(["in_person", "phone", "note", "public"]), number=WHICH)
    def apologize(self, who: str, wait: int, channel: str, number: int) -> None:
        van = self.a_remedy(number) if channel == "note" else None
        of = {"channel": channel, "travels_with": van, "submit_key": uuid4()}
        self.do(apologies.record_apology, who, wait, incident_id=self.incident.pk, **of)

    @precondition(is_open)
    @rule(who=WHO, wait=WAIT, kind=KIND, is_delivered=st.booleans(), number=WHICH)
    def give(self, who: str, wait: int, kind: str, is_delivered: bool, number: int) -> None:
        other = self.a_remedy(number)
        of: dict[str, Any] = {"type": make.remedy_type(kind), "is_delivered": is_delivered, "submit_key": uuid4()}
        of["replaces"] = other if other and other.state in ("failed", "declined") else None
        self.do(remedies.add_remedy, who, wait, incident_id=self.incident.pk, **of)

    @rule(
        who=WHO,
        wait=WAIT,
        number=WHICH,
        how=st.sampled_from(["deliver", "accept", "failed", "withdrawn", "not_enough", "wants_nothing", "let_go"]),
    )
    def carry_on(self, who: str, wait: int, number: int, how: str) -> None:
        remedy = self.a_remedy(number)
        if remedy is None:
            return
        if how == "deliver":
            self.do(remedies.deliver_remedy, who, wait, remedy_id=remedy.pk)
        elif how == "accept":
            self.do(remedies.accept_remedy, who, wait, remedy_id=remedy.pk)
        elif how == "let_go":
            self.do(remedies.let_go, who, wait, remedy_id=remedy.pk)
        elif how in ("failed", "withdrawn"):
            self.do(remedies.end_remedy, who, wait, remedy_id=remedy.pk, state=how)
        else:
            self.do(remedies.decline_remedy, who, wait, remedy_id=remedy.pk, declined_as=how)

    @precondition(is_open)
    @rule(who=WHO, wait=WAIT, waived_as=st.sampled_from(["wants_nothing", "no_remedy_due"]))
    def waive(self, who: str, wait: int, waived_as: str) -> None:
        of = {"waived_as": waived_as, "note": "x", "is_told": True}
        self.do(remedies.waive_remedy, who, wait, incident_id=self.incident.pk, **of)

    @precondition(is_open)
    @rule(who=WHO, wait=WAIT, outcome=OUTCOME, score=st.sampled_from([None, None, 1, 3, 5]), said=st.booleans())
    def call(self, who: str, wait: int, outcome: str, score: int | None, said: bool) -> None:
        call = self.incident.follow_ups.planned().first()
        if call is None:
            return
        of: dict[str, Any] = {"outcome": outcome, "score": score, "has_apologized": said, "submit_key": uuid4()}
        of["call_back_at"] = self.now + dt.timedelta(days=9)
        self.do(calling.record_follow_up, who, wait, follow_up_id=call.pk, **of)

    @rule(who=WHO, wait=WAIT, reason=st.sampled_from(RoundReason.values), untrue=st.sampled_from([*rounds.UNTRUE]))
    def go_back(self, who: str, wait: int, reason: str, untrue: str) -> None:
        self.do(rounds.go_back, who, wait, incident_id=self.incident.pk, reason=reason, untrue=untrue)

    @precondition(is_open)
    @rule(who=WHO, wait=WAIT, reason=st.sampled_from(CloseReason.values), has_twin=st.booleans())
    def close(self, who: str, wait: int, reason: str, has_twin: bool) -> None:
        twin = make.make_incident(self.cast.desk) if has_twin and reason == "duplicate" else None
        of: dict[str, Any] = {"reason": reason, "note": "x", "duplicate_of": twin, "is_told": True}
        self.do(endings.close_incident, who, wait, incident_id=self.incident.pk, **of)

    @precondition(is_open)
    @rule(who=WHO, wait=WAIT, to=WHO, how=st.sampled_from(["give", "give", "accept", "return", "lapse"]))
    def hand_over(self, who: str, wait: int, to: str, how: str) -> None:
        which: dict[str, Any] = {"incident_id": self.incident.pk}
        if how == "give":
            self.do(handovers.hand_over, who, wait, to=getattr(self.cast, to), **which)
        elif how == "accept":
            self.do(handovers.accept_handover, who, wait, **which)
        elif how == "return":
            self.do(handovers.return_handover, who, wait, note="x", **which)
        elif last := self.incident.handovers.order_by("-id").first():
            handover_id = last.pk
            self.do(lambda *, by, now: handovers.lapse_handover(handover_id=handover_id, now=now), who, wait)

    @rule(who=WHO, wait=WAIT, is_kept=st.sampled_from([None, True, False]))
    def promise(self, who: str, wait: int, is_kept: bool | None) -> None:
        last = PromiseMade.objects.filter(incident=self.incident).order_by("-id").first()
        if is_kept is None or last is None:
            of = {"what": "A letter", "due_at": self.now + make.DAY, "submit_key": uuid4()}
            self.do(promises.make_promise, who, wait, incident_id=self.incident.pk, **of)
        else:
            self.do(promises.settle_promise, who, wait, promise_id=last.pk, is_kept=is_kept)

    @precondition(is_open)
    @rule(who=WHO, wait=WAIT, days=st.sampled_from([None, 0, 1, 9, 61]), note=st.sampled_from(["", "", "x"]))
    def wait_for_them(self, who: str, wait: int, days: int | None, note: str) -> None:
        until = None if days is None else self.now + dt.timedelta(days=days)
        of: dict[str, Any] = {"until": until, "note": note, "submit_key": uuid4()}
        self.do(waiting.wait_for_customer, who, wait, incident_id=self.incident.pk, **of)

    @precondition(is_open)
    @rule(who=WHO, wait=WAIT)
    def they_answered(self, who: str, wait: int) -> None:
        self.do(waiting.go_on, who, wait, incident_id=self.incident.pk)

    @rule(who=WHO)
    def undo(self, who: str) -> None:
        self.do(undo.undo_last, who, 1, incident_id=self.incident.pk)

    @rule(who=WHO, wait=WAIT, is_dropped=st.booleans())
    def second_failure(self, who: str, wait: int, is_dropped: bool) -> None:
        act = change.drop_second_failure if is_dropped else change.note_second_failure
        self.do(act, who, wait, incident_id=self.incident.pk)

    @rule(
        who=WHO,
        wait=WAIT,
        what=st.sampled_from([{"finding": "not_ours"}, {"finding": "ours"}, {"severity": 4}, {"severity": 1}]),
    )
    def correct(self, who: str, wait: int, what: dict[str, Any]) -> None:
        which: dict[str, Any] = {"incident_id": self.incident.pk, "expected_version": self.incident.version}
        self.do(change.change_incident, who, wait, **which, **what)
