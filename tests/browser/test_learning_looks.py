"""Every page of what we learn, with something on it, by day and by night, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from incidents.actions import procedures, room, thanks
from incidents.models import Meeting, Minutes
from tests import make, meetings, preventing
from tests.browser.entering import enter
from tests.browser.plumbing import OpenBrowser, check_accessible
from tests.make import DAY
from tests.views.practice.addresses import scenario
from tests.views.procedures.addresses import written

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# Contrast is all that differs by night; everything else is looked at once for each width.
CONTRAST = "axe.run(document, {resultTypes: ['violations'], runOnly: ['color-contrast']})"


def ended(cast: make.Cast) -> Meeting:
    """With minutes, and a mistake left for the next one."""
    now = timezone.now() - DAY
    meetings.on_the_list(cast.desk, now=now, severity=2)
    meeting = meetings.begin(meetings.call(cast, now=now), cast.manager, now=now)
    room.end(meeting_id=meeting.pk, put_off=True, by=cast.manager, now=now)
    assert Minutes.objects.filter(meeting=meeting).exists()
    return meeting


def addresses(cast: make.Cast) -> Iterator[str]:
    over, now = ended(cast), timezone.now()
    incident = meetings.on_the_list(cast.desk, now=now, severity=2)
    change = preventing.commit(incident, cast.manager, now=now, due_on=(now + 14 * DAY).date())
    told = scenario(cast, "Ring the porter", "Oil the lock", "Carry the bags", published_at=now - DAY)
    routine = written(cast, now=now - DAY)
    procedures.write_version(
        procedure_id=routine.pk,
        expected_version=routine.version,
        words="Ask slowly.\nWrite it down.",
        steps="",
        why="",
        by=cast.manager,
        now=now,
    )
    thanks.give_thanks(
        location=cast.here,
        staff=cast.manager,
        words="Stayed late.",
        by=cast.desk,
        now=now,
        submit_key=uuid4(),
    )
    coming = meetings.call(cast, now=now)

    yield reverse("meeting-show", args=[coming.pk])
    yield reverse("meeting-names", args=[coming.pk])
    yield reverse("meeting-minutes", args=[over.pk])
    yield reverse("prevention-list")
    yield reverse("prevention-show", args=[change.pk])
    yield reverse("procedure-list")
    yield reverse("procedure-version", args=[routine.pk, 2]) + "?against=1"
    yield reverse("practice")
    yield reverse("scenario-show", args=[told.pk])
    yield reverse("numbers")
    yield reverse("numbers-rows", args=["incidents"])
    yield reverse("thanks-list")
    meetings.begin(coming, cast.manager, now=now)
    yield reverse("meeting-room", args=[coming.pk])
    yield reverse("meeting-write", args=[coming.pk])


def check_looks(page: Page, address: str) -> None:
    """From one load: wide by day, then narrow by night, and the contrast of the other two."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto(address)
    check_accessible(page)
    _check_contrast(page, "dark")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    check_accessible(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} px too wide"
    _check_contrast(page, "light")


def _check_contrast(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    found = page.evaluate(CONTRAST)["violations"]
    told = [f"{scheme}: {node['target']} {node['any'][0]['message']}" for rule in found for node in rule["nodes"]]
    assert not told, "\n".join(told)


def test_every_page_of_learning_is_accessible(open_browser: OpenBrowser) -> None:
    """All that is wrong is told at once. Without motion: colours on their way from day to night are neither."""
    cast, page, wrong = make.make_cast(), open_browser(reduced_motion="reduce"), []
    enter(page, cast.manager, reverse("learn"))
    for address in addresses(cast):
        try:
            check_looks(page, address)
        except AssertionError as error:
            wrong.append(f"{address}: {error}")
    assert "\n".join(wrong) == ""
