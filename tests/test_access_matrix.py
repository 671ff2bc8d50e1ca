"""Every address × every role × here and elsewhere, with rows present. An address nobody listed here fails.

The table is written by hand from what each role may do, not from the code. Bodies are empty, so
422 says "you may, but this is not enough"; nothing is saved from one cell to the next.

Every cell is asked in the normal run, and for the desk and for somebody from elsewhere whole pages are made; for the
others their statuses are enough, unless it is a run of the slow ones.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.access_table import EXPECTED, OF_AN_INCIDENT, WHO
from tests.world import STORY, World, ask, signed_in, unrendered


def wrong_cells(world: World, column: int) -> Iterable[str]:
    """What differs from the table for one role."""
    client = signed_in(getattr(world.cast, WHO[column]))
    for name, codes in EXPECTED.items():
        address = world.address(name)
        for method, expected in (("GET", codes[column]), ("POST", codes[column + 4])):
            status, text = ask(client, method, address)
            if status != expected:
                yield f"{method} {name}: {status}, not {expected}"
            if WHO[column] == "outsider" and (STORY in text or world.plain.reference in text):
                yield f"{method} {name} shows a foreign incident"


@pytest.mark.parametrize("who", ["desk", "outsider"])
def test_each_role_gets_what_the_table_says(world: World, who: str) -> None:
    assert "\n".join(wrong_cells(world, WHO.index(who))) == ""


@pytest.mark.parametrize("who", ["manager", "owner"])
def test_managers_and_administrators_get_what_the_table_says(world: World, who: str) -> None:
    with unrendered():
        assert "\n".join(wrong_cells(world, WHO.index(who))) == ""


@pytest.mark.slow
@pytest.mark.parametrize("who", ["manager", "owner"])
def test_their_pages_can_be_made(world: World, who: str) -> None:
    assert "\n".join(wrong_cells(world, WHO.index(who))) == ""


def test_the_manager_of_another_place_is_a_stranger_too(world: World) -> None:
    client = signed_in(world.elsewhere)
    with unrendered():
        for name, codes in EXPECTED.items():
            for method, expected in (("GET", codes[3]), ("POST", codes[7])):
                if expected == 404:
                    assert ask(client, method, world.address(name))[0] == 404, f"{method} {name}"


def wrong_of_the_restricted(world: World, who: str) -> Iterable[str]:
    client, column = signed_in(getattr(world.cast, who)), WHO.index(who)
    for name in OF_AN_INCIDENT:
        for method, expected in (("GET", EXPECTED[name][column]), ("POST", EXPECTED[name][column + 4])):
            status, _text = ask(client, method, world.address(name, world.restricted))
            if status != expected:
                yield f"{method} {name}: {status}, not {expected}"


@pytest.mark.parametrize("who", ["manager", "owner"])
def test_managers_and_administrators_work_on_it_as_on_any(world: World, who: str) -> None:
    with unrendered():
        assert "\n".join(wrong_of_the_restricted(world, who)) == ""


@pytest.mark.slow
@pytest.mark.parametrize("who", ["manager", "owner"])
def test_they_see_it_whole(world: World, who: str) -> None:
    assert "\n".join(wrong_of_the_restricted(world, who)) == ""


def test_whoever_logged_it_keeps_their_own_entry(world: World) -> None:
    client, wrong = signed_in(world.cast.desk), []
    for name, codes in OF_AN_INCIDENT.items():
        for method, expected in zip(("GET", "POST"), codes, strict=True):
            status, _text = ask(client, method, world.address(name, world.restricted))
            if status != expected:
                wrong.append(f"{method} {name}: {status}, not {expected}")
    assert "\n".join(wrong) == ""
