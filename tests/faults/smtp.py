"""A mail host that misbehaves on request: `python -m tests.faults.smtp PORT DIRECTORY`, a process of its own.

`DIRECTORY/mode.json` says how; it is read anew for each conversation. What was taken stands in
`DIRECTORY/mails.jsonl`, a line for each, written before the sender hears that it was.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*<([^>]+)>")
SILENCE = 3600.0


@dataclass
class Conversation:
    """One sender. The mode concerns everybody, or the one recipient that `only` names."""

    directory: Path
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    mode: str = "ok"
    only: str = ""
    to: list[str] = field(default_factory=list)

    def concerns(self, mode: str) -> bool:
        return self.mode == mode and (not self.only or self.only in self.to)

    async def say(self, line: str) -> None:
        self.writer.write(f"{line}\r\n".encode())
        await self.writer.drain()

    async def hold(self) -> None:
        self.read_mode()
        if self.mode == "421" and not self.only:
            await self.say("421 too busy, come back later")
            return
        if self.mode == "hang" and not self.only:
            await asyncio.sleep(SILENCE)
        if self.mode == "drip" and not self.only:
            await self.drip()
        await self.say("220 mail.example here")
        while line := (await self.reader.readline()).decode(errors="replace").strip():
            if not await self.answer(line):
                return

    def read_mode(self) -> None:
        with suppress(Exception):
            told = json.loads((self.directory / "mode.json").read_text())
            self.mode, self.only = told["mode"], told["only"]

    async def drip(self) -> None:
        """A greeting that never ends: something comes all the time, so no read ever times out."""
        while True:
            for letter in "220-welcome to a very slow host\r\n":
                self.writer.write(letter.encode())
                await self.writer.drain()
                await asyncio.sleep(0.2)

    async def answer(self, line: str) -> bool:
        word = line.split(":", maxsplit=1)[0].split(" ", maxsplit=1)[0].upper()
        if word == "QUIT":
            await self.say("221 bye")
            return False
        if word == "RCPT":
            return await self.recipient(line)
        if word == "DATA":
            return await self.data()
        if word == "RSET":
            self.to.clear()
        await self.say("250 fine")
        return True

    async def recipient(self, line: str) -> bool:
        self.to.append(line.partition("<")[2].partition(">")[0])
        refusals = {"451": "451 try again later", "550": "550 no such person", "421": "421 going down"}
        for mode, words in refusals.items():
            if self.concerns(mode):
                self.to.pop()
                await self.say(words)
                return mode != "421"
        await self.say("250 fine")
        return True

    async def data(self) -> bool:
        await self.say("354 go on")
        content = b""
        while (line := await self.reader.readline()) not in (b".\r\n", b""):
            content += line
        if self.concerns("hang-data") or (self.only and self.concerns("hang")):
            await asyncio.sleep(SILENCE)
        while self.concerns("wait"):
            await asyncio.sleep(0.05)
            self.read_mode()
        if self.concerns("554"):
            await self.say("554 not this one")
            return True
        self.take(content)
        if self.concerns("drop"):
            return False
        await self.say("250 taken")
        self.to.clear()
        return True

    def take(self, content: bytes) -> None:
        found = MESSAGE_ID.search(content)
        told: dict[str, Any] = {"id": found.group(1).decode() if found else "", "to": self.to}
        with (self.directory / "mails.jsonl").open("a") as out:
            out.write(json.dumps(told) + "\n")


async def serve(port: int, directory: Path) -> None:
    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, ValueError):
            await Conversation(directory, reader, writer).hold()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", port, limit=2**20)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
