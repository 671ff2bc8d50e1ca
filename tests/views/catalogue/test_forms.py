"""Saving on the pages of the catalogue: it works, bad input is said and kept, a save in between shows both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from incidents.models import (
    Category,
    CategoryField,
    CategoryHere,
    Limit,
    Playbook,
    RemedyType,
    RemedyTypeHere,
    RetryDelay,
)
from incidents.models.stamps import stamp_of_delays, stamp_of_limits
from tests import make
from tests.make import Cast

SignIn = Callable[..., Client]


def kind(**over: Any) -> dict[str, Any]:
    return {"name": "Lost luggage", "severity": "2", "icon": "briefcase", "submit_key": str(uuid4())} | over


def gift(**over: Any) -> dict[str, Any]:
    plain = {"name": "Late checkout", "nature": "goodwill", "cost_kind": "time", "submit_key": str(uuid4())}
    return plain | over


@pytest.fixture
def owner(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.owner)


@pytest.fixture
def manager(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.manager)


def test_adding_a_kind(owner: Client) -> None:
    sent = kind(is_restricted="on")
    for _turn in range(2):
        answer: Any = owner.post("/catalogue/categories/new/", sent)
        row = Category.objects.get(name="Lost luggage")
        assert answer["Location"] == f"/catalogue/categories/{row.pk}/"
    assert (row.severity, row.icon, row.is_restricted, row.is_second_failure) == (2, "briefcase", True, False)


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"name": " "}, "Fill this in."),
        ({"name": "x" * 121}, "at most 120"),
        ({"severity": "5"}, "Select a valid choice."),
        ({"icon": "../x"}, "Select a valid choice."),
        ({"submit_key": ""}, "Nothing is lost: send it again."),
    ],
)
def test_a_bad_kind_is_said_and_kept(over: dict[str, Any], words: str, owner: Client) -> None:
    answer = owner.post("/catalogue/categories/new/", kind() | over)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Lost luggage" in answer.content.decode() or "name" in over


def test_a_name_twice_is_refused_in_words(owner: Client) -> None:
    answer = owner.post("/catalogue/categories/new/", kind(name="WAITING"))
    assert answer.status_code == 409
    assert "Another one has this name already." in answer.content.decode()
    assert 'value="WAITING"' in answer.content.decode()


def test_a_save_in_between_shows_both(owner: Client) -> None:
    row = make.category()
    address = f"/catalogue/categories/{row.pk}/"
    sent = kind(version=0, name="Room")
    owner.post(address, kind(version=0, name="Rooms and halls"))
    answer: Any = owner.post(address, sent)
    assert answer.status_code == 409
    assert "Rooms and halls" in answer.content.decode()
    assert 'value="Room"' in answer.content.decode()
    assert owner.post(address, sent | {"version": answer.context["form"]["version"].value()}).status_code == 302
    assert Category.objects.get(pk=row.pk).name == "Room"


def test_a_place_s_own_and_back(manager: Client, cast: Cast) -> None:
    row = make.category()
    address = f"/catalogue/categories/{row.pk}/?at={cast.here.pk}"
    sent = {"is_offered": "no", "severity": "1", "version": "0"}
    assert manager.post(address, sent).status_code == 302
    own = CategoryHere.objects.get()
    assert (own.is_offered, own.severity) == (False, 1)
    page = manager.get(address).content.decode()
    assert "Not offered here" in page
    assert "Here Critical, elsewhere Moderate" in page
    stale = manager.post(address, sent | {"severity": "4"})
    assert stale.status_code == 409
    assert "Critical" in stale.content.decode()
    manager.post(f"/catalogue/categories/{row.pk}/default/?at={cast.here.pk}")
    assert "Same as the business." in manager.get(address).content.decode()
    assert manager.post(address, sent | {"version": "2", "severity": "9"}).status_code == 422


def test_a_question(owner: Client) -> None:
    room = make.category()
    sent = {"name": "Floor", "kind": "number", "submit_key": str(uuid4())}
    for _turn in range(2):
        assert owner.post(f"/catalogue/categories/{room.pk}/ask/", sent).status_code == 302
    row = CategoryField.objects.get(name="Floor")
    address = f"/catalogue/questions/{row.pk}/"
    assert owner.post(address, {"name": "Which floor?", "kind": "number"}).status_code == 302
    stale: Any = owner.post(address, {"name": "Storey", "kind": "number"})
    assert stale.status_code == 409
    newest = CategoryField.objects.get(name="Which floor?")
    assert f'action="/catalogue/questions/{newest.pk}/"' in stale.content.decode()
    bad = owner.post(address, {"name": "Storey", "kind": "difference"})
    assert bad.status_code == 422
    assert "Say from which two others" in bad.content.decode()
    assert 'value="Storey"' in bad.content.decode()


def test_a_remedy(owner: Client) -> None:
    sent = gift(typical_amount="12.50", needs_receipt="on")
    for _turn in range(2):
        assert owner.post("/catalogue/remedies/new/", sent).status_code == 302
    row = RemedyType.objects.get(name="Late checkout")
    assert (str(row.typical_amount), row.needs_receipt) == ("12.50", True)
    assert owner.post(f"/catalogue/remedies/{row.pk}/", gift(name="Checkout at noon", version=0)).status_code == 302
    assert owner.post(f"/catalogue/remedies/{row.pk}/", gift(version=0)).status_code == 409


@pytest.mark.parametrize("amount", ["-5", "1e2", "NaN", "1.005", "12,50", "99999999"])
def test_money_as_nobody_writes_it(amount: str, owner: Client, manager: Client, cast: Cast) -> None:
    answer = owner.post("/catalogue/remedies/new/", gift(typical_amount=amount))
    assert answer.status_code == 422
    assert f'value="{amount}"' in answer.content.decode()
    limits = {"stamp": stamp_of_limits(None), "front_desk_any": amount}
    answer = owner.post("/catalogue/limits/", limits)
    assert answer.status_code == 422
    assert f'value="{amount}"' in answer.content.decode()
    here = {"is_offered": "same", "needs_receipt": "same", "version": "0", "typical_amount": amount}
    refund = make.remedy_type("refund").pk
    assert manager.post(f"/catalogue/remedies/{refund}/?at={cast.here.pk}", here).status_code == 422


def test_a_remedy_at_a_place(manager: Client, cast: Cast) -> None:
    row = make.remedy_type("refund")
    RemedyType.objects.filter(pk=row.pk).update(typical_amount=50)
    address = f"/catalogue/remedies/{row.pk}/?at={cast.here.pk}"
    sent = {"is_offered": "same", "needs_receipt": "same", "version": "0", "typical_amount": "80"}
    assert manager.post(address, sent).status_code == 302
    assert "Here 80.00 USD, elsewhere 50.00" in manager.get(address).content.decode()
    assert manager.post(address, sent | {"typical_amount": "90"}).status_code == 409
    manager.post(f"/catalogue/remedies/{row.pk}/default/?at={cast.here.pk}")
    assert RemedyTypeHere.objects.get().typical_amount is None


def test_limits_say_what_they_mean(owner: Client, manager: Client, cast: Cast) -> None:
    assert "Front desk may give anything without asking." in owner.get("/catalogue/limits/").content.decode()
    sent = {"stamp": stamp_of_limits(None), "front_desk_any": "50", "manager_any": "no limit"}
    assert owner.post("/catalogue/limits/", sent).status_code == 302
    page = owner.get("/catalogue/limits/").content.decode()
    assert "Front desk may give up to 50.00 USD in one incident without asking." in page
    here = f"/catalogue/limits/?at={cast.here.pk}"
    refund = make.remedy_type("refund").pk
    own = {"stamp": stamp_of_limits(cast.here.pk), "front_desk_any": "80", f"front_desk_{refund}": "20"}
    assert manager.post(here, own).status_code == 302
    page = manager.get(here).content.decode()
    assert "Front desk may give up to 80.00 USD" in page
    assert "Full or part refund up to 20.00 USD" in page
    assert "elsewhere 50.00" in page
    stale = manager.post(here, own | {"front_desk_any": "90"})
    assert stale.status_code == 409
    assert 'value="90"' in stale.content.decode()
    manager.post(f"/catalogue/limits/default/?at={cast.here.pk}")
    assert not Limit.objects.filter(location=cast.here).exists()


def test_a_playbook(owner: Client, manager: Client, cast: Cast) -> None:
    room, upgrade = make.category(), make.remedy_type("upgrade").pk
    address = f"/catalogue/playbooks/{room.pk}/"
    sent = {"stamp": "none", "words": "Say sorry", "steps": "Look\n\nAsk", f"usual_{upgrade}": "on"}
    assert owner.post(address, sent | {f"upto_{upgrade}": "40"}).status_code == 302
    book = Playbook.objects.get()
    assert (book.words, book.steps) == ("Say sorry", ["Look", "Ask"])
    assert "Say sorry" in manager.get(address).content.decode()
    assert owner.post(address, sent | {"words": "Other"}).status_code == 409
    bad = owner.post(address, sent | {f"usual_{upgrade}": "", f"upto_{upgrade}": "40"})
    assert bad.status_code == 422
    assert "Tick it as usual too" in bad.content.decode()
    assert owner.post(address, sent | {"steps": "\n".join("x" * 21)}).status_code == 422
    here = f"{address}?at={cast.here.pk}"
    assert "Same as the business." in manager.get(here).content.decode()
    assert manager.post(here, sent | {"words": "Here we sing"}).status_code == 302
    assert "What counts elsewhere" in manager.get(here).content.decode()
    manager.post(f"{address}default/?at={cast.here.pk}")
    assert Playbook.objects.get() == book


def test_delays(owner: Client, manager: Client, cast: Cast) -> None:
    sent = {"stamp": stamp_of_delays(None), "no_answer_hours": "2", "voicemail_minutes": "45"}
    assert owner.post("/catalogue/delays/", sent).status_code == 302
    assert dict(RetryDelay.objects.values_list("outcome", "minutes")) == {"no_answer": 120, "voicemail": 45}
    assert owner.post("/catalogue/delays/", sent).status_code == 409
    fresh = sent | {"stamp": stamp_of_delays(None)}
    for bad in ({"no_answer_hours": "0"}, {"no_answer_hours": "9999"}, {"no_answer_minutes": "60"}):
        assert owner.post("/catalogue/delays/", fresh | bad).status_code == 422
    here = f"/catalogue/delays/?at={cast.here.pk}"
    manager.post(here, {"stamp": stamp_of_delays(cast.here.pk), "no_answer_minutes": "30"})
    assert "Here 30 minutes, elsewhere 2 hours" in manager.get(here).content.decode()


def test_retiring_and_bringing_back(owner: Client) -> None:
    row = make.category("waiting")
    page = owner.post(f"/catalogue/categories/{row.pk}/retire/", follow=True).content.decode()
    assert "Retired: Waiting." in page
    assert "Bring it back" in page
    owner.post(f"/catalogue/categories/{row.pk}/restore/")
    assert Category.objects.get(pk=row.pk).is_active
    Category.objects.exclude(key="room").update(is_active=False)
    assert owner.post(f"/catalogue/categories/{make.category().pk}/retire/").status_code == 409


def test_up_and_down(owner: Client) -> None:
    owner.post(f"/catalogue/categories/{make.category('wrong_item').pk}/up/")
    assert Category.objects.all()[0].key == "wrong_item"
    owner.post(f"/catalogue/categories/{make.category('wrong_item').pk}/down/")
    assert Category.objects.all()[0].key == "late"
