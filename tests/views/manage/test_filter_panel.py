"""What may be chosen to filter by is made once for all who are offered the same, and nobody is shown another's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from incidents.models import Staff
from tests.make import Cast

SignIn = Callable[..., Client]


def page(client: Client, query: str) -> str:
    return client.get(query).content.decode()


@pytest.mark.parametrize("path", ["/incidents/", "/board/"])
def test_everybody_is_offered_their_own_people(path: str, cast: Cast, sign_in: SignIn) -> None:
    mine = f'<option value="{cast.colleague.pk}">{cast.colleague.name}</option>'
    theirs = f'<option value="{cast.outsider.pk}">{cast.outsider.name}</option>'
    for _again in range(2):
        here, there = (page(sign_in(who), f"{path}?view=all") for who in (cast.desk, cast.outsider))
        assert [name in here for name in (mine, theirs)] == [True, False]
        assert [name in there for name in (mine, theirs)] == [False, True]


@pytest.mark.parametrize("path", ["/incidents/", "/board/"])
def test_it_shows_what_this_address_chose(path: str, cast: Cast, sign_in: SignIn) -> None:
    client, ticked = sign_in(cast.desk), 'name="severity" value="major" id="id_severity_1" checked'
    assert ticked not in page(client, f"{path}?view=all")
    assert ticked in page(client, f"{path}?view=all&severity=major")
    assert ticked not in page(client, f"{path}?view=all")


def test_a_new_name_is_shown_at_once(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    assert "Wanda New" not in page(client, "/board/?view=all")
    Staff.objects.filter(pk=cast.colleague.pk).update(name="Wanda New")
    assert ">Wanda New</option>" in page(client, "/board/?view=all")


def test_the_pattern_asked_for_stays(cast: Cast, sign_in: SignIn) -> None:
    hidden = '<input type="hidden" name="pattern" value="7" id="id_pattern">'
    assert hidden in page(sign_in(cast.desk), "/board/?view=all&pattern=7")
    assert "id_pattern" not in page(sign_in(cast.desk), "/board/?view=all")
