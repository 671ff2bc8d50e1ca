"""The playbook at the steps: what to say, and what this kind of mistake usually gets."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.utils import timezone

from incidents.models import Category, Incident, Location, Playbook, PlaybookRemedy, RemedyType
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, text_of, url


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk, now=timezone.now())


def write(words: str, place: Location | None = None, *remedies: tuple[str, str | None], kind: str = "room") -> Playbook:
    book = Playbook.objects.create(
        category=Category.objects.get(key=kind), location=place, words=words, steps=["Open the window", "Ring first"]
    )
    for position, (key, up_to) in enumerate(remedies):
        PlaybookRemedy.objects.create(
            playbook=book,
            type=RemedyType.objects.get(key=key),
            pre_approved_up_to=Decimal(up_to) if up_to else None,
            position=position,
        )
    return book


def page_of(cast: Cast, sign_in: SignIn, incident: Incident, query: str = "?open=remedy") -> str:
    return text_of(sign_in(cast.desk).get(url("recover-show", incident) + query))


def test_without_one_nothing_is_said(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    write("Never mind.", kind="waiting")
    page = page_of(cast, sign_in, incident)
    assert "What to say" not in page
    assert "Usual for this" not in page


def test_what_to_say_and_what_they_usually_get(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    RemedyType.objects.filter(key="upgrade").update(typical_amount=Decimal("45.00"))
    write("You should sleep well here.", None, ("upgrade", "80.00"), ("free_item", None))
    page = page_of(cast, sign_in, incident)
    for words in ("What to say", "You should sleep well here.", "Ring first", "Usual for this", "Upgrade", "45.00"):
        assert words in page, words
    assert "Upgrade: you may go ahead up to 80.00 USD." in page
    assert "Free item: you may" not in page


def test_a_places_own_stands_in_as_a_whole(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    write("For all.", None, ("upgrade", None))
    write("For here.", cast.here)
    write("For there.", cast.elsewhere)
    page = page_of(cast, sign_in, incident)
    assert "For here." in page
    assert "For all." not in page
    assert "For there." not in page
    assert "Usual for this" not in page


def test_what_is_no_longer_given_is_not_suggested(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    RemedyType.objects.filter(key="upgrade").update(is_active=False)
    write("", None, ("upgrade", None))
    assert "Usual for this" not in page_of(cast, sign_in, incident)


def test_one_tap_without_a_script(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    RemedyType.objects.filter(key="upgrade").update(typical_amount=Decimal("45.00"))
    write("", None, ("upgrade", None))
    kind = RemedyType.objects.get(key="upgrade").pk
    page = page_of(cast, sign_in, incident)
    assert f'href="{incident.get_absolute_url()}?give={kind}#remedy"' in page
    filled = page_of(cast, sign_in, incident, f"?give={kind}")
    assert f'<option value="{kind}" selected' in filled
    assert re.search(r'name="estimated_amount" value="45(\.00)?"', filled)
    assert '<details class="more" id="remedy" open>' in filled


@pytest.mark.parametrize("wanted", ["0", "x", "9" * 5000, "-1", ""])
def test_what_nobody_suggested_fills_nothing(cast: Cast, sign_in: SignIn, incident: Incident, wanted: str) -> None:
    write("", None, ("upgrade", None))
    page = page_of(cast, sign_in, incident, f"?open=remedy&give={wanted}")
    assert '<option value="" selected>Choose</option>' in page


@pytest.mark.parametrize("many", [1, 3])
def test_it_costs_no_statement(
    cast: Cast, sign_in: SignIn, incident: Incident, many: int, django_assert_max_num_queries: object
) -> None:
    write("Words.", cast.here, *[(key, "5.00") for key in ("upgrade", "free_item", "points")[:many]])
    client = sign_in(cast.desk)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(url("recover-show", incident) + "?open=remedy")
