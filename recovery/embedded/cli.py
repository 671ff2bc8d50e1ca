"""What `python3 run.py …` understands, once it runs inside the environment."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from recovery.embedded import children
from recovery.embedded.place import REPOSITORY, Place, Trouble
from recovery.embedded.postgres import Postgres
from recovery.embedded.stack import DEMO, OWN, Mode, Servers, environment, forget_preparations, serve
from recovery.embedded.supervisor import Stopped, Supervisor, say

ALONE = ("-n", "--numprocesses", "--pdb", "--trace", "-s", "--co")  # pytest arguments that want or name one process
HELP = """\
python3 run.py                    open the demo: a hotel and an office-supplies shop with incidents at every stage
python3 run.py --empty            start with a business of your own
python3 run.py test [arguments]   run the tests; arguments go to pytest, --slow includes the slow ones
python3 run.py manage COMMAND …   run manage.py with the servers at hand (of your own business: --empty manage …)
python3 run.py bench [arguments]  measure the speed of the pages with 10 000 and 100 000 incidents; see bench/README.md
python3 run.py backup [FILE]      everything in one file, while Recovery runs (of your own business: --empty backup)
python3 run.py restore FILE       put a backup in the place of what is here; nothing is sent until you release it
python3 run.py reset [--yes]      delete the data of both, the demo's and your own

Environment: PORT (8000), BIND (127.0.0.1), STATE_DIR (.var), DATABASE_URL and REDIS_URL (servers of your own)."""


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; problems become one sentence on standard error."""
    mode, rest = DEMO, list(arguments)
    if rest[:1] == ["--empty"]:
        mode, rest = OWN, rest[1:]
    try:
        return _choose(mode, rest)
    except Trouble as trouble:
        return _fail(str(trouble))
    except Stopped:
        say("Stopped before the start was complete.")
        return 0


def _choose(mode: Mode, rest: list[str]) -> int:
    command, others = (rest[0], rest[1:]) if rest else ("", [])
    if command in {"-h", "--help", "help"}:
        say(HELP)
        return 0
    if command == "test":
        return test(others)
    if command == "bench":
        os.chdir(REPOSITORY)
        os.execv(sys.executable, [sys.executable, "-m", "bench", *others])
    if command == "manage":
        return manage(mode, others)
    if command in {"backup", "restore"}:
        return manage(mode, rest)
    if command == "reset":
        return reset(others)
    if command:
        raise Trouble(f"{command!r} is not known here.\n\n{HELP}")
    return run(mode)


def _fail(sentence: str) -> int:
    with suppress(OSError, ValueError):  # the terminal may be gone
        print(sentence, file=sys.stderr, flush=True)
    return 1


def run(mode: Mode) -> int:
    """Serve until stopped."""
    place = Place.from_environment()
    place.prepare()
    _take(place, "run.py")
    try:
        return serve(place, mode)
    finally:
        place.release()


def _take(place: Place, what: str) -> None:
    address = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}/" if what == "run.py" else ""
    holder = place.take(what, address)
    if holder is None:
        return
    where = f" at {holder['address']}" if holder["address"] else f" ({holder['what']})"
    raise Trouble(
        f"Recovery already runs from {place.root}{where}, process {holder['pid']}. "
        "Stop that one first, or give this one its own STATE_DIR and PORT."
    )


def test(arguments: list[str]) -> int:
    """Become pytest, on four processes unless the arguments say otherwise: tests of faults and of pages mostly wait."""
    command = [sys.executable, "-m", "pytest"]
    if not any(argument.startswith(ALONE) for argument in arguments):
        command += ["-n", "4", "--dist", "worksteal"]  # else the browser's, which come last, are all one process's
    for argument in arguments:
        command += ["-m", "slow or not slow"] if argument == "--slow" else [argument]
    sys.stdout.flush()
    os.chdir(REPOSITORY)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # some hundred programs start in a run: each would compile us anew
    os.execv(sys.executable, command)


def manage(mode: Mode, arguments: list[str]) -> int:
    """Run manage.py beside a running Recovery, else with servers that end with it."""
    place = Place.from_environment()
    place.prepare()
    if arguments[:1] == ["restore"]:
        forget_preparations(place, mode)  # a backup may be older than the tables are now
    while (holder := place.take(f"run.py manage {' '.join(arguments[:1])}")) is not None:
        if arguments[:1] == ["restore"] and holder["what"] == "run.py":
            raise Trouble("Recovery runs here. Stop it with Ctrl-C, then restore. Nothing was changed.")
        place.share()
        servers = Servers(place)
        if servers.postgres is None or _database_comes(servers.postgres, mode):
            os.execve(sys.executable, _manage_command(arguments), environment(place, mode, servers, _site()))
        if not children.birth(holder["pid"]):
            continue
        raise Trouble(f"Process {holder['pid']} uses {place.root}, but its database does not answer.")
    try:
        return _manage_with_own_servers(place, mode, arguments)
    finally:
        place.release()


def _site() -> str:
    return os.environ.get("SITE_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"


def _manage_command(arguments: list[str]) -> list[str]:
    return [sys.executable, str(REPOSITORY / "manage.py"), *arguments]


def _database_comes(postgres: Postgres, mode: Mode) -> bool:
    """Wait while the one who runs the servers is still starting."""
    if not children.wait_until(postgres.is_answering, 20, every=0.1):
        return False
    postgres.ensure_database(mode.database)
    return True


def _manage_with_own_servers(place: Place, mode: Mode, arguments: list[str]) -> int:
    with Supervisor(place.children) as supervisor:
        children.end_leftovers(place.children)
        servers = Servers(place)
        servers.start(supervisor, mode)
        # In our own session and terminal, so that a shell or a question works; Ctrl-C reaches it directly.
        process = subprocess.Popen(
            _manage_command(arguments),
            env=environment(place, mode, servers, _site()),
            preexec_fn=children.die_with_parent(signal.SIGTERM),  # noqa: PLW1509  no threads run in this process
        )
        while process.poll() is None:
            if supervisor.last_signal in {signal.SIGTERM, signal.SIGHUP}:
                process.terminate()
            time.sleep(0.02)
        while place.is_shared() and not supervisor.asked_to_stop:
            time.sleep(0.1)  # another command came to use the same servers
        return process.returncode


def reset(arguments: list[str]) -> int:
    """Delete the data of the demo and of the own business."""
    place = Place.from_environment()
    if not place.root.exists():
        say(f"Nothing to delete: {place.root} does not exist.")
        return 0
    say(f"This deletes the demo's data and those of your own business in {place.root}.")
    if not place.postgres.is_relative_to(place.root):
        say(f"As root, the database lies in {place.postgres}: PostgreSQL does not run as root, and the account it")
        say(f"runs under cannot enter {place.root}. That directory is deleted too.")
    if "--yes" not in arguments:
        if not sys.stdin.isatty():
            raise Trouble("Nothing was deleted: say `python3 run.py reset --yes`.")
        if input("Type yes to delete them: ").strip() != "yes":
            raise Trouble("Nothing was deleted.")
    _take(place, "run.py reset")
    children.end_leftovers(place.children)
    place.wipe()
    say("Deleted. The next start begins anew.")
    return 0
