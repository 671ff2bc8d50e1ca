"""Photos taken while logging: checked, several, kept when the form comes back, added once."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from incidents import uploads
from incidents.actions.attach import remove_orphans
from incidents.models import Attachment, Incident
from tests import make, pictures

NEW = "/incidents/new/"


@pytest.fixture
def desk(cast: make.Cast, sign_in: Any, tmp_path: Path, settings: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    return sign_in(cast.desk)


def photo(name: str = "broken.jpg", colour: str = "red", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pictures.photo(colour=colour) if content is None else content, "image/jpeg")


def sent(*photos: SimpleUploadedFile, **over: Any) -> dict[str, Any]:
    facts = {"category": "defective", "what_happened": "Broke.", "source": "customer", "new_name": "Ada Stone"}
    return facts | {"submit_key": uuid4(), "draft_key": uuid4(), "photos": list(photos)} | over


def stored() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).glob("*/*") if path.is_file()]


def kept(answer: Any) -> list[str]:
    return [token for token, _name in answer.context["photos_kept"]]


def test_the_form_asks_the_camera(desk: Any) -> None:
    html = desk.get(NEW).content.decode()
    assert 'enctype="multipart/form-data"' in html
    assert 'name="photos"' in html
    assert 'capture="environment"' in html


def test_several_are_added(desk: Any) -> None:
    assert desk.post(NEW, sent(photo(), photo("two.png", content=pictures.photo("PNG")))).status_code == 302
    names = Attachment.objects.values_list("original_name", "kind").order_by("id")
    assert list(names) == [("broken.jpg", "photo"), ("two.png", "photo")]
    assert len(stored()) == 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("notes.txt", b"plain words", "Only JPEG, PNG, WebP"),
        ("broken.jpg", b"\xff\xd8\xff\xe0 no picture", "damaged"),
        ("empty.jpg", b"", "empty"),
        ("paper.pdf", pictures.PDF, "Only JPEG, PNG and WebP pictures"),
        ("broken.png", pictures.photo("JPEG"), "damaged"),
    ],
)
def test_a_bad_one_is_told_by_name_and_nothing_is_half_saved(desk: Any, name: str, content: bytes, words: str) -> None:
    answer = desk.post(NEW, sent(photo(), photo(name, content=content)))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f"{name}: " in html
    assert words in html
    assert "Broke." in html
    assert "broken.jpg is still here" in html
    assert not Incident.objects.exists()
    assert not Attachment.objects.exists()


def test_too_large_is_told(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 1000)
    answer = desk.post(NEW, sent(photo("big.png", content=pictures.noise(60))))
    assert answer.status_code == 422
    assert "larger than 10 MB" in answer.content.decode()


def test_kept_when_another_field_was_wrong(desk: Any) -> None:
    answer = desk.post(NEW, sent(photo(), what_happened=""))
    assert answer.status_code == 422
    assert desk.post(NEW, sent(photo_kept=kept(answer))).status_code == 302
    assert Attachment.objects.get().original_name == "broken.jpg"


def test_what_is_unticked_is_left_out(desk: Any) -> None:
    answer = desk.post(NEW, sent(photo(), photo("two.jpg", "blue"), what_happened=""))
    desk.post(NEW, sent(photo_kept=kept(answer)[1:]))
    assert Attachment.objects.get().original_name == "two.jpg"


def test_somebody_else_s_or_a_forged_one_is_not_taken_up(desk: Any, cast: make.Cast, sign_in: Any) -> None:
    theirs = kept(sign_in(cast.colleague).post(NEW, sent(photo(), what_happened="")))
    for token in (*theirs, "nonsense", theirs[0][:-2], ""):
        answer = desk.post(NEW, sent(photo_kept=[token]))
        assert answer.status_code == 422
        assert "Choose it again" in answer.content.decode()
    assert not Incident.objects.exists()


def test_too_old_is_said(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    token = kept(desk.post(NEW, sent(photo(), what_happened="")))
    monkeypatch.setattr(uploads, "ASIDE_FOR", -1)
    assert "Choose it again" in desk.post(NEW, sent(photo_kept=token)).content.decode()


def test_set_aside_and_never_sent_is_tidied_away(desk: Any) -> None:
    desk.post(NEW, sent(photo(), what_happened=""))
    assert len(stored()) == 1
    remove_orphans(now=timezone.now() + 2 * make.HOUR)
    assert not stored()


def test_back_and_again_adds_each_once(desk: Any) -> None:
    fields = sent(photo())
    first = desk.post(NEW, fields)
    second = desk.post(NEW, fields | {"photos": [photo()]})
    assert first.url == second.url
    assert (Incident.objects.count(), Attachment.objects.count()) == (1, 1)


def test_more_than_ten_are_told(desk: Any) -> None:
    tokens = kept(desk.post(NEW, sent(*(photo(f"{n}.jpg", f"#0000{n}0") for n in range(9)), what_happened="")))
    answer = desk.post(NEW, sent(photo("x.jpg", "green"), photo("y.jpg", "white"), photo_kept=tokens))
    assert answer.status_code == 422
    assert "at most 10 photos" in answer.content.decode()


def test_a_full_disk_logs_the_mistake_and_says_so(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads, "_write", full)
    answer = desk.post(NEW, sent(photo()), follow=True)
    assert Incident.objects.count() == 1
    assert not Attachment.objects.exists()
    assert "could not be saved just now" in answer.content.decode()


def test_a_full_disk_while_it_comes_back_asks_for_it_again(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads, "_write", full)
    answer = desk.post(NEW, sent(photo(), what_happened=""))
    assert answer.status_code == 422
    assert not kept(answer)


def test_too_much_given_keeps_the_form_and_its_photos(desk: Any, cast: make.Cast) -> None:
    make.limit(cast.desk, amount=5)
    spot = {"is_on_the_spot": "on", "remedy_type": "gift_card", "amount": "80"}
    answer = desk.post(NEW, sent(photo(), **spot))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "more than you may give" in html
    assert "Broke." in html
    assert kept(answer)
    assert not Incident.objects.exists()
