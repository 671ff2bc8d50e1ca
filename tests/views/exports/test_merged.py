"""Two records of one customer that were put together, as every file shows them; and apart again after the undo."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from incidents.actions import merges
from incidents.models import Incident
from tests import make
from tests.exports.reading import column
from tests.make import Cast
from tests.views.exports.test_export import SignIn, taken

FORMS = ("csv", "xlsx")


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def one_of(cast: Cast, name: str) -> Incident:
    """Theirs, with a call that is planned."""
    incident = make.make_incident(cast.desk, customer=make.make_customer(name))
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    return incident


@pytest.mark.parametrize("form", FORMS)
def test_files_know_one_customer_and_after_the_undo_two(cast: Cast, sign_in: SignIn, form: str) -> None:
    first, second = one_of(cast, "Lena Lake"), one_of(cast, "Helena Lake")
    assert first.customer
    assert second.customer
    client = sign_in(cast.manager)

    def names(query: str, title: str) -> list[str]:
        return sorted(column(taken(client, query, form), title, form))

    merge = merges.merge_customers(
        kept_id=first.customer.pk,
        dropped_id=second.customer.pk,
        submit_key=uuid4(),
        by=cast.manager,
        now=make.NOW + make.HOUR,
    )
    assert names("", "Customer") == ["Lena Lake", "Lena Lake"]
    assert names("?of=calls&who=everyone", "Customer") == ["Lena Lake", "Lena Lake"]
    assert names("?of=customers", "Name") == ["Lena Lake"]
    assert names("?of=customers", "Recoveries in all") in (["2"], [2])
    merges.undo_merge(merge_id=merge.pk, by=cast.manager, now=make.NOW + 2 * make.HOUR)
    assert names("", "Customer") == ["Helena Lake", "Lena Lake"]
    assert names("?of=calls&who=everyone", "Customer") == ["Helena Lake", "Lena Lake"]
    assert names("?of=customers", "Name") == ["Helena Lake", "Lena Lake"]
