"""Who may be in twice: side by side, for managers, without a word of what they may not see."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from incidents.access import Role
from incidents.models import Customer, Job, Resemblance
from tests import make
from tests.kept import kept_rows

URL = "/customers/alike/"


@kept_rows
def pair(cast: make.Cast) -> Resemblance:
    make.make_customer("Nora Novak", email="nora@example.org")
    make.make_customer("Nora Nowak", email="nn@example.org")
    return Resemblance.objects.get()


def test_side_by_side_with_what_agrees_and_what_differs(cast: make.Cast, sign_in: Any, pair: Resemblance) -> None:
    client = sign_in(cast.manager)
    lines = {line.label: line.agrees for line in client.get(URL).context["page"].pairs[0].lines}
    assert lines == {"Name": True, "Phone": True, "E-mail": False}
    html = client.get(URL).content.decode()
    for said in ("Agrees", "Differs", "Same person: keep Nora Novak", "Same person: keep Nora Nowak", "Two people"):
        assert said in html


def test_nothing_of_what_the_reader_may_not_see(cast: make.Cast, sign_in: Any, pair: Resemblance) -> None:
    make.make_incident(cast.outsider, customer=pair.first, what_happened="Foreign words.")
    secret = make.make_incident(cast.manager, customer=pair.second, category="safety", what_happened="A burn.")
    secret.concerns.create(staff=cast.colleague)
    manager = make.make_staff("Mira Manager", cast.elsewhere, role=Role.MANAGER)
    (mine,) = sign_in(cast.manager).get(URL).context["page"].pairs
    assert (mine.all_here[pair.first_id], mine.open_here[pair.second_id]) == (0, 1)
    answer = sign_in(manager).get(URL)
    (theirs,) = answer.context["page"].pairs
    assert (theirs.all_here[pair.first_id], theirs.all_here[pair.second_id]) == (1, 0)
    assert "A burn." not in answer.content.decode()
    assert "Foreign words." not in answer.content.decode()


def test_two_people(cast: make.Cast, sign_in: Any, pair: Resemblance) -> None:
    client = sign_in(cast.manager)
    assert client.post(f"{URL}{pair.pk}/two/")["Location"] == URL
    assert "Nobody seems to be in twice" in client.get(URL).content.decode()
    assert client.post(f"{URL}999/two/").status_code == 404


def test_looking_through_all_is_a_job_once(cast: make.Cast, sign_in: Any, pair: Resemblance) -> None:
    client, form = sign_in(cast.manager), {"submit_key": str(uuid4())}
    assert client.post(f"{URL}look/", form)["Location"] == client.post(f"{URL}look/", form)["Location"]
    job = Job.objects.get()
    assert (job.kind, job.total) == ("find_resemblances", 2)
    assert client.get(f"/jobs/{job.pk}/").status_code == 200
    assert "Being looked through now" in client.get(URL).content.decode()
    assert client.post(f"{URL}look/", {"submit_key": "x"}).status_code == 422


def test_managers_only(cast: make.Cast, sign_in: Any, pair: Resemblance) -> None:
    client = sign_in(cast.desk)
    for answer in (client.get(URL), client.post(f"{URL}look/"), client.post(f"{URL}{pair.pk}/two/")):
        assert answer.status_code == 403


def test_a_page_after_the_other(cast: make.Cast, sign_in: Any) -> None:
    made = [Customer.objects.create(name=f"Tove {n}", created_at=make.NOW) for n in range(12)]
    for number, customer in enumerate(made[1:]):
        Resemblance.objects.create(first=made[0], second=customer, score=90 - number % 2, found_at=make.NOW)
    client = sign_in(cast.manager)
    first = client.get(URL).context["page"]
    rest = client.get(URL, {"after": first.next_after}).context["page"]
    seen = [pair.resemblance.pk for pair in (*first.pairs, *rest.pairs)]
    assert (len(seen), len(set(seen)), rest.next_after) == (11, 11, None)


@pytest.mark.parametrize("count", [1, 3])
def test_statements(cast: make.Cast, sign_in: Any, count: int, django_assert_max_num_queries: Any) -> None:
    for number in range(count):
        for name in ("Nora", "Norah"):
            customer = make.make_customer(f"{name} Nov{number}", phone=f"312 555 010{number}", account=f"Club {number}")
            make.make_incident(cast.desk, customer=customer)
    client = sign_in(cast.manager)
    with django_assert_max_num_queries(8):
        assert len(client.get(URL).context["page"].pairs) >= count
