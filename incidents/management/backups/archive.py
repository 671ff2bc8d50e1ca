"""The one file: a tar with the database, the files, and last a manifest with every size and checksum.

The manifest is written last, so a file that was cut off has none and is refused at once.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

FORMAT, VERSION = "recovery-backup", 1
DATABASE, MANIFEST, SEAL = "database.dump", "manifest.json", "manifest.sha256"
FILES = "files/"
PLAIN_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
CHUNK = 1 << 20


class Damaged(Exception):
    """The file is no backup of ours, or not as we wrote it."""


@dataclass(frozen=True)
class Part:
    """One thing inside."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What is inside, and which Recovery it came from."""

    made_at: str
    is_demo: bool
    migrations: list[str]
    counts: dict[str, int]
    missing: list[str] = field(default_factory=list)  # files that a row names and the disk did not have
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def stored_names(self) -> list[str]:
        """The files as MEDIA_ROOT knows them."""
        return [name.removeprefix(FILES) for name in self.parts if name.startswith(FILES)]

    def as_json(self) -> bytes:
        head = {"format": FORMAT, "version": VERSION}
        return json.dumps(head | asdict(self), indent=1, sort_keys=True).encode()


class _Counted:
    """Reads through, and remembers the checksum of what passed."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self.source.read(size)
        self.digest.update(content)
        return content


class Writer:
    """Puts parts into a file that is open for writing; `finish` makes it a backup."""

    def __init__(self, out: IO[bytes], *, seconds: float) -> None:
        self._tar = tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115  closed by finish
        self._seconds = seconds
        self.parts: dict[str, Part] = {}

    def add(self, name: str, source: IO[bytes]) -> None:
        """One part, from its present beginning to its end."""
        size = source.seek(0, io.SEEK_END)
        source.seek(0)
        counted = _Counted(source)
        self._tar.addfile(self._head(name, size), counted)
        self.parts[name] = Part(size, counted.digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and its checksum."""
        manifest.parts = self.parts
        content = manifest.as_json()
        for name, body in ((MANIFEST, content), (SEAL, hashlib.sha256(content).hexdigest().encode())):
            self._tar.addfile(self._head(name, len(body)), io.BytesIO(body))
        self._tar.close()

    def _head(self, name: str, size: int) -> tarfile.TarInfo:
        head = tarfile.TarInfo(name)
        head.size, head.mode, head.mtime = size, 0o600, self._seconds
        return head


class Reader:
    """A backup opened for reading. Making one reads it to the end; raises Damaged unless all of it is as written."""

    def __init__(self, source: IO[bytes]) -> None:
        try:
            self._tar = tarfile.open(fileobj=source, mode="r:")  # noqa: SIM115  lives as long as `source`
            self._members = {member.name: member for member in self._tar.getmembers()}
            self.manifest = self._read_manifest()
            self._check()
        except (tarfile.TarError, OSError, EOFError, ValueError, TypeError, KeyError, OverflowError) as problem:
            raise Damaged(str(problem) or type(problem).__name__) from problem

    def _read_manifest(self) -> Manifest:
        if not {MANIFEST, SEAL} <= self._members.keys():
            raise Damaged("it has no end, or is no backup")
        content = self.open(MANIFEST).read()
        if hashlib.sha256(content).hexdigest().encode() != self.open(SEAL).read():
            raise Damaged("its list of contents was changed")
        told: dict[str, Any] = json.loads(content)
        if told.pop("format") != FORMAT or told.pop("version") != VERSION:
            raise Damaged("it was written in another form than this Recovery reads")
        told["parts"] = {name: Part(**part) for name, part in told["parts"].items()}
        return Manifest(**told)

    def _check(self) -> None:
        wanted = self.manifest.parts
        if DATABASE not in wanted or self._members.keys() != wanted.keys() | {MANIFEST, SEAL}:
            raise Damaged("something was taken out or put in")
        for name, part in wanted.items():
            if not PLAIN_NAME.fullmatch(name) or ".." in name or not self._members[name].isreg():
                raise Damaged(f"{name!r} is no name of ours")
            if self._members[name].size != part.size or checksum(self.open(name)) != part.sha256:
                raise Damaged(f"{name} is not as it was written")

    def open(self, name: str) -> IO[bytes]:
        """One part, for reading."""
        found = self._tar.extractfile(self._members[name])
        if found is None:
            raise Damaged(f"{name} is no file")
        return found

    def copy_to(self, name: str, target: Path) -> None:
        """Write one part to a new file that only this account reads."""
        with self.open(name) as source, target.open("xb") as out:
            target.chmod(0o600)
            while content := source.read(CHUNK):
                out.write(content)


def checksum(source: IO[bytes]) -> str:
    """SHA-256 of the rest of a file, which is closed then."""
    digest = hashlib.sha256()
    with source:
        while content := source.read(CHUNK):
            digest.update(content)
    return digest.hexdigest()
