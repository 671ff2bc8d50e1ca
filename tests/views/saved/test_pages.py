"""Saved views: kept from the list, chosen, changed, deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.actions import views as saving
from incidents.models import Event, Notice, SavedView, Staff, ViewChoice
from tests import make
from tests.make import NOW, Cast

SignIn = Callable[..., Client]
LIST, NEW = "/views/", "/views/new/"


def kept(by: Staff, query: str = "category=room", *, name: str = "Rooms", is_shared: bool = False) -> SavedView:
    return saving.save_view(name=name, query=query, is_shared=is_shared, submit_key=uuid4(), by=by, now=NOW)


def shipped(key: str) -> SavedView:
    return SavedView.objects.get(key=key)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def tabs(client: Client, query: str = "?view=all") -> list[str]:
    return [str(tab["label"]) for tab in client.get(f"/incidents/{query}").context["tabs"]]


# The bar


def test_whoever_has_not_chosen_has_those_that_were_shipped(cast: Cast, sign_in: SignIn) -> None:
    assert tabs(sign_in(cast.desk)) == ["All", "Overdue", "Mine", "Still unhappy", "Closed"]


def test_the_tab_of_what_is_open_now_is_marked(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    for query, label in (("?assignee=me", "Mine"), ("?view=closed", "Closed"), ("?q=tap", "All"), ("", "All")):
        marked = [tab["label"] for tab in client.get(f"/incidents/{query}").context["tabs"] if tab["current"]]
        assert marked == [label], query


def test_filters_chosen_by_hand_stay_under_all_and_closed(cast: Cast, sign_in: SignIn) -> None:
    urls = {t["label"]: t["url"] for t in sign_in(cast.desk).get("/incidents/?q=tap").context["tabs"]}
    assert (urls["All"], urls["Closed"]) == ("?q=tap", "?view=closed&q=tap")
    urls = {t["label"]: t["url"] for t in sign_in(cast.desk).get("/incidents/?assignee=me").context["tabs"]}
    assert (urls["All"], urls["Closed"]) == ("?view=all", "?view=closed")


def test_a_badge_counts_what_its_reader_sees(cast: Cast, sign_in: SignIn) -> None:
    """Restricted incidents and those of other places are in nobody else's number."""
    make.make_incident(cast.manager, category="safety")
    make.make_incident(cast.outsider, category="room")
    make.make_incident(cast.desk, category="room")
    view = kept(cast.manager, "category=safety&category=room", name="Hurt", is_shared=True)
    for person, number in ((cast.manager, 2), (cast.colleague, 1), (cast.outsider, 1), (cast.owner, 3)):
        saving.pin(view_id=view.pk, is_pinned=True, by=person, now=NOW)
        numbers = {t["label"]: t["count"] for t in sign_in(person).get("/incidents/?view=all").context["tabs"]}
        assert numbers["Hurt"] == number, person


def test_the_view_that_opens_first(cast: Cast, sign_in: SignIn) -> None:
    client, view = sign_in(cast.desk), kept(cast.desk)
    page(client, "/incidents/")
    choose(cast.desk, view, is_default=True)
    assert client.get("/incidents/")["Location"] == "/incidents/?category=room"
    page(client, "/incidents/?view=all")


def choose(by: Staff, view: SavedView, **over: Any) -> None:
    asked: dict[str, Any] = {"is_pinned": True, "is_default": False, "tell_above": None, "mails_at": None}
    saving.choose(view_id=view.pk, **asked | over, by=by, now=NOW)


# Keeping what the list shows


