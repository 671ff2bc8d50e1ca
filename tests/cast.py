"""Fixtures that every test may ask for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from incidents.models import Staff
from tests import make
from tests.kept import kept_rows


@kept_rows
def cast() -> make.Cast:
    return make.make_cast()


@pytest.fixture
def sign_in(db: None) -> Callable[[Staff], Client]:
    """A client signed in as somebody."""

    def client_of(staff: Staff) -> Client:
        return make.let_in(Client(), staff)

    return client_of


@pytest.fixture
def committed(transactional_db: None) -> None:
    """Rows that other threads and processes see. Such a test empties every table behind it."""
    make.ship_catalogues()
