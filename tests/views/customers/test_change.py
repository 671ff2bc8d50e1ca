"""Who a customer is."""

from __future__ import annotations

from typing import Any

from tests import make


def sent(**over: Any) -> dict[str, Any]:
    return {
        "version": 0,
        "name": "Nora Nowak",
        "account": "Rowing Club",
        "job_title": "",
        "note": "Left-handed",
        **over,
    }


def test_changed(cast: make.Cast, sign_in: Any) -> None:
    customer, client = make.make_customer(), sign_in(cast.desk)
    assert client.get(f"/customers/{customer.pk}/change/").status_code == 200
    assert client.post(f"/customers/{customer.pk}/change/", sent()).url == f"/customers/{customer.pk}/"
    customer.refresh_from_db()
    assert (customer.name, str(customer.account), customer.note) == ("Nora Nowak", "Rowing Club", "Left-handed")
    assert customer.sort_name == "nora nowak"


def test_without_a_name_422_keeps_the_rest(cast: make.Cast, sign_in: Any) -> None:
    answer = sign_in(cast.desk).post(f"/customers/{make.make_customer().pk}/change/", sent(name=" "))
    assert answer.status_code == 422
    assert "Left-handed" in answer.content.decode()


def test_both_versions_when_somebody_was_faster(cast: make.Cast, sign_in: Any) -> None:
    customer, client = make.make_customer(), sign_in(cast.desk)
    url = f"/customers/{customer.pk}/change/"
    client.post(url, sent(name="Theirs"))
    answer = client.post(url, sent(name="Mine"))
    assert answer.status_code == 409
    assert '<td data-label="Saved now">Theirs</td>' in answer.content.decode()
    assert answer.context["form"]["name"].value() == "Mine"
    client.post(url, sent(name="Mine", version=answer.context["form"]["version"].value()))
    customer.refresh_from_db()
    assert customer.name == "Mine"


def test_a_bad_id_is_404(cast: make.Cast, sign_in: Any) -> None:
    assert sign_in(cast.desk).get("/customers/999/change/").status_code == 404


def test_statements(cast: make.Cast, sign_in: Any, django_assert_max_num_queries: Any) -> None:
    customer, client = make.make_customer(), sign_in(cast.desk)
    with django_assert_max_num_queries(12):
        client.get(f"/customers/{customer.pk}/change/")
