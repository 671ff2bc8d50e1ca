"""Whatever several people do in whatever order, nothing passes a limit without a decision row that covers it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from incidents.access import Role
from incidents.actions import money, remedies, rounds
from incidents.actions.refusals import Refused
from incidents.models import ApprovalRequest, Category, Incident, Playbook, PlaybookRemedy, Remedy, Staff
from tests import make
from tests.actions.limits import limit
from tests.make import NOW, Cast

LIMITS = {"desk": {"gift_card": 30, "refund": 50}, "colleague": {"gift_card": 30, "refund": 50}, "manager": {}}
EVERYWHERE = {"desk": 50, "colleague": 50, "manager": 120}
WHO = st.sampled_from(["desk", "colleague", "manager", "owner"])
KIND = st.sampled_from(["gift_card", "refund", "put_right", "reimburse"])
AMOUNT = st.sampled_from([None, "0", "10", "29.99", "30", "30.01", "50", "60", "121"])
WHICH = st.integers(0, 5)
ACT = st.one_of(
    st.tuples(st.just("add"), WHO, KIND, AMOUNT, st.booleans()),
    st.tuples(st.just("change"), WHO, WHICH, AMOUNT),
    st.tuples(st.just("deliver"), WHO, WHICH, AMOUNT),
    st.tuples(st.just("decide"), WHO, WHICH, st.booleans()),
    st.tuples(st.sampled_from(["ahead", "again", "offer", "start"]), WHO, WHICH),
    st.tuples(st.sampled_from(["withdraw", "decline", "waive", "round"]), WHO, WHICH),
)
GONE = ("declined", "failed", "withdrawn")


def may_give(who: str, kind: str) -> Decimal | None:
    """The limit, from the table above and nothing of the app."""
    if who == "owner":
        return None
    return Decimal(LIMITS[who].get(kind, EVERYWHERE[who]))


@dataclass
class Told:
    """What the model remembers of one remedy: the last amount that was named, by whom, at what sum."""

    who: str
    amount: Decimal
    total: Decimal

    def is_within(self, kind: str) -> bool:
        most = may_give(self.who, kind)
        return most is None or not self.amount or self.total <= most


@dataclass
class Several:
    """Several people at one incident, and the little model beside it."""

    cast: Cast
    incident: Incident
    now: dt.datetime = NOW
    told: dict[int, Told] = field(default_factory=dict)

    def do(self, name: str, who: str, *rest: Any) -> None:
        self.now += dt.timedelta(minutes=3)
        by: Staff = getattr(self.cast, who)
        before = self.amounts()
        try:
            with transaction.atomic():
                getattr(self, name)(by, *rest)
        except Refused:
            assert self.amounts() == before
            return
        self.remember(who, before)

    def amounts(self) -> dict[int, Decimal]:
        rows = Remedy.objects.exclude(state__in=GONE)
        return {r.pk: r.amount if r.amount is not None else Decimal(0) for r in rows}

    def remember(self, who: str, before: dict[int, Decimal]) -> None:
        after = self.amounts()
        for pk, amount in after.items():
            if pk not in before or amount > before[pk] or (amount != before[pk] and self.is_pending(pk)):
                self.told[pk] = Told(who, amount, sum(after.values(), Decimal(0)))

    @staticmethod
    def is_pending(pk: int) -> bool:
        return Remedy.objects.get(pk=pk).is_pending

    def pick(self, number: int) -> Remedy:
        rows = list(Remedy.objects.order_by("-id")[: number + 1])
        if not rows:
            raise Refused("nothing there")
        return rows[-1]

    def asked(self, number: int) -> ApprovalRequest:
        rows = list(ApprovalRequest.objects.order_by("-id")[: number + 1])
        if not rows:
            raise Refused("nothing asked")
        return rows[-1]

    def add(self, by: Staff, kind: str, amount: str | None, is_delivered: bool) -> None:
        named = None if amount is None else Decimal(amount)
        of = {"actual_amount" if is_delivered else "estimated_amount": named, "is_delivered": is_delivered}
        make.give(self.incident, by, kind, now=self.now, submit_key=uuid4(), **of)

    def change(self, by: Staff, number: int, amount: str | None) -> None:
        remedy = self.pick(number)
        named = None if amount is None else Decimal(amount)
        of = {"estimated_amount": named, "assignee": remedy.assignee, "expected_version": remedy.version}
        remedies.change_remedy(remedy_id=remedy.pk, by=by, now=self.now, **of)  # type: ignore[arg-type]

    def deliver(self, by: Staff, number: int, amount: str | None) -> None:
        remedy = self.pick(number)
        if remedy.needs_receipt and not remedy.attachments.exists():
            make.receipt_for(remedy, by)
        paid = {"actual_amount": None if amount is None else Decimal(amount), "paid_on": NOW.date()}
        remedies.deliver_remedy(remedy_id=remedy.pk, by=by, now=self.now, **paid)  # type: ignore[arg-type]

    def decide(self, by: Staff, number: int, is_approved: bool) -> None:
        money.decide(request_id=self.asked(number).pk, is_approved=is_approved, reason="Why.", by=by, now=self.now)

    def ahead(self, by: Staff, number: int) -> None:
        money.go_ahead(request_id=self.asked(number).pk, reason="It cannot wait.", by=by, now=self.now)

    def again(self, by: Staff, number: int) -> None:
        money.ask_again(remedy_id=self.pick(number).pk, words="Please.", by=by, now=self.now)

    def offer(self, by: Staff, number: int) -> None:
        remedy = self.pick(number)
        remedies.offer_remedy(remedy_id=remedy.pk, by=by, now=self.now)
        # Whoever offers what was only proposed names its amount anew.
        amounts = self.amounts()
        who = next(name for name in EVERYWHERE | {"owner": 0} if getattr(self.cast, name) == by)
        self.told[remedy.pk] = Told(who, amounts[remedy.pk], sum(amounts.values(), Decimal(0)))

    def start(self, by: Staff, number: int) -> None:
        remedies.start_remedy(remedy_id=self.pick(number).pk, by=by, now=self.now)

    def withdraw(self, by: Staff, number: int) -> None:
        remedies.end_remedy(remedy_id=self.pick(number).pk, state="withdrawn", by=by, now=self.now)

    def decline(self, by: Staff, number: int) -> None:
        remedies.decline_remedy(remedy_id=self.pick(number).pk, declined_as="not_enough", by=by, now=self.now)

    def waive(self, by: Staff, number: int) -> None:
        remedies.waive_receipt(remedy_id=self.pick(number).pk, note="None came.", by=by, now=self.now)

    def round(self, by: Staff, number: int) -> None:
        rounds.go_back(incident_id=self.incident.pk, reason="second_thought", by=by, now=self.now)

    def check(self) -> None:
        """What has left the house was within its namer's limit, or a row says yes to that much of it."""
        for remedy in Remedy.objects.exclude(state__in=(*GONE, "proposed")).select_related("type"):
            told = self.told[remedy.pk]
            if told.is_within(remedy.type.key):
                continue
            covering = [row for row in remedy.approvals.all() if row.allows and row.amount >= (remedy.amount or 0)]
            assert covering, (remedy, remedy.state, told)
            (row,) = covering
            assert row.verdict == "went_ahead" or row.is_sole_approver or row.decided_by_id != row.proposed_by_id
            if row.verdict == "approved" and row.decided_by_id == self.cast.manager.pk:
                assert row.total <= (may_give("manager", remedy.type.key) or 0)
            assert row.decided_by_id != self.cast.desk.pk or row.verdict == "went_ahead"


