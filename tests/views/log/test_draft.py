"""What is typed is kept on the server until it is sent."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from incidents.actions import log as logging
from incidents.models import Draft
from tests import make

URL = "/incidents/new/draft/"
NEW = "/incidents/new/"


@pytest.fixture
def desk(cast: make.Cast, sign_in: Any) -> Any:
    return sign_in(cast.desk)


def keep(client: Any, **over: Any) -> Any:
    fields = {"draft_key": str(uuid4()), "customer_name": "Ada Stone", "what_happened": "The soup was", **over}
    return client.post(URL, fields)


def test_kept_offered_and_continued(desk: Any) -> None:
    assert keep(desk, category="late", value_order_ref="A-17", is_on_the_spot="on").status_code == 204
    draft = Draft.objects.get()
    html = desk.get(NEW).content.decode()
    assert "You have something unfinished from" in html
    assert "The soup was" not in html
    form = desk.get(NEW, {"draft": str(draft.key)}).context["form"]
    assert form["what_happened"].value() == "The soup was"
    assert form["value_order_ref"].value() == "A-17"
    assert form["is_on_the_spot"].value()
    assert str(form["draft_key"].value()) == str(draft.key)


def test_the_newest_text_wins(desk: Any) -> None:
    key = str(uuid4())
    keep(desk, draft_key=key)
    keep(desk, draft_key=key, what_happened="The soup was cold")
    assert Draft.objects.get().values["what_happened"] == "The soup was cold"


def test_nothing_typed_is_nothing_kept(desk: Any) -> None:
    key = str(uuid4())
    keep(desk, draft_key=key)
    keep(desk, draft_key=key, customer_name="", what_happened="", category="room")
    assert not Draft.objects.exists()


def test_discarded(desk: Any) -> None:
    keep(desk)
    keep(desk)
    assert desk.post(URL, {"discard": "1"}).url == NEW
    assert not Draft.objects.exists()


def test_today_kept_yesterday_is_yesterday_s_date(desk: Any, cast: make.Cast) -> None:
    keep(desk, occurred_day="today")
    Draft.objects.update(saved_at=timezone.now() - dt.timedelta(days=1))
    draft = Draft.objects.get()
    form = desk.get(NEW, {"draft": str(draft.key)}).context["form"]
    assert form["occurred_on"].value() == draft.saved_at.astimezone(cast.here.zone).date().isoformat()
    assert not form["occurred_day"].value()


def test_somebody_else_s_stays_theirs(desk: Any, cast: make.Cast, sign_in: Any) -> None:
    keep(desk)
    other = sign_in(cast.colleague)
    assert "unfinished" not in other.get(NEW).content.decode()
    other.post(URL, {"discard": "1"})
    form = other.get(NEW, {"draft": str(Draft.objects.get().key)}).context["form"]
    assert not form["what_happened"].value()


@pytest.mark.parametrize("key", ["", "nonsense", "\x00"])
def test_without_a_key_422(desk: Any, key: str) -> None:
    assert keep(desk, draft_key=key).status_code == 422


def test_unreadable_characters_and_length_do_no_harm(desk: Any) -> None:
    assert keep(desk, what_happened="a\x00b" + "x" * 9000, **{"value_\x00": "x"}).status_code == 204
    assert len(Draft.objects.get().values["what_happened"]) == 4000


def test_one_that_arrives_after_its_own_submit_is_not_kept(desk: Any, cast: make.Cast) -> None:
    key = uuid4()
    make.make_incident(cast.desk, submit_key=key)
    assert keep(desk, submit_key=str(key)).status_code == 204
    assert not Draft.objects.exists()


def test_nor_one_that_arrives_while_its_own_submit_is_saved(
    desk: Any, cast: make.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, save = uuid4(), logging.save_draft

    def send_meanwhile(**typed: Any) -> None:
        make.make_incident(cast.desk, submit_key=key, draft_key=typed["key"])
        save(**typed)

    monkeypatch.setattr(logging, "save_draft", send_meanwhile)
    assert keep(desk, submit_key=str(key)).status_code == 204
    assert not Draft.objects.exists()


def test_one_kept_before_the_form_is_saved_is_gone_after(
    cast: make.Cast, django_capture_on_commit_callbacks: Any
) -> None:
    """Kept by another request after this one looked for it, and before others see that it was sent."""
    key = uuid4()
    with django_capture_on_commit_callbacks(execute=True):
        make.make_incident(cast.desk, draft_key=key)
        logging.save_draft(by=cast.desk, form="log", key=key, values={"place": "Bar"}, now=timezone.now())
    assert not Draft.objects.exists()


def test_get_is_405(desk: Any) -> None:
    assert desk.get(URL).status_code == 405
