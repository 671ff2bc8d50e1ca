"""The demo has something for the page of patterns: deliveries that come late more often, a room, a boiler."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command

from incidents.board.patterns import overview
from incidents.models import Location, Pattern, Staff

PRESENT = dt.datetime(2026, 3, 4, 15, tzinfo=dt.UTC)


@pytest.mark.slow
@pytest.mark.django_db
def test_what_keeps_happening() -> None:
    call_command("demo", "--incidents", "300", "--as-of", "2026-03-04", stdout=io.StringIO())
    manager = Staff.objects.get(email="manager@example.com")
    shop, hotel = (Location.objects.get(name__startswith=name) for name in ("Alder", "Finch"))
    at_shop = overview(manager, now=PRESENT, place=str(shop.pk))
    assert "Late or missed delivery" in [line.label for line in at_shop.rising]
    at_hotel = overview(manager, now=PRESENT, place=str(hotel.pk))
    groups = {label: [line.label for line in lines] for label, lines, _others in at_hotel.groups}
    assert "Room 214" in groups["The same item"]
    assert "Third floor" in groups["The same place"]
    (event,) = Pattern.objects.all()
    assert (event.kind, event.links.count()) == ("event", 4)
    assert [(each.label, each.linked) for each in at_hotel.watched] == [("One event: Room or facility", 4)]
