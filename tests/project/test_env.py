from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from recovery import env


def test_a_value_comes_from_its_name() -> None:
    assert env.text("KEY", env={"KEY": "value"}) == "value"
    assert env.text("KEY", "default", env={}) == "default"


def test_a_value_comes_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("value\n")
    assert env.text("KEY", env={"KEY_FILE": str(tmp_path / "secret")}) == "value"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "KEY is not set. Set KEY, or KEY_FILE to a file that holds it."),
        ({"KEY": "a", "KEY_FILE": "/b"}, "KEY and KEY_FILE are both set"),
        ({"KEY_FILE": "/not/there"}, "KEY_FILE points at /not/there, which cannot be read"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(given: dict[str, str], words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words):
        env.text("KEY", env=given)


@pytest.mark.parametrize(("written", "meant"), [("1", True), ("Yes", True), ("off", False), ("", False)])
def test_yes_and_no(written: str, meant: bool) -> None:
    assert env.flag("DEBUG", env={"DEBUG": written}) is meant


def test_values_that_are_not_what_they_should_be() -> None:
    with pytest.raises(ImproperlyConfigured, match="DEBUG is 'maybe': write 1 or 0"):
        env.flag("DEBUG", env={"DEBUG": "maybe"})
    with pytest.raises(ImproperlyConfigured, match="HOURS is '0': write a whole number, 1 or more"):
        env.integer("HOURS", 12, at_least=1, env={"HOURS": "0"})
    with pytest.raises(ImproperlyConfigured, match="HOURS is '²'"):
        env.integer("HOURS", 12, env={"HOURS": "²"})
    with pytest.raises(ImproperlyConfigured, match="write one of a, b"):
        env.choice("MODE", "a", ("a", "b"), env={"MODE": "c"})


def test_a_list_has_no_blanks() -> None:
    assert env.words("HOSTS", env={"HOSTS": " a, ,b,"}) == ["a", "b"]


def test_a_database_on_the_network() -> None:
    found = env.database(env={"DATABASE_URL": "postgresql://me:p%40ss@db.example:6432/recovery?sslmode=require"})
    assert found["HOST"] == "db.example"
    assert found["PORT"] == "6432"
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("me", "p@ss", "recovery")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_a_database_on_a_socket_in_a_directory_with_a_space() -> None:
    found = env.database(env={"DATABASE_URL": "postgresql://postgres@/app?host=/run/a%20b"})
    assert found["HOST"] == "/run/a b"
    assert found["OPTIONS"] == {}


@pytest.mark.parametrize(
    ("url", "words"),
    [("mysql://localhost/app", "must begin with postgresql://"), ("postgresql://localhost/", "names no database")],
)
def test_another_database(url: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words):
        env.database(env={"DATABASE_URL": url})


def test_the_broker_on_a_socket_and_on_the_network() -> None:
    assert env.broker(env={"REDIS_URL": "unix:///run/v.sock?db=3"}) == "redis+socket:///run/v.sock?virtual_host=3"
    assert env.broker(env={"REDIS_URL": "rediss://cache/0"}) == "rediss://cache/0"
    assert env.broker(env={}) == ""
    with pytest.raises(ImproperlyConfigured, match="must begin with redis://"):
        env.broker(env={"REDIS_URL": "amqp://rabbit"})
