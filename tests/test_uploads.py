"""What is taken, what is refused, and that nothing half-written stays on the disk."""

from __future__ import annotations

import io
import resource
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import RequestFactory
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pytest_django.fixtures import Settings

from incidents import uploads
from tests.pictures import PDF, noise, photo

SCRIPT = b"<script>alert(1)</script>"


def hand_in(content: bytes, name: str) -> uploads.CheckedFile:
    return uploads.check(SimpleUploadedFile(name, content, content_type="image/png"))


def refusal(content: bytes, name: str) -> str:
    with pytest.raises(uploads.BadFile) as refused:
        hand_in(content, name)
    return str(refused.value.words)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (photo("JPEG"), "shower.jpg", "image/jpeg"),
        (photo("JPEG"), "SHOWER.JPEG", "image/jpeg"),
        (photo("PNG"), "shower.png", "image/png"),
        (photo("WEBP"), "shower.webp", "image/webp"),
        (PDF, "receipt.pdf", "application/pdf"),
    ],
)
def test_the_four_types_are_taken(content: bytes, name: str, content_type: str) -> None:
    taken = hand_in(content, name)
    assert (taken.content_type, taken.label) == (content_type, name)
    if content_type != uploads.PDF:
        assert Image.open(io.BytesIO(taken.content)).size == (40, 20)


def _archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html>" + SCRIPT, "page.html"),
        (b"<html>" + SCRIPT, "page.jpg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>", "drawing.svg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "drawing.png"),
        (_archive(), "files.zip"),
        (_archive(), "files.pdf"),
        (photo("GIF"), "moving.gif"),
        (photo("GIF"), "moving.png"),
        (photo("TIFF"), "scan.tiff"),
        (photo("JPEG"), "shower.exe"),
        (photo("JPEG"), "shower"),
        (PDF, "receipt.pdf.html"),
        (b"x", "one-byte.png"),
    ],
)
def test_other_types_are_refused_in_words(content: bytes, name: str) -> None:
    assert refusal(content, name) == "Only JPEG, PNG, WebP and PDF files can be added."


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (photo("JPEG"), "really-a-jpeg.png"),
        (photo("PNG"), "really-a-picture.pdf"),
        (photo("JPEG")[:200], "cut-off.jpg"),
        (photo("PNG")[:60], "cut-off.png"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "signature-only.png"),
        (b"%PDF-1.7\n" + SCRIPT, "endless.pdf"),
        (b"\n%PDF-1.7\n%%EOF", "shifted.pdf"),
    ],
)
def test_what_only_pretends_is_refused(content: bytes, name: str) -> None:
    assert refusal(content, name) in {str(uploads.DAMAGED), str(uploads.ONLY_THESE)}


def test_ten_megabytes_are_the_most() -> None:
    filler = b"%" * (uploads.MAX_BYTES - len(PDF))
    assert hand_in(b"%PDF-1.4\n" + filler[:-9] + PDF, "most.pdf").content_type == uploads.PDF
    assert "larger than 10 MB" in refusal(b"%PDF-1.4\n" + filler + PDF, "more.pdf")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@pytest.mark.parametrize("side", [8_000, 13_000, 60_000])
def test_a_picture_that_unpacks_to_too_many_pixels_is_refused_unopened(side: int) -> None:
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(1000)))
    assert "50 megapixels" in refusal(bomb + _chunk(b"IEND", b""), "bomb.png")


def test_large_pictures_are_made_smaller() -> None:
    taken = hand_in(photo("JPEG", size=(6000, 100)), "wide.jpg")
    assert max(Image.open(io.BytesIO(taken.content)).size) <= uploads.LONGEST_SIDE


def _with_secrets(form: str) -> bytes:
    picture = Image.new("RGB", (40, 20), "red")
    exif = picture.getexif()
    exif[0x010E] = "secret words"
    exif.get_ifd(0x8825)[1] = "N"
    extra: dict[str, Any] = {"exif": exif}
    if form == "PNG":
        extra["pnginfo"] = PngInfo()
        extra["pnginfo"].add_text("Comment", "secret words")
    if form == "JPEG":
        extra["comment"] = b"secret words"
    if form in {"JPEG", "WEBP"}:
        extra["xmp"] = b"secret words"
    extra["icc_profile"] = b"secret words" * 20
    out = io.BytesIO()
    picture.save(out, form, **extra)
    return out.getvalue()


