"""The head of the Reminders page: how the clock process is doing, mail, holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from incidents.models import ClockGap, OutboxHold
from tests import make
from tests.make import Cast
from tests.views.deliveries.reading import SECOND, beat, fresh, page
from tests.views.deliveries.rows import MINUTE, mail, reminder

SignIn = Callable[..., Client]


def test_a_clock_that_runs(cast: Cast, sign_in: SignIn) -> None:
    beat(8 * SECOND)
    text = page(sign_in(cast.manager))
    assert "The clock process last ran 8 seconds ago" in text or "last ran 9 seconds ago" in text
    assert "Nothing is due now" in text
    assert "is-late" not in text
    assert "stand still" not in text


def test_a_silent_clock_is_red_and_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    beat(31 * SECOND)
    text = page(sign_in(cast.manager))
    assert "Reminders stand still" in text
    assert '<span class="clock is-late">The clock process last ran 31 seconds ago' in text


def test_a_clock_that_never_ran(cast: Cast, sign_in: SignIn) -> None:
    assert "The clock process has never run." in page(sign_in(cast.manager))


def test_the_oldest_due_is_red_after_five_minutes(cast: Cast, sign_in: SignIn) -> None:
    beat()
    reminder(fresh(cast.desk), due_at=timezone.now() - 4 * MINUTE)
    text = page(sign_in(cast.manager))
    assert "1 is due now, the oldest for 4 minutes." in text
    assert "Reminders are late" not in text
    mail(cast.outsider, next_try_at=timezone.now() - 6 * MINUTE)
    text = page(sign_in(cast.manager))
    assert "2 are due now, the oldest for 6 minutes." in text
    assert "Reminders are late" in text


def test_gaps_of_the_last_week(cast: Cast, sign_in: SignIn) -> None:
    today = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) - make.DAY
    ClockGap.objects.create(started_at=today - 2 * make.HOUR, ended_at=today)
    ClockGap.objects.create(started_at=today - 30 * make.DAY, ended_at=today - 29 * make.DAY)
    text = page(sign_in(cast.manager))
    assert text.count("The clock stood still") == 1
    zone = cast.here.zone
    begin, end = ((today - hours * make.HOUR).astimezone(zone).strftime("%H:%M") for hours in (2, 0))
    assert f"from {begin} to {end}: reminders of that time came late, as one digest." in text


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("smtp", "Reminders go out by e-mail too"),
        ("files", "Mails are written to files on this machine, nothing leaves it"),
        ("off", "No mail server is set up. Reminders reach people in their inbox here only."),
    ],
)
def test_whether_mail_is_set_up(setting: str, words: str, cast: Cast, sign_in: SignIn, settings: Settings) -> None:
    settings.MAIL = setting
    mail(cast.desk, state="failed")
    assert words in page(sign_in(cast.manager))
    assert ("Try again" in page(sign_in(cast.manager), "?what=mails&state=failed")) is (setting != "off")


def test_a_hold_is_said_to_all_and_released_by_administrators(cast: Cast, sign_in: SignIn) -> None:
    beat()
    OutboxHold.objects.create(since=make.NOW, reason="restored")
    mail(cast.desk, next_try_at=timezone.now() - make.HOUR)
    text = page(sign_in(cast.manager), "?what=mails")
    assert "Mail is on hold since Wed 4 Mar, 09:00" in text
    assert "The data come from a backup. 1 mail waits." in text
    assert "Reminders are late" not in text
    assert '<span class="pill">On hold</span>' in text
    assert "/reminders/release/" not in text
    assert "/reminders/hold/" not in text
    assert "/reminders/release/" in page(sign_in(cast.owner))


def test_only_administrators_pause(cast: Cast, sign_in: SignIn) -> None:
    assert "/reminders/hold/" in page(sign_in(cast.owner))
    assert "/reminders/hold/" not in page(sign_in(cast.manager))
