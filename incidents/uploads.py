"""What somebody hands us as a file: checked, re-encoded, named at random, stored whole or not at all.

`check()` trusts neither the name nor the type that a browser claims. Pictures are decoded and
written anew, so whatever was hidden in them (places, names, scripts) does not come along;
PDFs stay as they are and are only ever sent as attachments. Imports nothing of ours.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import puremagic
import structlog
from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

log = structlog.get_logger(__name__)

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 4096
LONGEST_NAME = 300
PDF = "application/pdf"

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True)
class Kind:
    """A type that we take: what its content begins with, how its name may end, who decodes it."""

    content_type: str
    endings: tuple[str, ...]
    decoder: str = ""


KINDS = (
    Kind("image/jpeg", (".jpg", ".jpeg"), "JPEG"),
    Kind("image/png", (".png",), "PNG"),
    Kind("image/webp", (".webp",), "WEBP"),
    Kind(PDF, (".pdf",)),
)
ACCEPT = ",".join(kind.content_type for kind in KINDS)

ONLY_THESE = _("Only JPEG, PNG, WebP and PDF files can be added.")
TOO_LARGE = _("This file is larger than 10 MB. Choose a smaller one.")
TOO_MANY_PIXELS = _("This picture has more than 50 megapixels. Choose a smaller one.")
DAMAGED = _("This file cannot be opened: it may be damaged, or not what its name says.")
NOT_STORED = _("The file could not be saved just now, so it was not added. Everything else is safe. Try again later.")


class BadFile(Exception):
    """We do not take this file. `words` says why."""

    def __init__(self, words: LazyText | str) -> None:
        super().__init__(str(words))
        self.words = words


class NotStored(Exception):
    """The disk is full or cannot be written. Nothing was left behind."""

    words = NOT_STORED


@dataclass(frozen=True)
class CheckedFile:
    """Content that is safe to keep. Only `check()` makes one."""

    content: bytes
    content_type: str
    label: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class CutOff(FileUploadHandler):
    """Swallows what comes after the allowed size, so that nobody fills the disk with one request."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MAX_BYTES else None

    def file_complete(self, file_size: int) -> None:
        return None


def check(file: UploadedFile) -> CheckedFile:
    """The safe form of `file`; raises BadFile, in words, for anything else."""
    if (file.size or 0) > MAX_BYTES:
        raise BadFile(TOO_LARGE)
    file.seek(0)
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise BadFile(TOO_LARGE)
    name = label(file.name or "")
    kind = _kind(content, Path(name).suffix.lower())
    content = _redraw(content, kind) if kind.decoder else _whole_pdf(content)
    if len(content) > MAX_BYTES:
        raise BadFile(TOO_LARGE)
    return CheckedFile(content, kind.content_type, name)


def _kind(content: bytes, ending: str) -> Kind:
    """The type whose signature the content has; its name must end like it."""
    try:
        found = {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        found = set()
    for kind in KINDS:
        if kind.content_type in found:
            if ending in kind.endings:
                return kind
            raise BadFile(DAMAGED if any(ending in other.endings for other in KINDS) else ONLY_THESE)
    raise BadFile(ONLY_THESE)


def _whole_pdf(content: bytes) -> bytes:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise BadFile(DAMAGED)
    return content


def _redraw(content: bytes, kind: Kind) -> bytes:
    """The picture alone, turned upright, at most LONGEST_SIDE on a side."""
    try:
        with Image.open(io.BytesIO(content), formats=[kind.decoder]) as picture:
            return _encode(picture, kind.decoder)
    except BadFile:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadFile(TOO_MANY_PIXELS) from error
    except Exception as error:
        # A hostile file makes a decoder fail in any way it likes; none of them is our fault.
        log.info("picture_refused", error=type(error).__name__)
        raise BadFile(DAMAGED) from error


def _encode(picture: Image.Image, decoder: str) -> bytes:
    if picture.width * picture.height > MAX_PIXELS:  # known from the head of the file, before anything is decoded
        raise BadFile(TOO_MANY_PIXELS)
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    has_holes = decoder != "JPEG" and picture.has_transparency_data
    upright: Image.Image = ImageOps.exif_transpose(picture)
    plain = upright.convert("RGBA" if has_holes else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain.info = {}  # encoders copy comments, profiles and transparency from here
    out = io.BytesIO()
    plain.save(out, decoder, quality=88)
    return out.getvalue()


def label(name: str) -> str:
    """`name` fit to be read: no folders, no control or direction marks, at most 300 characters."""
    last = re.split(r"[/\\]", name.replace("\0", ""))[-1]
    seen = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in unicodedata.normalize("NFC", last))
    stem, dot, ending = " ".join(seen.split()).rpartition(".")
    if not dot:
        stem, ending = ending, ""
    ending = ending.strip()[:10]
    return (stem.strip(" .")[: LONGEST_NAME - 11] or "file") + (f".{ending}" if ending else "")


# The disk -------------------------------------------------------------------------------------------------------------


def place_of(stored_name: str) -> Path:
    """Where a stored file lies; ValueError for a name that leads elsewhere."""
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / stored_name).resolve()
    if not path.is_relative_to(root) or path == root:
        raise ValueError(stored_name)
    return path


def keep(file: CheckedFile) -> str:
    """Write it, whole and flushed, under a random name that only this account reads; returns the name.

    Raises NotStored on a full disk or any other write error, with no partial file left.
    """
    ending = next(kind.endings[0] for kind in KINDS if kind.content_type == file.content_type)
    random = secrets.token_hex(16)
    stored_name = f"{random[:2]}/{random}{ending}"
    path = place_of(stored_name)
    part = path.with_suffix(".part")
    try:
        for directory in (path.parent.parent, path.parent):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(part, file.content)
        part.rename(path)
        flush_directory(path.parent)
    except OSError as error:
        for left in (part, path):
            with suppress(OSError):
                left.unlink()
        log.exception("upload_not_stored", errno=error.errno)
        raise NotStored from error
    return stored_name


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(descriptor)


def flush_directory(directory: Path) -> None:
    """The new name survives a power cut, too."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def discard(stored_name: str) -> None:
    """Remove a stored file; harmless when it is gone."""
    with suppress(OSError):
        place_of(stored_name).unlink()


def read(stored_name: str) -> IO[bytes]:
    """The stored file, open for reading; FileNotFoundError when it is not there."""
    return place_of(stored_name).open("rb")


# For a form that comes back with an error: kept until it is sent again, or tidied away as a file without a row.
ASIDE_FOR = 50 * 60


def set_aside(file: CheckedFile, owner: str) -> str:
    """Keep it for `owner`; returns what `take_up()` finds it by. Raises NotStored."""
    return signing.dumps([keep(file), file.content_type, file.label], salt=f"aside {owner}")


def take_up(token: str, owner: str) -> CheckedFile | None:
    """What was set aside for `owner`; None when it was not, or is gone."""
    try:
        stored_name, content_type, name = signing.loads(token, salt=f"aside {owner}", max_age=ASIDE_FOR)
        with read(stored_name) as kept:
            return CheckedFile(kept.read(), content_type, name)
    except (signing.BadSignature, OSError):
        return None


def all_stored() -> Iterator[tuple[str, float]]:
    """Every file under MEDIA_ROOT, finished or not, with the second it was last written."""
    root = Path(settings.MEDIA_ROOT).resolve()
    for path in root.glob("??/*"):
        with suppress(OSError):
            if path.is_file():
                yield path.relative_to(root).as_posix(), path.stat().st_mtime