def test_the_list_offers_to_keep_what_was_chosen(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    assert "/views/new/?quiet=48" in page(client, "/incidents/?quiet=48")
    assert "/views/new/" not in page(client, "/incidents/?view=all")


def test_it_is_kept_once_and_goes_on_the_bar(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    form = client.get(f"{NEW}?quiet=48&assignee=me&nonsense=1&q=Zdenka").context["form"]
    sent = {"name": "Left alone", "query": form.initial["query"], "submit_key": form.initial["submit_key"]}
    assert [client.post(NEW, sent)["Location"] for _twice in range(2)] == ["/incidents/?assignee=me&quiet=48"] * 2
    view = SavedView.objects.get(owner=cast.desk)
    assert (view.name, view.query, view.is_shared) == ("Left alone", "assignee=me&quiet=48", False)
    assert tabs(client) == ["All", "Overdue", "Mine", "Still unhappy", "Left alone", "Closed"]
    assert Event.objects.filter(kind="view_saved", subject_id=view.pk).count() == 1


def test_words_are_not_kept_and_it_says_so(cast: Cast, sign_in: SignIn) -> None:
    text = page(sign_in(cast.desk), f"{NEW}?q=Zdenka&quiet=48")
    assert "are not kept" in text
    sign_in(cast.desk).post(NEW, {"name": "N", "query": "q=Zdenka&quiet=48", "submit_key": str(uuid4())})
    assert SavedView.objects.get(owner=cast.desk).query == "quiet=48"


def test_without_a_name_it_is_422_and_nothing_is_lost(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.desk).post(NEW, {"name": " ", "query": "quiet=48", "submit_key": str(uuid4())})
    assert answer.status_code == 422
    assert 'value="quiet=48"' in answer.content.decode()
    assert not SavedView.objects.filter(owner=cast.desk).exists()


def test_one_that_there_is_may_show_something_else(cast: Cast, sign_in: SignIn) -> None:
    mine, theirs = kept(cast.desk), kept(cast.colleague, is_shared=True)
    client = sign_in(cast.desk)
    sent = {"query": "quiet=48", "submit_key": str(uuid4()), "name": "", "instead_of": mine.pk}
    assert client.post(NEW, sent).status_code == 302
    mine.refresh_from_db()
    assert (mine.query, mine.name) == ("quiet=48", "Rooms")
    assert client.post(NEW, sent | {"instead_of": theirs.pk}).status_code == 422
    assert sign_in(cast.manager).post(NEW, sent | {"instead_of": theirs.pk}).status_code == 302


# The page of all views


def test_it_lists_ones_own_shared_and_shipped(cast: Cast, sign_in: SignIn) -> None:
    kept(cast.desk, name="My own")
    kept(cast.colleague, name="Of a colleague")
    kept(cast.colleague, name="For everyone", is_shared=True)
    text = page(sign_in(cast.desk), LIST)
    assert "My own" in text
    assert "For everyone" in text
    assert "Shared by Cole League" in text
    assert "Of a colleague" not in text
    assert "Quiet for 48 hours" in text


def test_onto_the_bar_up_and_off(cast: Cast, sign_in: SignIn) -> None:
    client, quiet = sign_in(cast.desk), shipped("quiet")
    assert client.post(f"{LIST}{quiet.pk}/pin/", {"is_pinned": "yes"})["Location"] == LIST
    assert tabs(client) == ["All", "Overdue", "Mine", "Still unhappy", "Quiet for 48 hours", "Closed"]
    for _twice in range(2):
        client.post(f"{LIST}{quiet.pk}/move/", {"way": "up"})
    assert tabs(client) == ["All", "Overdue", "Quiet for 48 hours", "Mine", "Still unhappy", "Closed"]
    client.post(f"{LIST}{shipped('overdue').pk}/move/", {"way": "up"})
    client.post(f"{LIST}{shipped('mine').pk}/pin/", {"is_pinned": "no"})
    assert tabs(client) == ["All", "Overdue", "Quiet for 48 hours", "Still unhappy", "Closed"]
    assert tabs(sign_in(cast.colleague)) == ["All", "Overdue", "Mine", "Still unhappy", "Closed"]


def test_eight_are_enough(cast: Cast, sign_in: SignIn) -> None:
    for number in range(5):
        kept(cast.desk, name=f"View {number}")
    ninth = kept(cast.desk, name="Ninth")
    assert not ViewChoice.objects.filter(view=ninth).exists()
    assert sign_in(cast.desk).post(f"{LIST}{ninth.pk}/pin/", {"is_pinned": "yes"}).status_code == 409
    sent = {"is_pinned": "on", "tell_above": "3"}
    answer = sign_in(cast.desk).post(f"{LIST}{ninth.pk}/", sent)
    assert (answer.status_code, 'value="3"' in answer.content.decode()) == (409, True)


@pytest.mark.parametrize(("what", "sent"), [("pin", {"is_pinned": "x"}), ("move", {"way": "x"})])
def test_what_no_button_sends_is_422(what: str, sent: dict[str, str], cast: Cast, sign_in: SignIn) -> None:
    client, address = sign_in(cast.desk), f"{LIST}{shipped('mine').pk}/{what}/"
    assert client.post(address, sent).status_code == 422
    assert client.get(address).status_code == 405


# What one does with a view


def test_told_and_mailed_at_ones_own_time(cast: Cast, sign_in: SignIn) -> None:
    client, quiet = sign_in(cast.desk), shipped("quiet")
    sent = {"is_pinned": "on", "is_default": "on", "tell_above": "5", "mails_at": "07:30"}
    assert client.post(f"{LIST}{quiet.pk}/", sent)["Location"] == LIST
    choice = ViewChoice.objects.get(staff=cast.desk, view=quiet)
    assert (choice.is_pinned, choice.is_default, choice.tell_above) == (True, True, 5)
    assert choice.mails_at == dt.time(7, 30)
    assert choice.next_mail_at
    assert choice.next_mail_at.astimezone(cast.here.zone).time() == dt.time(7, 30)
    assert timezone.now() < choice.next_mail_at <= timezone.now() + dt.timedelta(days=1, hours=1)
    text = page(client, LIST)
    assert "more than 5" in text
    assert "each day at 07:30" in text
    client.post(f"{LIST}{shipped('mine').pk}/", sent)
    assert ViewChoice.objects.get(staff=cast.desk, is_default=True).view == shipped("mine")


@pytest.mark.parametrize("sent", [{"tell_above": "-1"}, {"tell_above": "many"}, {"mails_at": "25:00"}])
def test_bad_input_is_422_and_keeps_what_was_typed(sent: dict[str, str], cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.desk).post(f"{LIST}{shipped('mine').pk}/", sent)
    assert answer.status_code == 422
    assert next(iter(sent.values())) in answer.content.decode()


@pytest.mark.parametrize("what", ["", "change/"])
def test_somebody_elses_own_is_not_there(what: str, cast: Cast, sign_in: SignIn) -> None:
    view = kept(cast.colleague)
    for client in (sign_in(cast.desk), sign_in(cast.manager), sign_in(cast.owner)):
        assert [client.get(f"{LIST}{pk}/{what}").status_code for pk in (view.pk, 99_999_999)] == [404, 404]


# Changing and deleting


def test_a_shared_one_is_changed_by_whoever_saved_it_and_by_managers(cast: Cast, sign_in: SignIn) -> None:
    view = kept(cast.colleague, is_shared=True)
    address = f"{LIST}{view.pk}/change/"
    for who, status in (("desk", 403), ("colleague", 200), ("manager", 200), ("owner", 200)):
        assert sign_in(getattr(cast, who)).get(address).status_code == status, who
    assert sign_in(cast.desk).post(f"{LIST}{view.pk}/delete/").status_code == 403
    assert sign_in(cast.owner).get(f"{LIST}{shipped('mine').pk}/change/").status_code == 403
    sent = {"version": "0", "name": "Bedrooms", "is_shared": "on"}
    assert sign_in(cast.manager).post(address, sent)["Location"] == LIST
    view.refresh_from_db()
    assert (view.name, view.version) == ("Bedrooms", 1)
    answer = sign_in(cast.colleague).post(address, sent | {"name": "Suites"})
    assert answer.status_code == 409
    assert {"Bedrooms", "Suites"} <= set(answer.content.decode().replace("<", " ").replace(">", " ").split())


def test_no_longer_shared_it_leaves_the_bars_of_others(cast: Cast, sign_in: SignIn) -> None:
    view = kept(cast.colleague, is_shared=True)
    saving.pin(view_id=view.pk, is_pinned=True, by=cast.desk, now=NOW)
    assert "Rooms" in tabs(sign_in(cast.desk))
    assert "1 other person" in page(sign_in(cast.colleague), f"{LIST}{view.pk}/change/")
    sign_in(cast.colleague).post(f"{LIST}{view.pk}/change/", {"version": "0", "name": "Rooms"})
    assert "Rooms" not in tabs(sign_in(cast.desk))
    assert "Rooms" in tabs(sign_in(cast.colleague))


def test_deleted_it_is_gone_everywhere(cast: Cast, sign_in: SignIn) -> None:
    view = kept(cast.colleague, is_shared=True)
    choose(cast.desk, view, is_default=True)
    address = f"{LIST}{view.pk}/delete/"
    assert sign_in(cast.colleague).get(address).status_code == 405
    assert sign_in(cast.colleague).post(address)["Location"] == LIST
    assert tabs(sign_in(cast.desk), "") == ["All", "Overdue", "Mine", "Still unhappy", "Closed"]
    assert Event.objects.filter(kind="view_deleted", by=cast.colleague).count() == 1


def test_whoever_had_it_on_their_bar_is_told(cast: Cast, sign_in: SignIn) -> None:
    """On something they see; a restricted incident they do not see is not what their notice hangs on."""
    view = kept(cast.manager, "category=safety", name="Hurt", is_shared=True)
    for person in (cast.colleague, cast.outsider):
        saving.pin(view_id=view.pk, is_pinned=True, by=person, now=NOW)
    make.make_incident(cast.manager, category="safety", now=NOW - make.DAY)
    plain = make.make_incident(cast.desk)
    sign_in(cast.manager).post(f"{LIST}{view.pk}/delete/")
    notice = Notice.objects.get(kind="view_digest")
    assert (notice.recipient, notice.incident) == (cast.colleague, plain)
    client = sign_in(cast.colleague)
    assert "A shared view that you used has been deleted, or is shared no more" in page(client, "/notices/")
    assert client.get(f"/notices/{notice.pk}/")["Location"] == LIST


def test_a_notice_of_a_view_leads_to_it(cast: Cast, sign_in: SignIn) -> None:
    view, incident = kept(cast.desk), make.make_incident(cast.desk)
    notice = Notice.objects.create(
        recipient=cast.desk, incident=incident, kind="view_passed", subject_id=view.pk, occurrence="x/5", at=NOW
    )
    client = sign_in(cast.desk)
    assert "“Rooms”: more than 5 now" in page(client, "/notices/")
    assert client.get(f"/notices/{notice.pk}/")["Location"] == "/incidents/?category=room"


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_statements_whatever_there_is(
    number: int, cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for turn in range(number):
        place = make.make_location(f"House {turn}")
        person = make.make_staff(f"Person{turn} Here", place)
        view = kept(person, f"category={['room', 'late', 'other'][turn]}", name=f"View {turn}", is_shared=True)
        saving.pin(view_id=view.pk, is_pinned=True, by=cast.desk, now=NOW)
        make.make_incident(person, customer=make.make_customer(f"Guest {turn}"))
    client, owner = sign_in(cast.desk), sign_in(person)
    with django_assert_num_queries(7):
        page(client, LIST)
    with django_assert_num_queries(7):
        page(client, "/incidents/?view=all")
    with django_assert_num_queries(7):
        page(client, f"{LIST}{view.pk}/")
    with django_assert_num_queries(6):
        page(client, f"{NEW}?quiet=48")
    with django_assert_num_queries(6):
        page(owner, f"{LIST}{view.pk}/change/")
