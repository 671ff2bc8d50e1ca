"""A person's browser as far as a fault test needs one: real sockets, a session, forms with their token."""

from __future__ import annotations

import http.client
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from incidents.models import Staff

TOKEN = "t" * 32
BROKEN_OFF = (ConnectionError, http.client.HTTPException, TimeoutError)


@dataclass(frozen=True)
class Answer:
    """`seconds` is how long it took to come whole."""

    status: int
    text: str
    location: str
    seconds: float


@dataclass
class Visitor:
    """Asks one web server; every question has a connection of its own."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    patience: float = 30.0
    headers: dict[str, str] = field(default_factory=dict)  # as a proxy would set them

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(
        self,
        path: str,
        fields: dict[str, str],
        files: dict[str, tuple[str, bytes]] | None = None,
        from_page: str = "",
    ) -> Answer:
        """`from_page`: where the form stands, as browsers tell."""
        sent = {"csrfmiddlewaretoken": TOKEN, **fields}
        if files is None:
            return self._ask("POST", path, urlencode(sent).encode(), "application/x-www-form-urlencoded", from_page)
        mark = uuid.uuid4().hex
        return self._ask("POST", path, multipart(sent, files, mark), f"multipart/form-data; boundary={mark}", from_page)

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "", from_page: str = "") -> Answer:
        cookies = self.cookies | {settings.CSRF_COOKIE_NAME: TOKEN}
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        if from_page:
            headers["Referer"] = f"http://127.0.0.1:{self.port}{from_page}"
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        try:
            connection.request(method, path, body, headers | self.headers)
            came = connection.getresponse()
            text = came.read().decode(errors="replace")
            for cookie in came.headers.get_all("Set-Cookie") or ():
                name, _equals, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
        finally:
            connection.close()
        return Answer(came.status, text, came.headers.get("Location", ""), time.monotonic() - began)

    def falls(self, path: str, fields: dict[str, str]) -> bool:
        """Whether the server died over this form before it could answer."""
        try:
            self.post(path, fields)
        except BROKEN_OFF:
            return True
        return False


def multipart(fields: dict[str, str], files: dict[str, tuple[str, bytes]], mark: str) -> bytes:
    parts = b""
    for name, value in fields.items():
        parts += f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, (label, content) in files.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{label}"\r\n'
        parts += f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n"
    return parts + f"--{mark}--\r\n".encode()


def visitor_of(staff: Staff, port: int) -> Visitor:
    """Signed in by a session of the database that this process works on."""
    client = Client()
    client.force_login(staff)
    return Visitor(port, {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value})


def logging_form(story: str, **over: str) -> dict[str, str]:
    """What the page "Log a mistake" sends, about an unknown guest."""
    fields = {
        "submit_key": str(uuid.uuid4()),
        "draft_key": str(uuid.uuid4()),
        "customer_name": "",
        "customer": "",
        "customer_hint": "Green coat, table 4",
        "what_happened": story,
        "category": "room",
        "source": "customer",
    }
    return fields | over
