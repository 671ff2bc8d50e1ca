"""Web processes that die over a form, forms sent twice, sessions that end, disks that fill up: on a real gunicorn."""

from __future__ import annotations

import io
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.sessions.models import Session
from PIL import Image

from incidents.models import Attachment, Draft, Incident
from tests import make
from tests.faults import invariants
from tests.faults.arena import Arena, Site
from tests.faults.visitor import Visitor, logging_form

NEW, DRAFT = "/incidents/new/", "/incidents/new/draft/"
STORY = "The soup was served with a Zanzibar beetle."


def kept(visitor: Visitor, form: dict[str, str]) -> None:
    """What the page does while somebody types."""
    assert visitor.post(DRAFT, form).status == 204


def lands(visitor: Visitor, form: dict[str, str]) -> str:
    """Send the form; the address of the incident it leads to."""
    answer = visitor.post(NEW, form)
    assert answer.status == 302, answer.text[:2000]
    return answer.location


def dies_over(arena: Arena, rig: str) -> tuple[Site, Visitor, dict[str, str]]:
    """A draft is kept, then a web process is killed over the form."""
    desk = make.make_cast().desk
    site = arena.web(RIG=f"{rig},child-only")
    visitor, form = site.visitor(desk), logging_form(STORY)
    kept(visitor, form)
    assert visitor.falls(NEW, form)
    return site, visitor, form


def test_killed_before_the_commit_nothing_is_saved_and_the_draft_is_kept(arena: Arena) -> None:
    _site, visitor, form = dies_over(arena, "die-before-commit")
    assert Incident.objects.count() == 0
    assert STORY in visitor.get(f"{NEW}?draft={form['draft_key']}").text
    address = lands(visitor, form)
    assert STORY in visitor.get(address).text
    assert not Draft.objects.exists()
    arena.all_is_well()


@pytest.mark.slow
def test_control_without_a_transaction_a_number_is_lost(arena: Arena) -> None:
    """All rows are written at once; the number is taken, and the draft gone, in a statement before."""
    dies_over(arena, "no-transaction,die-half-way")
    assert Incident.objects.count() == 0
    assert "references_with_gaps" in invariants.broken()


def test_killed_after_the_commit_the_same_key_shows_what_was_saved(arena: Arena) -> None:
    _site, visitor, form = dies_over(arena, "die-after-commit")
    saved = Incident.objects.get()
    assert lands(visitor, form) == saved.get_absolute_url()
    assert Incident.objects.count() == 1
    arena.all_is_well()


@pytest.mark.slow
def test_control_without_submit_key_it_is_there_twice(arena: Arena) -> None:
    _site, visitor, form = dies_over(arena, "no-submit-key,die-after-commit")
    lands(visitor, form)
    assert Incident.objects.filter(what_happened=STORY).count() == 2


def twenty_at_once(site: Site, cast: make.Cast) -> list[str]:
    form = logging_form(STORY)
    visitor = site.visitor(cast.desk)
    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(lambda _number: lands(visitor, form), range(20)))


def test_twenty_posts_with_one_key_make_one_incident(arena: Arena) -> None:
    addresses = twenty_at_once(arena.web(), make.make_cast())
    assert set(addresses) == {Incident.objects.get().get_absolute_url()}
    arena.all_is_well()


@pytest.mark.slow
def test_control_without_key_twenty_posts_make_twenty(arena: Arena) -> None:
    twenty_at_once(arena.web(RIG="no-submit-key"), make.make_cast())
    assert Incident.objects.count() == 20


def test_a_session_that_ends_in_the_middle_of_a_form(arena: Arena) -> None:
    """The draft is on the server, and signing in leads back to it."""
    desk = make.make_cast().desk
    site = arena.web()
    visitor, form = site.visitor(desk), logging_form(STORY)
    kept(visitor, form)
    Session.objects.all().delete()
    answer = visitor.post(f"{NEW}?send", form, from_page=NEW)
    assert (answer.status, Incident.objects.count()) == (302, 0)
    assert answer.location.startswith("/accounts/login/?next=")
    back = visitor.post(answer.location, {"login": desk.email, "password": make.PASSWORD})
    assert (back.status, back.location.split("?")[0]) == (302, NEW)
    assert form["draft_key"] in visitor.get(back.location).text, "the page offers what was unfinished"
    assert STORY in visitor.get(f"{NEW}?draft={form['draft_key']}").text
    lands(visitor, form)
    assert Incident.objects.count() == 1
    arena.all_is_well()


@pytest.mark.slow
def test_control_without_a_draft_it_is_typed_again(arena: Arena) -> None:
    desk = make.make_cast().desk
    visitor, form = arena.web(RIG="no-draft").visitor(desk), logging_form(STORY)
    kept(visitor, form)
    Session.objects.all().delete()
    answer = visitor.post(f"{NEW}?send", form, from_page=NEW)
    back = visitor.post(answer.location, {"login": desk.email, "password": make.PASSWORD})
    assert STORY not in visitor.get(f"{NEW}?draft={form['draft_key']}").text
    assert form["draft_key"] not in visitor.get(back.location).text
    assert (Draft.objects.count(), Incident.objects.count()) == (0, 0)


def noise() -> bytes:
    """A picture of some hundred kilobytes that no encoder makes smaller."""
    out = io.BytesIO()
    Image.frombytes("RGB", (400, 400), os.urandom(400 * 400 * 3)).save(out, "PNG")
    return out.getvalue()


def on_a_full_disk(arena: Arena, rig: str) -> str:
    """The incident is saved, its picture does not fit; the page that says so."""
    cast = make.make_cast()
    site = arena.web(RIG=rig)
    visitor = site.visitor(cast.desk)
    address = lands(visitor, logging_form(STORY))
    answer = visitor.post(f"{address}files/", {"kind": "photo"}, {"file": ("beetle.png", noise())})
    assert answer.status == 503
    assert Incident.objects.get().what_happened == STORY
    assert Attachment.objects.count() == 0
    return answer.text


def test_a_full_disk_is_said_plainly_and_leaves_nothing_behind(arena: Arena) -> None:
    words = on_a_full_disk(arena, "small-disk")
    assert "could not be saved just now" in words
    assert "Everything else is safe" in words
    arena.all_is_well()


def test_a_full_disk_while_logging_keeps_the_incident(arena: Arena) -> None:
    """The picture goes with the form; the incident is saved without it, and the page that comes says so."""
    visitor = arena.web(RIG="small-disk").visitor(make.make_cast().desk)
    answer = visitor.post(NEW, logging_form(STORY), {"photos": ("beetle.png", noise())})
    assert (answer.status, answer.location) == (302, Incident.objects.get().get_absolute_url())
    page = visitor.get(answer.location).text
    assert STORY in page
    assert "could not be saved just now" in page
    assert Attachment.objects.count() == 0
    arena.all_is_well()


@pytest.mark.slow
def test_control_careless_writing_leaves_half_a_file(arena: Arena) -> None:
    on_a_full_disk(arena, "small-disk,careless-files")
    assert set(invariants.broken(media=arena.media)) == {"file_without_row"}
