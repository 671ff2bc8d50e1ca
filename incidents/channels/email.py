"""E-mail: SMTP, or files where no mail server is set up."""

from __future__ import annotations

import smtplib
import socket
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from incidents.channels.base import Message, Refusal, TryAgain, within

PERMANENT = 500


class Email:
    """One connection per message: no mail waits behind another's."""

    key = "email"

    def send(self, message: Message, *, timeout: int) -> None:
        """By SMTP class: 5xx is a Refusal, 4xx and everything about the way there is TryAgain."""
        connection = get_connection(timeout=timeout)
        mail = EmailMultiAlternatives(
            " ".join(message.subject.split()),  # a header is one line
            message.text,
            to=[message.to],
            headers={"Message-ID": f"<{message.key}@{settings.SITE_HOST}>", "Auto-Submitted": "auto-generated"},
            connection=connection,
        )
        mail.attach_alternative(message.html, "text/html")
        talk = _Talk(mail, connection)
        try:
            within(timeout, talk.deliver, talk.hang_up)
        except TryAgain:
            if not talk.is_taken:  # it is theirs now: that they are slow to say goodbye is no reason to send it again
                raise
        except smtplib.SMTPException as problem:
            raise _judged(problem) from problem
        except TimeoutError as problem:
            raise TryAgain("timed out") from problem
        except OSError as problem:
            raise TryAgain("unreachable") from problem


class _Talk:
    """One conversation, which may be ended from outside its thread: then the mail does not leave after all."""

    def __init__(self, mail: EmailMultiAlternatives, connection: BaseEmailBackend) -> None:
        self.mail, self.connection = mail, connection
        self.is_over = self.is_taken = False

    def deliver(self) -> None:
        try:
            self.connection.open()
            if self.is_over:  # while they took their time to greet us there was nothing to hang up
                raise TryAgain("timed out")
            if not self.mail.send():
                raise TryAgain("not taken")
            self.is_taken = True
        finally:
            with suppress(smtplib.SMTPException, OSError):
                self.connection.close()

    def hang_up(self) -> None:
        self.is_over = True
        talking: Any = getattr(self.connection, "connection", None)
        sock: socket.socket | None = getattr(talking, "sock", None)
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def _judged(problem: smtplib.SMTPException) -> TryAgain | Refusal:
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return TryAgain("sign-in refused")  # our settings are wrong, not this message
    if isinstance(problem, smtplib.SMTPServerDisconnected | smtplib.SMTPNotSupportedError):
        return TryAgain("disconnected")
    code = _code(problem)
    words = f"smtp {code}" if code else type(problem).__name__
    return Refusal(words) if code >= PERMANENT else TryAgain(words)


def _code(problem: smtplib.SMTPException) -> int:
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return max((code for code, _words in problem.recipients.values()), default=0)
    return int(getattr(problem, "smtp_code", 0))
