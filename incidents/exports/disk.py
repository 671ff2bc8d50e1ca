"""Where exports lie while they are made and until they expire: beside the attachments, in a folder of their own.

All files of one export begin with its token, which is random. A file is there whole or not at all.
"""

from __future__ import annotations

import os
import re
import secrets
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import structlog
from django.conf import settings

from incidents import uploads

log = structlog.get_logger(__name__)
FOLDER = "exports"
_TOKEN = re.compile(r"[0-9a-f]{32}")
_WIDE = 8  # bytes of a number


class Gone(Exception):
    """What was begun is not there any more: removed, or left behind by a restore."""


def _place() -> Path:
    return Path(settings.MEDIA_ROOT).resolve() / FOLDER


def folder() -> Path:
    """The folder, made when it is not there. Raises uploads.NotStored."""
    path = _place()
    try:
        for each in (path.parent, path):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise uploads.NotStored from error
    return path


@contextmanager
def whole(name: str) -> Iterator[IO[bytes]]:
    """A file open for writing, which has its name once all of it is written; one of that name is replaced.

    Raises uploads.NotStored on a full disk or any other write error, with nothing left behind.
    """
    path = folder() / name
    fresh = path.with_name(f"{name}.{secrets.token_hex(4)}.new")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            yield out
            out.flush()
            os.fsync(descriptor)
        fresh.rename(path)
        uploads.flush_directory(path.parent)
    except OSError as error:
        log.exception("export_not_stored", errno=error.errno)
        raise uploads.NotStored from error
    finally:
        with suppress(OSError):
            fresh.unlink()


# Before and while it is made ------------------------------------------------------------------------------------------


def keep_numbers(numbers: Sequence[int]) -> str:
    """Write down which rows, in which order; returns the token of the export."""
    token = secrets.token_hex(16)
    with whole(f"{token}.rows") as out:
        out.write(array("q", numbers).tobytes())
    return token


def numbers(token: str, first: int, count: int) -> list[int]:
    """So many of them from there on. Raises Gone."""
    found = array("q")
    try:
        with (_place() / f"{token}.rows").open("rb") as source:
            source.seek(first * _WIDE)
            found.frombytes(source.read(count * _WIDE))
    except FileNotFoundError as gone:
        raise Gone from gone
    return found.tolist()


def piece_name(token: str, first: int) -> str:
    return f"{token}.{first:010d}.piece"


def pieces(token: str, firsts: Sequence[int]) -> list[Path]:
    """The pieces that begin at these rows. Raises Gone when one is missing."""
    found = [_place() / piece_name(token, first) for first in firsts]
    if not all(path.is_file() for path in found):
        raise Gone
    return found


# The finished file ----------------------------------------------------------------------------------------------------


def file_name(token: str, ending: str) -> str:
    return f"{token}.{ending}"


def stored_name(name: str) -> str:
    """As `uploads` knows it."""
    return f"{FOLDER}/{name}"


def size_of(name: str) -> int:
    return (_place() / name).stat().st_size


def discard(token: str, *, but: str = "") -> None:
    """Remove all of an export, or all but one file of it; harmless when it is gone."""
    for path in _place().glob(f"{token}.*"):
        if path.name != but:
            remove([path])


def remove(paths: Iterable[Path]) -> None:
    """Harmless for those that are gone."""
    for path in paths:
        with suppress(OSError):
            path.unlink()


def left_since(latest: float) -> tuple[set[str], list[Path]]:
    """Of what was last written before that second: the tokens, and files of nobody (a process was killed over them)."""
    tokens, others = set(), []
    for path in _place().glob("*"):
        token = path.name.partition(".")[0]
        if not _is_older(path, latest):
            continue
        if _TOKEN.fullmatch(token) and path.suffix != ".new":
            tokens.add(token)
        else:
            others.append(path)
    return tokens, others


def _is_older(path: Path, latest: float) -> bool:
    try:
        return path.is_file() and path.stat().st_mtime < latest
    except OSError:
        return False
