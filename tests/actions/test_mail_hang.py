"""A mail host that takes its time: what we gave up does not arrive later, what they took is not sent again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from pytest_django.fixtures import Settings

from incidents.channels import Message, TryAgain
from incidents.channels.base import within
from incidents.channels.email import Email

MAIL = Message(key="one", to="dora@example.com", subject="Call", text="Call them.", html="<p>Call them.</p>")
TIMEOUT = 2  # seconds
Host = Callable[[bool, bool], "Slow"]


class Slow(threading.Thread):
    """Takes one conversation. Says half a greeting, or does not say goodbye, until it is told to go on."""

    def __init__(self, *, greets: bool, says_goodbye: bool) -> None:
        super().__init__(daemon=True)
        self.greets, self.says_goodbye = greets, says_goodbye
        self.go_on, self.taken = threading.Event(), 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]

    def run(self) -> None:
        talk, _address = self.listening.accept()
        with talk, talk.makefile("rb") as said:
            talk.settimeout(20)
            if not self.greets:
                self.go_on.wait(20)
            talk.sendall(b"220 here\r\n")
            with suppress(OSError):  # they hung up
                self.listen(talk, iter(said))

    def listen(self, talk: socket.socket, said: Iterator[bytes]) -> None:
        for line in said:
            word = line.strip().upper()
            if word == b"DATA":
                talk.sendall(b"354 go on\r\n")
                while next(said).strip() != b".":
                    pass
                self.taken += 1
            if word == b"QUIT" and not self.says_goodbye:
                self.go_on.wait(20)
            talk.sendall(b"250 ok\r\n")


@pytest.fixture
def host(settings: Settings) -> Iterator[Host]:
    hosts: list[Slow] = []

    def begin(greets: bool, says_goodbye: bool) -> Slow:
        hosts.append(Slow(greets=greets, says_goodbye=says_goodbye))
        hosts[-1].start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", hosts[-1].port, False
        return hosts[-1]

    yield begin
    for each in hosts:
        each.go_on.set()
        each.join(20)
        each.listening.close()


def test_one_that_is_quick(host: Host) -> None:
    quick = host(True, True)
    Email().send(MAIL, timeout=TIMEOUT)
    quick.join(20)
    assert quick.taken == 1


def test_what_was_given_up_before_the_greeting_does_not_arrive(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each read has a time of its own: a host that speaks once in a while is listened to for longer than we wait."""
    slow = host(False, True)
    monkeypatch.setattr("incidents.channels.email.within", soon)
    with pytest.raises(TryAgain):
        Email().send(MAIL, timeout=20)
    slow.go_on.set()
    slow.join(20)
    assert slow.taken == 0


def soon(_seconds: float, work: Callable[[], None], give_up: Callable[[], None]) -> None:
    """What `within` does, but at once: the conversation itself may still take long."""
    within(0.5, work, give_up)


def test_what_they_took_is_sent_though_they_do_not_say_goodbye(host: Host) -> None:
    slow = host(True, False)
    Email().send(MAIL, timeout=TIMEOUT)
    assert slow.taken == 1
