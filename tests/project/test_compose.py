"""What docker-compose.yml, the Dockerfile and their neighbours promise, held by reading them."""

from __future__ import annotations

import ast
import os
import re
import shlex
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import override_settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web", "worker", "beat", "migrate")
PRODUCTION = ROOT / "recovery" / "production"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
MANUAL = (ROOT / "docs" / "operate.md").read_text()

every_service = pytest.mark.parametrize("name", SERVICES)


def test_the_services() -> None:
    assert set(SERVICES) == {"proxy", *OURS, "database", "valkey"}


@every_service
def test_it_runs_with_as_little_as_possible(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].partition(":")[0] not in {"", "0", "root"}
    assert any(mount.startswith("/tmp:") for mount in service["tmpfs"])  # noqa: S108  in a container
    assert not {"privileged", "pid", "network_mode", "devices", "ipc"} & service.keys()
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert not [mount for mount in service.get("volumes", []) if "docker.sock" in mount]


@every_service
def test_it_may_be_killed_and_comes_back(name: str) -> None:
    service = SERVICES[name]
    if name == "migrate":
        assert service["restart"] == "no"
    else:
        assert service["restart"] == "unless-stopped"
        assert {"test", "interval", "timeout"} <= service["healthcheck"].keys()
    assert int(service["stop_grace_period"].removesuffix("s")) >= 15
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}, "logs do not fill the disk"


@every_service
def test_there_may_be_several_and_only_the_proxy_is_seen(name: str) -> None:
    service = SERVICES[name]
    assert not {"container_name", "hostname", "deploy"} & service.keys()
    assert ("ports" in service) == (name == "proxy")
    assert service["networks"] == {"proxy": ["outside"], "database": ["inside"], "valkey": ["inside"]}.get(
        name, ["outside", "inside"]
    )
    assert COMPOSE["networks"]["inside"] == {"internal": True}


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_they_wait_until_the_tables_are_there(name: str) -> None:
    waits = {other: how["condition"] for other, how in SERVICES[name]["depends_on"].items()}
    assert waits == {
        "database": "service_healthy",
        "valkey": "service_healthy",
        "migrate": "service_completed_successfully",
    }
    assert SERVICES["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert SERVICES["proxy"]["depends_on"] == {"web": {"condition": "service_healthy"}}


def test_two_roles_of_the_database() -> None:
    assert SERVICES["migrate"]["environment"]["DATABASE_URL"] == "postgresql://recovery_owner@database/recovery"
    assert "database_owner_password" in SERVICES["migrate"]["secrets"]
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["environment"]["DATABASE_URL"] == "postgresql://recovery_app@database/recovery"
        assert SERVICES[name]["secrets"] == ["secret_key", "database_app_password", "email_password"]
    assert SERVICES["migrate"]["environment"]["DATABASE_APP_ROLE"] == "recovery_app"
    roles = (PRODUCTION / "make_roles.sh").read_text()
    assert "owner=recovery_owner" in roles
    assert "app=recovery_app" in roles
    assert os.access(PRODUCTION / "make_roles.sh", os.X_OK), "else the image's entrypoint reads it into its own shell"


@every_service
def test_no_secret_stands_in_the_file(name: str) -> None:
    """Each is a file, made by make_secrets.sh."""
    environment = SERVICES[name].get("environment", {})
    secret = re.compile(r"PASSWORD|SECRET_KEY$|TOKEN")
    assert not [variable for variable in environment if secret.search(variable) and not variable.endswith("_FILE")]
    for variable, value in environment.items():
        if variable.endswith("_FILE") and variable != "ALIVE_FILE":
            assert value.removeprefix("/run/secrets/") in SERVICES[name]["secrets"], variable
    assert set(SERVICES[name].get("secrets", [])) <= COMPOSE["secrets"].keys()


def test_the_secrets_are_made_once(tmp_path: Path) -> None:
    directory = tmp_path / "secrets"
    command = ["sh", str(PRODUCTION / "make_secrets.sh")]

    def make() -> dict[str, str]:
        subprocess.run(command, env={**os.environ, "SECRETS": str(directory)}, check=True, stdout=subprocess.DEVNULL)
        return {path.name: path.read_text() for path in directory.iterdir()}

    made = make()
    assert made.keys() == COMPOSE["secrets"].keys()
    assert {name: secret["file"] for name, secret in COMPOSE["secrets"].items()} == {
        name: f"${{SECRETS:-./.secrets}}/{name}" for name in made
    }
    assert len(made["secret_key"]) == 56
    assert len({*made.values()}) == len(made)
    assert all(len(value) == 32 for name, value in made.items() if name.startswith("database_"))
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o444 for path in directory.iterdir())
    assert make() == made, "a second run keeps them"
    assert ".secrets/" in (ROOT / ".gitignore").read_text().split()


def test_beat_writes_to_memory_only() -> None:
    command = shlex.split(SERVICES["beat"]["command"])
    schedule = Path(command[command.index("--schedule") + 1])
    assert str(schedule.parent) in [mount.partition(":")[0] for mount in SERVICES["beat"]["tmpfs"]]
    assert str(schedule.parent) in SERVICES["beat"]["healthcheck"]["test"][1]


