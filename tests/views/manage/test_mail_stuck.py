"""A mail host that takes nothing is said as loudly as a clock that stands still: each mail waits, and none is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from incidents.actions import outbox
from incidents.channels import CHANNELS, TryAgain
from incidents.models import Heartbeat, Outbox, OutboxChannel, OutboxHold, Staff
from incidents.models.outbox import WAIT
from incidents.models.pulse import LATELY, Pulse, read_pulse
from tests.make import Cast
from tests.views.deliveries.rows import MINUTE, mail

SignIn = Callable[..., Client]
SECOND = dt.timedelta(seconds=1)
STUCK, LATE = "No mail gets through", "Reminders are late"


@pytest.fixture(autouse=True)
def clock_runs(cast: Cast) -> None:
    Heartbeat.objects.create(name="worker_sweep", at=timezone.now() - SECOND)


def refused(to: Staff, tries: int, ago: dt.timedelta = SECOND) -> Outbox:
    """Waiting for its next try; the last one was so long ago."""
    return mail(to, tries=tries, next_try_at=timezone.now() - ago + WAIT[tries - 1] * SECOND)


def sent(to: Staff, ago: dt.timedelta) -> None:
    mail(to, state="sent", sent_at=timezone.now() - ago)


def told(client: Client, address: str = "/profile/") -> str:
    return client.get(address).content.decode()


def pulse() -> Pulse:
    found = read_pulse()
    assert found is not None
    return found


@pytest.mark.parametrize(("tries", "is_told"), [(1, False), (3, False), (4, True), (7, True)])
def test_after_the_fourth_try(tries: int, is_told: bool, cast: Cast, sign_in: SignIn, client: Client) -> None:
    refused(cast.desk, tries)
    manager = sign_in(cast.manager)
    for address in ("/profile/", "/reminders/"):
        assert (told(manager, address).count(STUCK), told(manager, address).count(LATE)) == (is_told, 0), address
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["deliveries"]) == ((503, "late") if is_told else (200, "ok"))
    assert STUCK not in told(sign_in(cast.desk))


def test_since_its_first_try(cast: Cast, sign_in: SignIn) -> None:
    refused(cast.desk, 4)
    assert "The mail server has taken none for 6 minutes." in told(sign_in(cast.manager))


def test_one_full_mailbox_is_no_alarm(cast: Cast) -> None:
    refused(cast.desk, 6, ago=MINUTE)
    assert pulse().is_behind
    sent(cast.manager, 2 * MINUTE)
    assert pulse().is_behind, "that was before its last try"
    sent(cast.manager, SECOND)
    assert not pulse().is_behind


def test_of_all_that_was_ever_sent_only_the_newest_is_looked_at(cast: Cast) -> None:
    refused(cast.desk, 6, ago=MINUTE)
    sent(cast.manager, SECOND)
    for _number in range(LATELY):
        sent(cast.manager, 2 * MINUTE)
    assert pulse().is_behind


def test_a_reminder_that_is_late_too_says_more(cast: Cast, sign_in: SignIn) -> None:
    refused(cast.desk, 4)
    mail(cast.colleague, next_try_at=timezone.now() - 6 * MINUTE)
    text = told(sign_in(cast.manager))
    assert (STUCK in text, LATE in text) == (False, True)


def test_not_while_mail_is_on_hold(cast: Cast) -> None:
    refused(cast.desk, 4)
    OutboxHold.objects.create(since=timezone.now(), reason="paused")
    assert not pulse().is_behind


class _Down:
    def send(self, words: object, *, timeout: float) -> None:
        raise TryAgain("connection refused")


@pytest.fixture
def down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHANNELS, OutboxChannel.EMAIL, _Down())
    monkeypatch.setattr(outbox, "compose", lambda _pk: (OutboxChannel.EMAIL, None))


@pytest.mark.usefixtures("down")
def test_by_the_tries_themselves(cast: Cast) -> None:
    """From the first refusal to the alarm, with the waits that a host which is down is given."""
    message = mail(cast.desk, is_digest=False, next_try_at=timezone.now() - 10 * MINUTE)
    first = moment = message.next_try_at
    for tries in range(1, 5):
        outbox.send_due(lambda at=moment: at, senders=1)  # type: ignore[misc]
        message.refresh_from_db()
        assert message.tries == tries
        assert pulse().is_only_mail is (tries == 4)
        moment = message.next_try_at
    assert pulse().mail_stuck == first
