"""Two people who answer or change one question about money after the other, for tests only.

`python -m tests.faults.rigged_money mona=approve dora=change`: who does what, each in a process of their own. Both
stand at the same line before each question. With RIG=unguarded nothing locks, and whoever read first writes whatever
was written meanwhile: as one would write it first. What became of each is a line of `said-NAME`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import models  # noqa: E402

from incidents.actions import remind  # noqa: E402
from incidents.actions.refusals import Refused  # noqa: E402
from incidents.models import ApprovalRequest, Staff, Verdict  # noqa: E402
from tests.faults.hands import each_in_its_own  # noqa: E402

money: Any = import_module("incidents.actions.money")
remedies: Any = import_module("incidents.actions.remedies")
ARENA = Path(os.environ["ARENA"])
IS_UNGUARDED = os.environ.get("RIG") == "unguarded"
at = {"question": 0, "me": "", "other": ""}


def meet(where: str) -> None:
    """Go on when the other one stands here too."""
    here = f"{where}-{at['question']}"
    (ARENA / f"{here}-{at['me']}").touch()
    deadline = time.monotonic() + 20
    while not (ARENA / f"{here}-{at['other']}").exists() and time.monotonic() < deadline:
        time.sleep(0.0005)


def unguard() -> None:
    """Read, check, save: both have read before either writes."""
    models.QuerySet.select_for_update = lambda rows, **_how: rows  # type: ignore[method-assign]
    real_decider, real_fresh = money.decider, remedies.must_be_fresh

    def decider(*who: Any, **when: Any) -> Any:
        found = real_decider(*who, **when)
        meet("read")
        return found

    def fresh(*which: Any) -> None:
        real_fresh(*which)
        meet("read")

    def answer(request: ApprovalRequest, verdict: Verdict, *, by: Staff, now: Any, reason: str) -> None:
        request.verdict, request.decided_by, request.decided_at, request.reason = verdict, by, now, reason
        request.save(update_fields=["verdict", "decided_by", "decided_at", "reason"])

    money.decider, remedies.must_be_fresh, money._answer = decider, fresh, answer


def decide(request: ApprovalRequest, by: Staff, *, is_approved: bool) -> None:
    money.decide(request_id=request.pk, is_approved=is_approved, reason="Why.", by=by, now=remind.database_now())


def change(request: ApprovalRequest, by: Staff) -> None:
    """The version that the page of whoever changes it had: read before the race."""
    remedies.change_remedy(
        remedy_id=request.remedy_id,
        expected_version=request.remedy.version,
        estimated_amount=Decimal(90),
        by=by,
        now=remind.database_now(),
    )


ACTS: dict[str, Callable[[ApprovalRequest, Staff], None]] = {
    "approve": lambda request, by: decide(request, by, is_approved=True),
    "reject": lambda request, by: decide(request, by, is_approved=False),
    "change": change,
}


def race(name: str, act: str, other: str) -> None:
    at["me"], at["other"] = name, other
    by = Staff.objects.get(email=f"{name}@example.com")
    questions = list(ApprovalRequest.objects.waiting().select_related("remedy").order_by("id"))
    with (ARENA / f"said-{name}").open("w") as said:
        for request in questions:
            at["question"] = request.pk
            meet("line")
            try:
                ACTS[act](request, by)
                words = ""
            except Refused as refused:
                words = str(refused.words)
            said.write(json.dumps([request.pk, words]) + "\n")


if __name__ == "__main__":
    if IS_UNGUARDED:
        unguard()
    (one, act), (two, other_act) = (word.split("=") for word in sys.argv[1:])
    each_in_its_own(partial(race, one, act, two), partial(race, two, other_act, one))