def test_the_servers() -> None:
    image, _colon, tag = SERVICES["database"]["image"].partition(":")
    assert (image, int(tag.partition("-")[0]) >= 17) == ("postgres", True)
    assert "--builtin-locale=C.UTF-8" in SERVICES["database"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert "max_locks_per_transaction=256" in SERVICES["database"]["command"]
    command = SERVICES["valkey"]["command"]
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    foreign = [SERVICES[name]["image"] for name in ("database", "valkey")] + re.findall(r"FROM (\S+:\S+)", DOCKERFILE)
    assert all(re.search(r":\d", image) for image in foreign), "each is held to a major version"


def test_every_volume_is_named() -> None:
    used = {mount.partition(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}
    named = {name for name in used if not name.startswith((".", "$"))}
    assert named | {"backups"} == COMPOSE["volumes"].keys()
    for mount in (name for name in used if name.startswith(".")):
        assert (ROOT / mount).is_file()


# The image ------------------------------------------------------------------------------------------------------------


def test_the_image() -> None:
    stages = re.split(r"(?m)^FROM ", DOCKERFILE)[1:]
    assert [stage.split()[2] for stage in stages] == ["packages", "proxy", "recovery"]
    assert "--require-hashes --requirement /requirements.lock" in stages[0]
    for stage in stages[1:]:
        assert re.findall(r"(?m)^USER (.*)$", stage) == ["10001:10001"]
    assert "collectstatic" in stages[2]
    assert SERVICES["web"]["build"] == {"context": ".", "target": "recovery"}
    assert SERVICES["proxy"]["build"] == {"context": ".", "target": "proxy"}


def test_who_serves_the_image_may_read_what_was_collected_as_root(tmp_path: Path) -> None:
    """Uploads are for their owner alone, and Django gives collected files the same rights unless told otherwise."""
    assert DOCKERFILE.index("collectstatic") < DOCKERFILE.rindex("USER 10001:10001")
    before = os.umask(0o022)
    try:
        with override_settings(STATIC_ROOT=str(tmp_path / "collected")):
            call_command("collectstatic", "--noinput", verbosity=0)
    finally:
        os.umask(before)
    made = [tmp_path / "collected", *(tmp_path / "collected").rglob("*")]
    assert len(made) > 100
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_dir()} == {0o755}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_file()} == {0o644}


def test_only_what_is_needed_goes_into_the_image() -> None:
    """Everything is left out but what is named, and all that the image copies is named."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    let_in = {line[1:] for line in lines if line.startswith("!")}
    copied = set(re.findall(r"(?m)^COPY (?!--from)(\S+)", DOCKERFILE))
    assert {source.partition("/")[0] for source in copied} == let_in
    assert all((ROOT / source).exists() for source in copied)


def test_the_proxy_knows_where_the_web_is() -> None:
    caddyfile = (PRODUCTION / "Caddyfile").read_text()
    assert re.search(r"name web\s+port 8000\b", caddyfile)
    assert "0.0.0.0:8000" in DOCKERFILE
    inside = {port.rpartition(":")[2].partition("/")[0] for port in SERVICES["proxy"]["ports"]}
    assert inside == set(re.findall(r"https?_port (\d+)", caddyfile))
    assert set(re.findall(r"\{\$(\w+)\}", caddyfile)) == SERVICES["proxy"]["environment"].keys()


# Words ----------------------------------------------------------------------------------------------------------------


def test_every_variable_of_the_file_is_in_the_example() -> None:
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert used == set(re.findall(r"(?m)^(\w+)=", EXAMPLE))
    assert not used - set(re.findall(r"`(\w+)`", MANUAL)), "docs/operate.md says what each is for"


def settings_names() -> set[str]:
    """What recovery/settings.py and recovery/env.py ask the environment for."""
    found = {"DATABASE_URL", "DATABASE_PASSWORD", "REDIS_URL"}
    for node in ast.walk(ast.parse((ROOT / "recovery" / "settings.py").read_text())):
        if isinstance(node, ast.Call) and re.fullmatch(r"env\.\w+", ast.unparse(node.func)) and node.args:
            found.add(ast.literal_eval(node.args[0]))
    return found


def run_py_names() -> set[str]:
    """What run.py asks it for besides."""
    words = r"environ(?:\.get\(|\[)\"([A-Z_]+)\""
    found = {
        name for path in (ROOT / "recovery" / "embedded").glob("*.py") for name in re.findall(words, path.read_text())
    }
    return found - {"PATH", "PYTEST_XDIST_WORKER"}


def test_the_manual_has_every_variable_and_no_other() -> None:
    table = MANUAL.partition("## Configuration")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    told = {name for cell in rows for name in re.findall(r"`(\w+)`", cell)}
    of_compose = set(re.findall(r"(?m)^(\w+)=", EXAMPLE))
    known = settings_names() | run_py_names()
    assert known - told == set(), "missing from docs/operate.md"
    assert told - known - of_compose == set(), "docs/operate.md names what nothing reads"


@pytest.mark.parametrize("name", OURS)
def test_nothing_is_told_to_a_container_that_it_does_not_read(name: str) -> None:
    known = settings_names()
    for variable in SERVICES[name]["environment"]:
        assert variable in known or variable.removesuffix("_FILE") in known, variable