@pytest.mark.parametrize(("form", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_nothing_hidden_in_a_picture_comes_along(form: str, ending: str) -> None:
    before = _with_secrets(form) + b"<html>" + SCRIPT
    assert b"secret words" in before
    after = hand_in(before, f"polyglot.{ending}").content
    assert b"secret" not in after
    assert b"script" not in after
    picture = Image.open(io.BytesIO(after))
    assert not picture.getexif()
    assert not {"comment", "Comment", "icc_profile", "xmp"} & set(picture.info)


def test_a_picture_taken_sideways_is_turned_upright() -> None:
    picture = Image.new("RGB", (40, 20), "red")
    exif = picture.getexif()
    exif[0x0112] = 6
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    taken = hand_in(out.getvalue(), "sideways.jpg")
    assert Image.open(io.BytesIO(taken.content)).size == (20, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_is_redrawn(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (40, 20)).save(out, "PNG")
    taken = hand_in(out.getvalue(), "any.png")
    assert Image.open(io.BytesIO(taken.content)).mode in {"RGB", "RGBA"}


def test_a_printers_jpeg_is_redrawn() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (40, 20)).save(out, "JPEG")
    assert Image.open(io.BytesIO(hand_in(out.getvalue(), "print.jpg").content)).mode == "RGB"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("receipt.pdf", "receipt.pdf"),
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\me\\bill.pdf", "bill.pdf"),
        ("a\r\nSet-Cookie: x=1.png", "a Set-Cookie: x=1.png"),
        ("a\0b.png", "ab.png"),
        ("photo\u202egnp.exe.png", "photo gnp.exe.png"),
        ("  spaced   out .png", "spaced out.png"),
        ("élan été.jpg", "élan été.jpg"),
        ("\ud800.png", "file.png"),
        ("..", "file"),
        ("", "file"),
        (".png", "file.png"),
    ],
)
def test_names_are_cleaned_to_labels(name: str, shown: str) -> None:
    assert uploads.label(name) == shown


def test_a_long_name_keeps_its_ending() -> None:
    shown = uploads.label("x" * 400 + ".jpeg")
    assert shown.endswith("x.jpeg")
    assert len(shown) <= uploads.LONGEST_NAME


def test_a_stored_file_has_a_random_name_that_only_we_read(media: Path) -> None:
    taken = hand_in(photo("PNG"), "../../escape.png")
    first, second = uploads.keep(taken), uploads.keep(taken)
    assert first != second
    assert "escape" not in first
    path = media / first
    assert path.read_bytes() == taken.content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(media.stat().st_mode) == 0o700
    with uploads.read(first) as found:
        assert found.read() == taken.content
    uploads.discard(first)
    uploads.discard(first)
    assert [name for name, _written in uploads.all_stored()] == [second]


@pytest.mark.parametrize("name", ["../secret_key", "/etc/passwd", "", "aa/../../secret_key"])
def test_a_stored_name_never_leads_out(name: str, media: Path) -> None:
    media.mkdir()
    with pytest.raises(ValueError, match=name or "^$"):
        uploads.place_of(name)


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """The kernel refuses to let any file grow beyond `size`: a full disk, as seen by one write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_no_partial_file(media: Path) -> None:
    taken = hand_in(noise(), "noise.png")
    assert len(taken.content) > 1_000_000
    with largest_file(500_000), pytest.raises(uploads.NotStored):
        uploads.keep(taken)
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_control_plain_writing_does_leave_a_partial_file(media: Path) -> None:
    media.mkdir()
    with largest_file(500_000), pytest.raises(OSError, match="large"):
        (media / "plain.png").write_bytes(hand_in(noise(), "noise.png").content)
    assert (media / "plain.png").stat().st_size == 500_000


def test_a_place_that_cannot_be_written_says_so(media: Path) -> None:
    media.write_text("not a folder")
    with pytest.raises(uploads.NotStored) as failed:
        uploads.keep(hand_in(PDF, "receipt.pdf"))
    assert "could not be saved" in str(failed.value.words)


def test_what_is_beyond_the_limit_is_never_written_down(rf: RequestFactory) -> None:
    sent = SimpleUploadedFile("more.pdf", b"%PDF-" + bytes(3 * uploads.MAX_BYTES))
    received = rf.post("/", {"file": sent}).FILES["file"]
    assert isinstance(received, UploadedFile)
    with received:
        assert received.size
        assert uploads.MAX_BYTES < received.size < uploads.MAX_BYTES + 200_000
        with pytest.raises(uploads.BadFile, match="larger than 10 MB"):
            uploads.check(received)
