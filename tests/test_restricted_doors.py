"""A restricted recovery leaks nowhere: behind every door all is, to the letter, as if it were not there.

Each page is fetched before it is logged and after, by people who may not know of it. Nothing may differ: no word, no
count, no badge, no place in an order. For somebody who may know, each door does differ: that is the control. A new
page, count or file is one row of DOORS in tests/doors.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from incidents.access import Role
from incidents.actions import promises
from incidents.actions.mail import compose
from incidents.actions.words import count_words
from incidents.models import Account, Concern, Incident, JobLine, Notice, Outbox, ReviewState
from tests import make
from tests.databases import rows_for_many
from tests.doors import DOORS, WORD, Door, House
from tests.make import DAY, HOUR

THING = "Zephyrine vase"
PEOPLE = ("colleague", "concerned", "elsewhere", "outsider")
# In the normal run at each door one of the two who work at its place, and one from elsewhere; the others are slow.
PAIRS = [
    pytest.param(door, who, id=f"{door.name}-{who}", marks=[] if (place + number) % 2 == 0 else pytest.mark.slow)
    for place, door in enumerate(DOORS)
    for number, who in enumerate(PEOPLE)
]


def hide(house: House, **over: Any) -> Incident:
    """Restricted, about a manager: with everything that hangs on one, by people who may know."""
    owner, now = house.cast.owner, timezone.now()
    story = f"{WORD} fell on the stairs. The shower stayed cold all morning."
    fields: dict[str, Any] = {"category": "safety", "severity": 1, "what_happened": story, "customer": house.customer}
    incident = make.make_incident(owner, now=now - 2 * DAY, **fields | over)
    Incident.objects.filter(pk=incident.pk).update(order_reference="HX4471Q", review_state=ReviewState.TO_REVIEW)
    Concern.objects.create(incident=incident, staff=house.people["concerned"])
    at: dict[str, Any] = {"now": now - DAY}
    make.apologize(incident, owner, words=f"{WORD}: sorry", **at)
    make.give(incident, owner, what=THING, estimated_amount=40, **at)
    return incident


def hide_two(house: House) -> None:
    """One is open, late, at its second try, waits for a receipt and a yes; one is closed."""
    owner, now = house.cast.owner, timezone.now()
    ended = hide(house)
    make.close(ended, owner, "withdrawn", now=now - HOUR)
    incident = hide(house)
    make.call(incident, owner, "unhappy", now=now - HOUR)
    make.apologize(incident, owner, now=now)
    make.give(incident, owner, "reimburse", what=THING, now=now)
    make.give(incident, owner, now=now)
    make.give(incident, owner, "gift_card", estimated_amount=900, is_delivered=False, now=now)
    promises.make_promise(
        incident_id=incident.pk, by=owner, now=now, what=THING, due_at=now + HOUR, submit_key=incident.submit_key
    )
    late = now - HOUR
    incident.follow_ups.filter(answered_at=None).update(due_at=late)
    Incident.objects.filter(pk=incident.pk).update(next_due_at=late)
    house.hidden += [make.fresh(incident), make.fresh(ended)]


def build() -> House:
    """What is there before. The customer is known already: customers belong to the business."""
    cast, now = make.make_cast(), timezone.now()
    people = {
        "colleague": cast.colleague,
        "concerned": make.make_staff("Connie Concerned", cast.here, role=Role.MANAGER),
        "elsewhere": make.make_staff("Elsa Elsewhere", cast.elsewhere, role=Role.MANAGER),
        "outsider": cast.outsider,
        "owner": cast.owner,
    }
    customer = make.make_customer("Hidalgo Hush", account="Hush & Sons", now=now - 9 * DAY)
    Account.objects.update(is_key=True)
    plain = make.make_incident(cast.desk, now=now - 3 * DAY, customer=customer)
    make.make_incident(cast.colleague, now=now - 3 * DAY, severity=2)
    make.close(make.make_incident(cast.desk, now=now - 4 * DAY), cast.manager, "withdrawn", now=now - 3 * DAY)
    make.make_incident(cast.outsider, now=now - 3 * DAY)
    make.limit(cast.owner, "gift_card", 1)
    count_words()
    return House(cast, people, customer, make.fresh(plain))


def seen_in_this_run(items: list[pytest.Item]) -> Iterator[tuple[Door, str]]:
    """Through each door its control looks, too."""
    for item in items:
        if isinstance(item, pytest.Function) and item.module.__name__ == __name__ and hasattr(item, "callspec"):
            asked: dict[str, Any] = item.callspec.params
            if "door" in asked:
                yield asked["door"], asked.get("who", "owner")


@pytest.fixture(scope="module")
def house(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[House]:
    """The clock stands still meanwhile, so that no page differs by the hour."""
    at, media = timezone.now(), tmp_path_factory.mktemp("media")
    with (
        rows_for_many(django_db_blocker),
        mock.patch("django.utils.timezone.now", return_value=at),
        override_settings(MEDIA_ROOT=media, MAIL="off"),
    ):
        made = build()
        for door, who in seen_in_this_run(request.session.items):
            made.before[door.name, who] = made.text(door, who)
        hide_two(made)
        yield made


@pytest.mark.parametrize(("door", "who"), PAIRS)
def test_behind_this_door_nothing_is_different(house: House, db: None, door: Door, who: str) -> None:
    now, before = (text.splitlines() for text in (house.text(door, who), house.before[door.name, who]))
    assert now[0] in ("200", "403", "404")
    assert now == before


@pytest.mark.parametrize("door", [door for door in DOORS if door.is_said], ids=lambda door: door.name)
def test_whoever_may_know_reads_of_it_there(house: House, db: None, door: Door) -> None:
    """The control: the door is one."""
    text = house.text(door, "owner")
    assert text.startswith("200")
    assert text != house.before[door.name, "owner"]


def test_its_own_page_is_not_there(house: House, db: None) -> None:
    for who in PEOPLE:
        client = Client()
        make.let_in(client, house.people[who])
        for incident in house.hidden:
            there = reverse("recover-show", args=[incident.reference])
            assert client.get(there).content.count(WORD.encode()) == 0
            assert client.get(there).status_code == 404


def test_nobody_who_may_not_know_is_told(house: House, db: None) -> None:
    """No line in an inbox. What was queued before somebody was named as concerned does not leave."""
    with override_settings(MAIL="smtp"):
        incident = hide(house)
    hidden = [*house.hidden, incident]
    for who in PEOPLE:
        person = house.people[who]
        assert not Notice.objects.for_inbox_of(person).filter(incident__in=hidden).exists(), who
        for mail in Outbox.objects.filter(recipient=person, lines__notice__incident__in=hidden):
            assert compose(mail.pk) is None, who
    assert Notice.objects.for_inbox_of(house.cast.manager).count() == 0  # about a manager: not for managers
    assert Notice.objects.filter(incident__in=hidden).exists()


@pytest.mark.parametrize("who", PEOPLE)
def test_a_change_of_many_takes_none_of_them(house: House, db: None, who: str) -> None:
    """All of the list, by those who do not have it in theirs."""
    client = Client()
    make.let_in(client, house.people[who])
    for query in ("", f"?q={WORD}", "?pick=" + "&pick=".join(incident.reference for incident in house.hidden)):
        sent = {"act": "reassign", "to": house.cast.colleague.pk, "submit_key": uuid4()}
        assert client.post(reverse("bulk") + query, sent).status_code in (302, 409, 422)
    assert not JobLine.objects.filter(incident__in=house.hidden).exists()
    make.let_in(client, house.cast.owner)
    sent = {"act": "reassign", "to": house.cast.manager.pk, "submit_key": uuid4()}
    assert client.post(f"{reverse('bulk')}?q={WORD}", sent).status_code == 302
    assert JobLine.objects.filter(incident__in=house.hidden).exists()
