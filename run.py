#!/usr/bin/env python3
"""Recovery in one command: `python3 run.py` opens the demo, `python3 run.py test` runs the tests.

This file uses the standard library alone and imports nothing of the repository until it runs inside `.venv`,
which it makes and keeps equal to the locked requirements. `python3 run.py --help` lists the rest.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".requirements-stamp"
RUNTIME, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"

NO_INSTALLER = """\
This Python can make no virtual environment: neither uv, nor the venv module with ensurepip, nor pip is here.
On Debian and Ubuntu install it with:  apt-get install python3-venv"""


def main() -> None:
    """Make the environment if it is missing or outdated, then go on inside it."""
    if sys.version_info < (3, 11):  # noqa: UP036  people start it with what they have
        sys.exit(f"Recovery needs Python 3.11 or newer; this is {platform.python_version()}.")
    if os.name != "posix":
        sys.exit("run.py works on Linux and macOS. Elsewhere use: docker compose up")
    if Path(sys.prefix).resolve() == VENV.resolve():
        from recovery.embedded.cli import main as go_on

        sys.exit(go_on(sys.argv[1:]))
    prepare_environment([DEVELOPMENT] if "test" in sys.argv[1:2] else [RUNTIME, DEVELOPMENT])
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "run.py"), *sys.argv[1:]])


def prepare_environment(good_enough: "list[Path]") -> None:
    """Install the first of the lock files, unless `.venv` already holds exactly one of them."""
    import fcntl

    if _stamp_is_one_of(good_enough):
        return
    directory = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(directory, fcntl.LOCK_EX)  # two first starts at once: the second waits and finds all done
    try:
        if not _stamp_is_one_of(good_enough):
            _install(good_enough[0])
    finally:
        os.close(directory)


def _stamp(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()


def _stamp_is_one_of(locks: "list[Path]") -> bool:
    try:
        return PYTHON.exists() and STAMP.read_text() in [_stamp(lock) for lock in locks]
    except OSError:
        return False


def _install(lock: Path) -> None:
    started, total = time.monotonic(), len(re.findall(r"(?m)^[a-z0-9].*==", lock.read_text()))
    print(f"Installing {total} packages into {VENV} (first start or new versions; this can take a minute)", flush=True)
    if PYTHON.exists() and not _same_python():
        shutil.rmtree(VENV)
    STAMP.unlink(missing_ok=True)
    problem = _install_with_uv(lock) if shutil.which("uv") else _install_with_pip(lock, total)
    if problem:
        sys.exit(f"{problem}\nThe packages could not be installed. Nothing else was changed; run the command again.")
    STAMP.write_text(_stamp(lock))
    print(f"Installed in {time.monotonic() - started:.0f} s", flush=True)


def _same_python() -> bool:
    code = "import sys; print(sys.version)"
    asked = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True)
    return asked.returncode == 0 and asked.stdout.strip() == sys.version.strip()


def _install_with_uv(lock: Path) -> "str | None":
    """Returns what went wrong, or None."""
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    if not PYTHON.exists():
        made = subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, VENV], env=environment)
        if made.returncode:
            return "uv could not make the environment."
    command = ["uv", "pip", "install", "--python", str(PYTHON), "--compile-bytecode"]  # halves the time of a start
    command += ["--require-hashes", "--requirements", str(lock)]
    return "uv failed." if subprocess.run(command, env=environment).returncode else None


def _install_with_pip(lock: Path, total: int) -> "str | None":
    """Returns what went wrong, or None."""
    pip = _environment_with_pip()
    if pip is None:
        return NO_INSTALLER
    command = [*pip, "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    command += ["--require-hashes", "--requirement", str(lock)]
    said, seen = [], 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip_process:
        for line in pip_process.stdout or ():
            said.append(line)
            if line.startswith(("Collecting", "Requirement already")):
                seen += 1
                _progress(seen, total)
            elif line.startswith("Installing collected"):
                print("  unpacking ...", flush=True)
    return "".join(said[-15:]) if pip_process.returncode else None


def _environment_with_pip() -> "list[str] | None":
    """Make `.venv` and return the command that is pip for it; None when this Python has no way to."""
    own = [str(PYTHON), "-m", "pip"]
    if PYTHON.exists() and subprocess.run([*own, "--version"], capture_output=True).returncode == 0:
        return own
    if subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True).returncode == 0:
        return own
    # Debian without python3-venv leaves half an environment; the system's pip can still fill one.
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--without-pip", VENV], capture_output=True)
    system = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if made.returncode or subprocess.run([*system, "--version"], capture_output=True).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        return None
    return system


def _progress(seen: int, total: int) -> None:
    if sys.stdout.isatty():
        print(f"\r  downloading {min(seen, total)} of {total} ", end="" if seen < total else "\n", flush=True)
    elif seen % 10 == 0:
        print(f"  downloading {seen} of {total}", flush=True)


if __name__ == "__main__":
    main()
