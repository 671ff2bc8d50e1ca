"""Two records put together, and apart again, on their pages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from incidents.models import Customer, Merge
from tests import make
from tests.kept import kept_rows


@kept_rows
def kept(cast: make.Cast) -> Customer:
    return make.make_customer("Nora Novak")


@kept_rows
def other(cast: make.Cast) -> Customer:
    return make.make_customer("Zdenka Quill", phone="+1 312 555 0177")


def url(customer: Customer) -> str:
    return f"/customers/{customer.pk}/merge/"


def test_found_compared_and_put_together(cast: make.Cast, sign_in: Any, kept: Customer, other: Customer) -> None:
    client = sign_in(cast.manager)
    assert f'href="{url(kept)}"' in client.get(f"/customers/{kept.pk}/").content.decode()
    assert f"?with={other.pk}" in client.get(url(kept), {"q": "quill"}).content.decode()
    html = client.get(url(kept), {"with": other.pk}).content.decode()
    assert "Same person: keep Zdenka Quill" in html
    form = {"dropped": other.pk, "submit_key": str(uuid4())}
    assert client.post(url(kept), form)["Location"] == f"/customers/{kept.pk}/"
    assert client.post(url(kept), form)["Location"] == f"/customers/{kept.pk}/"
    assert Merge.objects.get().dropped == other
    page = client.get(f"/customers/{kept.pk}/").content.decode()
    assert "Zdenka Quill is part of Nora Novak" in page


def test_undone_from_the_list_of_what_was_put_together(
    cast: make.Cast, sign_in: Any, kept: Customer, other: Customer
) -> None:
    client = sign_in(cast.manager)
    client.post(url(kept), {"dropped": other.pk, "submit_key": str(uuid4())})
    merge = Merge.objects.get()
    assert "can be undone until" in client.get("/customers/merges/").content.decode()
    assert client.post(f"/customers/merges/{merge.pk}/undo/")["Location"] == f"/customers/{other.pk}/"
    assert "undone by Mona Manager" in client.get("/customers/merges/").content.decode()
    assert client.post("/customers/merges/999/undo/").status_code == 404


def test_too_late_to_undo_is_409_in_words(cast: make.Cast, sign_in: Any, kept: Customer, other: Customer) -> None:
    client = sign_in(cast.manager)
    client.post(url(kept), {"dropped": other.pk, "submit_key": str(uuid4())})
    Merge.objects.update(at=timezone.now() - 31 * make.DAY)
    answer = client.post(f"/customers/merges/{Merge.objects.get().pk}/undo/")
    assert answer.status_code == 409
    assert "more than 30 days ago" in answer.content.decode()


def test_refused_is_409_and_the_pair_stays(cast: make.Cast, sign_in: Any, kept: Customer, other: Customer) -> None:
    client = sign_in(cast.manager)
    client.post(url(kept), {"dropped": other.pk, "submit_key": str(uuid4())})
    answer = client.post(url(make.make_customer("Ada")), {"dropped": other.pk, "submit_key": str(uuid4())})
    assert answer.status_code == 409
    assert "already" in answer.content.decode()
    assert client.post(url(kept), {"dropped": kept.pk, "submit_key": str(uuid4())}).status_code == 409


def test_bad_input_is_422(cast: make.Cast, sign_in: Any, kept: Customer, other: Customer) -> None:
    client = sign_in(cast.manager)
    for bad in ({"dropped": "x"}, {"dropped": "999"}, {"submit_key": "x"}, {}):
        answer = client.post(url(kept), {"dropped": other.pk, "submit_key": str(uuid4())} | bad if bad else {})
        assert answer.status_code == 422
    assert client.get(url(kept), {"with": kept.pk}).status_code == 200
    assert client.get("/customers/999/merge/").status_code == 404


def test_managers_only(cast: make.Cast, sign_in: Any, kept: Customer, other: Customer) -> None:
    client = sign_in(cast.desk)
    assert client.get(url(kept)).status_code == 403
    assert client.post(url(kept), {"dropped": other.pk, "submit_key": str(uuid4())}).status_code == 403
    assert client.get("/customers/merges/").status_code == 403
    assert "/merge/" not in client.get(f"/customers/{kept.pk}/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_statements(cast: make.Cast, sign_in: Any, count: int, django_assert_max_num_queries: Any) -> None:
    client, now = sign_in(cast.manager), timezone.now()
    for number in range(count):
        two = [make.make_customer(f"Ada {number} {side}", phone="", account=f"Club {number}") for side in "ab"]
        both: dict[str, Any] = {"kept": two[0], "dropped": two[1]}
        Merge.objects.create(**both, by=cast.manager, at=now, submit_key=uuid4())
    with django_assert_max_num_queries(8):
        client.get("/customers/merges/")
    with django_assert_max_num_queries(12):
        client.get(url(two[0]), {"with": two[1].pk})
