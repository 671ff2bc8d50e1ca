"""Looking at a photo or a receipt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from incidents import uploads
from incidents.actions.attach import attach_file
from incidents.models import Attachment, Incident, Staff
from tests import make
from tests.pictures import PDF, photo

SignIn = Callable[[Staff], Client]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def add(incident: Incident, by: Staff, content: bytes = PDF, name: str = "bill.pdf") -> Attachment:
    file = uploads.check(SimpleUploadedFile(name, content))
    return attach_file(incident_id=incident.pk, by=by, now=make.NOW, file=file, kind="photo")


def look(client: Client, address: str) -> Any:
    """The answer, read to its end: only then is the file closed."""
    response: Any = client.get(address)
    response.body = response.getvalue() if response.streaming else response.content
    return response


def address(file: Attachment) -> str:
    return reverse("file-show", args=[file.incident.reference, file.pk])


def test_a_pdf_is_handed_over_to_be_saved(cast: make.Cast, sign_in: SignIn) -> None:
    file = add(make.make_incident(cast.desk), cast.desk, name='b"ill\r\n.pdf')
    response = look(sign_in(cast.desk), address(file))
    assert (response.status_code, response.body) == (200, PDF)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "\n" not in response.headers["Content-Disposition"]


def test_a_picture_shows_in_the_page(cast: make.Cast, sign_in: SignIn) -> None:
    file = add(make.make_incident(cast.desk), cast.desk, photo("PNG"), "shower.png")
    response = look(sign_in(cast.colleague), address(file))
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"] == 'inline; filename="shower.png"'


@pytest.mark.parametrize("name", ["bill.pdf", "shower.jpg"])
def test_a_browser_may_do_nothing_with_it(name: str, cast: make.Cast, sign_in: SignIn) -> None:
    content = PDF if name.endswith("pdf") else photo()
    file = add(make.make_incident(cast.desk), cast.desk, content, name)
    headers = look(sign_in(cast.desk), address(file)).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Content-Security-Policy"].endswith("sandbox")
    assert "no-store" in headers["Cache-Control"]


def test_it_is_not_shown_to_strangers_or_by_another_address(cast: make.Cast, sign_in: SignIn) -> None:
    incident, other = make.make_incident(cast.desk), make.make_incident(cast.desk)
    file = add(incident, cast.desk)
    assert sign_in(cast.outsider).get(address(file)).status_code == 404
    desk = sign_in(cast.desk)
    assert desk.get(reverse("file-show", args=[other.reference, file.pk])).status_code == 404
    assert desk.get(reverse("file-show", args=[incident.reference, file.pk + 1])).status_code == 404
    assert desk.get(reverse("file-show", args=[incident.reference, 10**30])).status_code == 404
    assert Client().get(address(file)).status_code == 302
    assert desk.post(address(file)).status_code == 405


def test_files_of_a_restricted_incident_are_for_those_who_read_it_whole(cast: make.Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk, category="safety")
    assert incident.is_restricted
    theirs, own = add(incident, cast.manager, photo(), "a.jpg"), add(incident, cast.desk, PDF, "b.pdf")
    desk, manager = sign_in(cast.desk), sign_in(cast.manager)
    assert [look(desk, address(file)).status_code for file in (theirs, own)] == [404, 200]
    assert [look(manager, address(file)).status_code for file in (theirs, own)] == [200, 200]
    assert sign_in(cast.colleague).get(address(own)).status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_404(cast: make.Cast, sign_in: SignIn) -> None:
    file = add(make.make_incident(cast.desk), cast.desk)
    uploads.discard(file.stored_name)
    assert sign_in(cast.desk).get(address(file)).status_code == 404
