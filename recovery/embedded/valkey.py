"""A Valkey of our own: on a private socket, no port. It holds only alarm calls; losing it loses nothing."""

import os
import socket
import time
from collections.abc import Callable
from urllib.parse import quote

from recovery.embedded.binaries import find_valkey
from recovery.embedded.children import Child, spawn
from recovery.embedded.place import Place, Trouble


class Valkey:
    """The server of one Place."""

    def __init__(self, place: Place, *, settings: dict[str, str] | None = None) -> None:
        self.place = place
        self.program = find_valkey()
        self.sockets = place.socket_directory(place.valkey)
        self.socket = self.sockets / "valkey.sock"
        self.data = place.valkey / "data"
        self.log = place.logs / "valkey.log"
        self.settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "save": "",
            "maxmemory": "64mb",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        } | (settings or {})

    def url(self, number: int = 0) -> str:
        """REDIS_URL for one of its numbered databases."""
        return f"unix://{quote(str(self.socket))}?db={number}"

    def start(self, keep: Callable[[Child], None], check: Callable[[], None], seconds: float = 10.0) -> None:
        """Start it and return once it answers; begins empty when its own file is broken."""
        self.place.make_socket_directory(self.sockets, for_servant=False)
        try:
            self._start(keep, check, seconds)
        except Trouble:
            if not any(self.data.glob("*")):
                raise
            self.data.rename(self.data.with_name(f"data.broken-{int(time.time())}"))
            self._start(keep, check, seconds)

    def _start(self, keep: Callable[[Child], None], check: Callable[[], None], seconds: float) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        command = [str(self.program)]
        for name, value in self.settings.items():
            command += [f"--{name}", value]
        with self.place.open_log(self.log) as log:
            child = spawn("valkey", command, environment={"PATH": os.environ.get("PATH", os.defpath)}, output=log)
        keep(child)
        deadline = time.monotonic() + seconds
        while not self._answers():
            check()
            if not child.is_running() or time.monotonic() > deadline:
                child.kill()
                raise Trouble(f"Valkey did not start. Its log: {self.log}")
            time.sleep(0.01)

    def _answers(self) -> bool:
        """Whether a PING comes back as PONG: while it still reads its file the answer is another."""
        with socket.socket(socket.AF_UNIX) as asked:
            asked.settimeout(1)
            try:
                asked.connect(str(self.socket))
                asked.sendall(b"PING\r\n")
                return asked.recv(16).startswith(b"+PONG")
            except OSError:
                return False
