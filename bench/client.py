"""A browser as far as time is concerned: keeps its connection and cookies, takes gzip, reads every byte."""

from __future__ import annotations

import gzip
import http.client
import re
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
IDLE = 1.0  # seconds; gunicorn closes after two
FORM = "application/x-www-form-urlencoded"


class Unexpected(Exception):
    """A page answered otherwise than a page that works."""


@dataclass(frozen=True)
class Answer:
    """`body` is uncompressed; `sent` is how many bytes came over the wire."""

    status: int
    seconds: float
    body: bytes
    sent: int
    location: str


class Client:
    """One keep-alive connection of one person. `host` is what the server believes it is called."""

    def __init__(self, port: int, host: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.host = host
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.used = 0.0

    def get(self, address: str, expected: int = 200) -> Answer:
        """Ask for a page; Unexpected when its status is another."""
        return self._send("GET", address, b"", expected)

    def post(self, address: str, fields: dict[str, str], expected: int = 302) -> Answer:
        """Send a form with the newest token."""
        body = urlencode(fields | {"csrfmiddlewaretoken": self.token}).encode()
        return self._send("POST", address, body, expected)

    def sign_in(self, email: str, password: str) -> None:
        """As a person does it: open the page, send the form."""
        self.open_form("/accounts/login/")
        self.post("/accounts/login/", {"login": email, "password": password, "remember": "on"})

    def open_form(self, address: str) -> None:
        """Keep the token of the form at this address for later posts."""
        found = TOKEN.search(self.get(address).body)
        if found is None:
            raise Unexpected(f"{address} holds no form.")
        self.token = found.group(1).decode()

    def _keep_alive(self) -> None:
        """Connect anew, outside of what is timed, before the server gives up on a connection that was idle."""
        if time.perf_counter() - self.used > IDLE:
            self.connection.close()
            self.connection.connect()

    def _send(self, method: str, address: str, body: bytes, expected: int) -> Answer:
        headers = {
            "Host": self.host,
            "X-Forwarded-Proto": "https",
            "Referer": f"https://{self.host}/",
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if method == "POST":
            headers["Content-Type"] = FORM
        self._keep_alive()
        began = time.perf_counter()
        self.connection.request(method, address, body or None, headers)
        response = self.connection.getresponse()
        raw = response.read()
        self.used = time.perf_counter()
        took = self.used - began
        for cookie in response.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
        plain = gzip.decompress(raw) if response.headers.get("Content-Encoding") == "gzip" else raw
        if response.status != expected:
            raise Unexpected(f"{method} {address} answered {response.status} instead of {expected}.\n{plain[:600]!r}")
        return Answer(response.status, took, plain, len(raw), response.headers.get("Location", ""))
