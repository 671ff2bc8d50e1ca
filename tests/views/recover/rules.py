"""What holds for every view of an incident, whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from incidents.models import Incident, Staff
from tests.make import Cast

SignIn = Callable[[Staff], Client]


def url(name: str, incident: Incident, *args: int | str) -> str:
    return reverse(name, args=[incident.reference, *args])


def hold(cast: Cast, sign_in: SignIn, name: str, incident: Incident, *args: int | str, wants: str = "post") -> None:
    """A stranger and a bad reference get 404, nobody gets the sign-in page, the other method 405."""
    there = url(name, incident, *args)
    assert getattr(sign_in(cast.outsider), wants)(there).status_code == 404
    wrong = reverse(name, args=["R-1999-99999", *args])
    assert getattr(sign_in(cast.desk), wants)(wrong).status_code == 404
    assert getattr(Client(), wants)(there).status_code == 302
    other = "get" if wants == "post" else "post"
    assert getattr(sign_in(cast.desk), other)(there).status_code == 405
    if args and isinstance(args[-1], int):
        assert getattr(sign_in(cast.desk), wants)(url(name, incident, *args[:-1], 999_999)).status_code == 404


def text_of(answer: Any) -> str:
    return str(answer.content.decode())