def walk(cast: Cast, acts: list[tuple[Any, ...]], severity: int) -> None:
    several = Several(cast, make.make_incident(cast.desk, severity=severity))
    for name, who, *rest in acts:
        several.do(name, who, *rest)
        several.check()


def at_this_place(cast: Cast) -> None:
    for kind, amount in LIMITS["desk"].items():
        limit(amount, kind=kind, location=cast.here if kind == "refund" else None)
    limit(EVERYWHERE["desk"])
    limit(EVERYWHERE["manager"], role=Role.MANAGER)
    book = Playbook.objects.create(category=Category.objects.get(key="room"))
    PlaybookRemedy.objects.create(playbook=book, type=make.remedy_type("refund"), pre_approved_up_to=60)


def held(examples: int, *, phases: tuple[Phase, ...] = tuple(Phase)) -> Callable[[Cast], None]:
    """That many made-up afternoons; each is taken back before the next."""

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=phases,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(acts=st.lists(ACT, min_size=4, max_size=12), severity=st.sampled_from([1, 2, 4]))
    def afternoon(cast: Cast, acts: list[tuple[Any, ...]], severity: int) -> None:
        with transaction.atomic():
            walk(cast, acts, severity)
            transaction.set_rollback(True)

    return lambda cast: afternoon(cast=cast)


def test_no_order_of_acts_passes_a_limit(cast: Cast) -> None:
    at_this_place(cast)
    held(10)(cast)


@pytest.mark.slow
def test_nor_do_a_thousand(cast: Cast) -> None:
    at_this_place(cast)
    held(1_000)(cast)


def test_control_without_judging_one_does(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard off: whoever names an amount may give it."""
    from incidents.models.allowing import Judgement

    at_this_place(cast)
    monkeypatch.setattr(Judgement, "needs_yes", False)
    with pytest.raises(AssertionError):
        held(60, phases=(Phase.generate,))(cast)
