"""Adding a photo or a receipt from the incident page."""

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
from incidents.models import Attachment, Incident, Staff
from tests import make
from tests.kept import kept_rows
from tests.pictures import PDF, photo

SignIn = Callable[[Staff], Client]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@kept_rows
def incident(cast: make.Cast) -> Incident:
    return make.make_incident(cast.desk)


@pytest.fixture
def desk(cast: make.Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.desk)


def post(client: Client, incident: Incident, content: bytes = PDF, name: str = "bill.pdf", **over: Any) -> Any:
    fields = {"file": SimpleUploadedFile(name, content), "kind": "receipt"} | over
    headers = fields.pop("headers", {})
    return client.post(reverse("file-add", args=[incident.reference]), fields, headers=headers)


def test_it_adds_the_file_and_goes_back(incident: Incident, cast: make.Cast, sign_in: SignIn) -> None:
    response = post(sign_in(cast.desk), incident, photo(), "shower.jpg", kind="photo")
    assert (response.status_code, response.url) == (302, incident.get_absolute_url() + "#photos")
    added = Attachment.objects.get()
    assert (added.original_name, added.kind, added.created_by) == ("shower.jpg", "photo", cast.desk)


def test_a_fragment_is_told_to_go_back(incident: Incident, cast: make.Cast, sign_in: SignIn) -> None:
    response = post(sign_in(cast.desk), incident, headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == incident.get_absolute_url() + "#photos"


def test_the_only_receipt_awaited_is_found(incident: Incident, cast: make.Cast, sign_in: SignIn) -> None:
    remedy = make.give(incident, cast.desk, "reimburse", is_delivered=False)
    post(sign_in(cast.desk), incident)
    assert Attachment.objects.get().remedy == remedy


def test_with_two_awaited_it_asks_which(incident: Incident, cast: make.Cast, sign_in: SignIn) -> None:
    remedies = [make.give(incident, cast.desk, "reimburse", is_delivered=False) for _time in range(2)]
    response = post(sign_in(cast.desk), incident)
    assert response.status_code == 422
    assert "Say what this receipt is for." in response.content.decode()
    post(sign_in(cast.desk), incident, remedy=remedies[1].pk)
    assert Attachment.objects.get().remedy == remedies[1]


def test_a_foreign_remedy_is_no_choice(incident: Incident, cast: make.Cast, sign_in: SignIn) -> None:
    foreign = make.give(make.make_incident(cast.desk), cast.desk, "reimburse", is_delivered=False)
    assert post(sign_in(cast.desk), incident, remedy=foreign.pk).status_code == 422
    assert not Attachment.objects.exists()


def test_a_stranger_gets_404(incident: Incident, cast: make.Cast, sign_in: SignIn) -> None:
    assert post(sign_in(cast.outsider), incident).status_code == 404
    assert post(sign_in(cast.desk), Incident(reference="R-2026-99999")).status_code == 404


def test_nobody_is_sent_to_sign_in(incident: Incident) -> None:
    assert post(Client(), incident).url.startswith(reverse("account_login"))


def test_looking_instead_of_sending_is_405(incident: Incident, cast: make.Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.desk).get(reverse("file-add", args=[incident.reference])).status_code == 405


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"content": b"<script>alert(1)</script>", "name": "page.html"}, "Only JPEG, PNG, WebP and PDF"),
        ({"content": photo(), "name": "other.pdf"}, "may be damaged"),
        ({"content": b""}, "This file is empty."),
        ({"content": PDF + b"%" * uploads.MAX_BYTES}, "larger than 10 MB"),
        ({"file": ""}, "Choose a file first."),
        ({"kind": "will"}, "Select a valid choice"),
        ({"remedy": "x"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_taken_is_said_and_the_rest_kept(
    over: dict[str, Any], words: str, incident: Incident, desk: Client, media: Path
) -> None:
    response = post(desk, incident, **over)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "There is a problem" in page
    assert '<option value="receipt" selected>' in page or "kind" in over
    assert incident.get_absolute_url() in page
    assert not Attachment.objects.exists()
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_a_fragment_gets_the_form_alone(incident: Incident, cast: make.Cast, sign_in: SignIn) -> None:
    response = post(sign_in(cast.desk), incident, b"", headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert "<html" not in response.content.decode()
    assert "This file is empty." in response.content.decode()


def test_a_full_disk_is_told_and_the_incident_stays(
    incident: Incident, cast: make.Cast, sign_in: SignIn, settings: Settings
) -> None:
    settings.MEDIA_ROOT = Path(settings.MEDIA_ROOT) / "blocked"
    settings.MEDIA_ROOT.write_text("not a folder")
    response = post(sign_in(cast.desk), incident)
    assert response.status_code == 503
    assert "could not be saved just now" in response.content.decode()
    assert not Attachment.objects.exists()


def test_a_name_is_shown_as_text_only(incident: Incident, cast: make.Cast, sign_in: SignIn) -> None:
    post(sign_in(cast.desk), incident, name="../\u202e<img src=x>  1.pdf")
    assert Attachment.objects.get().original_name == "<img src=x> 1.pdf"
