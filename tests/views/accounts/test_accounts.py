"""Companies and groups: the happy and the unhappy together, what is open, what was given, who looks after it."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.models import Account, Customer
from tests import make
from tests.kept import kept_rows


@kept_rows
def account(cast: make.Cast) -> Account:
    make.make_customer("Paula President", account="Rowing Club")
    make.make_customer("Nora Novak", account="Rowing Club", phone="+1 312 555 0177")
    return Account.objects.get()


def who(name: str) -> Customer:
    return Customer.objects.get(name=name)


def url(account: Account, rest: str = "") -> str:
    return f"/accounts/{account.pk}/{rest}"


def test_the_happy_and_the_unhappy_together(cast: make.Cast, sign_in: Any, account: Account) -> None:
    for name, outcome in (("Paula President", "delighted"), ("Nora Novak", "unhappy")):
        incident = make.settle(make.make_incident(cast.desk, customer=who(name)), cast.desk)
        make.call(incident, cast.desk, outcome)
    make.make_customer("Ada Berg", account="Rowing Club", phone="")
    answer = sign_in(cast.desk).get(url(account))
    contacts = [(c.name, c.verdict_label) for c in answer.context["contacts"]]
    assert contacts == [("Nora Novak", "Still unhappy"), ("Ada Berg", ""), ("Paula President", "Delighted")]
    html = answer.content.decode()
    for said in ("Never asked yet", "1 recovery is open.", "Delighted", "Still unhappy"):
        assert said in html


def test_what_was_given_here_and_the_little_of_other_places(cast: make.Cast, sign_in: Any, account: Account) -> None:
    here = make.make_incident(cast.desk, customer=who("Nora Novak"))
    make.give(here, cast.desk, "refund", actual_amount="12.50", what="Two nights back")
    foreign = make.make_incident(cast.outsider, customer=who("Nora Novak"), what_happened="Foreign words.")
    make.give(foreign, cast.outsider, "refund", actual_amount="33", what="Foreign gift")
    harm = make.make_incident(cast.outsider, customer=who("Nora Novak"), category="safety")
    make.give(harm, cast.manager, "refund", actual_amount="77")
    html = sign_in(cast.desk).get(url(account)).content.decode()
    for said in ("12.50", "Two nights back", here.reference, "33.00", "Paper Shop"):
        assert said in html
    for kept in ("Foreign words.", "Foreign gift", foreign.reference, "77.00"):
        assert kept not in html


def test_restricted_ones_are_for_managers(cast: make.Cast, sign_in: Any, account: Account) -> None:
    harm = make.make_incident(cast.manager, customer=who("Nora Novak"), category="safety", what_happened="A burn.")
    make.give(harm, cast.manager, "refund", actual_amount="77")
    make.call(make.settle(harm, cast.manager), cast.manager, "unhappy")
    html = sign_in(cast.desk).get(url(account)).content.decode()
    for kept in ("A burn.", "77.00", "Still unhappy", "recovery is open"):
        assert kept not in html
    html = sign_in(cast.manager).get(url(account)).content.decode()
    for said in ("A burn.", "77.00", "Still unhappy"):
        assert said in html


def test_whoever_logged_a_restricted_one_is_not_told_how_it_went(
    cast: make.Cast, sign_in: Any, account: Account
) -> None:
    harm = make.make_incident(cast.desk, customer=who("Nora Novak"), category="safety")
    assert harm.assignee == cast.manager
    make.call(make.settle(harm, cast.manager), cast.manager, "unhappy")
    for page in (url(account), f"/customers/{who('Paula President').pk}/"):
        assert "Still unhappy" not in sign_in(cast.desk).get(page).content.decode()
        assert "Still unhappy" in sign_in(cast.manager).get(page).content.decode()


def test_a_key_account_by_one_tap(cast: make.Cast, sign_in: Any, account: Account) -> None:
    client = sign_in(cast.desk)
    for answer, is_key in (("yes", True), ("yes", True), ("no", False)):
        assert client.post(url(account, "key/"), {"is_key": answer})["Location"] == url(account)
        account.refresh_from_db()
        assert account.is_key is is_key
    assert client.post(url(account, "key/"), {"is_key": "perhaps"}).status_code == 422
    assert client.get(url(account, "key/")).status_code == 405


def test_renamed_with_who_looks_after_it(cast: make.Cast, sign_in: Any, account: Account) -> None:
    client = sign_in(cast.desk)
    sent = {"version": 0, "name": "Rowing Society", "note": "Mona looks after them."}
    assert client.post(url(account, "change/"), sent)["Location"] == url(account)
    html = client.get(url(account)).content.decode()
    assert "Rowing Society" in html
    assert "Mona looks after them." in html
    answer = client.post(url(account, "change/"), sent | {"name": "Mine"})
    assert answer.status_code == 409
    assert "Someone else changed this meanwhile." in answer.content.decode()
    again = dict(sent, name="Mine", version=answer.context["form"]["version"].value())
    assert client.post(url(account, "change/"), again).status_code == 302


def test_bad_input_keeps_what_was_typed(cast: make.Cast, sign_in: Any, account: Account) -> None:
    client = sign_in(cast.desk)
    make.make_customer("Ada Berg", account="Chess Club", phone="")
    answer = client.post(url(account, "change/"), {"version": 0, "name": "", "note": "Kept"})
    assert answer.status_code == 422
    assert "Kept" in answer.content.decode()
    answer = client.post(url(account, "change/"), {"version": 0, "name": "chess club", "note": "Kept"})
    assert answer.status_code == 409
    assert "called so already" in answer.content.decode()
    assert client.get("/accounts/999/").status_code == client.post("/accounts/999/key/").status_code == 404


def test_listed_and_found(cast: make.Cast, sign_in: Any, account: Account) -> None:
    client = sign_in(cast.desk)
    make.make_customer("Ada Berg", account="Chess Club", phone="")
    make.make_incident(cast.desk, customer=who("Nora Novak"))
    make.make_incident(cast.outsider, customer=who("Ada Berg"))
    rows = client.get("/accounts/").context["page"].rows
    assert [(r.name, r.contact_count, r.open_count) for r in rows] == [("Chess Club", 1, 0), ("Rowing Club", 2, 1)]
    assert [r.name for r in client.get("/accounts/", {"q": "ROWIng cl"}).context["page"].rows] == ["Rowing Club"]
    assert "Nobody found" in client.get("/accounts/", {"q": "zzz"}).content.decode()
    assert [r.name for r in client.get("/accounts/", {"after": rows[0].pk}).context["page"].rows] == ["Rowing Club"]
    assert client.post("/accounts/").status_code == client.post(url(account)).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_statements(cast: make.Cast, sign_in: Any, count: int, django_assert_max_num_queries: Any) -> None:
    for number in range(count):
        customer = make.make_customer(f"Ada {number}", account="Rowing Club", phone="")
        make.make_customer(f"Bo {number}", account=f"Club {number}", phone="")
        for staff in (cast.desk, cast.outsider):
            incident = make.make_incident(staff, customer=customer, category=("room", "late", "price")[number])
            make.give(incident, staff, "refund", actual_amount="5")
    client = sign_in(cast.desk)
    with django_assert_max_num_queries(8):
        client.get("/accounts/")
    with django_assert_max_num_queries(12):
        client.get(url(Account.objects.get(sort_name="rowing club")))
