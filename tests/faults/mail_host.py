"""The test's side of the mail host that misbehaves on request."""

from __future__ import annotations

import json
import re
import socket
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recovery.embedded.children import Child
from tests.faults.runner import free_port
from tests.programs import Programs, wait_for

OUR_KEY = re.compile(r"outbox-(\d+)-")


@dataclass
class MailHost:
    """Modes: ok, hang (at the greeting), hang-data, drip, wait (after DATA, until another mode), 421, 451, 550, 554,
    drop (after DATA). Killed it refuses.
    """

    directory: Path
    port: int = field(default_factory=free_port)
    child: Child | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(self.port), "EMAIL_USE_TLS": "0"}

    def start(self, programs: Programs) -> None:
        self.directory.mkdir(exist_ok=True)
        self.behave("ok")
        command = [sys.executable, "-m", "tests.faults.smtp", str(self.port), str(self.directory)]
        self.child = programs.start("mail-host", command)
        wait_for(self._listens)

    def stop(self) -> None:
        assert self.child is not None
        self.child.kill()

    def behave(self, mode: str, *, only: str = "") -> None:
        """From the next conversation on; towards one recipient when named."""
        fresh = self.directory / "mode.new"
        fresh.write_text(json.dumps({"mode": mode, "only": only}))
        fresh.rename(self.directory / "mode.json")

    def received(self) -> list[dict[str, Any]]:
        path = self.directory / "mails.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def ids(self) -> Counter[int]:
        """How often each outbox row arrived."""
        found = (OUR_KEY.search(mail["id"]) for mail in self.received())
        return Counter(int(key.group(1)) for key in found if key)

    def people(self) -> Counter[str]:
        return Counter(address for mail in self.received() for address in mail["to"])

    def _listens(self) -> bool:
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", self.port)) == 0
